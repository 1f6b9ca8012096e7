"""A child's record: her parents hold it until she is 18. They are two at most, and neither evicts
the other."""

from . import access as accesses
from .access import Access, Measure, Right
from .record import Record

MOST_PARENTS = 2


def parents(record: Record) -> list[Access]:
    return [one for one in accesses.all_in(record) if one.measure == Measure.PARENT]


def is_held_by(access: Access) -> bool:
    """Whether it is a parent's, in the record of a child."""
    parent = access.measure == Measure.PARENT and access.can(Right.GRANT)
    return parent and not access.record.adult


def is_last_parent(access: Access) -> bool:
    return is_held_by(access) and len(parents(access.record)) < 2
