"""Opening: a record opens by itself, once the time to object is over (L1111-13-1, R1111-28)."""

from . import clock, journal
from .admission import SYSTEM
from .database import transaction
from .record import Record

CHUNK = 100


def open_due() -> int:
    """Those whose day has come; how many."""
    opened = 0
    while number := _open_some():
        opened += number
    return opened


def is_due(record: Record) -> bool:
    return _due().where(Record.id == record.id).exists()


def open_now(record: Record) -> None:
    """Call it inside a transaction."""
    record.opened_at = clock.now()
    record.save(only=[Record.opened_at])
    journal.write(record, SYSTEM, journal.Act.OPENED)


def _open_some():
    with transaction():
        some = list(_due().limit(CHUNK))
        for record in some:
            open_now(record)
    return len(some)


def _due():
    """Neither objected to, nor closed, nor being closed; nor of someone who has died."""
    due = (Record.opens_at <= clock.now()) & Record.opened_at.is_null()
    stops = (Record.objected_at, Record.closed_at, Record.closing_at, Record.died_on)
    for moment in (*stops, Record.activated_at, Record.erased_at):
        due &= moment.is_null()
    return Record.select().where(due).order_by(Record.opens_at)
