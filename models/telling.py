"""Telling members: who was told of her record, how and when (R1111-28). An e-mail counts from the
moment it left, a letter from the day it was posted; either may come back."""

from datetime import date, timedelta
from enum import StrEnum

from peewee import BooleanField, ForeignKeyField, IntegerField, TextField

from . import activation_code, clock, notice
from .access import Actor
from .account import Account
from .database import DayField, MomentField, Table
from .notice import Notice
from .record import Record
from .sender import Sender
from .words import uid


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
    posted_on = DayField(null=True)

    class Meta:
        table_name = "letter_run"


class Telling(Table):
    """`last_day`: until when to object, as it was written."""

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


def last_day(sender: Sender, sent_on: date) -> date:
    """Until when to object to what is sent that day."""
    return sent_on + timedelta(days=sender.objection_days)


def left(one: Telling, at=None) -> None:
    """It left, by now or on that moment: the time to object runs. Call it inside a transaction."""
    one.sent_at = at or clock.now()
    one.save(only=[Telling.sent_at])
    record = Record.get_by_id(one.record_id)
    if record.told_at or one.what == What.CODE:
        return
    record.told_at, record.told_how = one.sent_at, one.how
    if not record.opened_at and one.last_day:
        record.opens_at = clock.midnight(one.last_day + timedelta(days=1))
    record.save(only=[Record.told_at, Record.told_how, Record.opens_at])


def at_once(record: Record, actor: Actor, sender: Sender) -> str:
    """Make a code, and tell her by e-mail where there is an address: the code, for whoever has
    none. Call it inside a transaction."""
    code = activation_code.new_code(record, sender.activation, sender.code_days, by_hand=True)
    if record.email:
        write(record, What.SPACE, code, actor, sender)
    return code


def write(record: Record, what: What, code: str, actor: Actor, sender: Sender) -> Telling:
    """By e-mail, which `flask work` sends. Call it inside a transaction."""
    until = last_day(sender, clock.today())
    letter = activation_code.letter(record, code, sender)
    one = notice.write(record.email, activation_code.SUBJECT, letter, bulk=True)
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


def noticed(one: Notice) -> None:
    """The notice left: if it told someone, she was told. Call it inside a transaction."""
    for each in Telling.select().where(Telling.notice == one):
        left(each, one.sent_at)
