"""Enrolment: a record for each member of the list, and the code that will activate it."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from . import clock, journal, member, telling
from .access import Actor
from .account import is_email
from .database import transaction
from .record import Record, Sex
from .refusal import Refusal
from .sender import Sender
from .words import tidy

COLUMNS = {
    "member_number": ("member_number", "numero_adherent", "numéro d'adhérent", "adherent"),
    "birth_name": ("birth_name", "nom_naissance", "nom de naissance"),
    "used_name": ("used_name", "nom_utilise", "nom utilisé", "nom d'usage"),
    "birth_given_names": ("birth_given_names", "prenoms", "prénoms", "prénoms de naissance"),
    "birth_date": ("birth_date", "date_naissance", "date de naissance"),
    "sex": ("sex", "sexe"),
    "birthplace_code": ("birthplace_code", "code_insee_naissance", "code du lieu de naissance"),
    "email": ("email", "e-mail", "courriel"),
    "postal_address": ("postal_address", "adresse", "adresse postale"),
}
OFFICE = Actor(None, "L'association", "office")
NEEDED = ("member_number", "birth_name", "birth_given_names", "birth_date", "sex")
SEXES = {"f": Sex.FEMALE, "m": Sex.MALE, "h": Sex.MALE, "u": Sex.UNKNOWN, "i": Sex.UNKNOWN}
PLACE = re.compile(r"(\d{5}|2[AB]\d{3})")


@dataclass(frozen=True)
class Enrolled:
    record: Record
    code: str


def rows(file: Path) -> list[dict[str, str]]:
    """The members of a CSV file, its columns named as COLUMNS. Raises Refusal."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(f"{file.name} n'est pas en UTF-8 : enregistrez-le ainsi.") from error
    except OSError as error:
        raise Refusal(f"{file} ne peut pas être lu.") from error
    separator = ";" if text.partition("\n")[0].count(";") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        columns = _columns(reader.fieldnames or [])
        return [
            {name: (row.get(heading) or "").strip() for name, heading in columns.items()}
            for row in reader
        ]
    except csv.Error as error:
        raise Refusal(f"{file.name} ne se lit pas comme un tableau CSV ({error}).") from error


def enrol(members: Iterable[dict], sender: Sender) -> tuple[list[Enrolled], list[str]]:
    """Make the records, each with its code, and tell those who have an e-mail address at once; and
    say who was refused, and why."""
    enrolled, refused = [], []
    for line, one in enumerate(members, start=2):
        try:
            with transaction():
                record = create(understood(one), OFFICE)
                enrolled.append(Enrolled(record, telling.at_once(record, OFFICE, sender)))
        except Refusal as refusal:
            refused.append(f"ligne {line} : {refusal.sentence}")
    return enrolled, refused


def create(values: dict, actor: Actor) -> Record:
    """A record for someone of whom this is `understood`. Call it inside a transaction. Raises
    Refusal."""
    if Record.select().where(Record.member_number == values["member_number"]).exists():
        raise Refusal(f"l'adhérent {values['member_number']} a déjà un espace.", "member_number")
    record = member.keep(Record(**values))
    journal.write(record, actor, journal.Act.ANNOUNCED)
    return record


def understood(told: dict) -> dict:
    """The columns of a record, from what is written of a member under the names of COLUMNS. Raises
    Refusal."""
    told = {name: tidy(value) for name, value in told.items()}
    for name in NEEDED:
        if not told.get(name):
            raise Refusal(f"il manque « {COLUMNS[name][1]} ».")
    email, place = told.get("email", ""), told.get("birthplace_code", "").upper()
    if email and not is_email(email):
        raise Refusal(f"l'adresse e-mail « {email} » n'est pas complète.")
    if place and not PLACE.fullmatch(place):
        raise Refusal(f"le code du lieu de naissance « {place} » n'a pas cinq caractères.")
    return {
        "member_number": told["member_number"],
        "birth_name": told["birth_name"],
        "used_name": told.get("used_name", ""),
        "birth_given_names": told["birth_given_names"],
        "birth_date": _birth_date(told["birth_date"]),
        "sex": _sex(told["sex"]),
        "birthplace_code": place,
        "email": email,
        "postal_address": told.get("postal_address", ""),
    }


def _birth_date(text):
    day = day_of(text)
    if day is None or day.year < 1900 or day > clock.today():
        raise Refusal(f"la date de naissance « {text} » n'existe pas.")
    return day


def day_of(text: str) -> date | None:
    """« 2024-03-12 », « 12/03/2024 » or « 12 3 2024 »."""
    numbers = re.findall(r"\d+", text)
    if len(numbers) != 3 or not re.fullmatch(r"[\d\s./-]+", text.strip()):
        return None
    if len(numbers[0]) != 4:
        numbers.reverse()
    if len(numbers[0]) != 4:
        return None
    try:
        day = date(*(int(number[:5]) for number in numbers))
    except ValueError:
        return None
    return day if 1800 <= day.year < 3000 else None


def _sex(text):
    if text.lower() not in SEXES:
        raise Refusal(f"le sexe « {text} » ne se lit pas : écrivez F, M ou U.")
    return SEXES[text.lower()]


def _columns(headings):
    by_name = {heading.strip().lower(): heading for heading in headings}
    found = {}
    for name, known in COLUMNS.items():
        heading = next((by_name[label] for label in known if label in by_name), None)
        if heading is None and name in NEEDED:
            raise Refusal(f"il manque une colonne « {name} » (ou « {known[1]} »).")
        if heading is not None:
            found[name] = heading
    return found
