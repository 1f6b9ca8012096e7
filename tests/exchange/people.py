"""Whom the documents of the tests are about: as software knows them."""

from dataclasses import dataclass, replace

INS_NIR = "1.2.250.1.213.1.4.8"
INS_TEST = "1.2.250.1.213.1.4.10"


@dataclass(frozen=True)
class Someone:
    """As software knows her. `ins`: a key that verifies; empty to leave it out."""

    birth_name: str = "Exemple"
    used_name: str = ""
    given: str = "Alice Anne"
    first: str = "Alice"
    birth_date: str = "1951-03-14"
    sex: str = "F"
    place: str = "75056"
    ins: str = "251037505600148"
    system: str = INS_NIR


# The holder of the tests' world (world.py), and somebody else.
ALICE = Someone()
CAROLE = Someone("Inventée", "", "Carole", "Carole", "1980-07-02", "F", "75056", "280077505601436")
BORN = {"F": "female", "M": "male"}


def other(**changes) -> Someone:
    """Alice, but for these."""
    return replace(ALICE, **changes)
