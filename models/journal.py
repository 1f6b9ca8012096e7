"""The journal: who did what in a record, and when. Written by the verbs, in their transaction.

Append-only (the database refuses the rest), one chain of SHA-256 a record (D15). It names
documents and folders by their uid: their titles stay with them, and go with them."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from peewee import CharField, ForeignKeyField, IntegerField, TextField

from . import clock
from .access import Access, Actor, Right
from .database import MomentField, Table, transaction
from .record import Record

PAGE = 50
HOUR = timedelta(hours=1)


class Act(StrEnum):
    ANNOUNCED = "announced"
    ACTIVATED = "activated"
    ENTERED = "entered"
    LOOKED = "looked"
    READ = "read"
    READ_TEXT = "read-text"
    DOWNLOADED = "downloaded"
    DEPOSITED = "deposited"
    CORRECTED = "corrected"
    MOVED = "moved"
    PINNED = "pinned"
    UNPINNED = "unpinned"
    BINNED = "binned"
    RESTORED = "restored"
    ERASED = "erased"
    MADE_FOLDER = "made-folder"
    RENAMED_FOLDER = "renamed-folder"
    DELETED_FOLDER = "deleted-folder"
    MASKED = "masked"
    SHOWED = "showed"
    MASKED_ALL = "masked-all"
    SHOWED_ALL = "showed-all"
    UNDID_MASKING = "undid-masking"
    LOOKED_AT_WISHES = "looked-at-wishes"
    LOOKED_AT_CARE = "looked-at-care"
    PRINTED = "printed"
    ADDED_CONTACT = "added-contact"
    CORRECTED_CONTACT = "corrected-contact"
    REMOVED_CONTACT = "removed-contact"
    RESTORED_CONTACT = "restored-contact"
    ORDERED_CONTACTS = "ordered-contacts"
    BEGAN_DESIGNATION = "began-designation"
    PREPARED_DESIGNATION = "prepared-designation"
    TOLD_TRUSTED = "told-trusted"
    ACCEPTED_TRUST = "accepted-trust"
    DECLINED_TRUST = "declined-trust"
    SIGNED_DESIGNATION = "signed-designation"
    WITHDREW_DESIGNATION = "withdrew-designation"
    REVOKED_DESIGNATION = "revoked-designation"
    GAVE_UP_DESIGNATION = "gave-up-designation"
    BEGAN_DIRECTIVE = "began-directive"
    ANSWERED_DIRECTIVE = "answered-directive"
    FINISHED_DIRECTIVE = "finished-directive"
    SIGNED_DIRECTIVE = "signed-directive"
    DECLARED_DIRECTIVE = "declared-directive"
    WITHDREW_DIRECTIVE = "withdrew-directive"
    REVOKED_DIRECTIVE = "revoked-directive"
    GAVE_UP_DIRECTIVE = "gave-up-directive"
    REREAD_DIRECTIVE = "reread-directive"
    READ_DIRECTIVE = "read-directive"
    READ_ORGANS = "read-organs"
    CHOSE_READERS = "chose-readers"


class Group(StrEnum):
    """What people look for in it."""

    READING = "lectures"
    ADDING = "ajouts"
    CHANGING = "changements"
    MASKING = "masquage"
    WISHES = "volontes"
    ENTERING = "entrees"


GROUPS = {
    Group.READING: {
        *(Act.LOOKED, Act.READ, Act.READ_TEXT, Act.DOWNLOADED),
        *(Act.LOOKED_AT_WISHES, Act.LOOKED_AT_CARE, Act.READ_DIRECTIVE, Act.PRINTED),
    },
    Group.ADDING: {Act.DEPOSITED},
    Group.CHANGING: {
        *(Act.CORRECTED, Act.MOVED, Act.PINNED, Act.UNPINNED, Act.BINNED, Act.RESTORED),
        *(Act.ERASED, Act.MADE_FOLDER, Act.RENAMED_FOLDER, Act.DELETED_FOLDER),
    },
    Group.MASKING: {
        *(Act.MASKED, Act.SHOWED, Act.MASKED_ALL, Act.SHOWED_ALL, Act.UNDID_MASKING),
    },
    Group.WISHES: {
        *(Act.ADDED_CONTACT, Act.CORRECTED_CONTACT, Act.REMOVED_CONTACT, Act.RESTORED_CONTACT),
        *(Act.ORDERED_CONTACTS, Act.BEGAN_DESIGNATION, Act.PREPARED_DESIGNATION),
        *(Act.TOLD_TRUSTED, Act.ACCEPTED_TRUST, Act.DECLINED_TRUST, Act.SIGNED_DESIGNATION),
        *(Act.WITHDREW_DESIGNATION, Act.REVOKED_DESIGNATION, Act.GAVE_UP_DESIGNATION),
        *(Act.BEGAN_DIRECTIVE, Act.ANSWERED_DIRECTIVE, Act.FINISHED_DIRECTIVE),
        *(Act.SIGNED_DIRECTIVE, Act.DECLARED_DIRECTIVE, Act.WITHDREW_DIRECTIVE),
        *(Act.REVOKED_DIRECTIVE, Act.GAVE_UP_DIRECTIVE, Act.REREAD_DIRECTIVE),
        *(Act.READ_ORGANS, Act.CHOSE_READERS),
    },
    Group.ENTERING: {Act.ANNOUNCED, Act.ACTIVATED, Act.ENTERED},
}


class Entry(Table):
    record = ForeignKeyField(Record, backref="entries")
    number = IntegerField()
    at = MomentField()
    account_id = IntegerField(null=True)
    actor = TextField()
    role = CharField()
    session_id = IntegerField(null=True)
    act = CharField()
    document_uid = TextField(null=True)
    detail = TextField()
    previous = CharField(max_length=64)
    hash = CharField(max_length=64)

    @property
    def details(self) -> dict:
        return json.loads(self.detail)

    def sealed(self) -> str:
        """The hash of all that the entry says and of the one before."""
        moment = MomentField().db_value(self.at)
        told = [self.record_id, self.number, moment, self.account_id, self.actor, self.role]
        told += [self.session_id, self.act, self.document_uid, self.detail, self.previous]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Filters:
    who: str = ""
    what: Group | None = None
    since: date | None = None
    until: date | None = None
    before: int | None = None


def write(record: Record, actor: Actor, act: Act, document=None, **detail) -> Entry:
    """Add an entry; call it inside the transaction of the act."""
    with transaction():
        length, head = _end(record)
        entry = Entry(
            record=record.id,
            number=length + 1,
            at=clock.now(),
            account_id=actor.account_id,
            actor=actor.name,
            role=actor.role,
            session_id=actor.session,
            act=act.value,
            document_uid=document.uid if document else None,
            detail=_told(detail),
            previous=head,
        )
        entry.hash = entry.sealed()
        entry.save(force_insert=True)
        Record.update(journal_length=entry.number, journal_head=entry.hash).where(
            Record.id == record.id
        ).execute()
    return entry


_looked: dict[tuple, datetime] = {}


def write_once(access: Access, act: Act, document=None, every=HOUR, **detail) -> None:
    """Write what would be noise if told each time: once a session and `every`.

    The memory only spares a query; after a restart the database answers."""
    key = (access.record_id, access.session_id, act, document and document.uid, str(detail))
    if key in _looked and clock.now() - _looked[key] < every:
        return
    if len(_looked) > 10_000:
        _looked.clear()
    if not written_lately(access, act, document, every, **detail):
        write(access.record, access.actor, act, document, **detail)
    _looked[key] = clock.now()


def written_lately(access: Access, act: Act, document=None, every=HOUR, **detail) -> bool:
    """Whether this session has already told it."""
    return (
        Entry.select()
        .where(
            (Entry.record == access.record_id)
            & (Entry.at > clock.now() - every)
            & (Entry.session_id == access.session_id)
            & (Entry.act == act.value)
            & (Entry.document_uid == (document.uid if document else None))
            & (Entry.detail == _told(detail))
        )
        .exists()
    )


def entries(access: Access, filters: Filters) -> list[Entry]:
    """The latest first, a page and one more, without those on documents this access may not see."""
    from .document import Document

    access.require(Right.TRACE)
    unseen = Document.select(Document.uid).where(
        (Document.record == access.record_id) & ~access.sees()
    )
    query = Entry.select().where(
        (Entry.record == access.record_id)
        & (Entry.document_uid.is_null() | Entry.document_uid.not_in(unseen))
    )
    return list(_filtered(query, filters).order_by(Entry.number.desc()).limit(PAGE + 1))


def titles(access: Access, entries: list[Entry]) -> dict[str, str]:
    """The titles of the documents named, of those that are still there."""
    from .document import Document

    uids = {entry.document_uid for entry in entries if entry.document_uid}
    query = Document.select(Document.uid, Document.title).where(
        access.sees() & Document.uid.in_(uids)
    )
    return dict(query.tuples())


def actors(access: Access) -> list[str]:
    """The names of all who have ever acted in the record: not all of them have an account."""
    query = Entry.select(Entry.actor).distinct().where(Entry.record == access.record_id)
    return [name for (name,) in query.order_by(Entry.actor).tuples()]


def broken(record: Record) -> str | None:
    """What is wrong with the chain of the record, in words; None when it holds."""
    previous, number = "", 0
    for entry in record.entries.order_by(Entry.number).iterator():
        number += 1
        if entry.number != number:
            return f"il manque l'entrée {number}"
        if entry.previous != previous or entry.hash != entry.sealed():
            return f"l'entrée {number} a été modifiée"
        previous = entry.hash
    if (number, previous) != (record.journal_length, record.journal_head):
        return f"il manque des entrées après la {number}e"
    return None


def _end(record):
    query = Record.select(Record.journal_length, Record.journal_head)
    return query.where(Record.id == record.id).tuples().get()


def _told(detail):
    return json.dumps(detail, ensure_ascii=False, sort_keys=True)


def _filtered(query, filters):
    if filters.who:
        query = query.where(Entry.actor == filters.who)
    if filters.what:
        query = query.where(Entry.act.in_([act.value for act in GROUPS[filters.what]]))
    if filters.since:
        query = query.where(Entry.at >= _midnight(filters.since))
    if filters.until:
        query = query.where(Entry.at < _midnight(filters.until + timedelta(days=1)))
    if filters.before:
        query = query.where(Entry.number < filters.before)
    return query


def _midnight(day):
    return datetime(day.year, day.month, day.day, tzinfo=clock.PARIS)
