"""Who is who in FHIR R4 resources: whom a document is about, as Person; who wrote it, by name.
Strict: a name said to be that of use is never taken for that of birth."""

import re

from models.formats.naming import capitalised, ins_of, iso_day, plain
from models.header import Person

SEXES = {"male": "M", "female": "F", "other": "U", "unknown": "U"}
BIRTHPLACE = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"
# Ends of addresses that changed from one French guide to the next.
COMMUNE, GIVEN_NAMES = "fr-core-address-insee-code", "birth-list-given-name"
COMMUNE_CODE = re.compile(r"\d{5}|2[AB]\d{3}")
OF_BIRTH, OF_USE = ("maiden", "official"), ("usual",)


def person(patient: dict) -> Person:
    """A name without a use is that of birth, as the five traits are."""
    names = [one for one in patient.get("name", []) if one.get("use") not in ("old", "temp")]
    born = _named(names, *OF_BIRTH, None)
    # Where birth has a name of its own, the official one is the one in use.
    used = _named(names, *OF_USE, *(["official"] if born.get("use") == "maiden" else []))
    ins, system, _wrong = ins_of(numbers(patient))
    return Person(
        birth_name=plain(born.get("family")),
        used_name=plain(used.get("family")),
        birth_given_names=plain(_extension(patient, GIVEN_NAMES).get("valueString"))
        or _given(born),
        used_given_name=_given(used),
        birth_date=iso_day(patient.get("birthDate", "")),
        sex=SEXES.get(patient.get("gender"), ""),
        birthplace_code=_commune(_extension(patient, BIRTHPLACE).get("valueAddress", {})),
        ins=ins,
        ins_system=system,
    )


def numbers(patient: dict) -> list[tuple[str, str]]:
    """(system, value), as naming.ins_of takes them."""
    return [
        (one.get("system", "").strip().removeprefix("urn:oid:"), one.get("value", ""))
        for one in patient.get("identifier", [])
    ]


def name_of(resource: dict) -> str:
    """« Dr Sophie Leclerc »; a device or an organisation by its own."""
    named = resource.get("name", "") or resource.get("deviceName", "")
    if not isinstance(named, list):
        return plain(named)
    first = named[0] if named else {}
    if "name" in first:  # of a device
        return plain(first["name"])
    titles = [*first.get("prefix", []), *first.get("suffix", [])]
    titles = {one.strip(". ").upper() for one in titles if one}
    title = "Dr" if titles & {"DR", "DOCTEUR"} else ""
    family = capitalised(first.get("family", ""))
    said = f"{title} {capitalised(_given(first).split(' ')[0])} {family}"
    return plain(said if family else first.get("text"))


def _named(names, *uses):
    """The first of these uses that some name has; None is the name without a use."""
    found = (one for use in uses for one in names if one.get("use") == use)
    return next(found, {})


def _given(name):
    return plain(" ".join(filter(None, name.get("given", []))))


def _extension(thing, end):
    found = (one for one in thing.get("extension", []) if one.get("url", "").endswith(end))
    return next(found, {})


def _commune(address):
    """By its official code, which some write where the département goes."""
    code = _extension(address, COMMUNE).get("valueCoding", {}).get("code")
    told = (code or address.get("district") or "").strip().upper()
    return told if COMMUNE_CODE.fullmatch(told) else ""
