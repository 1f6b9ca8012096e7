"""What comes with a document that software wrote: of whom it is, what, by whom, when. Read from the
header of a CDA, an XDM's METADATA, a FHIR DocumentReference or Composition; kept with it."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from types import NoneType

from .words import tidy

# Letters, and how many of each: what no true header exceeds, so that none fills a page, nor a row.
LONGEST, LONGEST_WORDS, MOST, LARGEST = 300, 1000, 20, 10**9
NAMES, NUMBERS = ("identifier", "set_identifier"), ("version", "size")
# Codes of TRE_A07 and of v3-Confidentiality (D8). « Restricted » says no more of whom from: masked.
MASKED = frozenset({"MASQUE_PS", "MASQUE_PSOCIAL", "MASQUE_PT", "R", "V"})
UNANNOUNCED = "INVISIBLE_PATIENT"
FROM_REPRESENTATIVES = "INVISIBLE_REPRESENTANTS_LEGAUX"
HIDING = MASKED | {UNANNOUNCED, FROM_REPRESENTATIVES}
WORDS = (str, date, tuple, frozenset, NoneType)


@dataclass(frozen=True)
class Person:
    """Whom a document is about, as it says: the five traits, each empty where it is silent; `ins`
    with its OID, where it gives one (15 digits, 2A and 2B allowed)."""

    birth_name: str = ""
    used_name: str = ""
    # As the document writes them: the first one alone, or all.
    birth_given_names: str = ""
    used_given_name: str = ""
    birth_date: date | None = None
    sex: str = ""
    birthplace_code: str = ""
    ins: str = ""
    ins_system: str = ""

    def __bool__(self):
        return any(getattr(self, one.name) for one in fields(self))

    def over(self, other: "Person") -> "Person":
        """This one, with what only `other` says. Call it where the two do not disagree."""
        theirs = {name: value for name, value in vars(other).items() if not getattr(self, name)}
        return replace(self, **theirs)


@dataclass(frozen=True)
class Header:
    """All that is proposed of a document; empty where its file is silent.

    `dated` is the day it was made, of France; `act_on`, that of the care it tells of. `identifier`
    is its unique name everywhere: « 1.2.3 », « 1.2.3^extension » or a UUID, without `urn:oid:` nor
    `urn:uuid:`; `set_identifier`, that of all its versions; `replaces`, those of the documents that
    it replaces. `confidentiality`: codes as they came. `declared`: the media type that was told,
    `sha1` (hexadecimal) and `size` (bytes) likewise, to be checked. `warnings`: sentences."""

    title: str = ""
    type_code: str = ""
    type_system: str = ""
    type_label: str = ""
    dated: date | None = None
    act_on: date | None = None
    author: str = ""
    organisation: str = ""
    identifier: str = ""
    set_identifier: str = ""
    version: int | None = None
    replaces: tuple[str, ...] = ()
    confidentiality: frozenset[str] = frozenset()
    person: Person = field(default_factory=Person)
    declared: str = ""
    sha1: str = ""
    size: int | None = None
    warnings: tuple[str, ...] = ()

    def over(self, other: "Header") -> "Header":
        """This one, with what only `other` says; the warnings and the confidentiality of both."""
        mine = {one.name: getattr(self, one.name) for one in fields(self)}
        theirs = {name: getattr(other, name) for name, value in mine.items() if not value}
        warnings = tuple(dict.fromkeys(self.warnings + other.warnings))
        codes = self.confidentiality | other.confidentiality
        return Header(**(mine | theirs | {"warnings": warnings, "confidentiality": codes}))


def as_json(header: Header) -> dict:
    """Only what it says; days are written as ISO 8601."""
    told = {name: _written(value) for name, value in asdict(header).items()}
    return {name: value for name, value in told.items() if value not in (None, "", [], {})}


def written(header: Header) -> str:
    """As it is kept; empty where it says nothing."""
    told = as_json(header)
    return json.dumps(told, ensure_ascii=False) if told else ""


def from_json(told: dict) -> Header:
    """The reverse, whatever a stranger wrote in it: each word in one line, of a length and a number
    that a page may hold. Raises ValueError or TypeError where this was never a header."""
    told = dict(told)
    person = dict(told.pop("person", {}))
    for name in ("replaces", "warnings"):
        told[name] = tuple(told.get(name, ()))
    told["replaces"] = tuple(map(_name, told["replaces"][:MOST]))
    told["warnings"] = tuple(tidy(one)[:LONGEST_WORDS] for one in told["warnings"][:MOST])
    told["confidentiality"] = _codes(told.get("confidentiality", ()))
    for name in ("dated", "act_on"):
        told[name] = _day(told.get(name))
    person["birth_date"] = _day(person.get("birth_date"))
    told |= {name: _name(told[name]) for name in NAMES if name in told}
    return Header(person=Person(**_lines(person)), **_lines(told))


def heard(told) -> Header:
    """The same, as a child says it, which may have gone wrong. Raises ValueError."""
    try:
        return from_json(told)
    except (TypeError, AttributeError) as fault:
        raise ValueError("not a header") from fault


def _lines(told):
    """But for a number that is none of a version. Raises TypeError."""
    for name, one in told.items():
        if type(one) not in ((int, NoneType) if name in NUMBERS else WORDS):
            raise TypeError(name)
    kept = {name: _line(one) if isinstance(one, str) else one for name, one in told.items()}
    version = kept.get("version")
    if version is not None and not 0 <= version < LARGEST:
        del kept["version"]
    return kept


def _codes(told):
    """Those that hide first: no number of others makes one forgotten."""
    codes = {_line(one).upper() for one in told}
    return frozenset(sorted(codes, key=lambda one: (one not in HIDING, one))[:MOST])


def _line(text):
    return tidy(text)[:LONGEST]


def _name(text):
    """Two that begin alike stay two, however long."""
    name = tidy(text)
    if len(name) <= LONGEST:
        return name
    return "sha256:" + hashlib.sha256(name.encode()).hexdigest()


def _written(value):
    if isinstance(value, dict):
        return {name: _written(one) for name, one in value.items() if one}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else value


def _day(text):
    return date.fromisoformat(text) if text else None
