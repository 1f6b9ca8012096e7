"""A part of a document that software wrote: what was drawn or taken out of it as it came, so that
it is read without its software. The document itself stays as it was."""

import json
from collections.abc import Iterator
from enum import StrEnum

from peewee import CharField, ForeignKeyField, IntegerField, TextField

from . import vault
from .database import Table
from .document import Document
from .formats.kinds import KINDS
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

    def content_chunks(self) -> Iterator[bytes]:
        """Raises vault.Damaged."""
        return vault.read(self.content)


def of(document: Document) -> list[Part]:
    """All but signatures, in their order."""
    mine = (Part.document == document) & (Part.role != PartRole.SIGNATURE.value)
    return list(Part.select().where(mine).order_by(Part.number))


def find(document: Document, part_uid: str) -> Part | None:
    """One that can be opened by itself."""
    mine = (Part.document == document) & (Part.uid == part_uid)
    return Part.get_or_none(mine & Part.role.in_([role.value for role in READABLE]))


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
