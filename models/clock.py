"""The time it is, in UTC, which a test may set."""

from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

_shift = None


def now() -> datetime:
    """The present moment, aware, in UTC."""
    moment = datetime.now(UTC)
    return moment + _shift if _shift else moment


def today() -> date:
    """The day it is in France: what a person calls today."""
    return now().astimezone(PARIS).date()


@contextmanager
def moved(by):
    """Let `by` (a timedelta) pass for as long as the block lasts."""
    global _shift
    before, _shift = _shift, (_shift or by * 0) + by
    try:
        yield
    finally:
        _shift = before
