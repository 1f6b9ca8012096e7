"""Failed attempts, counted in the database: neither a restart nor another worker forgets them."""

import hashlib
from datetime import timedelta

from peewee import TextField, fn

from . import clock
from .database import MomentField, Table, transaction
from .refusal import Refusal

FREE = 10
# A whole office, or a quarter of a town, may be behind one address.
FREE_TOGETHER = {
    **{"sign-in-from": 50, "emergency-from": 50},
    **{"reset-from": 30, "code-from": 30, "consultation-from": 30},
    **{"source-from": 30, "invitation-from": 30, "share-from": 30, "receipt": 20},
    # Someone who helps members by telephone all day, and hears numbers badly.
    **{"helpdesk": 200, "helpdesk-nobody": 40},
}
PERIOD = timedelta(hours=24)
LONGEST_WAIT = timedelta(hours=1)


class Attempt(Table):
    key = TextField()
    at = MomentField(default=clock.now)

    class Meta:
        indexes = ((("key", "at"), False),)


class TooMany(Refusal):
    pass


def allow(*doors: str) -> None:
    """Raises TooMany where one of the doors (« sign-in:someone@… ») has been tried too often.

    Ten failures in a day are free; then one must wait a minute, two, four… up to an hour."""
    for door in doors:
        wait = _wait(door)
        if wait > timedelta(0):
            minutes = max(1, round(wait.total_seconds() / 60))
            plural = "s" if minutes > 1 else ""
            raise TooMany(
                f"Trop d'essais. Par sécurité, attendez {minutes} minute{plural} puis recommencez."
            )


def failed(*doors: str) -> None:
    with transaction():
        for door in doors:
            Attempt.create(key=_key(door))


def succeeded(*doors: str) -> None:
    Attempt.delete().where(Attempt.key.in_([_key(door) for door in doors])).execute()


def forget_old() -> int:
    """And those of a time that is not there yet: the clock was set back since."""
    now = clock.now()
    old = (Attempt.at < now - PERIOD) | (Attempt.at > now + PERIOD)
    return Attempt.delete().where(old).execute()


def _wait(door):
    """One that the clock has not reached does not count: nobody would wait for a year."""
    now = clock.now()
    count, last = (
        Attempt.select(fn.COUNT(Attempt.id), fn.MAX(Attempt.at))
        .where((Attempt.key == _key(door)) & Attempt.at.between(now - PERIOD, now))
        .tuples()
        .get()
    )
    free = FREE_TOGETHER.get(door.partition(":")[0], FREE)
    if count < free:
        return timedelta(0)
    wait = min(timedelta(minutes=1) * 2 ** min(count - free, 10), LONGEST_WAIT)
    return last + wait - now


def _key(door):
    return hashlib.sha256(door.casefold().encode()).hexdigest()
