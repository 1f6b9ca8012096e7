"""Enrolment: what is told of a member becomes a record; the same understanding for one written by
hand, for a list (roll.py) and for a command."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from peewee import fn

from . import clock, ins, journal, member, telling
from .access import Actor
from .account import is_email
from .database import transaction
from .days import day_of, month_first, short_year
from .formats.cells import is_formula
from .formats.table import DAMAGED
from .prepared import Prepared
from .record import Record, Sex
from .refusal import Refusal
from .sender import Sender
from .words import fold, tidy, tidy_lines

OFFICE = Actor(None, "L'association", "office")
LONGEST_NAME, LONGEST_NUMBER, LONGEST_ADDRESS = 100, 40, 500
NEEDED = {
    "birth_name": "le nom de naissance",
    "birth_given_names": "les prénoms de naissance",
    "birth_date": "la date de naissance",
    "sex": "le sexe",
}
NAMES = {
    "birth_name": "le nom de naissance",
    "used_name": "le nom utilisé",
    "birth_given_names": "les prénoms",
    "birthplace": "le lieu de naissance",
    "member_number": "le numéro d'adhérent",
}
SEXES = {
    Sex.FEMALE: "f, feminin, femme, fille, mme, madame, mlle, melle, mademoiselle, 2",
    Sex.MALE: "m, h, masculin, homme, garcon, mr, monsieur, 1",
    Sex.UNKNOWN: "u, i, x inconnu, inconnu, indetermine, autre",
}
SEX_OF = {word: sex for sex, known in SEXES.items() for word in known.split(", ")}
PLACE = re.compile(r"(\d{5}|2[AB]\d{3})")
# The numbers that Carnet gives: short, and told by telephone without a mistake.
GIVEN = re.compile(r"C-(\d{6})")
MONTH_FIRST = "le mois y est écrit avant le jour"


@dataclass(frozen=True)
class Enrolled:
    record: Record
    code: str


def enrol(members: Iterable[dict], sender: Sender) -> tuple[list[Enrolled], list[str]]:
    """Make the records, each with its code, and tell those who have an e-mail address at once; and
    say who was refused, and why."""
    enrolled, refused = [], []
    for line, one in enumerate(members, start=2):
        try:
            with transaction():
                enrolled.append(enrol_one(understood(one), sender))
        except Refusal as refusal:
            refused.append(f"ligne {line} : {refusal.sentence}")
    return enrolled, refused


def enrol_one(values: dict, sender: Sender) -> Enrolled:
    """Call it inside a transaction. Raises Refusal."""
    record = create(values, OFFICE)
    return Enrolled(record, telling.at_once(record, OFFICE, sender))


def create(values: dict, actor: Actor) -> Record:
    """A record for someone of whom this is `understood`, with a number where she has none. Call it
    inside a transaction. Raises Refusal."""
    number = values["member_number"] or next_number()
    if _numbered(number):
        raise Refusal(f"L'adhérent {number} a déjà un espace.", "member_number")
    ins.check_free(values.get("ins", ""))
    record = member.keep(Record(**values | {"member_number": number}))
    journal.write(record, actor, journal.Act.ANNOUNCED)
    return record


@Prepared
def _numbered(number):
    return Record.select(Record.id).where(Record.member_number == number)


def next_number() -> str:
    """After the last one given: « C-000123 »."""
    alike = Record.member_number.between("C-000000", "C-999999")
    numbers = Record.select(Record.member_number).where(
        alike & (fn.LENGTH(Record.member_number) == 8)
    )
    ordered = numbers.order_by(Record.member_number.desc()).tuples().iterator()
    # Nearly always the first: others are numbers that an association wrote in this way.
    last = next((int(given[1]) for (one,) in ordered if (given := GIVEN.fullmatch(one))), 0)
    return f"C-{last + 1:06}"


def understood(told: dict) -> dict:
    """The columns of a record, from what is written of a member under their names. Raises Refusal,
    at the field."""
    address = tidy_lines(told.get("postal_address", ""))
    told = {name: tidy(value) for name, value in told.items()}
    for name, words in NEEDED.items():
        if not told.get(name):
            raise Refusal(f"Il manque {words}.", name)
    for name, words in NAMES.items():
        _check_name(told.get(name, ""), name, words)
    values = {
        "member_number": told.get("member_number", ""),
        "birth_name": told["birth_name"],
        "used_name": told.get("used_name", ""),
        "birth_given_names": told["birth_given_names"],
        "birth_date": _birth_date(told["birth_date"]),
        "sex": _sex(told["sex"]),
        "birthplace_code": _place(told.get("birthplace_code", "")),
        "birthplace": told.get("birthplace", ""),
        "email": _email(told.get("email", "")),
        "postal_address": _address(address),
    }
    return values | ins.understood(told.get("ins", ""), values["birth_date"], values["sex"])


def _check_name(text, name, words):
    if not text:
        return
    # The sign before it: as Carnet itself writes one in a table (formats/cells.py).
    if is_formula(text.lstrip("'")):
        raise Refusal(f"{_capital(words)} « {_short(text)} » ressemble à une formule.", name)
    if DAMAGED in text or _mangled(text):
        raise Refusal(f"Dans {words} « {_short(text)} », des lettres sont abîmées.", name)
    if name != "member_number" and not any(map(str.isalpha, text)):
        raise Refusal(f"{_capital(words)} « {_short(text)} » n'a aucune lettre.", name)
    most = LONGEST_NUMBER if name == "member_number" else LONGEST_NAME
    if len(text) > most:
        raise Refusal(f"{_capital(words)} a plus de {most} caractères.", name)


def _mangled(text):
    """« FranÃ§ois »: written in UTF-8, read as something else, and saved."""
    try:
        return not text.isascii() and bool(text.encode("cp1252").decode())
    except UnicodeError:
        return False


def _birth_date(text):
    def refused(why):
        return Refusal(f"La date de naissance « {_short(text)} » {why}.", "birth_date")

    if short_year(text):
        raise refused("n'a que deux chiffres pour l'année : écrivez les quatre")
    day = day_of(text)
    if day is None:
        more = f" : {MONTH_FIRST}" if month_first(text) else ""
        raise refused(f"n'existe pas{more}")
    if day > clock.today():
        raise refused("est dans l'avenir")
    if day.year < 1900:
        raise refused("est trop ancienne")
    return day


def _sex(text):
    known = fold(text).strip(" .")
    if known not in SEX_OF:
        why = "ne se lit pas : écrivez F, M, ou U si ce n'est pas connu"
        raise Refusal(f"Le sexe « {_short(text)} » {why}.", "sex")
    return SEX_OF[known]


def _place(text):
    place = text.upper().replace(" ", "")
    if place and not PLACE.fullmatch(place):
        said = f"Le code du lieu de naissance « {_short(text)} » n'a pas cinq caractères"
        # Spreadsheets take it for a number.
        more = " : le zéro du début s'est peut-être perdu" if len(place) == 4 else ""
        raise Refusal(f"{said}{more}.", "birthplace_code")
    return place


def _email(text):
    if text and not is_email(text):
        raise Refusal(f"L'adresse e-mail « {_short(text)} » n'est pas complète.", "email")
    return text


def _address(text):
    if DAMAGED in text:
        raise Refusal("Dans l'adresse postale, des lettres sont abîmées.", "postal_address")
    if len(text) > LONGEST_ADDRESS:
        said = f"L'adresse postale a plus de {LONGEST_ADDRESS} caractères."
        raise Refusal(said, "postal_address")
    return text


def _short(text):
    return text if len(text) <= 60 else text[:59] + "…"


def _capital(words):
    return unicodedata.normalize("NFC", words[0].upper() + words[1:])
