"""The ledger: what was done in the office, by whom and when. Written by the verbs, in their
transaction; append-only, the database refuses the rest. It names records by their uid: a name goes
with its record."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from peewee import SQL, Desc, IntegerField, NodeList, Select, TextField, ValuesList, fn

from . import clock
from .access import Actor
from .account import Account
from .chronicle import moment, written
from .database import MomentField, Table, database, transaction
from .formats.cells import cell
from .record import Record

PAGE = 50
# Lines read at once from the database.
BATCH = 1000
COLUMNS = ("Quand", "Qui", "Ce qui a été fait")


class Act(StrEnum):
    READ_ROLL = "read-roll"
    CREATED_RECORDS = "created-records"
    DROPPED_ROLL = "dropped-roll"
    ADDED_MEMBER = "added-member"
    CORRECTED_MEMBER = "corrected-member"
    TOOK_ROLL = "took-roll"
    TOOK_MEMBERS = "took-members"
    TOLD_MEMBERS = "told-members"
    REMINDED_MEMBERS = "reminded-members"
    MADE_LETTERS = "made-letters"
    TOOK_LETTERS = "took-letters"
    POSTED_LETTERS = "posted-letters"
    DROPPED_LETTERS = "dropped-letters"
    NOTED_UNDELIVERED = "noted-undelivered"
    UNDID_UNDELIVERED = "undid-undelivered"
    LOOKED_FOR_MEMBER = "looked-for-member"
    SENT_CODE = "sent-code"
    GAVE_CODE = "gave-code"
    NOTED_OBJECTION = "noted-objection"
    WITHDREW_OBJECTION = "withdrew-objection"
    DECLARED_DEATH = "declared-death"
    UNDECLARED_DEATH = "undeclared-death"
    REOPENED_RECORD = "reopened-record"
    VERIFIED_PROFESSIONAL = "verified-professional"
    CORRECTED_PROFESSIONAL = "corrected-professional"
    SUSPENDED_PROFESSIONAL = "suspended-professional"
    REINSTATED_PROFESSIONAL = "reinstated-professional"
    REGISTERED_SOURCE = "registered-source"
    CHANGED_SOURCE = "changed-source"
    RENEWED_SOURCE = "renewed-source"
    ENDED_SOURCE = "ended-source"
    OPENED_MAILBOX = "opened-mailbox"
    CLOSED_MAILBOX = "closed-mailbox"
    ATTACHED_STRAY = "attached-stray"
    REFUSED_STRAY = "refused-stray"
    ENTERED_MEASURE = "entered-measure"
    RESENT_MEASURE = "resent-measure"
    CANCELLED_MEASURE = "cancelled-measure"
    ENDED_MEASURE = "ended-measure"
    PREPARED_CODE = "prepared-code"
    NOTED_ADDRESS = "noted-address"
    ANSWERED_REPORT = "answered-report"
    CLOSED_REPORT = "closed-report"
    TOOK_FIGURES = "took-figures"
    TOOK_LEDGER = "took-ledger"
    TOOK_RECORD = "took-record"
    ADDED_COLLEAGUE = "added-colleague"
    CHANGED_COLLEAGUE = "changed-colleague"
    ENDED_COLLEAGUE = "ended-colleague"
    SIGNED_IN = "signed-in"
    CHANGED_EMAIL = "changed-email"
    LOOKED_FOR_ACCOUNT = "looked-for-account"
    ASKED_RESCUE = "asked-rescue"
    SAW_RESCUE = "saw-rescue"
    STOPPED_RESCUE = "stopped-rescue"
    RESCUED = "rescued"
    EVICTED = "evicted"


class Group(StrEnum):
    """Kinds of acts; each act is of one."""

    MEMBERS = "adherents"
    LETTERS = "lettres"
    HELP = "aide"
    CHOICES = "choix"
    RECORDS = "representants"
    PROFESSIONALS = "professionnels"
    SOURCES = "logiciels"
    REPORTS = "signalements"
    TAKEN = "copies"
    COLLEAGUES = "comptes"


GROUPS = {
    Group.MEMBERS: {
        *(Act.READ_ROLL, Act.CREATED_RECORDS, Act.DROPPED_ROLL),
        *(Act.ADDED_MEMBER, Act.CORRECTED_MEMBER),
    },
    Group.LETTERS: {
        *(Act.TOLD_MEMBERS, Act.REMINDED_MEMBERS, Act.MADE_LETTERS, Act.TOOK_LETTERS),
        *(Act.POSTED_LETTERS, Act.DROPPED_LETTERS, Act.NOTED_UNDELIVERED),
        Act.UNDID_UNDELIVERED,
    },
    Group.HELP: {
        *(Act.LOOKED_FOR_MEMBER, Act.SENT_CODE, Act.GAVE_CODE, Act.LOOKED_FOR_ACCOUNT),
        *(Act.ASKED_RESCUE, Act.SAW_RESCUE, Act.STOPPED_RESCUE, Act.RESCUED),
    },
    Group.CHOICES: {
        *(Act.NOTED_OBJECTION, Act.WITHDREW_OBJECTION, Act.REOPENED_RECORD),
        *(Act.DECLARED_DEATH, Act.UNDECLARED_DEATH),
    },
    Group.RECORDS: {
        *(Act.ENTERED_MEASURE, Act.RESENT_MEASURE, Act.CANCELLED_MEASURE, Act.ENDED_MEASURE),
        *(Act.PREPARED_CODE, Act.NOTED_ADDRESS),
    },
    Group.PROFESSIONALS: {
        *(Act.VERIFIED_PROFESSIONAL, Act.CORRECTED_PROFESSIONAL),
        *(Act.SUSPENDED_PROFESSIONAL, Act.REINSTATED_PROFESSIONAL),
    },
    Group.SOURCES: {
        *(Act.REGISTERED_SOURCE, Act.CHANGED_SOURCE, Act.RENEWED_SOURCE, Act.ENDED_SOURCE),
        *(Act.OPENED_MAILBOX, Act.CLOSED_MAILBOX, Act.ATTACHED_STRAY, Act.REFUSED_STRAY),
    },
    Group.REPORTS: {Act.ANSWERED_REPORT, Act.CLOSED_REPORT},
    Group.TAKEN: {
        *(Act.TOOK_ROLL, Act.TOOK_MEMBERS, Act.TOOK_FIGURES, Act.TOOK_LEDGER),
        Act.TOOK_RECORD,
    },
    Group.COLLEAGUES: {
        *(Act.ADDED_COLLEAGUE, Act.CHANGED_COLLEAGUE, Act.ENDED_COLLEAGUE, Act.SIGNED_IN),
        *(Act.EVICTED, Act.CHANGED_EMAIL),
    },
}


@dataclass(frozen=True)
class Filters:
    who: str = ""
    what: Group | None = None
    # The id of the last line of the page before.
    before: int | None = None


class Line(Table):
    """`about` is the uid of what it concerns: a record, a list, a professional…"""

    at = MomentField(default=clock.now)
    account_id = IntegerField(null=True)
    name = TextField()
    act = TextField()
    about = TextField(default="")
    detail = TextField(default="{}")

    class Meta:
        table_name = "ledger"

    @property
    def details(self) -> dict:
        return json.loads(self.detail)


def since(about: str, moment: datetime) -> list[str]:
    """The acts that it concerns, in their order."""
    lines = Line.select(Line.act).where((Line.about == about) & (Line.at >= moment))
    return [line.act for line in lines.order_by(Line.id)]


def write(actor: Actor, act: Act, about: str = "", **detail) -> None:
    """Call it inside the transaction of the act."""
    told = json.dumps(detail, ensure_ascii=False, sort_keys=True)
    Line.create(
        account_id=actor.account_id, name=actor.name, act=act.value, about=about, detail=told
    )


def lines(filters: Filters, most: int = PAGE + 1) -> list[Line]:
    """The latest first: a page and one more."""
    query = Line.select()
    if filters.who:
        query = query.where(Line.name == filters.who)
    if filters.before is not None:
        query = query.where(Line.id < filters.before)
    if filters.what:
        return _latest_of(filters.what, query, most)
    return list(query.order_by(Line.id.desc()).limit(most))


def _latest_of(group, query, most):
    """Each act's own latest are in the index: no more of any is read than the page may hold, nor
    anything of other acts."""
    values = [act.value for act in sorted(GROUPS[group])]
    acts = ValuesList([(value,) for value in values])
    own = query.where(Line.act == acts.c.column1).select(Line.id).order_by(Line.id.desc())
    least = Select([acts], [fn.MAX(own.limit(1).offset(most - 1))])
    found = query.where(Line.act.in_(values) & (Line.id >= fn.COALESCE(least, 0)))
    # A plus sign keeps the order of all lines from being followed.
    return list(found.order_by(Desc(NodeList((SQL("+"), Line.id)))).limit(most))


def names() -> list[str]:
    """All who have ever acted. One query jumps from each name to the next through the index."""
    query = Line.select(fn.MIN(Line.name))
    found = query.cte("found", recursive=True, columns=("name",))
    following = query.where(Line.name > found.c.name)
    found = found.union_all(Select([found], [following]).where(found.c.name.is_null(False)))
    query = Select([found], [found.c.name]).with_cte(found).where(found.c.name.is_null(False))
    return [name for (name,) in query.bind(database).tuples()]


def subjects(told: Iterable[Line]) -> dict[str, str]:
    """Of what the lines are about, by its uid: a member with her number, a professional, or whose
    account was to be given back, where they are still there."""
    from .professional import Professional  # which writes lines
    from .rescue import Rescue

    uids = {line.about for line in told if line.about}
    members = Record.select().where(Record.uid.in_(uids))
    theirs = {one.uid: f"{one.name} (adhérent {one.member_number})" for one in members}
    query = Professional.select(Professional, Account).join(Account)
    known = query.where(Professional.uid.in_(uids))
    query = Rescue.select(Rescue, Account).join(Account, on=Rescue.account)
    given_back = {one.uid: one.account.name for one in query.where(Rescue.uid.in_(uids))}
    return theirs | {one.uid: one.name for one in known} | given_back


def export(actor: Actor, filters: Filters, sentence: Callable) -> Iterator[bytes]:
    """A table for a spreadsheet (CSV), the latest first; taking it is told too, and is in it.
    `sentence` says what a line tells, with the subjects that are known."""
    with transaction():
        write(actor, Act.TOOK_LEDGER)
    return written(_rows(filters, sentence))


def _rows(filters, sentence):
    yield COLUMNS
    found = lines(replace(filters, before=None), BATCH)
    while found:
        known = subjects(found)
        for line in found:
            yield moment(line), cell(line.name), cell(sentence(line, known))
        found = lines(replace(filters, before=found[-1].id), BATCH)
