"""One document that an archive brings: what is said of it, and what becomes of it."""

import json
from collections.abc import Iterable
from enum import StrEnum
from itertools import islice

from peewee import DeferredForeignKey, ForeignKeyField, IntegerField, TextField, fn

from .database import Table, transaction
from .document import Document

PAGE = 50
BATCH = 500


class Verdict(StrEnum):
    """`NONE`: not looked at yet. `TAKE`: to be taken, when she says so."""

    NONE = ""
    TAKE = "take"
    TAKEN = "taken"
    KNOWN = "known"
    REFUSED = "refused"


class Claimed(Exception):
    """Someone else has dealt with it."""


class Item(Table):
    moving = DeferredForeignKey("Moving", backref="items", on_delete="CASCADE")
    number = IntegerField()
    # Its place in the archive; None where it is not there.
    entry = IntegerField(null=True)
    path = TextField()
    title = TextField()
    size = IntegerField()
    # As the archive says, or as it was found.
    sha256 = TextField(default="")
    told = TextField(default="{}")
    verdict = TextField(default=Verdict.NONE.value)
    sentence = TextField(default="")
    document = ForeignKeyField(Document, null=True, on_delete="SET NULL")

    class Meta:
        table_name = "moving_item"

    @property
    def details(self) -> dict:
        return json.loads(self.told)

    def claim(self) -> None:
        """Whoever took the job over may have dealt with it: then it stays so. Call it inside the
        transaction that does. Raises Claimed."""
        waits = (Item.id == self.id) & (Item.verdict == Verdict.TAKE.value)
        if not Item.select().where(waits).exists():
            raise Claimed

    def settle(self, verdict: Verdict, sentence: str = "", document: Document | None = None):
        """Call it inside a transaction."""
        self.verdict, self.sentence = verdict.value, sentence
        self.document = document
        self.save(only=[Item.verdict, Item.sentence, Item.document])


def insert(moving, rows: Iterable[dict]) -> int:
    """In their order, some at a time, each time in a transaction; how many."""
    numbered = ({"moving": moving.id, "number": n} | row for n, row in enumerate(rows))
    count = 0
    while some := list(islice(numbered, BATCH)):
        with transaction():
            Item.insert_many(some).execute()
        count += len(some)
    return count


def add(moving, like: Item, document: Document) -> None:
    """Another document that came with this one. Call it inside a transaction."""
    last = Item.select(fn.MAX(Item.number)).where(Item.moving == moving).scalar()
    Item.create(
        moving=moving.id,
        number=last + 1,
        path=like.path,
        title=document.title,
        size=document.size,
        sha256=document.sha256,
        verdict=Verdict.TAKEN.value,
        document=document,
    )


def next_of(moving, verdict: Verdict, most: int) -> list[Item]:
    return list(_of(moving, verdict).order_by(Item.number).limit(most))


def page(moving, verdict: Verdict, number: int) -> list[Item]:
    """A page of them, and one more."""
    rows = _of(moving, verdict).order_by(Item.number)
    return list(rows.offset((number - 1) * PAGE).limit(PAGE + 1))


def counts(moving) -> dict[Verdict, int]:
    rows = Item.select(Item.verdict, fn.COUNT(Item.id)).where(Item.moving == moving)
    found = dict(rows.group_by(Item.verdict).tuples())
    return {verdict: found.get(verdict.value, 0) for verdict in Verdict}


def weight(moving, verdict: Verdict) -> int:
    """In bytes."""
    total = Item.select(fn.SUM(Item.size)).where(_is(moving, verdict))
    return total.scalar() or 0


def light(moving, verdict: Verdict) -> list[Item]:
    """All of them, without what is said of each."""
    told = (Item.id, Item.sha256, Item.size, Item.title)
    return list(_of(moving, verdict).select(*told).order_by(Item.number))


def folders(moving) -> list[str]:
    """Those that its documents are in, by name."""
    name = fn.json_extract(Item.told, "$.folder")
    rows = Item.select(name).where((Item.moving == moving) & name.is_null(False) & (name != ""))
    return sorted({one for (one,) in rows.distinct().tuples()})


def newer_ones(moving) -> list[Item]:
    """Those that replace another, as the archive says."""
    older = fn.json_extract(Item.told, "$.replaces")
    rows = _of(moving, Verdict.TAKEN).where(Item.document.is_null(False) & (older != ""))
    return list(rows.order_by(Item.number))


def wishes_of(moving) -> list[Item]:
    """Those whose documents belong to « Entourage et volontés »."""
    rows = Item.select(Item, Document).join(Document).where(_is(moving, Verdict.TAKEN))
    return list(rows.where(Document.wish))


def at(moving, path: str) -> Document | None:
    """The document that this path of the archive became, or was already."""
    named = Item.get_or_none((Item.moving == moving) & (Item.path == path))
    if named is None:
        return None
    same = (Item.moving == moving) & Item.document.is_null(False)
    same &= (Item.id == named.id) | ((Item.sha256 == named.sha256) & (Item.sha256 != ""))
    row = Item.select(Item, Document).join(Document).where(same).first()
    return row.document if row else None


def _of(moving, verdict):
    return Item.select().where(_is(moving, verdict))


def _is(moving, verdict):
    return (Item.moving == moving) & (Item.verdict == verdict.value)
