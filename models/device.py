"""Devices: the browsers that an account signed in from. Each keeps a token in a cookie of its own,
its row a hash. One that is trusted is asked for no second factor, for a while."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from peewee import ForeignKeyField, TextField

from . import clock
from .account import Account
from .database import MomentField, Table, transaction
from .words import uid

TRUSTED_FOR = timedelta(days=90)
# Nobody came back from it: what is unused for so long is somebody else's by now.
KEPT = timedelta(days=365)
# What is kept of a browser's name.
LONGEST_NAME = 80


class Device(Table):
    uid = TextField(unique=True, default=uid)
    account = ForeignKeyField(Account, backref="devices", on_delete="CASCADE")
    token_hash = TextField(unique=True)
    name = TextField()
    known_at = MomentField(default=clock.now)
    seen_at = MomentField(default=clock.now)
    trusted_until = MomentField(null=True)

    @property
    def trusted(self) -> bool:
        return self.trusted_until is not None and self.trusted_until > clock.now()


def known(account: Account, tokens: Iterable[str]) -> Device | None:
    """The one of this account that holds one of these tokens: a browser may serve several."""
    hashes = [_hash(token) for token in tokens]
    mine = (Device.account == account) & Device.token_hash.in_(hashes)
    return Device.select().where(mine & (Device.seen_at > clock.now() - KEPT)).first()


def learn(account: Account, name: str) -> tuple[Device, str]:
    """A new one, and its token. Never one that a browser brought: it may have been put there."""
    token = secrets.token_urlsafe(24)
    made = Device.create(account=account, token_hash=_hash(token), name=name[:LONGEST_NAME])
    return made, token


def trust(one: Device) -> None:
    """From here on its password is enough, for TRUSTED_FOR."""
    one.trusted_until = clock.now() + TRUSTED_FOR
    one.save(only=[Device.trusted_until])


def seen(one: Device) -> None:
    one.seen_at = clock.now()
    one.save(only=[Device.seen_at])


def of(account: Account) -> list[Device]:
    """The latest seen first."""
    return list(account.devices.order_by(Device.seen_at.desc()))


def forget(account: Account, device_uid: str) -> Device | None:
    """One of the account's own, which is signed out and will be asked for its second factor; None
    where there is none."""
    from .session import Session  # which knows of devices

    one = account.devices.where(Device.uid == device_uid).first()
    if one is None:
        return None
    with transaction():
        here = (Session.known_device == one) & Session.ended_at.is_null()
        Session.update(ended_at=clock.now()).where(here).execute()
        one.delete_instance()
    return one


def distrust(account: Account) -> None:
    """They are known still, and asked for a second factor."""
    Device.update(trusted_until=None).where(Device.account == account).execute()


def forget_all(account: Account) -> None:
    """None of them is trusted any more, nor known."""
    Device.delete().where(Device.account == account).execute()


def forget_old() -> int:
    return Device.delete().where(Device.seen_at < clock.now() - KEPT).execute()


def _hash(token):
    return hashlib.sha256(token.encode()).hexdigest()
