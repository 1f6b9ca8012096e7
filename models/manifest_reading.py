"""The manifest of another Carnet (manifest.py writes it), read as a stranger's: every value has its
type and its length, or the whole is refused; what is not known here is ignored.

It tells what she brings, and proves nothing: who deposited, who may enter, what was done."""

from dataclasses import fields
from datetime import MAXYEAR, date, datetime
from pathlib import PurePosixPath

from . import header as headers
from .deposit import file_name
from .header import Header, Person
from .record import Shown
from .words import tidy

SHORT, LONG, LONGEST = 300, 2_000, 70_000
MOST_FOLDERS, MOST_PEOPLE, MOST_SIGNED, MOST_ANSWERS = 1_000, 200, 200, 100
SHA256 = 64
OF_HEADER = frozenset(one.name for one in fields(Header))
OF_PERSON_ABOUT = frozenset(one.name for one in fields(Person))
OF_PERSON = (*("given_name", "family_name", "link", "link_words", "phone", "other_phone", "email"),)
MOMENTS = ("begun_at", "ready_at", "signed_at", "revoked_at")
DAYS = ("signed_on", "revoked_on")


def about(raw: dict) -> dict:
    """All but its documents. Raises ValueError."""
    choices = _table(raw, "choices")
    return {
        "person": _identity(_table(raw, "record")),
        "birthplace": text(_table(raw, "record"), "birthplace"),
        "site": text(raw, "site"),
        "made_at": moment(raw, "made_at"),
        "masked": flag(choices, "masked_by_default"),
        "shown": _shown(choices),
        "organs_read_at": moment(choices, "organs_read_at"),
        "folders": [text(one, "name") for one in _rows(raw, "folders", MOST_FOLDERS)],
        "wishes": _wishes(_table(raw, "wishes")) if raw.get("wishes") else None,
    }


def person(told: dict) -> Person:
    """Of whom `about` says that it is."""
    kept = dict(told["person"])
    return Person(**kept | {"birth_date": date.fromisoformat(kept["birth_date"])})


def document(raw: dict) -> dict:
    """One of its documents. Raises ValueError."""
    depositor, path = _table(raw, "depositor"), text(raw, "path", LONG)
    return {
        "path": path,
        "sha256": _sha256(raw),
        "damaged": flag(raw, "damaged"),
        "filename": file_name(text(raw, "filename")) or PurePosixPath(path).name,
        "title": text(raw, "title"),
        "category": text(raw, "category"),
        "dated": day(raw, "dated"),
        "author": text(raw, "author"),
        "header": _header(raw),
        "folder": text(raw, "folder"),
        "pinned_at": moment(raw, "pinned_at"),
        "binned_at": moment(raw, "binned_at"),
        "masked": None if raw.get("masked") is None else flag(raw, "masked"),
        "wish": flag(raw, "wish"),
        "own": flag(raw, "own"),
        "by": text(depositor, "name"),
        "role": text(depositor, "role"),
        "deposited_at": moment(raw, "deposited_at"),
        "warning": text(raw, "warning", LONG),
        "replaces": text(raw, "replaces", LONG),
    }


def text(raw: dict, name: str, most: int = SHORT) -> str:
    """In one line."""
    value = raw.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most:
        raise ValueError(name)
    return tidy(value)


def lines(raw: dict, name: str, most: int = LONG) -> str:
    """As it was written."""
    value = raw.get(name) or ""
    if not isinstance(value, str) or len(value) > most:
        raise ValueError(name)
    return value


def flag(raw: dict, name: str) -> bool:
    value = raw.get(name)
    if value not in (None, True, False):
        raise ValueError(name)
    return bool(value)


def day(raw: dict, name: str) -> str:
    """In ISO 8601; empty where there is none."""
    value = lines(raw, name, SHORT)
    return date.fromisoformat(value).isoformat() if value else ""


def moment(raw: dict, name: str) -> str:
    value = lines(raw, name, SHORT)
    if not value:
        return ""
    found = datetime.fromisoformat(value)
    # The first and the last years are not the same everywhere: some of their days are nowhere.
    if found.tzinfo is None or not 1 < found.year < MAXYEAR:
        raise ValueError(name)
    return found.isoformat()


def number(raw: dict, name: str) -> int | None:
    value = raw.get(name)
    if value is not None and (type(value) is not int or not 0 <= value <= 1_000_000):
        raise ValueError(name)
    return value


def _table(raw, name):
    value = raw.get(name)
    if value is not None and not isinstance(value, dict):
        raise ValueError(name)
    return value or {}


def _rows(raw, name, most):
    rows = raw.get(name) or []
    if not isinstance(rows, list) or len(rows) > most:
        raise ValueError(name)
    if not all(isinstance(one, dict) for one in rows):
        raise ValueError(name)
    return rows


def _identity(raw):
    names = ("birth_name", "used_name", "birth_given_names", "sex", "birthplace_code")
    told = {name: text(raw, name) for name in (*names, "ins", "ins_system")}
    told["birth_date"] = day(raw, "birth_date")
    if not (told["birth_name"] and told["birth_given_names"] and told["birth_date"]):
        raise ValueError("record")
    return told


def _shown(choices):
    shown = text(choices, "wishes_shown") or Shown.EMERGENCY.value
    if shown not in list(Shown):
        raise ValueError("wishes_shown")
    return shown


def _sha256(raw):
    value = text(raw, "sha256").lower()
    if not flag(raw, "damaged") and (len(value) != SHA256 or not value.isalnum()):
        raise ValueError("sha256")
    return value


def _header(raw):
    told = {name: value for name, value in _table(raw, "header").items() if name in OF_HEADER}
    of = _table(told, "person")
    if of:
        told["person"] = {name: value for name, value in of.items() if name in OF_PERSON_ABOUT}
    try:
        return headers.as_json(headers.from_json(_typed(told)))
    except (TypeError, AttributeError) as fault:
        raise ValueError("header") from fault


def _typed(told):
    """A header is kept as it is: its words are bounded, and of the types of its fields."""
    for name, value in told.items():
        if isinstance(value, dict):
            _typed(value)
        elif isinstance(value, list):
            if len(value) > 100 or not all(isinstance(one, str) for one in value):
                raise ValueError(name)
        elif name in ("version", "size"):
            number({name: None if value is None else min(value, 1_000_000)}, name)
        else:
            lines(told, name)
    return told


def _wishes(raw):
    return {
        "people": [_person(one) for one in _rows(raw, "people", MOST_PEOPLE)],
        "designations": [_designation(one) for one in _rows(raw, "designations", MOST_SIGNED)],
        "directives": [_directive(one) for one in _rows(raw, "directives", MOST_SIGNED)],
    }


def _person(raw):
    told = {name: text(raw, name) for name in OF_PERSON}
    return told | {
        "number": number(raw, "number"),
        "postal_address": lines(raw, "postal_address"),
        "birth_date": day(raw, "birth_date"),
        "call_rank": number(raw, "call_rank"),
        "carer": flag(raw, "carer"),
        "parent": flag(raw, "parent"),
        "added_at": moment(raw, "added_at"),
        "removed_at": moment(raw, "removed_at"),
    }


def _signed(raw):
    told = {name: moment(raw, name) for name in MOMENTS}
    told |= {name: day(raw, name) for name in DAYS}
    told |= {name: text(raw, name, LONG) for name in ("paper", "authorisation")}
    return told | {"protection": text(raw, "protection"), "witnessed": flag(raw, "witnessed")}


def _designation(raw):
    says = raw.get("says") or []
    if not isinstance(says, list) or not all(isinstance(one, str) for one in says):
        raise ValueError("says")
    moments = {name: moment(raw, name) for name in ("told_at", "accepted_at", "declined_at")}
    return _signed(raw) | moments | {"person": number(raw, "person"), "says": says[:MOST_ANSWERS]}


def _directive(raw):
    answers = _table(raw, "answers")
    if len(answers) > MOST_ANSWERS:
        raise ValueError("answers")
    return _signed(raw) | {
        **{name: text(raw, name, LONG) for name in ("way", "model", "place", "keeper")},
        "read_again_at": moment(raw, "read_again_at"),
        "answers": {code: _answer(answers, code) for code in answers},
    }


def _answer(answers, code):
    one = _table(answers, code)
    return {"choice": text(one, "choice"), "words": lines(one, "words", LONGEST)}
