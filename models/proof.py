"""Whether an exported journal (chronicle.py) holds: nothing of it changed, removed, moved or added.

Without any instance. It proves that the file is whole, not that Carnet wrote it: whoever holds the
server could make every chain anew. Only a last hash kept elsewhere shows that."""

import csv
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from .chronicle import CLOSED, COLUMNS, END, MAIN, moment
from .database import MomentField
from .formats.cells import cell, is_formula
from .journal import Entry, misplaced

# The order in which an entry is sealed (journal.Entry.told).
SEALED = (
    *("record", "number", "at", "account_id", "actor", "role", "session_id", "act"),
    *("document_uid", "detail", "previous", "chain"),
)
NOT_OURS = (
    "ce n'est pas une activité exportée par Carnet, ou un tableur l'a enregistrée autrement. "
    "Prenez le fichier comme il a été téléchargé"
)
UNREADABLE = "ce qui est scellé ne se lit pas"
UNSAID = "les premières colonnes ne disent pas ce qui est scellé"
AFTER_END = "cette ligne vient après la fin de sa chaîne"
FROM_ELSEWHERE = "cette ligne vient d'un autre espace"
CUT = "le fichier est coupé : il manque la fin d'une chaîne"


class Broken(Exception):
    """The first line that is wrong, and why."""

    def __init__(self, line: int, fault: str):
        super().__init__(line, fault)
        self.sentence = f"Ligne {line} : {fault}."


@dataclass
class Chain:
    """As far as the file tells it. `closed`: how many entries it does not show."""

    name: str
    length: int = 0
    head: str = ""
    closed: int = 0
    ended: bool = False


@dataclass
class Verdict:
    """`odd`: the lines whose sentence, which no hash seals, is not Carnet's; with Carnet's."""

    chains: dict[str, Chain] = field(default_factory=dict)
    odd: list[tuple[int, str]] = field(default_factory=list)
    record: int | None = None


def verify(lines: Iterable[str], sentence: Callable[[Entry, dict], str]) -> Verdict:
    """Raises Broken. `sentence` tells an entry to people, with the titles that are known."""
    verdict, line = Verdict(), 1
    for line, row in _rows(lines):
        chain = verdict.chains.setdefault(row["Chaîne"], Chain(row["Chaîne"]))
        entry = _entry(row) if row["Scellé"] else None
        if fault := _fault(verdict, chain, row, entry):
            raise Broken(line, fault)
        if entry and (told := _said_otherwise(row, entry, sentence)):
            verdict.odd.append((line, told))
    if MAIN not in verdict.chains or not all(one.ended for one in verdict.chains.values()):
        raise Broken(line, CUT)
    return verdict


def _rows(lines):
    """(line, columns): an entry is always on one line."""
    table = csv.reader(lines, delimiter=";", strict=True)
    try:
        if next(table, None) != list(COLUMNS):
            raise Broken(1, NOT_OURS)
        for row in table:
            if len(row) != len(COLUMNS):
                raise Broken(table.line_num, NOT_OURS)
            yield table.line_num, dict(zip(COLUMNS, row, strict=True))
    except (csv.Error, UnicodeDecodeError) as error:
        raise Broken(table.line_num + 1, NOT_OURS) from error


def _fault(verdict, chain, row, entry):
    """Why this line does not go on with its chain, which is then longer by one."""
    if chain.ended:
        return AFTER_END
    if row["Quand"] == END:
        chain.ended = True
        return _fault_of_end(chain, row)
    fault = _fault_of_entry(verdict, chain, row, entry)
    chain.length, chain.head = chain.length + 1, row["Empreinte"]
    return fault


def _fault_of_end(chain, row):
    if (row["Numéro"], row["Empreinte"]) != (str(chain.length), chain.head):
        return f"il manque des entrées après la {chain.length}e"
    return None


def _fault_of_closed(chain, row):
    """Its own hash cannot be computed: the next entry holds it."""
    chain.closed += 1
    if row["Quand"] != CLOSED:
        return UNREADABLE
    number = chain.length + 1
    return f"il manque l'entrée {number}" if row["Numéro"] != str(number) else None


def _fault_of_entry(verdict, chain, row, entry):
    if not row["Scellé"]:
        return _fault_of_closed(chain, row)
    if entry is None:
        return UNREADABLE
    verdict.record = entry.record_id if verdict.record is None else verdict.record
    if entry.record_id != verdict.record:
        return FROM_ELSEWHERE
    fault = misplaced(entry, chain.length + 1, chain.head)
    return fault or (None if _says_the_same(row, entry) else UNSAID)


def _entry(row):
    """The entry as it was sealed; None where that is none, or is not written as Carnet does."""
    try:
        told = dict(zip(SEALED, json.loads(row["Scellé"]), strict=False))
        told["at"] = MomentField().python_value(told["at"])
        entry = Entry(hash=row["Empreinte"], **told)
        texts = (entry.actor, entry.role, entry.act, entry.document_uid or "", moment(entry))
        texts += tuple(entry.details.keys())
        good = entry.told == row["Scellé"] and all(isinstance(one, str) for one in texts)
        return entry if good else None
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return None


def _says_the_same(row, entry):
    told = (moment(entry), cell(entry.actor), entry.chain or MAIN, str(entry.number))
    return told == (row["Quand"], row["Qui"], row["Chaîne"], row["Numéro"])


def _said_otherwise(row, entry, sentence):
    """What Carnet would say, where the file says something else."""
    title = row["Document"]
    # Without the sign that keeps spreadsheets from computing it.
    title = title[1:] if title.startswith("'") and is_formula(title[1:]) else title
    told = cell(sentence(entry, {entry.document_uid: title} if title else {}))
    return None if told == row["Ce qui a été fait"] else told
