"""Summaries, prescriptions and reports."""

from models.demonstration.entries import Entry

# tables, one paper to a row
# fmt: off

TREATMENT = (
    "- Metformine 1000 mg : 1 comprimé matin et soir, au cours du repas",
    "- Périndopril 4 mg : 1 comprimé le matin",
    "- Atorvastatine 20 mg : 1 comprimé le soir",
)
REFILL = "À renouveler 2 fois. Traitement à poursuivre pendant 3 mois."
SIGHT = "# Acuité visuelle"

SUMMARIES = (
    Entry("pdf", "SYNTHESE", 24, "Synthèse médicale {year}", "gp", (
        "# Problèmes suivis",
        "Diabète de type 2 connu depuis 2009, suivi conjoint avec le Dr Paul D'Exemple.",
        "Hypertension artérielle traitée depuis 2014, bien équilibrée à domicile.",
        "Arthrose du genou droit. Cataracte opérée à droite.",
        "# Traitement en cours", *TREATMENT,
        "- Dulaglutide 1,5 mg : 1 injection le dimanche",
        "# Allergies et intolérances",
        "Éruption cutanée après amoxicilline dans l'enfance, non explorée.",
        "# Points à surveiller",
        "Fond d'œil chaque année, examen des pieds à chaque visite, créatinine deux fois par an.",
        "La patiente est autonome, marche quarante minutes par jour et gère seule ses injections.",
    ), "diabetes", "p"),
    Entry("pdf", "SYNTHESE", "4-03-09", "Synthèse annuelle {year} – diabète", "diabetes", (
        "# Équilibre", "L'HbA1c passe de 7,9 % à 7,4 % en douze mois, sans hypoglycémie sévère.",
        "# Retentissement", "Pas de neuropathie. Rétinopathie minime, stable. Reins : normaux.",
        "# Objectifs", "HbA1c autour de 7 %, pression inférieure à 140/85 mmHg, LDL sous 0,70 g/L.",
    ), "diabetes"),
    Entry("pdf", "SYNTHESE", "1-10-05", "Bilan partagé de médication", "pharmacy", (
        "# Entretien", "Entretien de quarante minutes à l'officine, avec toutes les boîtes.",
        "# Constats", "Les prises sont régulières. Le comprimé du soir est parfois oublié.",
        "Ibuprofène pris de temps en temps pour le genou : à éviter avec le périndopril.",
        "# Propositions", "- Pilulier hebdomadaire", "- Paracétamol en première intention",
    )),
    Entry("txt", "SYNTHESE", "1-01-12", "Mes antécédents, en une page", "holder", (
        "Diabète de type 2 : 2009. Tension : 2014. Genou droit : arthrose.",
        "Opérée de l'appendicite à 11 ans, de la cataracte à droite.",
        "Ma mère était diabétique. Mon frère a eu un infarctus à 66 ans.",
        "Je ne supporte pas l'amoxicilline : boutons.",
        "En cas d'urgence, prévenir ma fille Claire Exemple-Fictive.",
    ), "diabetes", "hp"),
)

PRESCRIPTIONS = (
    Entry("pdf", "ORD_SOIN", 17, "Ordonnance – traitement du diabète", "gp", (
        *TREATMENT, "- Dulaglutide 1,5 mg, stylo : 1 injection par semaine", REFILL,
    ), "diabetes", "p"),
    Entry("pdf", "ORD_SOIN", 17, "Ordonnance : bandelettes et lancettes", "gp", (
        "- Bandelettes pour lecteur de glycémie : 1 boîte de 50",
        "- Lancettes stériles : 1 boîte de 100", "- Collecteur d'aiguilles : 1",
        "Une mesure à jeun, trois matins par semaine.",
    ), "diabetes"),
    Entry("photo", "ORD_SOIN", 110, "Ordonnance papier du Dr Fictif", "gp", (
        *TREATMENT, REFILL,
    ), None, "h"),
    Entry("photo", "ORD_SOIN", "2-02-20", "Ordonnance de kinésithérapie (genou)", "ortho", (
        "Rééducation du genou droit : 12 séances.",
        "- Renforcement du quadriceps", "- Travail de l'équilibre et de la marche",
    ), "knee", "h"),
    Entry("pdf", "ORD_SOIN", "2-07-19", "Ordonnance de sortie d'hôpital", "hospital", (
        *TREATMENT, "- Céfixime 200 mg : 1 comprimé matin et soir, pendant 5 jours",
        "- Prise de sang de contrôle (créatinine, CRP) dans 8 jours",
    ), "hospital"),
    Entry("pdf", "ORD_SOIN", "2-07-19", "Soins infirmiers à domicile", "hospital", (
        "Passage d'une infirmière chaque matin pendant 10 jours.",
        "- Surveillance de la glycémie, de la température et de la tension",
        "- Aide à la reprise des injections",
    ), "hospital"),
    Entry("pdf", "ORD_SOIN", "3-05-11", "Correction optique / lunettes", "eye", (
        SIGHT, "| Œil | Sphère | Cylindre | Axe | Addition",
        "| Droit | +0,25 | -0,50 | 90° | +2,50", "| Gauche | +1,00 | -0,75 | 85° | +2,50",
        "Verres progressifs. Ordonnance valable trois ans.",
    ), "eyes"),
    Entry("photo", "ORD_SOIN", "5-11-16", "Ordonnance, semelles", "foot", (
        "Une paire de semelles orthopédiques sur mesure.",
        "Chaussures à bout large. Examiner les pieds chaque soir.",
    ), None, "h"),
    Entry("pdf", "ORD_SOIN", "6-01-08", "Protocole de soins – affection de longue durée", "gp", (
        "# Diagnostic", "Diabète de type 2 justifiant un traitement et un suivi prolongés.",
        "# Actes et soins prévus",
        "- HbA1c quatre fois par an", "- Bilan rénal et lipidique une fois par an",
        "- Consultation d'ophtalmologie et de cardiologie chaque année",
        "- Soins de pédicurie-podologie selon le risque", "# Durée", "Protocole valable dix ans.",
    ), "papers"),
)

REPORTS = (
    Entry("pdf", "CPT_REND", 45, "Consultation de diabétologie", "diabetes", (
        "# Interrogatoire", "Mme Exemple va bien. Deux hypoglycémies légères au jardin.",
        "# Examen", "Poids 71,2 kg pour 1,62 m. Tension 132/76 mmHg. Pouls des pieds perçus.",
        "Monofilament senti aux dix points.", "# Conclusion",
        "Équilibre satisfaisant, HbA1c à 6,9 %. Pas de changement de traitement.",
        "Je la reverrai dans six mois. Prévoir une collation avant le jardinage prolongé.",
    ), "diabetes"),
    Entry("pdf", "CPT_REND", "1-09-22", "Consultation de cardiologie", "cardio", (
        "# Motif", "Suivi annuel d'une patiente diabétique et hypertendue.",
        "# Examen", "Pas d'essoufflement ni de douleur à l'effort. Tension 134/78 mmHg.",
        "Bruits du cœur réguliers, pas de souffle.", "# Électrocardiogramme",
        "Rythme sinusal à 68 par minute, sans trouble de la repolarisation.",
        "# Conclusion", "Bilan rassurant. Poursuite du traitement, contrôle dans un an.",
    ), "heart"),
    Entry("png-ecg", "CPT_REND", "1-09-22", "Électrocardiogramme (tracé)", "cardio", (), "heart"),
    Entry("pdf", "CPT_REND", "3-10-03", "Épreuve d'effort sur vélo", "cardio", (
        "# Déroulement", "Effort de neuf minutes jusqu'à 90 watts, arrêté pour fatigue.",
        "| Palier | Charge | Fréquence | Tension", "| Repos | 0 W | 70 /min | 130/75",
        "| 1 | 30 W | 96 /min | 142/78", "| 2 | 60 W | 115 /min | 158/80",
        "| 3 | 90 W | 134 /min | 172/82", "# Conclusion",
        "Épreuve négative, à 90 % de la fréquence maximale théorique.",
    ), "heart"),
    Entry("pdf", "CPT_REND", "2-07-19", "Lettre de liaison à la sortie d'hôpital", "hospital", (
        "# Motif d'hospitalisation",
        "Fièvre à 39,2 °C et glycémie à 3,40 g/L chez une patiente diabétique de type 2.",
        "# Évolution", "Pyélonéphrite droite à Escherichia coli, traitée par ceftriaxone puis",
        "céfixime. Apyrexie au deuxième jour. Insuline rapide pendant 48 heures, arrêtée ensuite.",
        "La fonction rénale, altérée à l'entrée, est redevenue normale.",
        "# Traitement de sortie", *TREATMENT, "- Céfixime 200 mg matin et soir : encore 5 jours",
        "# Suites", "Prise de sang dans 8 jours. Consultation de diabétologie dans un mois.",
        "La metformine a été reprise le jour de la sortie.",
    ), "hospital"),
    Entry("pdf", "CPT_REND", "2-07-14", "Passage aux urgences", "hospital", (
        "# Arrivée", "Arrivée à 21 h 40, adressée par la garde pour fièvre et frissons.",
        "# Examen", "Température 39,2 °C, tension 108/60 mmHg, pouls 104 par minute.",
        "Douleur de la fosse lombaire droite. Bandelette urinaire positive.",
        "# Décision", "Hospitalisation dans le service de diabétologie.",
    ), "hospital"),
    Entry("pdf", "CPT_REND", "3-02-07", "Compte rendu opératoire – cataracte, œil droit", "eye", (
        "# Intervention", "Phacoémulsification sous anesthésie topique, implant souple monofocal.",
        "# Déroulement", "Incision de 2,2 mm, capsulorhexis complet, implant bien centré.",
        "Durée : quatorze minutes. Aucune complication.",
        "# Suites", "Collyres pendant un mois. Contrôle le lendemain puis à un mois.",
    ), "eyes"),
    Entry("pdf", "CPT_REND", "2-01-25", "O'Neill-Fictif / suites du genou", "ortho", (
        "# Histoire", "Gonarthrose interne droite, gênante dans les escaliers.",
        "# Avis", "L'I.R.M. ne montre pas de lésion à opérer. Je propose la rééducation.",
        "Une infiltration sera discutée si la gêne persiste : surveiller alors les glycémies.",
    ), "knee"),
    Entry("rtf", "CPT_REND", "2-05-30", "Bilan de kinésithérapie – 12 séances", "physio", (
        "Douze séances réalisées. Flexion du genou : 125° contre 110° au départ.",
        "Les escaliers sont montés sans appui. Exercices à poursuivre à la maison.",
    ), "knee"),
    Entry("pdf", "CPT_REND", "1-04-15", "Consultation avec la psychologue", "psy", (
        "Troisième rencontre. Mme Exemple parle de la lassitude que donne un traitement sans fin.",
        "Elle souhaite rejoindre un groupe de parole de l'association.",
        "Prochain rendez-vous à sa demande.",
    ), None, "m"),
    Entry("rtf", "CPT_REND", "7-06-18", "Lettre d'adressage au diabétologue", "gp", (
        "Cher confrère, merci de recevoir Mme Odette Exemple, diabétique de type 2,",
        "dont l'HbA1c reste à 8,4 % malgré un traitement bien suivi.",
        "Elle n'a pas de complication connue. Bien confraternellement.",
    ), "diabetes"),
    Entry("pdf", "CPT_REND", "4-09-29", "Bilan podologique n° 2", "foot", (
        "# Examen", "Grade de risque podologique : 1. Pas de plaie. Hyperkératose sous le talon.",
        "# Conseils", "- Crème hydratante chaque soir", "- Ne jamais marcher pieds nus dehors",
        "- Consulter dans les 48 heures pour toute plaie",
    ), "diabetes"),
)

ENTRIES = SUMMARIES + PRESCRIPTIONS + REPORTS
