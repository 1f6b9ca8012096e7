"""How XDS writes people and moments: in the ways of HL7 version 2, its fields cut by ^ and &."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from models.header import Person

PARIS = ZoneInfo("Europe/Paris")
# INS: real persons', then those of tests and of demonstrations.
INS = tuple(f"1.2.250.1.213.1.4.{number}" for number in (8, 9, 10, 11))
INS_FORM = re.compile(r"\d{15}|\d{5}2[ABab]\d{8}")
MOMENT = re.compile(r"\s*(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(?:\d\d)?(?:\.\d+)?)?\s*([+-]\d{4})?")
SEXES = {"M": "M", "F": "F", "U": "U", "O": "U"}


def name(xcn: str) -> str:
    """Of « 801234534765^EXEMPLE^Marcel^^^^^^&… »; a device is written in the same place."""
    parts = [*xcn.split("^"), "", "", ""]
    return " ".join(filter(None, (parts[2].strip(), parts[1].strip())))


def person(lines: list[str], numbers: list[str]) -> Person:
    """Of lines such as « PID-7|19510314 », and of her numbers in several places."""
    told = {}
    for value in lines:
        field, _, rest = value.partition("|")
        told.setdefault(field.strip().upper(), rest.strip())
    # Components, the kind of name last: D is that of every day, L that of birth.
    names = [*told.get("PID-5", "").split("~")[0].split("^"), *[""] * 8]
    used = names[6].strip() == "D"
    ins, system = _ins(numbers)
    return Person(
        birth_name="" if used else names[0].strip(),
        used_name=names[0].strip() if used else "",
        birth_given_names=" ".join(f"{names[1]} {names[2]}".split()),
        birth_date=plain_day(told.get("PID-7", "")),
        sex=SEXES.get(told.get("PID-8", "").upper(), ""),
        ins=ins,
        ins_system=system,
    )


def day(moment: str) -> date | None:
    """Of France: moments are of UTC, unless they say otherwise."""
    told = MOMENT.match(moment)
    if not told:
        return None
    year, month, day, hour, minute, zone = told.groups()
    if hour is None:
        return plain_day(moment)
    try:
        at = datetime(int(year), int(month), int(day), int(hour), int(minute), tzinfo=UTC)
        if zone:
            at = datetime.strptime(at.strftime("%Y%m%d%H%M") + zone, "%Y%m%d%H%M%z")
        return at.astimezone(PARIS).date()
    except (ValueError, OverflowError):
        return None


def plain_day(text: str) -> date | None:
    told = MOMENT.match(text)
    try:
        return date(int(told[1]), int(told[2]), int(told[3])) if told else None
    except ValueError:
        return None


def _ins(values) -> tuple[str, str]:
    """Of « 279…989^^^&1.2.250.1.213.1.4.10&ISO^NH »."""
    for value in values:
        number, _, rest = value.partition("^")
        system = next((part for part in re.split(r"[&^]", rest) if part.strip() in INS), "")
        if system and INS_FORM.fullmatch(number.strip()):
            return number.strip(), system.strip()
    return "", ""
