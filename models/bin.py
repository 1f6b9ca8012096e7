"""The bin: a holder's own documents wait there for 30 days, then are erased for good (D9). One that
was a newer version waits alone: the one before it is in the list again."""

from datetime import timedelta

from . import clock, journal, part, search, vault, version
from .access import Access, Actor, Right
from .database import transaction
from .document import Document, loaded
from .filing import locked
from .record import Record
from .refusal import Refusal

DAYS = 30
CARNET = Actor(None, "Carnet", "system")


def discard(access: Access, documents: list[Document]) -> tuple[int, list[str]]:
    """How many went to the bin, and a sentence for each that may not."""
    access.require(Right.DISCARD)
    own = [document for document in documents if document.changeable]
    with transaction():
        for document in own:
            document.binned_at = clock.now()
            document.save(only=[Document.binned_at])
            journal.write(access.record, access.actor, journal.Act.BINNED, document)
    return len(own), [locked(document) for document in documents if not document.changeable]


def restore(access: Access, document: Document) -> None:
    """Whole, where it was. Raises Refusal when the same file was deposited again meanwhile."""
    access.require(Right.DISCARD)
    with transaction():
        if access.documents().where(Document.sha256 == document.sha256).exists():
            raise Refusal(
                f"« {document.title} » est déjà dans vos documents : vous l'avez déposé de nouveau."
            )
        document.binned_at = None
        document.save(only=[Document.binned_at])
        journal.write(access.record, access.actor, journal.Act.RESTORED, document)


def erase(access: Access, document: Document) -> None:
    """For good: the content, its text and its words. The journal keeps that it was done."""
    access.require(Right.DISCARD)
    if not document.changeable:
        raise Refusal(locked(document))
    _erase(document, access.record, access.actor)


def content(access: Access) -> list[Document]:
    """The latest first."""
    return loaded(access, access.binned().order_by(Document.binned_at.desc()))


def empty_old() -> int:
    """Erase what has been in a bin for DAYS days; how many."""
    old = Document.select(Document, Record).join(Record)
    old = list(old.where(Document.binned_at < clock.now() - timedelta(days=DAYS)))
    for document in old:
        _erase(document, document.record, CARNET)
    return len(old)


def days_left(document: Document) -> int:
    return max(0, DAYS - (clock.now() - document.binned_at).days)


def _erase(document, record, actor):
    names = (document.content, *part.contents_of(document))
    with transaction():
        search.forget(document)
        journal.write(record, actor, journal.Act.ERASED, document)
        version.take_out(document)
        document.delete_instance()
        record.give_room(document.weight, document.apart)
    # After the commit: a crash in between leaves an orphan, which `flask work` sweeps.
    for name in names:
        vault.erase(name)
