"""Whether a document is of someone: by the INS where both have one, else by the five traits.
Accents, hyphens, capitals and the order of given names change nothing; the rest does (R1111-8-1
and the national rules of « identitovigilance »)."""

from .header import Person
from .record import Record, Sex
from .refusal import Refusal
from .words import words

KNOWN_SEXES = (Sex.FEMALE.value, Sex.MALE.value)


class AnotherPerson(Refusal):
    def __init__(self, name: str, fault: str):
        super().__init__(
            f"« {name} » est le document de quelqu'un d'autre : {fault} ne correspond pas.",
            field="files",
        )


def of_record(record: Record) -> Person:
    return Person(
        birth_name=record.birth_name,
        used_name=record.used_name,
        birth_given_names=record.birth_given_names,
        birth_date=record.birth_date,
        sex=record.sex,
        birthplace_code=record.birthplace_code,
        ins=record.ins,
        ins_system=record.ins_system,
    )


def contradiction(record: Record, person: Person) -> str:
    """What of the two cannot be of one person, in words; empty where nothing is against it."""
    return disagree(of_record(record), person)


def disagree(one: Person, other: Person) -> str:
    if one.birth_date and other.birth_date and one.birth_date != other.birth_date:
        return "la date de naissance"
    if one.sex != other.sex and {one.sex, other.sex} <= set(KNOWN_SEXES):
        return "le sexe"
    families, theirs = _families(one), _families(other)
    if families and theirs and not families & theirs:
        return "le nom"
    given, theirs = _given(one), _given(other)
    if given and theirs and not given & theirs:
        return "le prénom"
    return ""


def _families(person):
    """She may be known here by the name she was born with, and there by another."""
    names = (person.birth_name, person.used_name)
    return {" ".join(words(name)) for name in names if words(name)}


def _given(person):
    return set(words(f"{person.birth_given_names} {person.used_given_name}"))
