"""Names, days and national numbers, as health software writes them, told as we do."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from stdnum.exceptions import ValidationError
from stdnum.fr import nir

from models.reference import types
from models.words import day, tidy

PARIS = ZoneInfo("Europe/Paris")
INS_NIR, INS_NIA = "1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9"
# Of people who do not exist: software is tried and shown with them.
INS_PRETEND = ("1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.11")
INS_SYSTEMS = (INS_NIR, INS_NIA, *INS_PRETEND)
INS = re.compile(r"\d{6}[0-9AB]\d{8}")
LONGEST = 300
HL7_TIME = re.compile(r"(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:\.\d+)?([+-]\d{4})?")
BAD_KEY = "Le matricule de santé (INS) écrit dans ce document est faux : sa clé ne va pas."
BAD_FORM = "Le matricule de santé (INS) écrit dans ce document n'a pas la bonne forme."
PRETEND = "Le matricule de santé (INS) écrit dans ce document est un numéro d'essai."
NO_DAY = "La date écrite dans ce document est impossible, ou incomplète."
NO_KEEPER = "Ce document ne dit pas quel établissement le conserve."
NO_TYPE = "Le type de ce document n'est pas écrit."
OTHER_TYPE = "Le type écrit dans ce document n'est pas connu ici : « {} »."


def plain(words: str | None) -> str:
    return tidy(words or "")[:LONGEST]


def capitalised(name: str) -> str:
    """« EXEMPLE » → « Exemple »; a name that is not shouted stays as it is."""
    return name.title() if name.isupper() and len(name) > 1 else name


def ins_of(numbers: list[tuple[str, str]]) -> tuple[str, str, list[str]]:
    """Of all her numbers (system, value): her INS, its system, and what is wrong with it."""
    found = [(system, value) for system, value in numbers if system in INS_SYSTEMS]
    for system, value in sorted(found, key=lambda one: INS_SYSTEMS.index(one[0])):
        bare = "".join(value.split()).upper()
        if not INS.fullmatch(bare):
            return "", "", [BAD_FORM]
        wrong = [] if _verifies(bare) else [BAD_KEY]
        return bare, system, wrong + ([PRETEND] if system in INS_PRETEND else [])
    return "", "", []


def _verifies(number):
    try:
        nir.validate(number)
    except ValidationError:
        return False
    return True


def wrong_type(code: str, label: str) -> list[str]:
    if not code:
        return [NO_TYPE]
    return [] if types.find(code) else [OTHER_TYPE.format(label or code)]


def hl7_day(told: str) -> date | None:
    """« 20210104160527+0100 » → that day, in France; none where the day is missing."""
    found = HL7_TIME.fullmatch(told.strip())
    if not found or not found[3]:
        return None
    hour, minute = int(found[4] or 0), int(found[5] or 0)
    try:
        if not found[7]:
            return date(int(found[1]), int(found[2]), int(found[3]))
        written = f"{found[1]}{found[2]}{found[3]}{hour:02}{minute:02}{found[7]}"
        moment = datetime.strptime(written, "%Y%m%d%H%M%z")
        return moment.astimezone(PARIS).date() if found[4] else moment.date()
    except (ValueError, OverflowError):
        return None


def iso_day(told: str) -> date | None:
    """FHIR's « 2021-01-04T16:05:27+01:00 »; none where the day is missing, or is a number of
    seconds, which the library that checks resources lets through."""
    if not isinstance(told, str):
        return None
    told = told.strip()
    try:
        if len(told) <= len("2021-01-04"):
            return date.fromisoformat(told)
        moment = datetime.fromisoformat(told)
        return moment.astimezone(PARIS).date() if moment.tzinfo else moment.date()
    except (ValueError, OverflowError):
        return None


def in_words(when: date | None) -> str:
    return day(when) if when else ""
