"""What is written on an envelope: the lines of an address, and what the post sorts letters by."""

import re

from .record import Record

# La Poste reads six lines, and what is longer is nobody's address.
LINES = 6
LONGEST = 80
TO_PARENTS = "Aux parents ou représentants légaux de"
POSTCODE = re.compile(r"\b(\d\d) ?(\d{3})\b")
# « 12 rue Inventée 35000 Rennes », « 12 rue Inventée, 35000 Rennes ».
TOWN = re.compile(r"[\s,–-]+(?=\d\d ?\d{3}\s+[^\W\d])")
NUMBER = re.compile(r"\d+ ?(bis|ter|quater|[A-Z])?", re.IGNORECASE)


def lines(record: Record) -> tuple[str, ...]:
    """Who, and where: of a minor, whoever represents her."""
    who = (record.name,) if record.adult else (TO_PARENTS, record.name)
    where = _where(record.postal_address)
    room = LINES - len(who)
    if len(where) > room:
        cut = len(where) - room + 1
        where = [", ".join(where[:cut]), *where[cut:]]
    return tuple(_cut(line) for line in (*who, *where))


def postcode(address: str) -> str:
    """Nothing where none is read: a foreign address."""
    found = POSTCODE.findall(address)
    return "".join(found[-1]) if found else ""


def _where(address):
    given = [line.strip(" ,") for line in address.splitlines()]
    given = [line for line in given if line]
    return given if len(given) != 1 else _parts(given[0])


def _parts(line):
    """A file often has it on one line; « 12, rue Inventée » stays whole."""
    parts = []
    for part in re.split(r"\s*,\s*", TOWN.sub(", ", line)):
        if parts and NUMBER.fullmatch(parts[-1]):
            parts[-1] += f", {part}"
        else:
            parts.append(part)
    return parts


def _cut(line):
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
