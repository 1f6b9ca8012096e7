"""What the tables of demonstration papers share: a row, who writes, and where she files."""

from datetime import date, timedelta
from typing import NamedTuple

from ..origin import Origin

HOLDER_NAME = "Odette Exemple"

# key: (display name, letterhead)
AUTHORS = {
    "holder": (HOLDER_NAME, "Notes personnelles"),
    "gp": ("Dr Alix Fictif, médecin généraliste", "Cabinet médical des Exemples"),
    "diabetes": ("Dr Paul D'Exemple, diabétologue", "Centre de diabétologie Imaginaire"),
    "cardio": ("Dr Yann Imaginaire, cardiologue", "Cabinet de cardiologie Fictif"),
    "eye": ("Dr Inès Exemple-Roche, ophtalmologue", "Centre de la vision Imaginaire"),
    "ortho": ("Dr O'Neill-Fictif, chirurgien orthopédiste", "Clinique de l'Exemple"),
    "dentist": ("Dr Lou Modèle, chirurgien-dentiste", "Cabinet dentaire Fictif"),
    "psy": ("Nora Inventée, psychologue", "Maison de santé Imaginaire"),
    "lab": ("Laboratoire Imaginaire", "Laboratoire Imaginaire"),
    "imaging": ("Centre d'imagerie Fictif", "Centre d'imagerie Fictif"),
    "hospital": ("Hôpital Exemple, service de diabétologie", "Hôpital Exemple"),
    "physio": ("Maël Fictif-Le Goff, kinésithérapeute", "Maison de santé Imaginaire"),
    "nurse": ("Rose Inventée, infirmière", "Cabinet infirmier de l'Invention"),
    "foot": ("Ugo Fictif, pédicure-podologue", "Maison de santé Imaginaire"),
    "pharmacy": ("Pharmacie Imaginaire", "Pharmacie Imaginaire"),
    "insurance": ("Caisse Fictive d'assurance maladie", "Caisse Fictive d'assurance maladie"),
    "mutual": ("Mutuelle Exemple", "Mutuelle Exemple"),
    "association": ("Association Imaginaire Diabète", "Association Imaginaire Diabète"),
}
# Who deposits what they write; the others are people who treat her.
ORIGINS = {
    AUTHORS["lab"][0]: Origin.LABORATORY,
    AUTHORS["imaging"][0]: Origin.ESTABLISHMENT,
    AUTHORS["hospital"][0]: Origin.ESTABLISHMENT,
    AUTHORS["association"][0]: Origin.ASSOCIATION,
    AUTHORS["insurance"][0]: Origin.OTHER,
    AUTHORS["mutual"][0]: Origin.OTHER,
}

FOLDERS = {
    "diabetes": "Mon suivi diabète",
    "eyes": "Mes yeux",
    "heart": "Cœur",
    "papers": "Papiers & mutuelle",
    "hospital": "L'hôpital, été {hospital_year}",
    "knee": "Genou / kiné",
}


class Entry(NamedTuple):
    """One paper to make.

    when: days before today, or "years back-month-day" for what must fall in its season.
    flags: h deposited by the holder, m masked, p pinned.
    body: lines; "# " opens a heading, "- " a bullet, "| " a table row with cells parted by "|".
    """

    form: str
    category: str
    when: int | str
    title: str
    author: str
    body: tuple[str, ...] = ()
    folder: str | None = None
    flags: str = ""


def date_of(when: int | str, today: date) -> date:
    if isinstance(when, int):
        return today - timedelta(days=when)
    years_back, month, day = map(int, when.split("-"))
    return date(today.year - years_back, month, day)


def folder_names(today: date) -> dict[str, str]:
    return {key: name.format(hospital_year=today.year - 2) for key, name in FOLDERS.items()}
