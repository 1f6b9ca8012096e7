"""Documents that come by mail, to the address of a source (source.py): the same as by the standard
call, once the message is opened.

What is answered goes to a mail server, which may tell anyone: never a word of a document, of a
person, nor of a name of file."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from peewee import OperationalError

from . import lot, source, submission
from .deposit import Limits
from .formats import lots
from .formats.limits import MAX_INPUT
from .lot import Unopened
from .source import Source
from .submission import Rejected
from .vault import Spool

NAME = "message.eml"


class Outcome(IntEnum):
    """As programs say it to a mail server (sysexits.h)."""

    TAKEN = 0
    REFUSED = 65
    UNKNOWN = 67
    LATER = 75


@dataclass(frozen=True)
class Verdict:
    """`fault`: of reference/outcomes.csv; empty where the message is taken, or unreadable."""

    outcome: Outcome
    fault: str = ""


# What time settles: the mail server tries again.
PASSING = frozenset({"daily-limit", "queue-full", "busy", "failure"})
# What the child says of a message, as a source is told.
FAULTS = {"too_large": "too-large", "not_accepted": "too-large", "broken": "broken"}


def recipient(address: str) -> Source | None:
    """Whose address it is, as long as it deposits."""
    return source.of_mailbox(address.strip("<> ").rpartition("@")[0])


def take(address: str, message: Iterable[bytes], limits: Limits) -> Verdict:
    """All that it brings, or nothing."""
    try:
        one = recipient(address)
        return _taken(one, message, limits) if one else Verdict(Outcome.UNKNOWN)
    except OperationalError:  # the database is busy
        return Verdict(Outcome.LATER, "busy")


def _taken(one, message, limits) -> Verdict:
    spool, items = Spool(MAX_INPUT), []
    try:
        for chunk in message:
            spool.write(chunk)
        spool.finish()
        if spool.too_large:
            return Verdict(Outcome.REFUSED, "too-large")
        items = lot.opened_as(lots.MAIL, spool, NAME, limits)
        submission.brought(one, lot.once(items), limits)
    except Unopened as refusal:
        return Verdict(Outcome.REFUSED, FAULTS.get(refusal.reason, "not-accepted"))
    except Rejected as rejected:
        return _rejected(rejected)
    finally:
        spool.finish()
        spool.discard()
        lot.discard(items)
    return Verdict(Outcome.TAKEN)


def _rejected(rejected):
    fault = rejected.issues[0].fault
    return Verdict(Outcome.LATER if fault in PASSING else Outcome.REFUSED, fault)
