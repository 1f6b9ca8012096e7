"""The remainder of a list once its records are made: how many it made, for good; who each line is,
and nothing else; and the lines to correct, as a table, while they are kept."""

import json
import re
from collections.abc import Iterator

from . import ledger, roll_line
from .access import Actor
from .chronicle import written
from .database import transaction
from .formats.cells import cell
from .ledger import Act
from .refusal import Refusal
from .roll_line import Answer, RollLine, Verdict

NAMING = ("member_number", "birth_name", "birth_given_names", "birth_date")
# Headings that Carnet knows when it reads the table again (headings.py).
COLUMNS = {
    "member_number": "Numéro d'adhérent",
    "birth_name": "Nom de naissance",
    "used_name": "Nom utilisé",
    "birth_given_names": "Prénoms de naissance",
    "birth_date": "Date de naissance",
    "sex": "Sexe",
    "birthplace_code": "Code INSEE du lieu de naissance",
    "birthplace": "Lieu de naissance",
    "email": "Adresse e-mail",
    "postal_address": "Adresse postale",
}
HEADINGS = ("Ligne", *COLUMNS.values(), "À corriger")
SAME = "La même personne qu'une autre, d'après votre réponse."
SOMEONE = "quelqu'un qui a un espace"
LIKE = re.compile(r"Ressemble à (la ligne \d+)?.*(, avec .*)")
TAKEN = re.compile(r"(Le numéro .* est déjà celui de )(?!la ligne \d+\.$).*")
NOTHING = "Il n'y a aucune ligne à corriger."


def too_much(roll, number: int) -> list[RollLine]:
    """Lines, so many at most, of which more is kept than is of use: call `lessen` on each."""
    here = RollLine.select().where(RollLine.roll == roll)
    lines = list(here.where(RollLine.key != "").limit(number))
    twice = roll_line.of(roll, Verdict.TWICE).where(RollLine.cells != "{}")
    return lines or list(twice.limit(number))


def lessen(line: RollLine) -> None:
    """Whoever is in a record is known by it; whoever may not be, and whom a line looks like, leave
    nothing here."""
    same = line.verdict == Verdict.ASK and line.answer == Answer.SAME
    if same or line.verdict == Verdict.TWICE:
        line.cells = "{}"
    elif line.verdict in (Verdict.CREATED, Verdict.KNOWN):
        told = {name: value for name, value in line.told.items() if name in NAMING}
        line.cells = json.dumps(told, ensure_ascii=False)
    line.sentence = SAME if same else _naming_nobody(line)
    line.key = line.number = ""


def _naming_nobody(line):
    if line.verdict == Verdict.ASK:
        return LIKE.sub(lambda found: f"Ressemble à {found[1] or SOMEONE}{found[2]}", line.sentence)
    if line.verdict == Verdict.REFUSED:
        return TAKEN.sub(r"\1quelqu'un d'autre.", line.sentence)
    return line.sentence


def totals(roll) -> dict[Verdict, int]:
    """How many of each there were as it ended: lines go with the record of whoever wants none."""
    told = (ledger.Line.act == Act.CREATED_RECORDS.value) & (ledger.Line.about == roll.uid)
    line = ledger.Line.select().where(told).first()
    known = line.details if line else {}
    return {verdict: known.get(verdict.value, 0) for verdict in Verdict}


def number_to_correct(roll) -> int:
    return roll_line.of(roll, Verdict.REFUSED).count() + roll_line.unanswered(roll).count()


def export(roll, actor: Actor) -> Iterator[bytes]:
    """The lines refused, and those left without an answer, to be corrected and sent in again
    (CSV). Raises Refusal."""
    with transaction():
        if not number_to_correct(roll):
            raise Refusal(NOTHING)
        ledger.write(actor, Act.TOOK_ROLL, roll.uid, file=roll.filename)
    return written(_rows(roll))


def _rows(roll):
    yield HEADINGS
    for lines in (roll_line.of(roll, Verdict.REFUSED), roll_line.unanswered(roll)):
        for line in lines.order_by(RollLine.line):
            told = line.told
            read = (cell(told.get(name, "")) for name in COLUMNS)
            yield line.line, *read, cell(line.sentence)
