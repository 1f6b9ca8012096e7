"""A part of a document that software wrote: what was drawn or taken out of it as it came, so that
it is read without its software. The document itself stays as it was."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from peewee import CharField, ForeignKeyField, IntegerField, TextField

from . import seeking, vault
from .database import Table
from .document import Document, file_name
from .formats.kinds import KINDS
from .seeking import Span
from .words import uid


class PartRole(StrEnum):
    """`page`: what it tells, as blocks (formats/narrative.py). `body`: the file that is the
    document itself, such as the PDF in a CDA of level 1. `file`: what goes with it. `signature`:
    kept, and shown to nobody."""

    PAGE = "page"
    BODY = "body"
    FILE = "file"
    SIGNATURE = "signature"


READABLE = frozenset({PartRole.BODY, PartRole.FILE})


class Part(Table):
    uid = TextField(unique=True, default=uid)
    document = ForeignKeyField(Document, backref="parts", on_delete="CASCADE")
    number = IntegerField()
    role = CharField()
    name = TextField()
    media_type = CharField()
    size = IntegerField()
    sha256 = CharField(max_length=64)
    pages = IntegerField(null=True)
    content = CharField()

    @property
    def kind(self):
        return KINDS[self.media_type]

    @property
    def opens_in_browser(self) -> bool:
        return self.kind.opens_in_browser

    @property
    def download_name(self) -> str:
        more = "" if self.role == PartRole.BODY else f", {self.name}"
        return file_name(f"{self.document.title[:80]}{more}", self.kind)

    def content_chunks(self, span: Span | None = None) -> Iterator[bytes]:
        """Raises vault.Damaged."""
        return seeking.content(self.content, span)


@dataclass(frozen=True)
class Parts:
    """What the page of a document shows of them: what it tells, as blocks, unless it is damaged;
    the file that it is; those that go with it."""

    blocks: list[dict] | None = None
    damaged: bool = False
    body: Part | None = None
    files: tuple[Part, ...] = ()


def of(document: Document) -> list[Part]:
    """All but signatures, in their order."""
    mine = (Part.document == document) & (Part.role != PartRole.SIGNATURE.value)
    rows = list(Part.select().where(mine).order_by(Part.number))
    for row in rows:
        row.document = document
    return rows


def shown(document: Document) -> Parts:
    if not document.parts_size:
        return Parts()
    rows, blocks, damaged = of(document), None, False
    try:
        blocks = page(rows)
    except vault.Damaged:
        damaged = True
    return Parts(
        blocks,
        damaged,
        next((one for one in rows if one.role == PartRole.BODY), None),
        tuple(one for one in rows if one.role == PartRole.FILE),
    )


def find(document: Document, part_uid: str) -> Part | None:
    """One that can be opened by itself."""
    mine = (Part.document == document) & (Part.uid == part_uid)
    found = Part.get_or_none(mine & Part.role.in_([role.value for role in READABLE]))
    if found:
        found.document = document
    return found


def page(parts: list[Part]) -> list[dict] | None:
    """What the document tells, as blocks. Raises vault.Damaged."""
    drawn = next((one for one in parts if one.role == PartRole.PAGE), None)
    return json.loads(b"".join(drawn.content_chunks())) if drawn else None


def contents() -> set[str]:
    """The names of every part that the vault keeps."""
    return {name for (name,) in Part.select(Part.content).tuples()}


def contents_of(document: Document) -> list[str]:
    mine = Part.select(Part.content).where(Part.document == document)
    return [name for (name,) in mine.tuples()]
