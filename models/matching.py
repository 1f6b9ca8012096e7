"""Whether a document is of someone: by the INS where it is on (ins.py), else by the five traits
(R1111-8-1 and the national rules of « identitovigilance »).

Two questions, and not the opposite of one another. `contradiction`: can it not be hers? `find`: is
it hers for certain? Between the two, only a human being may say (stray.py).

Accents, capitals, hyphens, apostrophes, ligatures and the order of given names change nothing. The
place of birth: « ce que l'un des deux ne sait pas ne dit rien ». Many headers are silent on it, and
most associations do not know its code; then the four other traits must be the same and nobody else
be like her. Where both know it, it must be the same for a document to be hers for certain; but it
contradicts only between two départements that were never one: a commune has had several codes
(arrondissements, mergers, the Seine split in 1968, Corsica in 1976, Algeria until 1962)."""

from dataclasses import dataclass

from peewee import SQL, NodeList

from . import ins, traits
from .database import DayField
from .header import Person
from .prepared import Prepared
from .record import Record
from .refusal import Refusal

# As many people as are compared: some lists write one birth date for all whose date is not known.
MOST, NAMESAKES = 300, 100
NEEDED = {
    "birth_name": "le nom de naissance",
    "birth_given_names": "les prénoms de naissance",
    "birth_date": "la date de naissance",
    "sex": "le sexe",
}
MISSING = "Le document ne dit pas {what}."
NOBODY = "Personne, dans l'association, n'a exactement ces traits."
SEVERAL = "Plusieurs personnes de l'association pourraient être celle-ci."
AGAINST = "Le matricule INS est celui de quelqu'un dont les traits ne sont pas ceux-là."
CROWD = "Trop de personnes de l'association sont nées ce jour-là pour le dire."


class AnotherPerson(Refusal):
    def __init__(self, name: str, fault: str):
        super().__init__(
            f"« {name} » est le document de quelqu'un d'autre : {fault} ne correspond pas.",
            field="files",
        )


@dataclass(frozen=True)
class Match:
    """Whose it is, or nobody; `why` it is not certain: for the office, never for a source."""

    record: Record | None = None
    why: str = ""

    @property
    def certain(self) -> bool:
        return self.record is not None


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


def find(person: Person) -> Match:
    """Of whom this is, for certain. Whoever objected, closed her record or was erased is answered
    for as if nobody knew her, after the same queries."""
    numbered, (born, crowd) = _of_number(person), _born_with(person)
    if numbered := [one for one in numbered if one.takes_documents]:
        # It proves the rest, unless something is against it: it may be that of a parent.
        certain = len(numbered) == 1 and not contradiction(numbered[0], person)
        return Match(numbered[0]) if certain else Match(why=AGAINST)
    if silent := _silent(person):
        return Match(why=MISSING.format(what=silent))
    if crowd:
        return Match(why=CROWD)
    # Someone who takes no document, and is like her too, may be the one meant.
    like = [one for one in born if not contradiction(one, person)]
    if len([one for one in like if one.takes_documents]) > 1:
        return Match(why=SEVERAL)
    sure = len(like) == 1 and like[0].takes_documents and _same(like[0], person)
    return Match(like[0]) if sure else Match(why=NOBODY)


def tells(person: Person) -> bool:
    """Whether enough is said for her to be found: the same question whoever it is."""
    return bool(ins.matched(person)) or not _silent(person)


def alike(person: Person, most: int) -> list[Record]:
    """Those that it may be of, the likest first: with her number, or born the same day and called
    somewhat alike. At most one thing is against them."""
    born, crowd = _born_with(person)
    if crowd:
        told = " OR ".join(f"({_all(name)})" for name in traits.families(person)) or '""'
        born = _worded(told, DayField().db_value(person.birth_date))
    found = list(dict.fromkeys(_of_number(person) + born))
    told = [(len(contradictions(one, person)), one) for one in found if one.takes_documents]
    near = [(faults, one) for faults, one in told if faults < 2]
    return [one for _faults, one in sorted(near, key=lambda pair: pair[0])][:most]


def contradiction(record: Record, person: Person) -> str:
    """What of the two cannot be of one person, in words; empty where nothing is against it."""
    return disagree(of_record(record), person)


def contradictions(record: Record, person: Person) -> list[str]:
    return list(traits.faults(of_record(record), person))


def disagree(one: Person, other: Person) -> str:
    return next(traits.faults(one, other), "")


def _same(record, person):
    """The five traits: the same, and not only nothing against them."""
    here, there = traits.place(of_record(record)), traits.place(person)
    return (
        traits.compact(record.birth_name) == traits.compact(person.birth_name)
        and traits.same_given(record.birth_given_names, person.birth_given_names)
        and record.birth_date == person.birth_date
        and record.sex == person.sex
        and (not here or not there or here == there)
    )


def _silent(person):
    missing = (name for name in NEEDED if not getattr(person, name) or _unknown_sex(person, name))
    return next((NEEDED[name] for name in missing), "")


def _unknown_sex(person, name):
    return name == "sex" and person.sex not in traits.KNOWN_SEXES


def _of_number(person) -> list[Record]:
    number = ins.matched(person)
    return _numbered(number) if number else []


def _born_with(person) -> tuple[list[Record], bool]:
    """Those born on that day whose name may be hers; and whether there are too many to compare,
    of a day that stands for one that is not known."""
    if not person.birth_date:
        return [], False
    found = _born(DayField().db_value(person.birth_date), *_initials(person))
    return found[:MOST], len(found) > MOST


def _initials(person):
    """The first sign of each of her names: what follows may be written as one word, or as two."""
    names = [traits.compact(name)[:1] for name in (person.birth_name, person.used_name)]
    first, other = names[0] or names[1], names[1] or names[0]
    return first, first + "\uffff", other, other + "\uffff"


def _all(told):
    """As SQLite searches for them."""
    return " AND ".join(f'"{word}"' for word in told)


@Prepared
def _born(birth_date, first, last, other_first, other_last):
    called = Record.sort_key.between(first, last) | Record.sort_key.between(other_first, other_last)
    named = (Record.used_name != "") | called
    # Not by the index of sort_key: that of birth_date is far more choosy.
    born = NodeList((SQL("t1.birth_date ="), birth_date))
    return Record.select().where(born & named).limit(MOST + 1)


@Prepared
def _worded(told, birth_date):
    words_of = "t1.id IN (SELECT rowid FROM member_search WHERE member_search MATCH"
    found = NodeList((SQL(words_of), told, SQL(") AND +t1.birth_date ="), birth_date))
    return Record.select().where(found).limit(NAMESAKES)


@Prepared
def _numbered(number):
    return Record.select().where(Record.ins == number).limit(2)
