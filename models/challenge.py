"""Challenges: what a passkey signs, so that its answer serves once, soon, and for what it was
asked."""

import hashlib
import secrets
from datetime import timedelta

from peewee import TextField

from . import clock
from .database import MomentField, Table, transaction

GOOD_FOR = timedelta(minutes=5)
FEW = 10


class Challenge(Table):
    """`value`: a hash of the purpose and of what was sent."""

    value = TextField(unique=True)
    made_at = MomentField(default=clock.now)


def make(purpose: str) -> bytes:
    value = secrets.token_bytes(32)
    with transaction():
        _forget_oldest()
        Challenge.create(value=_kept(purpose, value))
    return value


def spend(purpose: str, value: bytes) -> bool:
    """Whether it was asked for this, and neither answered nor forgotten since."""
    with transaction():
        one = Challenge.get_or_none(Challenge.value == _kept(purpose, value))
        if one is None:
            return False
        one.delete_instance()
    return one.made_at > clock.now() - GOOD_FOR


def forget_old() -> int:
    return Challenge.delete().where(_old()).execute()


def _forget_oldest():
    """A few, each time that one is made: anyone may have some made, and they never pile up."""
    oldest = Challenge.select(Challenge.id).order_by(Challenge.id).limit(FEW)
    Challenge.delete().where(Challenge.id.in_(oldest) & _old()).execute()


def _old():
    return Challenge.made_at <= clock.now() - GOOD_FOR


def _kept(purpose, value):
    return hashlib.sha256(purpose.encode() + b"\0" + value).hexdigest()
