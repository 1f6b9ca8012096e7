"""Certificates, administrative papers, and what she writes herself."""

from models.demonstration.entries import Entry

# tables, one paper to a row
# fmt: off

CERTIFICATES = (
    Entry("pdf", "CERT_MED", 150, "Certificat médical pour la gymnastique", "gp", (
        "Je soussigné certifie avoir examiné ce jour Mme Odette Exemple et n'avoir pas constaté",
        "de contre-indication à la pratique de la gymnastique douce et de la marche.",
        "Certificat remis en main propre pour faire valoir ce que de droit.",
    )),
    Entry("pdf", "CERT_MED", "1-06-04", "Certificat de voyage : matériel d'injection", "gp", (
        "Je soussigné certifie que Mme Odette Exemple doit garder avec elle, en cabine,",
        "ses stylos injecteurs, ses aiguilles, son lecteur de glycémie et du sucre.",
    ), "diabetes"),
    Entry("photo", "CERT_MED", "4-01-14", "Certificat d'aptitude à la conduite", "gp", (
        "L'état de santé de l'intéressée est compatible avec la conduite automobile.",
        "Contrôler la glycémie avant un long trajet.",
    ), "papers", "h"),
    Entry("pdf", "CERT_MED", "6-09-17", "Certificat de vaccination", "nurse", (
        "Rappel diphtérie, tétanos et poliomyélite effectué ce jour. Lot FICTIF-03.",
    )),
)

ADMINISTRATIVE = (
    Entry("pdf", "DOC_ADM", 80, "Attestation de droits {year}", "insurance", (
        "# Bénéficiaire", "Odette Exemple, droits ouverts jusqu'au 31 décembre.",
        "# Prise en charge", "Soins liés à l'affection de longue durée : 100 %.",
    ), "papers", "h"),
    Entry("pdf", "DOC_ADM", 80, "Carte de tiers payant – Mutuelle Exemple", "mutual", (
        "| Garantie | Taux", "| Pharmacie | 100 %", "| Hospitalisation | 150 %",
        "| Optique | forfait de 200 €", "| Dentaire | 200 %",
    ), "papers", "h"),
    Entry("pdf", "DOC_ADM", "2-07-24", "Bulletin de situation – séjour de 5 jours", "hospital", (
        "Nous attestons que Mme Odette Exemple a été hospitalisée du 14 au 19 juillet {year}.",
    ), "hospital"),
    Entry("jpeg-card", "DOC_ADM", "3-01-20", "Ma carte d'adhérente", "association", (
        "Carte d'adhérente n° 1001", "Odette Exemple", "Association Imaginaire Diabète",
    ), "papers", "h"),
    Entry("pdf", "DOC_ADM", "5-02-28", "Devis dentaire n° 12/4", "dentist", (
        "| Acte | Montant | Remboursé", "| Couronne | 480 € | 84 €", "| Obturation | 60 € | 36 €",
        "Devis valable six mois.",
    ), "papers", "h"),
)

OTHERS = (
    Entry("txt", "AUTR_DOC", 3, "Questions pour le prochain rendez-vous", "holder", (
        "- Pourquoi ma glycémie monte-t-elle le matin sans avoir mangé ?",
        "- Puis-je décaler l'injection du dimanche quand je voyage ?",
        "- Le vaccin contre le zona : pour moi ou pas ?",
        "- Redemander l'adresse de la podologue qui vient à domicile.",
    ), "diabetes", "hp"),
    Entry("txt", "AUTR_DOC", 30, "Mes glycémies du mois", "holder", (
        "Lundi 1,21 / mercredi 1,18 / vendredi 1,32", "Lundi 1,15 / mercredi 1,40 (fête) / 1,24",
        "Lundi 1,19 / mercredi 1,22 / vendredi 1,17", "Une hypo légère samedi, au jardin : 0,64.",
    ), "diabetes", "h"),
    Entry("txt", "AUTR_DOC", "2-07-21", "Ce que je retiens de l'hôpital", "holder", (
        "Ne pas attendre deux jours avec de la fièvre. Boire.",
        "On m'a arrêté la metformine trois jours puis rendue.",
        "L'infirmière de nuit, Rose, était formidable.",
    ), "hospital", "h"),
    Entry("docx", "AUTR_DOC", "1-02-10", "Recettes sans sucre de l'atelier", "association", (
        "Compote de pommes à la cannelle : quatre pommes, une cuillère d'eau, vingt minutes.",
        "Gratin de courgettes : trois courgettes, deux œufs, un yaourt, du persil.",
        "Chaque part compte environ quinze grammes de glucides.",
    ), None, "h"),
    Entry("pdf", "AUTR_DOC", "1-03-18", "Fiche d'information : l'hypoglycémie", "association", (
        "# Reconnaître", "Sueurs, tremblements, faim subite, vue trouble, irritabilité.",
        "# Agir", "- Prendre trois morceaux de sucre ou un petit verre de jus de fruit",
        "- Attendre quinze minutes et mesurer à nouveau", "- Manger ensuite du pain",
        "# Prévenir", "Ne pas sauter de repas, garder du sucre sur soi, prévenir l'entourage.",
        "# Appeler le 15", "Si la personne ne peut plus avaler ou perd connaissance.",
    ), "diabetes", "h"),
    Entry("pdf", "AUTR_DOC", "3-02-07", "Carte d'implant – œil droit", "eye", (
        "| Élément | Valeur", "| Modèle | Implant FICTIF 100", "| Puissance | +21,5 dioptries",
        "| Lot | EXEMPLE-2207", "À présenter à tout ophtalmologue.",
    ), "eyes"),
    Entry("pdf", "AUTR_DOC", "7-09-30", "Programme d'éducation thérapeutique", "diabetes", (
        "| Séance | Thème", "| 1 | Comprendre le diabète", "| 2 | L'assiette équilibrée",
        "| 3 | Bouger chaque jour", "| 4 | Prendre soin de ses pieds",
    ), "diabetes"),
    Entry("pdf", "QUEST_SANTE", 200, "Questionnaire de santé {year}", "holder", (
        "| Question | Réponse", "| Fumez-vous ? | Non, jamais",
        "| Activité physique par semaine | 5 marches de 40 minutes",
        "| Consommation d'alcool | 1 verre le dimanche", "| Sommeil | 6 h 30 par nuit",
        "| Moral | Plutôt bon",
    ), None, "h"),
)

ENTRIES = CERTIFICATES + ADMINISTRATIVE + OTHERS
