"""The time it is, in UTC, which a test may set."""

from calendar import monthrange
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
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


def midnight(day: date) -> datetime:
    """When the day begins in France."""
    return datetime(day.year, day.month, day.day, tzinfo=PARIS)


def last_day(end: datetime) -> date:
    """The last whole day, in France, before this moment."""
    return (end.astimezone(PARIS) - timedelta(seconds=1)).date()


def months_later(day: date, number: int) -> date:
    """The same day of a later month, or that month's last: 31 January → 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@contextmanager
def moved(by):
    """Let `by` (a timedelta) pass for as long as the block lasts."""
    global _shift
    before, _shift = _shift, (_shift or by * 0) + by
    try:
        yield
    finally:
        _shift = before
