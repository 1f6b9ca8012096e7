"""A code shown during a consultation: with it, a professional enters the record at once.

It serves once, for a quarter of an hour, and only its hash is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from peewee import CharField, ForeignKeyField, TextField

from . import access as accesses
from . import admission, attempt, block, clock, journal
from . import professional as professionals
from .access import Access, Right, Role
from .account import Account
from .activation_code import ALPHABET, normal, spaced
from .database import MomentField, Table, transaction
from .professional import Professional
from .record import Record
from .refusal import Refusal

GOOD_FOR = timedelta(minutes=15)
LENGTH = 8

WRONG = (
    "Ce code n'ouvre rien. Vérifiez-le avec la personne : il sert une seule fois, pendant "
    "15 minutes."
)
OTHERWISE = "Vous entrez déjà dans cet espace, à un autre titre : le code n'a pas servi."
CHOOSE = "Choisissez jusqu'à quand cette personne peut entrer."


class Until(StrEnum):
    """How long the access lasts that the code gives."""

    TODAY = "today"
    MONTH = "month"
    YEAR = "year"
    REVOKED = "revoked"


MONTHS = {Until.TODAY: 0, Until.MONTH: 1, Until.YEAR: 12}


class Consultation(Table):
    record = ForeignKeyField(Record, backref="consultations")
    maker = ForeignKeyField(Account)
    code_hash = TextField(unique=True)
    until = CharField()
    made_at = MomentField(default=clock.now)
    expires_at = MomentField()
    used_at = MomentField(null=True)
    used_by = ForeignKeyField(Account, null=True)

    @classmethod
    def waiting(cls):
        return cls.used_at.is_null() & (cls.expires_at > clock.now())

    @property
    def good(self) -> bool:
        return self.used_at is None and self.expires_at > clock.now()


def make(access: Access, until: str) -> str:
    """The code, « ABCD EFGH », to be shown once: it is kept nowhere. Raises Refusal."""
    access.require(Right.GRANT)
    if until not in list(Until):
        raise Refusal(CHOOSE, "until")
    accesses.check_open(access.record)
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    with transaction():
        end_waiting(access.record)
        Consultation.create(
            record=access.record,
            maker=access.account_id,
            code_hash=_hash(code),
            until=until,
            expires_at=clock.now() + GOOD_FOR,
        )
        journal.write(access.record, access.actor, journal.Act.MADE_CODE, until=until)
    return spaced(code)


def last(access: Access) -> Consultation | None:
    """The code made last, whatever became of it."""
    access.require(Right.GRANT)
    query = Consultation.select().where(Consultation.record == access.record_id)
    return query.order_by(Consultation.id.desc()).first()


def cancel(access: Access) -> None:
    """Nothing happens where none waits any more."""
    access.require(Right.GRANT)
    with transaction():
        if end_waiting(access.record):
            journal.write(access.record, access.actor, journal.Act.CANCELLED_CODE)


def use(professional: Professional, code: str, address: str) -> Access:
    """She enters. Raises Refusal, in the same words whatever was wrong; TooMany."""
    doors = (f"consultation:{professional.account_id}", f"consultation-from:{address}")
    attempt.allow(*doors)
    with transaction():
        one = _waiting(professional, code)
        if one is not None:
            return _enter(professional, one)
        attempt.failed(*doors)
    raise Refusal(WRONG, "code")


def end_waiting(record: Record) -> int:
    """The code that waits serves no more; how many did."""
    here = (Consultation.record == record) & Consultation.waiting()
    return Consultation.update(expires_at=clock.now()).where(here).execute()


def _waiting(professional, code):
    """The code that opens to her, if it is one."""
    query = Consultation.select(Consultation, Record).join(Record)
    good = (Consultation.code_hash == _hash(code)) & Consultation.waiting()
    open_still = Record.closed_at.is_null() & Record.closing_at.is_null()
    one = query.where(good & open_still).first()
    opens = one and professionals.of(professional.account)
    return one if opens and not block.standing(one.record, professional.account) else None


def _enter(professional, one):
    live = accesses.find(professional.account, one.record.uid)
    if live and live.role not in accesses.BY_PROFESSION:
        raise Refusal(OTHERWISE)
    if live and live.role == Role.PROFESSIONAL:
        _prolong(live, _ends_at(one))
    else:
        live = admission.admit(professional, one.record, _ends_at(one))
    one.used_at, one.used_by = clock.now(), professional.account
    one.save(only=[Consultation.used_at, Consultation.used_by])
    journal.write(one.record, live.actor, journal.Act.USED_CODE)
    return live


def _prolong(live, ends_at):
    """Never shortened: what was given before stays."""
    ends_at = accesses.until_majority(live.record, ends_at)
    if live.ends_at and (ends_at is None or ends_at > live.ends_at):
        live.starts_at, live.ends_at = clock.now(), ends_at
        live.save(only=[Access.starts_at, Access.ends_at])


def _ends_at(one) -> datetime | None:
    """Counted from the day the code is used."""
    if one.until == Until.REVOKED:
        return None
    last = clock.months_later(clock.today(), MONTHS[Until(one.until)])
    return clock.midnight(last + timedelta(days=1))


def _hash(code):
    # Good for a quarter of an hour, its guesses counted, in an encrypted database: no slow hash.
    return hashlib.sha256(b"consultation" + normal(code).encode()).hexdigest()
