"""Telling members: who was told of her record, how and when (R1111-28). An e-mail counts from the
moment it left, a letter from the day it was posted; either may come back."""

from datetime import date, timedelta
from enum import StrEnum

from peewee import SQL, BooleanField, ForeignKeyField, IntegerField, TextField, fn

from . import activation_code, clock, journal, ledger, notice
from .access import Actor
from .account import Account
from .database import DayField, MomentField, Table, transaction
from .notice import Notice
from .record import Record, State
from .refusal import Refusal
from .sender import Sender
from .sheet import Sheet
from .words import uid

LONGEST_FAULT = 200
NOT_SENT = "Cet envoi n'est pas parti : il ne peut pas être revenu."
KNOWN = "Ce retour est déjà noté."
OVER = (State.CLOSED, State.OBJECTED)
TOO_LATE = "Ce retour ne peut plus s'annuler : sa fiche a changé, ou un autre envoi a été fait."


class What(StrEnum):
    SPACE = "space"
    REMINDER = "reminder"
    CODE = "code"


class How(StrEnum):
    EMAIL = "email"
    POST = "post"
    DESK = "desk"


class Run(Table):
    """Letters made together, in one PDF for the printer (letters.py)."""

    uid = TextField(unique=True, default=uid)
    what = TextField()
    made_at = MomentField(default=clock.now)
    made_by = TextField()
    account = ForeignKeyField(Account, null=True)
    # The day written on them.
    dated = DayField()
    large = BooleanField(default=False)
    letters = IntegerField(default=0)
    content = TextField(default="")
    size = IntegerField(default=0)
    # The numbers of the records that its letters are for, in their order.
    pile = TextField(default="")
    posted_on = DayField(null=True)

    class Meta:
        table_name = "letter_run"


class Telling(Table):
    """`last_day`: until when to object, as it was written. What failed was given up, or
    `came_back`: it did not reach her."""

    uid = TextField(unique=True, default=uid)
    record = ForeignKeyField(Record, backref="tellings")
    what = TextField()
    how = TextField()
    address = TextField()
    made_at = MomentField(default=clock.now)
    made_by = TextField()
    account = ForeignKeyField(Account, null=True)
    last_day = DayField(null=True)
    notice = ForeignKeyField(Notice, null=True, on_delete="SET NULL")
    run = ForeignKeyField(Run, null=True)
    sent_at = MomentField(null=True)
    failed_at = MomentField(null=True)
    fault = TextField(default="")
    came_back = BooleanField(default=False)


TOLD = (Record.told_at, Record.told_how, Record.opens_at)


def last_day(sender: Sender, sent_on: date) -> date:
    """Until when to object to what is sent that day."""
    return sent_on + timedelta(days=sender.objection_days)


def left(one: Telling, at=None) -> None:
    """It left, by now or on that moment: the time to object runs. Call it inside a transaction."""
    one.sent_at = at or clock.now()
    one.save(only=[Telling.sent_at])
    record = Record.get_by_id(one.record_id)
    if one.what == What.CODE:
        return
    if one.how != How.DESK:  # where the code that was given is told
        journal.write(record, _writer(one), journal.Act.TOLD, what=one.what, how=one.how)
    _told(record, one)
    record.save(only=TOLD)


def failed(one: Telling, why: str) -> bool:
    """It is given up; whether that is news. Where it was how she was told, she is not any more, and
    has all her time to object anew. Call it inside a transaction."""
    if one.failed_at:
        return False
    one.failed_at, one.fault = clock.now(), why[:LONGEST_FAULT]
    one.save(only=[Telling.failed_at, Telling.fault])
    record = Record.get_by_id(one.record_id)
    if record.told_at == one.sent_at and record.state is State.ANNOUNCED:
        record.told_at, record.told_how, record.opens_at = None, "", None
        record.save(only=TOLD)
    return True


def came_back(one: Telling, why: str) -> bool:
    """It did not reach her; whether that is news. Call it inside a transaction."""
    if not failed(one, why):
        return False
    one.came_back = True
    one.save(only=[Telling.came_back])
    if one.how == How.EMAIL:
        same = (Record.id == one.record_id) & (Record.email == one.address)
        Record.update(email_failed_at=one.failed_at).where(same).execute()
    return True


def returned(one: Telling, actor: Actor, why: str) -> None:
    """The office has it back in hand, or was told so. Raises Refusal."""
    with transaction():
        now = Telling.get_by_id(one.id)
        if now.how == How.DESK or not now.sent_at:
            raise Refusal(NOT_SENT)
        if not came_back(now, why):
            raise Refusal(KNOWN)
        ledger.write(actor, ledger.Act.NOTED_UNDELIVERED, now.record.uid, how=now.how)


def undo_return(one: Telling, actor: Actor) -> None:
    """It had not come back: all is as it was, unless something was done since. Raises Refusal."""
    with transaction():
        now = Telling.get_by_id(one.id)
        if not _undoable(now):
            raise Refusal(TOO_LATE)
        noted_at, now.failed_at, now.fault, now.came_back = now.failed_at, None, "", False
        now.save(only=[Telling.failed_at, Telling.fault, Telling.came_back])
        record = now.record
        if record.email_failed_at == noted_at:
            record.email_failed_at = None
        if now.what == What.SPACE:
            _told(record, now)
        record.save(only=[*TOLD, Record.email_failed_at])
        ledger.write(actor, ledger.Act.UNDID_UNDELIVERED, record.uid, how=now.how)


def of(record: Record, most: int = 20) -> list[Telling]:
    """The latest first."""
    return list(record.tellings.order_by(Telling.id.desc()).limit(most))


def find(telling_uid: str) -> Telling | None:
    return Telling.get_or_none(Telling.uid == telling_uid)


def at_once(record: Record, actor: Actor, sender: Sender) -> str:
    """Make a code, and tell her by e-mail where there is an address: the code, for whoever has
    none. Call it inside a transaction."""
    code = activation_code.new_code(record, sender.activation, sender.code_days, by_hand=True)
    if record.email:
        write(record, What.SPACE, code, actor, sender, bulk=True)
    return code


def write(
    record: Record, what: What, code: str, actor: Actor, sender: Sender, bulk: bool = False
) -> Telling:
    """By e-mail, which `flask work` sends. Call it inside a transaction."""
    from .sheets.telling import plain  # which names what is told

    until = last_day(sender, clock.today()) if what is What.SPACE else None
    told = words(record, what, code, sender, until)
    one = notice.write(record.email, told.title, plain(told), bulk=bulk)
    return Telling.create(
        record=record,
        what=what.value,
        how=How.EMAIL.value,
        address=record.email,
        made_by=actor.name,
        account=actor.account_id,
        last_day=until,
        notice=one,
    )


def words(record: Record, what: What, code: str, sender: Sender, until: date | None) -> Sheet:
    """What is written to her; its title is the subject of the e-mail."""
    from .sheets import telling as sheets  # which names what is told

    return sheets.sheet(record, code, sender, what, until)


def waiting_for(record: Record):
    """Of the notices that have not left: those that tell of this record, or carry a code to it."""
    here = (Telling.record == record) & Telling.notice.is_null(False)
    told = Telling.select(Telling.notice).where(here)
    hers = Notice.id.in_(told) | Notice.key.startswith(activation_code.key(record))
    return Notice.sent_at.is_null() & hers


def of_another(record: Record):
    """Of notices: those that tell of another record, or carry a code to it. Whoever shares her
    address is to have them, whatever becomes of this record."""
    told = (Telling.notice == Notice.id) & (Telling.record != record)
    key = fn.COALESCE(Notice.key, "")
    code = key.startswith(activation_code.key()) & ~key.startswith(activation_code.key(record))
    return fn.EXISTS(Telling.select(SQL("1")).where(told)) | code


def noticed(one: Notice) -> None:
    """The notice left: if it told someone, she was told. Call it inside a transaction."""
    for each in Telling.select().where(Telling.notice == one):
        left(each, one.sent_at)


def undelivered(one: Notice, why: str) -> None:
    """The notice did not arrive, nor will it. Call it inside a transaction."""
    for each in Telling.select().where(Telling.notice == one):
        came_back(each, why)


def _told(record, one):
    if record.told_at:
        return
    record.told_at, record.told_how = one.sent_at, one.how
    if record.state is State.ANNOUNCED and one.last_day:
        record.opens_at = _opening(one)


def _undoable(one):
    """Noted by hand, and nothing done since; nor did a mail server say the same."""
    if not one.came_back or (one.notice and one.notice.bounced_at):
        return False
    after = (Telling.record == one.record_id) & (Telling.made_at >= one.failed_at)
    if Telling.select().where(after).exists():
        return False
    acts = ledger.since(one.record.uid, one.failed_at)
    done = [act for act in acts if act != ledger.Act.LOOKED_FOR_MEMBER]
    return done == [ledger.Act.NOTED_UNDELIVERED] and one.record.state not in OVER


def _opening(one):
    """Once the day written in it is over; later, if it left later than was meant."""
    meant = one.run.dated if one.run_id else one.made_at.astimezone(clock.PARIS).date()
    late = one.sent_at.astimezone(clock.PARIS).date() - meant
    return clock.midnight(one.last_day + max(late, timedelta(0)) + timedelta(days=1))


def _writer(one):
    return Actor(one.account_id, one.made_by, "office")
