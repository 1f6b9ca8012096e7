"""« Qui l'a vu »: who did look at a document or a section, from the journal, and who may now."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from peewee import fn

from . import journal, visibility
from .access import Access, Right
from .document import Document
from .journal import Act, Entry
from .record import Shown


class Section(StrEnum):
    """As in its address."""

    DOCUMENTS = "documents"
    WISHES = "entourage-et-volontes"
    JOURNAL = "activite"


# What opens a section, and the acts that tell it was looked at.
RIGHTS = {
    Section.DOCUMENTS: Right.READ,
    Section.WISHES: Right.WISHES,
    Section.JOURNAL: Right.TRACE,
}
LOOKS = {
    Section.DOCUMENTS: {Act.LOOKED},
    Section.WISHES: {
        *(Act.LOOKED_AT_WISHES, Act.LOOKED_AT_CARE, Act.READ_DIRECTIVE, Act.PRINTED),
    },
    Section.JOURNAL: {Act.LOOKED_AT_JOURNAL, Act.EXPORTED_JOURNAL},
}
READS = {Act.READ, Act.READ_TEXT, Act.DOWNLOADED, Act.READ_BY_LINK}


@dataclass(frozen=True)
class Reader:
    """Someone who looked, as what, how many times; `role` is the one she had then."""

    account_id: int | None
    actor: str
    role: str
    times: int
    last: datetime


def of_document(access: Access, document: Document) -> list[Reader]:
    """As far as this access may read the journal, the latest first."""
    return _read(access, (Entry.document_uid == document.uid) & _acts(READS))


def of_section(access: Access, section: Section) -> list[Reader]:
    """Raises Forbidden where the section itself is not for this access."""
    access.require(RIGHTS[section])
    return _read(access, _acts(LOOKS[section]))


def able(access: Access, section: Section) -> list[Access]:
    """Those who may look at the section now, as far as this access may know of them."""
    access.require(RIGHTS[section])
    return [one for one in visibility.let_in(access) if one.can(RIGHTS[section])]


def in_emergency(access: Access, section: Section) -> bool:
    """Whether someone who has no access may come in and look."""
    if section is Section.JOURNAL or not access.record.emergency_allowed:
        return False
    return section is Section.DOCUMENTS or access.record.wishes_shown == Shown.EMERGENCY


def _read(access, these):
    who = (Entry.account_id, Entry.actor, Entry.role)
    last = fn.MAX(Entry.at)
    query = journal.seen(access).where(these).select(*who, fn.COUNT(Entry.id), last)
    return [Reader(*row) for row in query.group_by(*who).order_by(last.desc()).tuples()]


def _acts(acts):
    return Entry.act.in_([act.value for act in acts])
