"""The helpdesk: where a member is stuck on her way in, and no more. Whoever helps looks for one
person whose number, or name and birth date, she was told: she never goes through the members, and
each search is written in the ledger."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from . import access as accesses
from . import attempt, clock, handover, ledger, office
from .access import Actor
from .account import Account
from .activation import Activation, Step
from .activation_code import ActivationCode
from .database import transaction
from .ledger import Line
from .office import Task
from .record import Record, State
from .refusal import Refusal
from .session import Session
from .telling import Telling
from .words import tidy, words

# How long the page of someone who was looked for stays open to whoever found her.
OPEN = timedelta(hours=12)
# Sessions are forgotten later than that (session.py).
REMEMBERED = timedelta(days=364)
# Whoever activates it is signed in at once: that is not coming back.
AT_ONCE = timedelta(minutes=1)
LONGEST = 200
ASK = "Écrivez le numéro d'adhérent, ou le nom et la date de naissance."
ASK_DAY = "Avec le nom, il faut la date de naissance. Exemple : 14/03/1951."
NOBODY = "Personne ne répond à cela. Demandez le numéro d'adhérent, et comment le nom s'écrit."
SEVERAL = "Plusieurs personnes répondent. Ajoutez leur prénom, ou demandez le numéro d'adhérent."


class Where(StrEnum):
    CLOSED = "closed"
    OBJECTED = "objected"
    CLOSING = "closing"
    LOCKED = "locked"
    AWAY = "away"
    INSIDE = "inside"
    CONFIDED = "confided"
    GROWN = "grown"
    UNTOLD = "untold"
    LEAVING = "leaving"
    RETURNED = "returned"
    DROPPED = "dropped"
    BEGUN = "begun"
    GOOD = "good"
    VOID = "void"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Stuck:
    """`at`: the day it turns on, where there is one; `step`: that of an activation begun; `how`:
    by which way she was written to; `replaced`: only the last of several codes is good."""

    place: Where
    at: datetime | None = None
    step: Step | None = None
    how: str = ""
    replaced: bool = False


@dataclass(frozen=True)
class Asked:
    """What the person on the telephone says of herself."""

    number: str = ""
    name: str = ""
    birth_date: date | None = None


def look_for(asked: Asked, actor: Actor) -> Record:
    """Raises Refusal, TooMany."""
    number, named = tidy(asked.number)[:LONGEST], words(asked.name[:LONGEST])
    if not number and not named:
        raise Refusal(ASK, "number")
    if not number and not asked.birth_date:
        raise Refusal(ASK_DAY, "birth_date")
    doors = (f"helpdesk:{actor.account_id}", f"helpdesk-nobody:{actor.account_id}")
    attempt.allow(*doors)
    found = [one for one in _candidates(number, asked.birth_date) if _answers(one, named)]
    with transaction():
        attempt.failed(*doors[: 1 if found else 2])  # what is counted is the asking
        how = {"how": "number" if number else "name", "found": len(found)}
        one = found[0] if len(found) == 1 else None
        ledger.write(actor, ledger.Act.LOOKED_FOR_MEMBER, one.uid if one else "", **how)
    if one is None:
        raise Refusal(SEVERAL if found else NOBODY, "number" if number else "name")
    return one


def open_to(account: Account, record_uid: str) -> Record | None:
    """Whoever keeps the list of members opens anyone's page; whoever helps, only that of someone
    she has found lately."""
    record = Record.get_or_none(Record.uid == record_uid)
    if record is None or office.may(account, Task.MEMBERS):
        return record
    lately = (Line.at > clock.now() - OPEN) & (Line.act == ledger.Act.LOOKED_FOR_MEMBER.value)
    found = (Line.about == record_uid) & (Line.account_id == account.id) & lately
    return record if Line.select().where(found).exists() else None


def stuck(record: Record) -> Stuck:
    return _over(record) or _inside(record) or _waiting(record)


def _candidates(number, born):
    if number:
        numbers = {number, number.upper(), number.lower()}
        query = Record.select().where(Record.member_number.in_(numbers))
        return query.where(Record.birth_date == born) if born else query
    return Record.select().where(Record.birth_date == born)


def _answers(record, named):
    """Whether she goes by this name: one of her family names, whole, and nothing that is not
    hers."""
    families = [set(words(name)) for name in (record.birth_name, record.used_name) if name]
    known = set(words(record.birth_given_names)).union(*families)
    said = set(named)
    return not said or (said <= known and any(family <= said for family in families))


def _over(record):
    if record.state is State.CLOSED:
        return Stuck(Where.CLOSED, record.closed_at)
    if record.state is State.OBJECTED:
        return Stuck(Where.OBJECTED, record.objected_at)
    return Stuck(Where.CLOSING, record.closes_at) if record.closing_at else None


def _inside(record):
    if not record.activated_at:
        return None
    holders = accesses.deciders(record)
    if any(_locked(account) for account in holders):
        return Stuck(Where.LOCKED, record.activated_at)
    lately = record.activated_at > clock.now() - REMEMBERED
    away = lately and not _came_back(holders, record.activated_at)
    return Stuck(Where.AWAY if away else Where.INSIDE, record.activated_at)


def _locked(account):
    try:
        attempt.allow(f"sign-in:{account.email}")
    except attempt.TooMany:
        return True
    return False


def _came_back(holders, activated_at):
    mine = Session.account.in_([account.id for account in holders])
    return Session.select().where(mine & (Session.started_at > activated_at + AT_ONCE)).exists()


def _waiting(record):
    code = record.codes.order_by(ActivationCode.id.desc()).first()
    if not _may_be_written_to(record) and not (code and code.good):
        return Stuck(Where.GROWN if record.adult else Where.CONFIDED, record.majority)
    if code and code.void:
        return Stuck(Where.VOID)
    last = _written_with(record, code)
    if last and last.failed_at:
        place = Where.RETURNED if last.came_back else Where.DROPPED
        return Stuck(place, last.failed_at, how=last.how)
    if last and not last.sent_at:
        return Stuck(Where.LEAVING, last.made_at, how=last.how)
    return _with_code(record, code) if code else Stuck(Where.UNTOLD)


def _may_be_written_to(record):
    return handover.reaches(record) or handover.address_of(record)


def _with_code(record, code):
    begun = Activation.get_or_none(Activation.record == record)
    known = {"step": begun and begun.step, "replaced": record.codes.count() > 1}
    if not code.good:
        return Stuck(Where.EXPIRED, code.expires_at, **known)
    return Stuck(Where.BEGUN if begun else Where.GOOD, code.expires_at, **known)


def _written_with(record, code):
    """What the last code was written in. Letters printed together are chosen before their codes."""
    last = Telling.select().where(Telling.record == record).order_by(Telling.id.desc()).first()
    newer = last and (code is None or last.run_id or last.made_at >= code.made_at)
    return last if newer else None
