"""The five traits of someone, as they are compared: what is the same however it is written, and
what cannot be of one person (matching.py says what follows from it)."""

from collections.abc import Iterator

from . import ins
from .header import Person
from .record import Sex
from .words import words

KNOWN_SEXES = (Sex.FEMALE.value, Sex.MALE.value)
LONGEST = 200
PARTICLES = frozenset({"de", "du", "d", "des", "l", "la", "le", "les", "van", "von", "den", "der"})
# Arrondissements are of their commune.
COMMUNES = {"751": "75056", "6938": "69123", "132": "13055"}
# Départements, by their first two signs, of which one has borne the code of the other.
ONCE_ONE = (
    *(frozenset({"75", "78", "91", "92", "93", "94", "95", "99"}), frozenset({"20", "2A", "2B"})),
    frozenset({"97", "98", "99"}),
)


def same(known: Person, told: Person, name: str) -> bool | None:
    """Whether they say the same of this trait; None where one of them says nothing of it."""
    here, there = getattr(known, name), getattr(told, name)
    if not here or not there or Sex.UNKNOWN in (here, there):
        return None
    if name == "birth_given_names":
        return same_given(here, there)
    if name == "birthplace_code":
        return place(known) == place(told)
    return compact(str(here)) == compact(str(there))


def faults(one, other) -> Iterator[str]:
    if ins.differ(one, other):
        yield "le matricule INS"
    if one.birth_date and other.birth_date and one.birth_date != other.birth_date:
        yield "la date de naissance"
    if one.sex != other.sex and {one.sex, other.sex} <= set(KNOWN_SEXES):
        yield "le sexe"
    if not _share(families(one), families(other)):
        yield "le nom"
    if not _share(_given(one, other), _given(other, one)):
        yield "le prénom"
    if _places_apart(place(one), place(other)):
        yield "le lieu de naissance"


def _share(ones, others):
    """Whether a name of the one may be a name of the other; so it is where one is silent. « Le
    Goff » is « Legoff »; « Exemple » may be « Exemple-Modèle », and « Alice », « Alice Anne »."""
    if not ones or not others:
        return True
    pairs = [(one, other) for one in ones for other in others]
    return any(
        joined(one) == joined(other) or set(one) <= set(other) or set(one) >= set(other)
        for one, other in pairs
    )


def families(person):
    """She may be known here by the name she was born with, and there by another."""
    names = [told_words(name) for name in (person.birth_name, person.used_name)]
    bare = [[one for one in name if one not in PARTICLES] for name in names]
    return [name for name in (*names, *bare) if name]


def _given(person, other):
    """Those she was born with, where both say them: twins may be called by one of them alike."""
    both = person.birth_given_names and other.birth_given_names
    names = (person.birth_given_names, "" if both else person.used_given_name)
    return [one for one in map(told_words, names) if one]


def same_given(one, other):
    """In any order where all are told; or the first of them alone, as whole names: « Jean » is not
    the beginning of « Jean-Paul »."""
    if sorted(told_words(one)) == sorted(told_words(other)):
        return True
    short, long = compact(one), compact(other)
    return short in _beginnings(other) or long in _beginnings(one)


def _beginnings(names):
    told = names[:LONGEST].split()
    return {compact(" ".join(told[:number])) for number in range(1, len(told) + 1)}


def compact(name: str) -> str:
    """« Le Goff » and « LEGOFF » are one."""
    return joined(told_words(name))


def told_words(name):
    return words(name[:LONGEST])


def joined(told):
    return "".join(told)


def place(person):
    code = person.birthplace_code.strip().upper()
    if len(code) != 5 or code in ("00000", "99999"):
        return ""
    return next((whole for part, whole in COMMUNES.items() if code.startswith(part)), code)


def _places_apart(one, other):
    if not one or not other or one[:2] == other[:2]:
        return False
    return not any({one[:2], other[:2]} <= once for once in ONCE_ONE)
