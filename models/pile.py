"""The pile of letters of a run (letters.py), as printed, and what must not be posted of it."""

from dataclasses import dataclass

from peewee import SQL, fn

from .activation_code import ActivationCode
from .record import Record
from .telling import Run, Telling

# The code printed on her letter was made with the telling (printing.py).
ON_IT = (Telling.record == ActivationCode.record) & (Telling.made_at == ActivationCode.made_at)


@dataclass(frozen=True)
class Out:
    """A letter to take out of the pile, and its place there."""

    place: int
    record: Record


def to_take_out(run: Run) -> list[Out]:
    """Printed for people who are not to have them any more: they objected, died, moved…"""
    numbers = [int(number) for number in run.pile.split()]
    stand = {number for (number,) in standing(run).select(Telling.record).tuples()}
    out = {number: place for place, number in enumerate(numbers, 1) if number not in stand}
    people = {one.id: one for one in Record.select().where(Record.id.in_(list(out)))}
    return [Out(place, people[number]) for number, place in out.items()]


def standing(run: Run):
    """Its tellings that still hold. The others were for people who have no record to be told of any
    more, or were corrected since: their code serves nothing, and they are to be told again."""
    void = ActivationCode.select(SQL("1")).where(ON_IT & ActivationCode.void)
    here = (Telling.run == run) & Telling.failed_at.is_null() & ~fn.EXISTS(void)
    over = (Record.objected_at, Record.closed_at, Record.closing_at, Record.died_on)
    query = Telling.select().join(Record).where(here & (Telling.address == Record.postal_address))
    return query.where(*(moment.is_null() for moment in over))
