"""The chronicle: the journal taken out, as a table (CSV) that anyone can verify (proof.py).

Its first columns are for people. « Scellé » is all that an entry says and the hash of the one
before, to the letter; « Empreinte » is its SHA-256. A last line for each chain says its end."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from peewee import Case

from . import clock, journal
from .access import Access, Right
from .database import transaction
from .formats.cells import cell
from .journal import Entry

COLUMNS = (
    *("Quand", "Qui", "En tant que", "Ce qui a été fait", "Document"),
    *("Chaîne", "Numéro", "Scellé", "Empreinte"),
)
MAIN = "principale"
END = "Fin de la chaîne"
# Of a document that was hidden after it had been shown: the chain goes on, its content stays here.
CLOSED = "Entrée non montrée"
# Entries read at once from the database.
BATCH = 1000


@dataclass(frozen=True)
class Words:
    """How an entry is told to people; a sentence takes the titles that are known."""

    as_what: Callable[[Entry], str]
    sentence: Callable[[Entry, dict[str, str]], str]


def export(access: Access, words: Words, act=journal.Act.EXPORTED_JOURNAL) -> Iterator[bytes]:
    """All that this access may read of it. The export is told first, so that it is in it."""
    ends = begin(access, act)
    return written(_rows(access, ends, words))


def begin(access: Access, act=journal.Act.EXPORTED_JOURNAL) -> dict[str, tuple[int, str]]:
    """Tell the journal that it is exported; the end of each of its chains then."""
    access.require(Right.EXPORT)
    with transaction():
        journal.write(access.record, access.actor, act)
        return journal.ends_for(access)


def moment(entry: Entry) -> str:
    """In France's time, as spreadsheets read it."""
    return entry.at.astimezone(clock.PARIS).strftime("%d/%m/%Y %H:%M:%S")


def _rows(access, ends, words):
    yield COLUMNS
    for chain, (length, _) in ends.items():
        for first in range(1, length + 1, BATCH):
            entries = _entries(access, chain, first, min(length, first + BATCH - 1))
            titles = journal.titles(access, entries)
            yield from (_row(entry, words, titles) for entry in entries)
    for chain, (length, head) in ends.items():
        yield END, "", "", "", "", chain or MAIN, length, "", head


def _row(entry, words, titles):
    link = (entry.chain or MAIN, entry.number)
    if not entry.shown:
        return CLOSED, "", "", "", "", *link, "", entry.hash
    told = (entry.actor, words.as_what(entry), words.sentence(entry, titles))
    title = titles.get(entry.document_uid, "")
    return moment(entry), *map(cell, (*told, title)), *link, entry.told, entry.hash


def _entries(access, chain, first, last):
    """In their order, each with `shown`: whether this access may read it."""
    shown = Case(None, [(journal.readable(access), 1)], 0).alias("shown")
    here = (Entry.record == access.record_id) & (Entry.chain == chain)
    query = Entry.select(Entry, shown).where(here & Entry.number.between(first, last))
    return list(query.order_by(Entry.number))


def written(rows) -> Iterator[bytes]:
    """In pieces; the mark at the beginning tells spreadsheets that it is UTF-8."""
    buffer = io.StringIO("\ufeff")
    buffer.seek(0, io.SEEK_END)
    table = csv.writer(buffer, delimiter=";")
    for row in rows:
        table.writerow(row)
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()
