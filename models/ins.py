"""The national health identity number (INS): held only where the association lawfully may (décret
2019-341), which it says with CARNET_INS=on. Off, which is usual, nothing of it is kept or looked
at; what documents tell of it stays in their own bytes.

Numbers of test and of demonstration serve on a demonstration instance alone."""

from dataclasses import replace

from .database import database
from .header import Header, Person
from .record import Record, Sex
from .refusal import Refusal
from .words import tidy

# OID of its registers: NIR, and NIA for whoever waits for one; those of test and demonstration.
NIR, NIA = "1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9"
OF_TEST = frozenset({"1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.11"})
LENGTH = 15
WRONG = "Ce matricule INS n'est pas juste : recopiez ses quinze caractères, clé comprise."
OF_ANOTHER = "Ce matricule INS ne va pas avec {what} de cette personne. Est-ce celui d'un parent ?"
TAKEN = "Ce matricule INS est déjà celui d'un autre adhérent."
UNVERIFIED = "Le matricule INS de ce document n'a pas une clé juste : il n'a pas servi."
TEST = "Le matricule INS de ce document est un numéro de test : il n'a pas servi."
SEXES = {"1": Sex.MALE, "3": Sex.MALE, "7": Sex.MALE} | {
    "2": Sex.FEMALE,
    "4": Sex.FEMALE,
    "8": Sex.FEMALE,
}
# Where documents, and lines of lists, keep what was told of someone.
FORGET = (
    "UPDATE document SET header = json_remove(header, '$.person.ins', '$.person.ins_system') "
    "WHERE header LIKE '%\"ins%'",
    "UPDATE stray SET header = json_remove(header, '$.person.ins', '$.person.ins_system'), "
    "person = json_remove(person, '$.ins', '$.ins_system') WHERE person LIKE '%\"ins%' "
    "OR header LIKE '%\"ins%'",
    "UPDATE roll_line SET cells = json_remove(cells, '$.ins') WHERE cells LIKE '%\"ins\"%'",
)

_held = _tested = False


def hold(on: bool, tested: bool) -> None:
    """What the settings say; `tested`: the instance is a demonstration."""
    global _held, _tested
    _held, _tested = on, tested


def on() -> bool:
    return _held


def matched(person: Person) -> str:
    """The number by which a document's person is looked for; none where it proves nothing."""
    if not _held or not _accepted(person.ins_system):
        return ""
    return valid(person.ins)


def differ(one: Person, other: Person) -> bool:
    """Whether they are two people, by their numbers. A NIA gives way to a NIR: those two may be of
    one person."""
    mine, theirs = matched(one), matched(other)
    same = _register(one.ins_system) == _register(other.ins_system)
    return bool(mine and theirs and same and mine != theirs)


def valid(text: str) -> str:
    """Its fifteen characters; none where its key is wrong."""
    from stdnum.exceptions import ValidationError  # where it serves: most may hold none
    from stdnum.fr import nir

    number = compact(text)
    try:
        return nir.validate(number) if len(number) == LENGTH else ""
    except ValidationError:
        return ""


def compact(text: str) -> str:
    return "".join(tidy(text[:60]).upper().split()).replace(".", "").replace("-", "")


def understood(text: str, birth_date, sex: str) -> dict[str, str]:
    """The columns of a record, from what the office writes; none where it may not be held. Raises
    Refusal."""
    if not _held:
        return {}
    number = _checked(text, birth_date, sex) if compact(text) else ""
    return {"ins": number, "ins_system": _system_of(number)}


def check_free(number: str, but: int = 0) -> None:
    """Call it inside a transaction. Raises Refusal."""
    same = (Record.ins == number) & (Record.id != but)
    if number and Record.select().where(same).exists():
        raise Refusal(TAKEN, "ins")


def masked(number: str) -> str:
    """« 2 79 03 … 89 »: enough to see that it is the right one."""
    return f"{number[0]} {number[1:3]} {number[3:5]} … {number[13:]}" if number else ""


def unmasked(text: str | None, record: Record) -> str:
    """What the office leaves as it is shown, or does not speak of, stays."""
    return record.ins if text is None or text == masked(record.ins) else text


def kept(header: Header) -> Header:
    """A document's header, as it may be kept."""
    if not header.person.ins and not header.person.ins_system:
        return header
    if not _held:
        return replace(header, person=replace(header.person, ins="", ins_system=""))
    fault = _fault(header.person)
    known = (*header.warnings, *([fault] if fault else []))
    return replace(header, warnings=tuple(dict.fromkeys(known)))


def forget() -> None:
    """All that was held: in records, and of what documents told. Call it inside a transaction."""
    Record.update(ins="", ins_system="").where(Record.ins != "").execute()
    for statement in FORGET:
        database.execute_sql(statement)


def _checked(text, birth_date, sex):
    number = valid(text)
    if not number:
        raise Refusal(WRONG, "ins")
    if number[1:3] != f"{birth_date.year % 100:02}":
        raise Refusal(OF_ANOTHER.format(what="l'année de naissance"), "ins")
    if SEXES.get(number[0], sex) != sex != Sex.UNKNOWN:
        raise Refusal(OF_ANOTHER.format(what="le sexe"), "ins")
    return number


def _system_of(number):
    """Whoever waits for a NIR has a number of 7 or 8."""
    if not number:
        return ""
    return NIA if number[0] in "78" else NIR


def _fault(person):
    if person.ins_system in OF_TEST and not _tested:
        return TEST
    return UNVERIFIED if person.ins and not valid(person.ins) else ""


def _accepted(system):
    return system in (NIR, NIA) or (_tested and system in OF_TEST)


def _register(system):
    return NIA if system == NIA else NIR
