"""A line of a list: what is read of a member, what Carnet makes of it, what the office answers."""

import json
from enum import StrEnum

from peewee import DeferredForeignKey, ForeignKeyField, IntegerField, TextField, fn

from .database import Table
from .record import Record

PAGE = 50


class Verdict(StrEnum):
    """None yet, while the columns are being told."""

    NONE = ""
    CREATE = "create"
    ASK = "ask"
    KNOWN = "known"
    TWICE = "twice"
    REFUSED = "refused"
    CREATED = "created"


class Answer(StrEnum):
    """To « is it someone else? »."""

    NONE = ""
    OTHER = "other"
    SAME = "same"


class RollLine(Table):
    """`line`: as a spreadsheet counts them. `cells`: a list, as they were read; then only what is
    of use, by column. `key` and `number`: who she is, as lines are compared (judging.py)."""

    roll = DeferredForeignKey("Roll", backref="lines", on_delete="CASCADE")
    line = IntegerField()
    cells = TextField()
    verdict = TextField(default=Verdict.NONE.value)
    sentence = TextField(default="")
    record = ForeignKeyField(Record, null=True)
    answer = TextField(default=Answer.NONE.value)
    key = TextField(default="")
    number = TextField(default="")

    class Meta:
        table_name = "roll_line"

    @property
    def read(self) -> list[str]:
        return json.loads(self.cells)

    @property
    def told(self) -> dict[str, str]:
        """What is said of her, by column."""
        kept = json.loads(self.cells)
        return kept if isinstance(kept, dict) else {}

    @property
    def name(self) -> str:
        told = self.told
        return " ".join(filter(None, (told.get("birth_given_names"), told.get("birth_name"))))


def of(roll, verdict: Verdict):
    """A query to refine."""
    return RollLine.select().where((RollLine.roll == roll) & (RollLine.verdict == verdict.value))


def page(roll, verdict: Verdict, number: int) -> list[RollLine]:
    """Those of a page, and one more; the first page is 1."""
    ordered = of(roll, verdict).order_by(RollLine.line)
    return list(ordered.offset((number - 1) * PAGE).limit(PAGE + 1))


def counts(roll) -> dict[Verdict, int]:
    """How many of each, none left out."""
    number = fn.COUNT(RollLine.id)
    query = RollLine.select(RollLine.verdict, number).where(RollLine.roll == roll)
    found = dict(query.group_by(RollLine.verdict).tuples())
    return {verdict: found.get(verdict.value, 0) for verdict in Verdict}


def number_to_make(roll) -> int:
    """How many records the office wants."""
    return of(roll, Verdict.CREATE).count() + _said_other(roll).count()


def next_to_make(roll, number: int) -> list[RollLine]:
    """A few of them; each query by its index, which one for both would not be."""
    first = of(roll, Verdict.CREATE).order_by(RollLine.line).limit(number)
    return list(first) or list(_said_other(roll).order_by(RollLine.line).limit(number))


def _said_other(roll):
    return of(roll, Verdict.ASK).where(RollLine.answer == Answer.OTHER.value)


def left(roll):
    """Those of which nothing was made, in their order; one at a time."""
    none = (RollLine.roll == roll) & (RollLine.verdict != Verdict.CREATED.value)
    return RollLine.select().where(none).order_by(RollLine.line).iterator()


def unanswered(roll):
    return of(roll, Verdict.ASK).where(RollLine.answer == Answer.NONE.value)


def made_by(roll, record: Record) -> bool:
    """Whether the record comes from this very list."""
    here = (RollLine.roll == roll) & (RollLine.verdict == Verdict.CREATED.value)
    return RollLine.select().where(here & (RollLine.record == record)).exists()


def answer(roll, answers: dict[int, Answer]) -> None:
    """By line. Call it inside a transaction."""
    for line, given in answers.items():
        asked = (RollLine.roll == roll) & (RollLine.verdict == Verdict.ASK.value)
        RollLine.update(answer=given.value).where(asked & (RollLine.line == line)).execute()


def month_first(roll) -> int:
    """How many dates have no such month but another way round: the others may have it too."""
    from .enrolment import MONTH_FIRST

    return of(roll, Verdict.REFUSED).where(RollLine.sentence.contains(MONTH_FIRST)).count()
