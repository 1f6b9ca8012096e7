"""Which profession may read which category of documents: matrix.csv, beside this file; and which
types of documents stay closed to it all the same: matrix_types.csv.

What the national table (« matrice d'habilitation ») says was gathered in November 2026 from those
who wrote about it, never from its annex, which could not be found; each line of the file says from
whom. The national table goes by type of document (87 of them, 19 professions or roles), ours by
category, so:

- « oui » where a source says that all or nearly all of it is open; the few types that the national
  table closes all the same are in matrix_types.csv. They are known by the code that software gave:
  what a person deposits has none, and « remarque » says so;
- « oui » for what the work cannot be done without (L1110-4): prescriptions, mostly, though their
  category holds more, which « remarque » says;
- « non » for all the rest: what a source says is closed, or open in part, or nothing was found on.

Biologist, care assistant and psychologist may be no lines of the national table. Its roles of
management, office work and social support are left out: whoever has no line reads nothing. Reading
the directives opens « Entourage et volontés », as far as the person allows it."""

import csv
from pathlib import Path

from .categories import LABELS

FILE = Path(__file__).with_name("matrix.csv")
TYPES_FILE = Path(__file__).with_name("matrix_types.csv")
SOURCE = (
    "La loi veut que chacun lise seulement ce qui lui sert à vous soigner (article L1110-4).",
    "L'État a fixé une règle par métier : l'arrêté du 26 octobre 2023, paru le 29 octobre 2023.",
    "Nous n'avons pas pu lire le tableau joint à cet arrêté.",
    "Nous suivons ce que la presse, les ordres et les associations en disent.",
    "Le reste est notre lecture de la loi. Dans le doute, nous fermons, "
    "sauf ce dont le métier ne peut se passer.",
    "Le 15 octobre 2025, le Conseil d'État a annulé une partie de l'arrêté : "
    "votre accord doit venir d'abord.",
    "Un nouvel arrêté était attendu. Nous ne savons pas s'il a paru.",
    "Votre association doit comparer ces listes au texte officiel. Elle peut les corriger.",
)
SOURCE_DATE = "Ces listes datent de novembre 2026."


def _rows(file: Path) -> list[dict[str, str]]:
    # A spreadsheet may have put its mark at the beginning of the file.
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text, delimiter=";"))


def _lines(file: Path = FILE) -> dict[str, dict[str, str]]:
    return {line["code"]: line for line in _rows(file)}


def _closed(file: Path = TYPES_FILE) -> dict[str, frozenset[str]]:
    """Profession → the types that it may not read."""
    found: dict[str, set[str]] = {}
    for row in _rows(file):
        for profession in row["metiers"].split():
            found.setdefault(profession, set()).add(row["type"])
    return {profession: frozenset(codes) for profession, codes in found.items()}


def _categories(line: dict[str, str]) -> frozenset[str]:
    """Only « oui » opens: any other word, or none, leaves the category closed."""
    return frozenset(category for category in LABELS if line.get(category) == "oui")


LINES = _lines()
PROFESSIONS = {code: line["profession"] for code, line in LINES.items()}
REMARKS = {code: line["remarque"] for code, line in LINES.items()}
ORIGINS = {code: line["source"] for code, line in LINES.items()}
_READ = {code: _categories(line) for code, line in LINES.items()}
_CLOSED = _closed()


def allowed(profession: str) -> frozenset[str]:
    """The categories it may read; nothing for a profession that is not known."""
    return _READ.get(profession, frozenset())


def closed_types(profession: str) -> frozenset[str]:
    """The types (types.py) that it may not read, though their category is open to it."""
    return _CLOSED.get(profession, frozenset())
