"""A stray: a document that software deposited, of whom it is not certain. It waits at the office,
which sees the traits it tells and nothing else of it, and says whose it is; or refuses it.

Its source is told the same whether nobody has these traits, or several, or someone who objected."""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from peewee import CharField, ForeignKeyField, IntegerField, TextField, fn

from . import clock, deposit, ins, journal, ledger, matching, source, traits, vault
from . import header as headers
from .access import Actor
from .database import MomentField, Table, transaction
from .deposit import Description, Incoming, Limits
from .document import Document
from .header import Header, Person
from .record import Record
from .refusal import Refusal
from .source import Source
from .twins import OTHER_CONTENT, Conflict
from .vault import Spool
from .words import tidy, uid

KEPT_DAYS = 60
# How many of one source wait at most; together they weigh no more than a record may.
MOST_WAITING = 1000
LISTED, PROPOSED = 50, 10
LONGEST = 200
FULL = "Trop de documents de ce logiciel attendent déjà l'association. Réessayez plus tard."
SETTLED = "Quelqu'un s'en est déjà occupé."
TAKES_NONE = "Cet espace n'accepte pas de documents."
AGAINST = "Ce document n'est pas à cette personne : {fault} ne correspond pas."
NOT_TAKEN = (
    "Ce document n'entre pas dans cet espace. Refusez-le, et prévenez qui s'occupe du logiciel."
)
# What no mistake of writing explains: nothing is attached against it.
AGAINST_IT = frozenset({"la date de naissance", "le sexe", "le matricule INS"})


class How(StrEnum):
    ATTACHED = "attached"
    REFUSED = "refused"
    EXPIRED = "expired"


class Stray(Table):
    """Once settled, only what recognises it if it is sent again is kept."""

    uid = TextField(unique=True, default=uid)
    source = ForeignKeyField(Source, backref="strays")
    arrived_at = MomentField(default=clock.now)
    # Why it is not certain, for the office.
    why = TextField()
    # The traits, as the document writes them.
    person = TextField()
    identifier = TextField(default="")
    # What came with the file (header.py).
    header = TextField()
    filename = TextField()
    media_type = CharField()
    size = IntegerField()
    sha256 = CharField(max_length=64)
    content = CharField()
    settled_at = MomentField(null=True)
    settled_how = CharField(default="")
    settled_by = TextField(default="")
    record = ForeignKeyField(Record, null=True)

    @property
    def told(self) -> Person:
        return headers.from_json({"person": json.loads(self.person)}).person


@dataclass(frozen=True)
class Trait:
    """One of those compared: what the document says, and what is known of the member. `same` is
    None where one of the two is silent."""

    name: str
    told: object
    known: object
    same: bool | None


WAITING = Stray.settled_at.is_null()
# What stands where a document has no name of its own.
NAMELESS = "of:"


def put(one: Source, items: list, person: Person, why: str, limits: Limits) -> list[Stray]:
    """All of the items of a lot (lot.py), or none: they must open as for a deposit. Raises Refusal;
    the spools are discarded by whoever made them."""
    ready = [_described(one, item, person, why, limits) for item in items]
    kept = set()
    try:
        with transaction():
            strays = [_keep(stray, item, limits) for stray, item in zip(ready, items, strict=True)]
        kept = {stray.content for stray in strays}
    finally:
        for item in items:
            if item.spool.name not in kept:
                item.spool.unkeep()
    return strays


def check_room(one: Source, limits: Limits) -> None:
    """Whether one more may wait. To be asked before anything is known of the person: the answer
    then tells nothing of who is a member. Raises Refusal."""
    here = WAITING & (Stray.source == one)
    number, size = Stray.select(fn.COUNT(Stray.id), fn.SUM(Stray.size)).where(here).tuples()[0]
    if number >= MOST_WAITING or (size or 0) >= limits.record:
        raise Refusal(FULL)


def find(stray_uid: str) -> Stray | None:
    """One that waits."""
    return Stray.get_or_none(WAITING & (Stray.uid == stray_uid))


def waiting() -> int:
    return Stray.select().where(WAITING).count()


def listed() -> list[Stray]:
    """Those that have waited longest, with their source."""
    rows = Stray.select(Stray, Source).join(Source).where(WAITING)
    return list(rows.order_by(Stray.id).limit(LISTED))


def following(one: Stray) -> Stray | None:
    """The next that waits, once this one does no more; the first, after the last."""
    rows = Stray.select().where(WAITING)
    after = rows.where(Stray.id > one.id).order_by(Stray.id).first()
    return after or rows.order_by(Stray.id).first()


def proposed(one: Stray) -> list[Record]:
    """Members whose it may be, the likest first."""
    return matching.alike(one.told, PROPOSED)


def compared(one: Stray, record: Record) -> list[Trait]:
    """What the document says beside what is known of the member."""
    told, known = one.told, matching.of_record(record)
    names = ["birth_name", "used_name", "birth_given_names", "used_given_name", "birth_date"]
    names += ["sex", "birthplace_code"] + (["ins"] if ins.on() else [])
    return [
        Trait(name, getattr(told, name), getattr(known, name), traits.same(known, told, name))
        for name in names
        if getattr(told, name) or getattr(known, name)
    ]


def doubts(one: Stray, record: Record) -> tuple[str, list[str]]:
    """What forbids to attach it to this member, in words; and what should be looked at twice."""
    if not record.takes_documents:
        return TAKES_NONE, []
    faults = matching.contradictions(record, one.told)
    against = [fault for fault in faults if fault in AGAINST_IT]
    return AGAINST.format(fault=against[0]) if against else "", faults


def attach(one: Stray, record: Record, actor: Actor, limits: Limits) -> Document:
    """As if it had arrived for her: the office looked at the traits. Raises Refusal, of which
    nothing tells what the document is."""
    against, _faults = doubts(one, record)
    if against:
        raise Refusal(against)
    spool = _taken_out(one, limits)
    told = Description(
        source=one.source,
        header=headers.from_json(json.loads(one.header)),
        any_patient=True,
        admitted=True,
    )

    def settle(documents):
        _settle(one, How.ATTACHED, actor, record)
        journal.write(record, actor, journal.Act.ATTACHED, documents[0])
        # Whom it comes from may tell of her health: the ledger does not keep that.
        ledger.write(actor, ledger.Act.ATTACHED_STRAY, record.uid)

    try:
        incoming = [Incoming(spool, one.filename, told)]
        (document,) = deposit.put_all(record, one.source.actor, incoming, limits, settle=settle)
    except Refusal as refusal:
        raise Refusal(_discreet(refusal)) from refusal
    finally:
        spool.discard()
    vault.erase(one.content)
    return document


def refuse(one: Stray, actor: Actor) -> None:
    """Nothing of it is left. Raises Refusal."""
    with transaction():
        _settle(one, How.REFUSED, actor)
        ledger.write(actor, ledger.Act.REFUSED_STRAY, one.source.uid, name=one.source.name)
    vault.erase(one.content)


def expire_due() -> int:
    """Erase those that waited too long. How many were."""
    before = clock.now() - timedelta(days=KEPT_DAYS)
    due = list(Stray.select().where(WAITING & (Stray.arrived_at < before)))
    for one in due:
        with transaction():
            _settle(one, How.EXPIRED)
        vault.erase(one.content)
    return len(due)


def contents() -> set[str]:
    """The names of all that the vault keeps for them."""
    return {name for (name,) in Stray.select(Stray.content).where(WAITING).tuples()}


def _described(one, item, person, why, limits) -> Stray:
    reading, header = deposit.examined(item.spool, item.name, item.header, limits)
    outside = ins.kept(item.header)
    person = ins.kept(Header(person=person)).person.over(header.person)
    person = json.dumps(_person(person), ensure_ascii=False)
    return Stray(
        source=one,
        why=why,
        person=person,
        identifier=header.identifier or _instead(person),
        header=headers.written(outside) or "{}",
        filename=deposit.file_name(item.name) or "document",
        media_type=reading.media_type,
        size=item.spool.size,
        sha256=item.spool.digest.hexdigest(),
    )


def _instead(person):
    """Where nothing names it: the same paper, blank for instance, may be sent for two people. Too
    short to tell who they are once it is settled."""
    return NAMELESS + hashlib.sha256(person.encode()).hexdigest()[:4]


def _person(person):
    """On a page of the office: one line each, of a length that a name may have."""
    told = headers.as_json(Header(person=person)).get("person", {})
    return {name: tidy(value)[:LONGEST] for name, value in told.items()}


def _keep(stray, item, limits):
    """Inside a transaction."""
    known = _sent_before(stray)
    if known:
        return known
    check_room(stray.source, limits)
    source.admit(stray.source)
    stray.content = item.spool.keep()
    stray.save(force_insert=True)
    return stray


def _sent_before(stray):
    """The very same of the same source; one that waited in vain may wait again. Raises Conflict."""
    named = (Stray.source == stray.source) & (Stray.identifier == stray.identifier)
    known = Stray.get_or_none(named & (Stray.sha256 == stray.sha256))
    if known and known.settled_how != How.EXPIRED:
        return known
    if known:
        known.delete_instance()
    if not stray.identifier.startswith(NAMELESS) and _names_another(stray, named):
        raise Conflict(OTHER_CONTENT)
    return None


def _names_another(stray, named):
    kept = (Document.source == stray.source) & (Document.identifier == stray.identifier)
    other = Document.select().where(kept & (Document.sha256 != stray.sha256)).exists()
    return other or Stray.select().where(named & WAITING).exists()


def _settle(one, how, actor=None, record=None):
    """Inside a transaction. Raises Refusal where someone just did."""
    nothing = dict.fromkeys(("why", "person", "header", "filename", "media_type", "content"), "")
    changes = {
        "settled_at": clock.now(),
        "settled_how": how.value,
        "settled_by": actor.name if actor else "",
        "record": record,
    }
    here = WAITING & (Stray.id == one.id)
    if not Stray.update(nothing | changes).where(here).execute():
        raise Refusal(SETTLED)


def _discreet(refusal):
    """The sentences of a deposit name the file, and what is in the record."""
    if isinstance(refusal, deposit.Closed):
        return TAKES_NONE
    return SETTLED if refusal.sentence == SETTLED else NOT_TAKEN


def _taken_out(one, limits) -> Spool:
    """A copy on its way in again. Raises Refusal."""
    spool = Spool(limits.document)
    try:
        for chunk in vault.read(one.content):
            spool.write(chunk)
    except vault.Damaged as fault:
        spool.discard()
        raise Refusal(SETTLED if find(one.uid) is None else NOT_TAKEN) from fault
    spool.finish()
    return spool
