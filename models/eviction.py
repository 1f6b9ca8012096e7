"""Signing out, by whoever holds the server: someone whose telephone or mailbox was stolen, or
everyone after a theft. Their devices are known no more: a second factor is asked everywhere."""

from . import clock, ledger
from .access import Actor
from .account import Account
from .database import transaction
from .device import Device
from .ledger import Act
from .refusal import Refusal
from .session import Session

UNKNOWN = "Aucun compte n'a cette adresse e-mail."


def one(actor: Actor, email: str) -> int:
    """How many sessions ended. Raises Refusal."""
    account = Account.named(email)
    if account is None:
        raise Refusal(UNKNOWN)
    return _evict(actor, Session.account == account, Device.account == account)


def everyone(actor: Actor) -> int:
    """The same, of all accounts."""
    return _evict(actor, Session.account.is_null(False), Device.account.is_null(False))


def _evict(actor, theirs, known):
    with transaction():
        open_now = theirs & Session.ended_at.is_null()
        number = Session.update(ended_at=clock.now()).where(open_now).execute()
        Device.delete().where(known).execute()
        ledger.write(actor, Act.EVICTED, number=number)
    return number
