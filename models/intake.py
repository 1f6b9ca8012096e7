"""A file that comes in by a form or a command: one document, or the lot that it is (lot.py), whose
documents are taken all or none."""

from dataclasses import replace

from . import deposit, lot, twins
from .access import Access, Actor
from .deposit import Description, Incoming, Limits
from .document import Document
from .record import Record
from .refusal import Refusal
from .vault import Spool


def by_access(
    access: Access, spool: Spool, name: str, told: Description, limits: Limits
) -> list[Document]:
    """Raises Refusal; the spool is discarded by whoever made it."""
    told = deposit.allowed(access, told)
    return put(access.record, access.actor, spool, name, told, limits, access)


def put(
    record: Record,
    actor: Actor,
    spool: Spool,
    name: str,
    told: Description,
    limits: Limits,
    access: Access | None = None,
) -> list[Document]:
    """The same without an access."""
    name = deposit.file_name(name) or "document"
    deposit.check_file(spool, name, limits)
    items = lot.opened(spool, name, limits)
    if items is None:
        return [deposit.put(record, actor, spool, name, told, limits, access)]
    try:
        return _put_lot(record, actor, _incoming(lot.once(items), told), limits, access)
    except Refusal as refusal:
        # It names the document, and who sent the file may know the file only.
        refusal.sentence = f"Dans « {name} » : {refusal.sentence}"
        raise
    finally:
        lot.discard(items)


def _put_lot(record, actor, incoming, limits, access) -> list[Document]:
    """Those that are here already are not taken twice: who sends the lot is told of the others, and
    refused where there is none; a command may be run again, and is told of all."""
    here = [twins.here(record, one, access) for one in incoming]
    if access and all(here):
        here = [None for _one in incoming]
    for one, known in zip(incoming, here, strict=True):
        if known:
            deposit.check(record, one, limits)
    new = [one for one, known in zip(incoming, here, strict=True) if known is None]
    made = deposit.put_all(record, actor, new, limits, access)
    if access:
        return made
    each = iter(made)
    return [known or next(each) for known in here]


def _incoming(items, told) -> list[Incoming]:
    """A title is that of one only."""
    title = told.title if len(items) == 1 else ""
    return [
        Incoming(
            item.spool,
            item.name,
            replace(told, title=title, header=item.header),
            item.signatures,
        )
        for item in items
    ]
