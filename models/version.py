"""Versions of a document: each points to the one that it replaces, which stays, in one line without
fork nor loop (replacement.py makes it). The list shows, to each, the newest that she sees: whoever
does not see a newer one sees the older as if nothing had come.

What is decided of one version, who reads it and where it is kept, is decided of all."""

from peewee import SQL, NodeList

from . import clock
from .access import Access
from .document import Document

# Those before and after one, by how far they are from it.
CHAIN = """(
WITH RECURSIVE
older (id, far) AS (
    VALUES (?, 0) UNION ALL
    SELECT replaces_id, far - 1 FROM older JOIN document USING (id) WHERE replaces_id IS NOT NULL
),
newer (id, far) AS (
    VALUES (?, 0) UNION ALL
    SELECT document.id, far + 1 FROM newer JOIN document ON document.replaces_id = newer.id
)
SELECT id, far FROM older UNION SELECT id, far FROM newer
) AS chain"""

REPLACED = "(WITH RECURSIVE replaced (id) AS (SELECT * FROM"
AND_BEFORE = """
UNION SELECT document.replaces_id FROM replaced JOIN document USING (id)
WHERE document.replaces_id IS NOT NULL
) SELECT id FROM replaced)"""


def replaced(seen):
    """Of those that this condition lets see, the documents that a newer one replaces: a query of
    their ids. It is asked once a list, of the few that replace one."""
    newer = seen & Document.replaces.is_null(False) & SQL("+binned_at IS NULL")
    found = Document.select(Document.replaces).where(newer)
    return NodeList((SQL(REPLACED), found, SQL(AND_BEFORE)))


def all_of(document: Document) -> list[Document]:
    """The earliest first, this one among them."""
    if not _has_others(document):
        return [document]
    rows = list(_chain(Document.select(), document))
    for row in rows:
        row.record = document.record
    return rows


def others(document: Document) -> list[Document]:
    return [one for one in all_of(document) if one.id != document.id]


def change(document: Document, **values) -> None:
    """These columns, of its other versions. Call it inside the transaction that changes its own."""
    if _has_others(document):
        ids = [one.id for one in others(document)]
        Document.update(**values).where(Document.id.in_(ids)).execute()


def around(access: Access, document: Document) -> tuple[Document | None, list[Document]]:
    """The newest that replaces it, and those that it replaces, the latest first; of those that this
    access sees."""
    if not _has_others(document):
        return None, []
    seen = list(_chain(access.documents(), document))
    after = [one for one in seen if one.far > 0]
    before = [one for one in reversed(seen) if one.far < 0]
    return (after[-1] if after else None), before


def place(document: Document, older: Document | None, newer: Document | None) -> None:
    """Between two that follow each other, or at either end. Call it inside a transaction."""
    document.replaces = older
    document.replaced_at = clock.now() if newer else None
    document.save(only=[Document.replaces, Document.replaced_at])
    if older:
        here = (Document.id == older.id) & Document.replaced_at.is_null()
        Document.update(replaced_at=clock.now()).where(here).execute()
    if newer:
        Document.update(replaces=document).where(Document.id == newer.id).execute()


def take_out(document: Document) -> None:
    """It is about to be erased: those before and after it follow each other."""
    after = Document.update(replaces=document.replaces_id)
    if not after.where(Document.replaces == document).execute():
        last = Document.id == document.replaces_id
        Document.update(replaced_at=None).where(last).execute()


def _has_others(document):
    return bool(document.replaces_id or document.replaced_at)


def _chain(query, document):
    rows = query.from_(Document, SQL(CHAIN, [document.id, document.id]))
    rows = rows.select_extend(SQL("chain.far")).where(SQL("chain.id") == Document.id)
    return rows.order_by(SQL("chain.far")).objects()
