"""Checking an instance: the database, the chains of the journal, the vault against the rows."""

from collections.abc import Iterator

from peewee import PeeweeException, fn

from . import database, figures, journal, vault
from .document import Document
from .part import Part
from .record import Record


def faults() -> Iterator[str]:
    """A sentence for each fault."""
    for fault in database.integrity():
        yield f"base de données : {fault}"
    for record in Record.select().iterator():
        fault = journal.broken(record)
        if fault:
            yield f"activité de l'espace {record.uid} : {fault}"
        if (record.used, record.used_apart) != (_weight(record, False), _weight(record, True)):
            yield f"espace {record.uid} : le poids de ses documents est mal compté"
    for name in figures.drifted():
        yield f"chiffres : « {name} » est mal compté"
    for document in Document.select().iterator():
        fault = _content_fault(document)
        if fault:
            yield f"document {document.uid} : {fault}"
    for part in Part.select(Part, Document).join(Document).iterator():
        fault = _content_fault(part)
        if fault:
            yield f"document {part.document.uid}, partie {part.number} : {fault}"


def _weight(record, apart):
    documents = record.documents.where(Document.apart == apart)
    return documents.select(fn.SUM(Document.size + Document.parts_size)).scalar() or 0


def writable() -> bool:
    """The database and the vault can be written, now."""
    try:
        with database.transaction():
            pass  # the write lock was taken
    except PeeweeException:
        return False
    return vault.writable()


def _content_fault(one):
    try:
        size = sum(len(chunk) for chunk in one.content_chunks())
    except vault.Damaged:
        return "son contenu manque, ou a été abîmé"
    return None if size == one.size else "son contenu n'a pas la bonne taille"
