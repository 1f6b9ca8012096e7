"""The words of the tiny notes: each number picks its own, with arithmetic only."""

from datetime import date, timedelta

from models.demonstration.entries import AUTHORS, folder_names

CATEGORIES = (
    "AUTR_DOC", "BIOLOGIE", "CPT_REND", "ORD_SOIN", "RADIO_SC",
    "DEPISTAG", "CERT_MED", "DOC_ADM", "SYNTHESE",
)  # fmt: skip
SUBJECTS = (
    "Glycémie du matin", "Tension du soir", "Appel au cabinet", "Douleur au genou",
    "Prise de sang", "Rendez-vous d'ophtalmologie", "Repas de fête", "Séance de marche",
    "Renouvellement", "Injection du dimanche", "Visite de l'infirmière", "Contrôle des pieds",
    "Remboursement", "Atelier cuisine", "Vaccin", "Nuit agitée", "Retour de vacances",
)  # fmt: skip
FACTS = (
    "La mesure à jeun est un peu haute, sans explication évidente.",
    "Tout est dans l'objectif fixé avec le diabétologue depuis l'hiver.",
    "Une fringale vers onze heures, réglée avec une pomme et du pain.",
    "Le lecteur a demandé des piles, la valeur est donc à reprendre demain.",
    "Marche de quarante minutes au bord du canal, sans essoufflement.",
    "Le comprimé du soir a été oublié hier et pris ce matin au réveil.",
    "Légère gêne dans les escaliers, moins forte que la semaine passée.",
    "La vue reste nette de loin, les petites lettres fatiguent vite.",
    "Le courrier de la mutuelle est arrivé, il manque encore un justificatif.",
    "Aucun signe d'infection, la petite plaie du talon est refermée.",
    "Le pharmacien propose un pilulier et vérifie les associations.",
)  # fmt: skip
ADVICE = (
    "À redire au prochain rendez-vous de suivi.",
    "Recommencer la mesure trois matins de suite avant de conclure.",
    "Penser à emporter du sucre et une bouteille d'eau.",
    "Classer ce papier avec les autres et prévenir ma fille.",
    "Demander si la dose du matin doit changer cet été.",
    "Rappeler le secrétariat lundi avant midi.",
    "Rien à changer pour le moment, continuer ainsi.",
    "Comparer avec les chiffres de l'an dernier à la même saison.",
    "Apporter l'ordonnance précédente et la carte de mutuelle.",
    "Éviter l'ibuprofène, préférer le paracétamol.",
    "Noter l'heure du repas la prochaine fois.",
    "Voir l'atelier de l'association sur ce sujet.",
    "Prendre une photo du carnet avant de le jeter.",
)  # fmt: skip
WRITERS = tuple(name for name, _ in AUTHORS.values())
THIRTY_YEARS = 30 * 365


def note_text(number: int, title: str, dated: date) -> bytes:
    # strides prime with the tables' lengths, so that neighbours do not look alike
    return (
        f"{title}\nNote fictive – démonstration de Carnet\nLe {dated:%d/%m/%Y}, Odette Exemple\n\n"
        f"{FACTS[number % 11]}\n{FACTS[(number * 7 + number // 11) % 11]}\n"
        f"{ADVICE[(number * 5 + number // 143) % 13]}\n"
        f"Glycémie {80 + number * 37 % 140} mg/dL, tension {110 + number * 13 % 45}/"
        f"{65 + number * 11 % 25}, poids {68 + number * 3 % 7},{number % 10} kg.\n"
    ).encode()


def note_fields(number: int, today: date) -> dict:
    dated = today - timedelta(days=number * 7919 % THIRTY_YEARS)
    title = f"{SUBJECTS[number * 3 % len(SUBJECTS)]} – note n° {number}"
    folders = (None, None, *folder_names(today).values())
    from_holder = number % 3 == 0
    return {
        "filename": f"note-{number:06}.txt",
        "title": title,
        "category": CATEGORIES[number * 5 % len(CATEGORIES)],
        "dated": dated,
        "author": WRITERS[0 if from_holder else number % len(WRITERS)],
        "from_holder": from_holder,
        "folder": folders[number // 9 % len(folders)],
        "masked": number % 50 == 7,
        "pinned": False,
        "content": note_text(number, title, dated),
    }
