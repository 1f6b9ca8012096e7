"""Organ donation. Only that the rules were read is kept: it is neither a consent nor a refusal
(L1232-1: consent is presumed; R1232-4-4 and following: how to refuse, from the age of 13)."""

from . import clock, journal
from .access import Access, Right
from .database import transaction
from .record import Record

REFUSAL_AGE = 13


def mark_read(access: Access) -> None:
    access.require(Right.PEOPLE)
    with transaction():
        access.record.organs_read_at = clock.now()
        access.record.save(only=[Record.organs_read_at])
        journal.write(access.record, access.actor, journal.Act.READ_ORGANS)


def may_refuse(record: Record) -> bool:
    return record.age >= REFUSAL_AGE
