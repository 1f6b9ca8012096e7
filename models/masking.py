"""Masking: hiding documents from professionals, one by one or all at once, and undoing it.

A choice for all documents is one row, a Masking, with a rank. Each document keeps its own last
choice, and the rank of the masking in force when it was made: the later of the two holds. So one
click costs the same for ten documents and ten thousand, and undoing it restores each earlier
choice exactly, since none was overwritten."""

from peewee import BooleanField, ForeignKeyField, IntegerField

from . import clock, journal, version
from .access import Access, Right
from .database import MomentField, Table, transaction
from .document import Document
from .prepared import Prepared
from .record import Record, Shown
from .reference import types
from .refusal import Refusal

TOO_LATE = (
    "Ce choix ne peut plus être annulé ainsi : un autre a été fait depuis. Vous pouvez masquer "
    "ou montrer de nouveau vos documents."
)
WISH = "Ce document suit le choix fait pour « Entourage et volontés » : changez-le là-bas."


class Masking(Table):
    """Its id is its rank."""

    record = ForeignKeyField(Record, backref="maskings")
    masked = BooleanField()
    made_at = MomentField(default=clock.now)
    undone_at = MomentField(null=True)
    previous_rank = IntegerField()
    previous_default = BooleanField()


def is_masked(document: Document) -> bool:
    """Needs the document's record loaded. A wish has a choice of its own (record.Shown), whatever
    is chosen for all; one that software wrote may be masked besides, by itself."""
    record = document.record
    if document.wish:
        alone = document.masked and document.type_code in types.OF_WISHES
        return alone or record.wishes_shown == Shown.NOBODY
    if document.masking_rank < record.masking_rank:
        return record.masked_by_default
    return document.masked


def masked_condition(record: Record):
    """The same, as an SQL condition on the documents of the record; a Scope of it will do."""
    masked = _masked_one_by_one(record)
    if record.wishes_shown == Shown.NOBODY:
        return masked | Document.wish
    alone = Document.masked & Document.type_code.in_(types.OF_WISHES)
    return (masked & ~Document.wish) | (Document.wish & alone)


def may_choose(access: Access, document: Document) -> bool:
    """A wish that came masked, by whoever decides who reads them; no other, nor one that is signed
    here: they follow the choice made for the section."""
    from .incoming import MASKED  # what comes in knows of documents

    if not document.wish:
        return access.can(Right.MASK)
    came = document.type_code in types.OF_WISHES and document.told.confidentiality & MASKED
    return bool(came) and not document.attached and access.can(Right.WILL)


def choose_all(access: Access, masked: bool) -> Masking:
    """Mask, or show, every document; and the same for those to come, until told otherwise."""
    access.require(Right.MASK)
    with transaction():
        made = choose_default(access, masked)
        act = journal.Act.MASKED_ALL if masked else journal.Act.SHOWED_ALL
        journal.write(access.record, access.actor, act)
    return made


def choose_default(access: Access, masked: bool) -> Masking:
    record = _chosen(access.record_id)[0]
    made = Masking.create(
        record=record,
        masked=masked,
        previous_rank=record.masking_rank,
        previous_default=record.masked_by_default,
    )
    _put(access.record, made.id, masked)
    return made


def choose_at_activation(access: Access, masked: bool) -> None:
    """The choice for all, asked again where parents had made it: what they masked one by one stays
    so, until she who is 18 says otherwise. Nothing that was hidden is shown by surprise."""
    if masked or not access.record.masking_rank:
        choose_default(access, masked)
    else:
        _put(access.record, access.record.masking_rank, masked)


def undo(access: Access, rank: int) -> None:
    """Take the choice for all back. Raises Refusal where another has been made since."""
    access.require(Right.MASK)
    with transaction():
        record = Record.get_by_id(access.record_id)
        made = Masking.get_or_none(
            (Masking.id == rank) & (Masking.record == record) & Masking.undone_at.is_null()
        )
        if made is None or record.masking_rank != made.id:
            raise Refusal(TOO_LATE)
        made.undone_at = clock.now()
        made.save(only=[Masking.undone_at])
        _put(access.record, made.previous_rank, made.previous_default)
        journal.write(access.record, access.actor, journal.Act.UNDID_MASKING, masked=made.masked)


def choose(access: Access, documents: list[Document], masked: bool) -> int:
    """Mask, or show, these, with their other versions; how many changed."""
    access.require(Right.MASK)
    with transaction():
        _refresh(access.record)
        changed = [one for one in documents if may_choose(access, one) and _is(one) != masked]
        for document in changed:
            document.masked = masked
            document.masking_rank = access.record.masking_rank
            document.save(only=[Document.masked, Document.masking_rank])
            version.change(document, masked=masked, masking_rank=document.masking_rank)
            act = journal.Act.MASKED if masked else journal.Act.SHOWED
            journal.write(access.record, access.actor, act, document)
    return len(changed)


def _is(document):
    """Whether it is masked, for a reason that choosing changes."""
    return document.masked if document.wish else is_masked(document)


def _masked_one_by_one(record):
    older = Document.masking_rank < record.masking_rank
    return Document.masked | older if record.masked_by_default else Document.masked & ~older


def _refresh(record):
    """Another page may have chosen for all since this one was asked for."""
    now = _chosen(record.id)[0]
    record.masking_rank, record.masked_by_default = now.masking_rank, now.masked_by_default


@Prepared
def _chosen(record_id):
    """What holds for all, and nothing else of the record."""
    chosen = Record.select(Record.id, Record.masking_rank, Record.masked_by_default)
    return chosen.where(Record.id == record_id)


def _put(record, rank, default):
    record.masking_rank, record.masked_by_default = rank, default
    record.save(only=[Record.masking_rank, Record.masked_by_default])
