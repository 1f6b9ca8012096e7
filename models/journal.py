"""The journal: who did what in a record, and when. Written by the verbs, in their transaction.

Append-only (the database refuses the rest), one chain of SHA-256 a record (D15), and one for each
document that was deposited hidden from someone: so whoever may not know of it finds no hole in what
she may read. It names documents and folders by their uid: their titles stay with them, and go with
them."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from peewee import (
    SQL,
    CharField,
    Desc,
    ForeignKeyField,
    IntegerField,
    NodeList,
    PeeweeException,
    Select,
    TextField,
    Tuple,
    ValuesList,
    fn,
)

from . import clock, storage
from .access import Access, Actor, Right, Role
from .database import MomentField, Table, database, transaction
from .prepared import Prepared
from .record import Record

PAGE = 40
UID = 16
HOUR = timedelta(hours=1)


class Act(StrEnum):
    ANNOUNCED = "announced"
    TOLD = "told"
    OPENED = "opened"
    OBJECTED = "objected"
    WITHDREW_OBJECTION = "withdrew-objection"
    CORRECTED_IDENTITY = "corrected-identity"
    MADE_ACTIVATION_CODE = "made-activation-code"
    ACTIVATED = "activated"
    ENTERED = "entered"
    LOOKED = "looked"
    LOOKED_AT_JOURNAL = "looked-at-journal"
    READ = "read"
    READ_TEXT = "read-text"
    DOWNLOADED = "downloaded"
    DEPOSITED = "deposited"
    MOVED_IN = "moved-in"
    ATTACHED = "attached"
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
    INVITED = "invited"
    SENT_INVITATION = "sent-invitation"
    AGREED_TO_INVITATION = "agreed-to-invitation"
    CANCELLED_INVITATION = "cancelled-invitation"
    ACCEPTED_INVITATION = "accepted-invitation"
    REFUSED_INVITATION = "refused-invitation"
    CHANGED_ACCESS = "changed-access"
    LEFT_OUT = "left-out"
    TOOK_BACK = "took-back"
    RENEWED_ACCESS = "renewed-access"
    ENDED_ACCESS = "ended-access"
    LEFT = "left"
    ACCESS_EXPIRED = "access-expired"
    CAME_OF_AGE = "came-of-age"
    LET_IN = "let-in"
    MADE_CODE = "made-code"
    CANCELLED_CODE = "cancelled-code"
    USED_CODE = "used-code"
    MADE_ADMINISTRATOR = "made-administrator"
    UNMADE_ADMINISTRATOR = "unmade-administrator"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    CHOSE_EMERGENCY = "chose-emergency"
    DECLARED_EMERGENCY = "declared-emergency"
    ANNOUNCED_DOCUMENT = "announced-document"
    SHOWED_UNANNOUNCED = "showed-unannounced"
    EXPORTED_JOURNAL = "exported-journal"
    REPORTED = "reported"
    ANSWERED_REPORT = "answered-report"
    CLOSED_REPORT = "closed-report"
    EXPORTED = "exported"
    SHARED = "shared"
    STOPPED_SHARING = "stopped-sharing"
    LOCKED_SHARING = "locked-sharing"
    READ_BY_LINK = "read-by-link"
    ASKED_CLOSING = "asked-closing"
    CANCELLED_CLOSING = "cancelled-closing"
    CLOSED = "closed"
    REOPENED = "reopened"
    ERASED_RECORD = "erased-record"
    DECLARED_DEATH = "declared-death"
    UNDECLARED_DEATH = "undeclared-death"
    ASKED_RESCUE = "asked-rescue"
    SAW_RESCUE = "saw-rescue"
    STOPPED_RESCUE = "stopped-rescue"
    RESCUED = "rescued"


class Group(StrEnum):
    """What people look for in it."""

    READING = "lectures"
    ADDING = "ajouts"
    CHANGING = "changements"
    MASKING = "masquage"
    WISHES = "volontes"
    ENTERING = "entrees"
    ACCESS = "acces"
    EMERGENCY = "urgences"


GROUPS = {
    Group.READING: {
        *(Act.LOOKED, Act.LOOKED_AT_JOURNAL, Act.READ, Act.READ_TEXT, Act.DOWNLOADED),
        *(Act.LOOKED_AT_WISHES, Act.LOOKED_AT_CARE, Act.READ_DIRECTIVE, Act.PRINTED),
        Act.READ_BY_LINK,
    },
    Group.ADDING: {
        *(Act.DEPOSITED, Act.ATTACHED, Act.MOVED_IN),
        *(Act.ANNOUNCED_DOCUMENT, Act.SHOWED_UNANNOUNCED),
    },
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
    Group.ENTERING: {
        *(Act.ANNOUNCED, Act.TOLD, Act.OPENED, Act.OBJECTED, Act.WITHDREW_OBJECTION),
        *(Act.CORRECTED_IDENTITY, Act.MADE_ACTIVATION_CODE, Act.ACTIVATED, Act.ENTERED),
        *(Act.ASKED_CLOSING, Act.CANCELLED_CLOSING, Act.CLOSED, Act.REOPENED),
        *(Act.ERASED_RECORD, Act.DECLARED_DEATH, Act.UNDECLARED_DEATH),
    },
    Group.ACCESS: {
        *(Act.INVITED, Act.SENT_INVITATION, Act.AGREED_TO_INVITATION, Act.CANCELLED_INVITATION),
        *(Act.ACCEPTED_INVITATION, Act.REFUSED_INVITATION, Act.CHANGED_ACCESS),
        *(Act.LEFT_OUT, Act.TOOK_BACK),
        *(Act.RENEWED_ACCESS, Act.ENDED_ACCESS, Act.LEFT, Act.ACCESS_EXPIRED, Act.CAME_OF_AGE),
        *(Act.LET_IN, Act.MADE_CODE, Act.CANCELLED_CODE, Act.USED_CODE),
        *(Act.MADE_ADMINISTRATOR, Act.UNMADE_ADMINISTRATOR, Act.BLOCKED, Act.UNBLOCKED),
        *(Act.CHOSE_EMERGENCY, Act.EXPORTED_JOURNAL, Act.EXPORTED),
        *(Act.REPORTED, Act.ANSWERED_REPORT, Act.CLOSED_REPORT),
        *(Act.SHARED, Act.STOPPED_SHARING, Act.LOCKED_SHARING),
        *(Act.ASKED_RESCUE, Act.SAW_RESCUE, Act.STOPPED_RESCUE, Act.RESCUED),
    },
    Group.EMERGENCY: {Act.DECLARED_EMERGENCY},
}
# What is told only to whom may read, or decide, what it is about.
ABOUT = {
    Right.WISHES: GROUPS[Group.WISHES]
    | {Act.LOOKED_AT_WISHES, Act.LOOKED_AT_CARE, Act.READ_DIRECTIVE, Act.PRINTED},
    Right.GRANT: GROUPS[Group.ACCESS]
    | GROUPS[Group.EMERGENCY]
    | {Act.MOVED, Act.MADE_FOLDER, Act.RENAMED_FOLDER, Act.DELETED_FOLDER},
}


class Chain(Table):
    """How long a chain is, and its last hash: an entry cut off its end is missed. The record itself
    keeps those of its main chain."""

    record = ForeignKeyField(Record)
    name = TextField()
    length = IntegerField()
    head = CharField(max_length=64)


class Entry(Table):
    """`chain` is empty, or the uid of a document that has a chain of its own."""

    record = ForeignKeyField(Record, backref="entries")
    chain = TextField(default="")
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

    @property
    def uid(self) -> str:
        """What addresses it: the beginning of its hash, which is in what is exported too."""
        return self.hash[:UID]

    @property
    def place(self) -> tuple[datetime, str, int]:
        """No two entries of a record have the same."""
        return self.at, self.chain, self.number

    @property
    def told(self) -> str:
        """All that it says and the hash of the one before: what is sealed, to the letter."""
        moment = MomentField().db_value(self.at)
        told = [self.record_id, self.number, moment, self.account_id, self.actor, self.role]
        told += [self.session_id, self.act, self.document_uid, self.detail, self.previous]
        told += [self.chain] if self.chain else []
        return json.dumps(told, ensure_ascii=False)

    def follow(self, length: int, head: str) -> None:
        """Take its place after so many others, the last of which had this hash."""
        self.number, self.previous = length + 1, head
        self.hash = self.sealed()

    def sealed(self) -> str:
        return hashlib.sha256(self.told.encode()).hexdigest()


@dataclass(frozen=True)
class Filters:
    who: str = ""
    what: Group | None = None
    since: date | None = None
    until: date | None = None
    # The place of the last entry of the page before.
    before: tuple[datetime, str, int] | None = None

    @property
    def chosen(self) -> bool:
        """Something is left out."""
        return self != Filters()


def write(record: Record, actor: Actor, act: Act, document=None, **detail) -> Entry:
    """Add an entry; call it inside the transaction of the act."""
    with transaction():
        entry = Entry(
            record=record.id,
            chain=document.uid if document and document.apart else "",
            at=clock.now(),
            account_id=actor.account_id,
            actor=actor.name,
            role=actor.role,
            session_id=actor.session,
            act=act.value,
            document_uid=document.uid if document else None,
            detail=_told(detail),
        )
        (_append_apart if entry.chain else _append)(record, entry)
    return entry


_looked: dict[tuple, datetime] = {}
# Looks at a page, not at a document.
LOOKS = {
    *(Act.ENTERED, Act.LOOKED, Act.LOOKED_AT_JOURNAL),
    *(Act.LOOKED_AT_WISHES, Act.LOOKED_AT_CARE),
}


def write_once(access: Access, act: Act, document=None, every=HOUR, **detail) -> bool:
    """Write what would be noise if told each time: once a session and `every`. Whether it was.

    The memory only spares a query; after a restart the database answers. Where nothing can be
    written (storage.py), whoever decides of the record still looks at its pages, and it is told
    with the next look; what others read is told, or not shown."""
    key = (access.record_id, access.session_id, act, document and document.uid, str(detail))
    if key in _looked and clock.now() - _looked[key] < every:
        return False
    if len(_looked) > 10_000:
        _looked.clear()
    new = not written_lately(access, act, document, every, **detail)
    try:
        if new:
            write(access.record, access.actor, act, document, **detail)
    except (PeeweeException, OSError) as error:
        if not _spared(access, act, error):
            raise
        return False
    _looked[key] = clock.now()
    return new


def _spared(access, act, error) -> bool:
    """Never inside a transaction: SQLite may have taken it back, and the rest would be kept."""
    looking = act in LOOKS and access.can(Right.GRANT) and not database.in_transaction()
    return looking and storage.why(error) is not None


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


def look(access: Access, filters: Filters) -> list[Entry]:
    """The same as `entries`; the journal is told, once an hour."""
    access.require(Right.TRACE)
    write_once(access, Act.LOOKED_AT_JOURNAL)
    return entries(access, filters)


def entries(access: Access, filters: Filters, most: int | None = None) -> list[Entry]:
    """The latest first: a page and one more, unless so many are asked."""
    most = most or PAGE + 1
    query = _filtered(seen(access), filters)
    return _latest_of(filters.what, query, most) if filters.what else _latest(query, most)


def emergencies(access: Access, most: int) -> list[Entry]:
    """The last times someone came in so: looked for where an access says so."""
    came = (Access.record == access.record_id) & (Access.role == Role.EMERGENCY)
    if not Access.select().where(came).exists():
        return []
    return _latest(seen(access).where(Entry.act == Act.DECLARED_EMERGENCY.value), most)


def find(access: Access, uid: str) -> Entry | None:
    """The entry of this uid, if this access may read it."""
    # A hash is hexadecimal: « g » comes after all that may follow.
    return seen(access).where(Entry.hash.between(uid, uid + "g")).first()


def seen(access: Access):
    """What this access may read of it: a query to refine."""
    return Entry.select().where(readable(access))


def readable(access: Access):
    """The condition on entries that this access may read. Left out are the acts of others on what
    it may not see or decide: documents, folders, wishes, accesses."""
    access.require(Right.TRACE)
    if access.can(Right.GRANT):
        # What was erased is still told.
        known = ~fn.EXISTS(_named(access, ~access.sees()))
    else:
        known = fn.EXISTS(_named(access, access.sees()))
    here = (Entry.record == access.record_id) & (Entry.document_uid.is_null() | known)
    hidden = [act.value for right, acts in ABOUT.items() if not access.can(right) for act in acts]
    return here & (Entry.act.not_in(hidden) | (Entry.account_id == access.eyes)) if hidden else here


def titles(access: Access, entries: list[Entry]) -> dict[str, str]:
    """The titles of the documents named, of those that are still there."""
    from .document import Document

    uids = {entry.document_uid for entry in entries if entry.document_uid}
    query = Document.select(Document.uid, Document.title).where(
        access.sees() & Document.uid.in_(uids)
    )
    return dict(query.tuples())


def actors(access: Access) -> list[str]:
    """The names of all who have ever acted, as far as this access may read: not all of them have
    an account."""
    names = seen(access).select(fn.MIN(Entry.actor))
    # One query jumps from each name to the next through the index.
    found = names.cte("found", recursive=True, columns=("name",))
    following = names.where(Entry.actor > found.c.name)
    found = found.union_all(Select([found], [following]).where(found.c.name.is_null(False)))
    query = Select([found], [found.c.name]).with_cte(found).where(found.c.name.is_null(False))
    return [name for (name,) in query.bind(database).tuples()]


def ends_for(access: Access) -> dict[str, tuple[int, str]]:
    """Of each chain that this access may know of, by its name: its length and its last hash."""
    access.require(Right.EXPORT)
    hidden = {uid for (uid,) in _hidden(access).tuples()}
    found = _ends(Record.get_by_id(access.record_id))
    return {name: end for name, end in found.items() if name not in hidden}


def broken(record: Record) -> str | None:
    """What is wrong with the chains of the record, in words; None when all hold."""
    ends = _ends(record)
    reached = dict.fromkeys([*ends, *_apart(record)], (0, ""))
    for entry in record.entries.order_by(Entry.chain, Entry.number).iterator():
        number, previous = reached.get(entry.chain, (0, ""))
        fault = misplaced(entry, number + 1, previous)
        if fault:
            return fault + _of(entry.chain)
        reached[entry.chain] = (entry.number, entry.hash)
    for chain, end in reached.items():
        if ends.get(chain) != end:
            return f"il manque des entrées après la {end[0]}e{_of(chain)}"
    return None


def misplaced(entry: Entry, number: int, previous: str) -> str | None:
    """Why the entry is not the `number`th of its chain, after the hash `previous`."""
    if entry.number != number:
        return f"il manque l'entrée {number}"
    if entry.previous != previous or entry.hash != entry.sealed():
        return f"l'entrée {number} a été modifiée"
    return None


def _named(access, condition):
    """The document that an entry names, where it is so: found by its uid, whatever the number of
    the others."""
    from .document import Document

    here = (Document.record == access.record_id) & (Document.uid == Entry.document_uid)
    return Document.select(SQL("1")).where(here & condition)


def _hidden(access):
    """The uids of the documents that it may not see."""
    from .document import Document

    here = Document.record == access.record_id
    return Document.select(Document.uid).where(here & ~access.sees())


def _apart(record):
    """Each of these has a chain, since its deposit is told."""
    from .document import Document

    rows = Document.select(Document.uid).where((Document.record == record) & Document.apart)
    return [uid for (uid,) in rows.tuples()]


def _ends(record):
    rows = Chain.select().where(Chain.record == record).order_by(Chain.id)
    ends = {"": (record.journal_length, record.journal_head)}
    return ends | {one.name: (one.length, one.head) for one in rows}


def _of(chain):
    return f", dans la chaîne du document {chain}" if chain else ""


def _append(record, entry):
    """To the chain of the record, which nearly always ends where it did when it was read."""
    entry.follow(record.journal_length or 0, record.journal_head or "")
    if not _lengthen(record.id, entry):
        ends = Record.select(Record.journal_length, Record.journal_head)
        entry.follow(*ends.where(Record.id == record.id).tuples().get())
        _lengthen(record.id, entry)
    record.journal_length, record.journal_head = entry.number, entry.hash
    _add(entry)


def _lengthen(record_id, entry):
    """False where others wrote meanwhile."""
    before = (entry.number - 1, entry.previous)
    return bool(_follow.change(record_id, *before, entry.number, entry.hash))


@Prepared
def _follow(record_id, length, head, number, hash):
    ended = (Record.journal_length == length) & (Record.journal_head == head)
    query = Record.update(journal_length=number, journal_head=hash)
    return query.where((Record.id == record_id) & ended)


COLUMNS = [one for one in Entry._meta.sorted_fields if not one.primary_key]


def _add(entry):
    _inserted.change(tuple(one.db_value(entry.__data__[one.name]) for one in COLUMNS))


@Prepared
def _inserted(values):
    return Entry.insert(dict(zip(COLUMNS, values, strict=True)))


def _append_apart(record, entry):
    here = (Chain.record == record) & (Chain.name == entry.chain)
    chain = Chain.get_or_none(here)
    entry.follow(*((chain.length, chain.head) if chain else (0, "")))
    end = {"length": entry.number, "head": entry.hash}
    if chain:
        Chain.update(**end).where(here).execute()
    else:
        Chain.create(record=record, name=entry.chain, **end)
    _add(entry)


def _told(detail):
    return json.dumps(detail, ensure_ascii=False, sort_keys=True)


def _latest(query, most):
    latest = (Entry.at.desc(), Entry.chain.desc(), Entry.number.desc())
    return list(query.order_by(*latest).limit(most))


def _filtered(query, filters):
    if filters.who:
        query = query.where(Entry.actor == filters.who)
    if filters.since:
        query = query.where(Entry.at >= clock.midnight(filters.since))
    if filters.until:
        query = query.where(Entry.at < clock.midnight(filters.until + timedelta(days=1)))
    if filters.before:
        at, chain, number = filters.before
        place = Tuple(Entry.at, Entry.chain, Entry.number)
        query = query.where(place < Tuple(MomentField().db_value(at), chain, number))
    return query


def _latest_of(group, query, most):
    """Each act's own latest are in the index: no more of any is read than the page may hold, nor
    anything of other acts."""
    if group is Group.EMERGENCY:
        # All that was done in one. To the letter the condition of the index.
        return _latest(query.where(Entry.role == SQL("'emergency'")), most)
    values = [act.value for act in sorted(GROUPS[group])]
    acts = ValuesList([(value,) for value in values])
    own = query.where(Entry.act == acts.c.column1).select(Entry.at).order_by(Entry.at.desc())
    least = Select([acts], [fn.MAX(own.limit(1).offset(most - 1))])
    found = query.where(Entry.act.in_(values) & (Entry.at >= fn.COALESCE(least, "")))
    # A plus sign keeps an index of every act from giving the order.
    moment = Desc(NodeList((SQL("+"), Entry.at)))
    return list(found.order_by(moment, Entry.chain.desc(), Entry.number.desc()).limit(most))
