"""A roll: a list of members that the office sends in (roll_reading.py). Its columns are told, each
line is judged; and nothing is written to records until the office says so.

What takes long is done by a job (job.py), a few lines at a time."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum

from peewee import ForeignKeyField, TextField

from . import clock, enrolment, judging, ledger, remainder, roll_line
from . import job as jobs
from .access import Actor
from .account import Account
from .database import MomentField, Table, transaction
from .enrolment import Enrolled
from .headings import LABELS, NEEDED, SEVERAL, Column, told
from .job import Job
from .ledger import Act
from .refusal import Refusal
from .roll_line import Answer, RollLine, Verdict
from .sender import Sender
from .words import uid

KIND = "roll"
# Lines judged, records made, and lines made little of, at once: each time a transaction, which
# holds no one up for long.
JUDGED, MADE, ENDED = 500, 100, 2000
# No step is longer, but for the line it is at: others wait for the database meanwhile.
SECONDS = 1.0
KEPT_DAYS, UNFINISHED_DAYS = 30, 7
LISTED = 20
BUSY = "Cette liste est déjà en train d'être lue."
TOO_LATE = "Les espaces de cette liste sont déjà créés, ou en train de l'être."
NOTHING = "Il n'y a aucun espace à créer."


class Stage(StrEnum):
    READING = "reading"
    COLUMNS = "columns"
    JUDGING = "judging"
    PREVIEW = "preview"
    MAKING = "making"
    DONE = "done"


class Roll(Table):
    uid = TextField(unique=True, default=uid)
    filename = TextField()
    # What kind of file it was, in words.
    form = TextField()
    made_at = MomentField(default=clock.now)
    made_by = TextField()
    account = ForeignKeyField(Account, null=True)
    headings = TextField()
    # What each column is, in the order of the headings; nothing while the file is being read.
    columns = TextField(default="")
    job = ForeignKeyField(Job, null=True)
    judged_at = MomentField(null=True)
    finished_at = MomentField(null=True)

    @property
    def stage(self) -> Stage:
        if not self.columns:
            return Stage.READING
        if self.finished_at:
            return Stage.DONE
        if self.judged_at:
            return Stage.MAKING if self.job_id else Stage.PREVIEW
        return Stage.JUDGING if self.job_id else Stage.COLUMNS

    @property
    def titles(self) -> list[str]:
        return json.loads(self.headings)

    @property
    def chosen(self) -> list[Column]:
        return [Column(one) for one in json.loads(self.columns)]


def find(roll_uid: str) -> Roll | None:
    return Roll.get_or_none((Roll.uid == roll_uid) & (Roll.columns != ""))


def latest() -> list[Roll]:
    return list(Roll.select().where(Roll.columns != "").order_by(Roll.id.desc()).limit(LISTED))


def choose(roll: Roll, columns: list[str], actor: Actor) -> None:
    """What each column is; a job then judges the lines. Raises Refusal."""
    chosen = checked(roll, columns)
    with transaction():
        _at(roll, Stage.COLUMNS, BUSY)
        roll.columns = json.dumps(chosen)
        roll.job = jobs.begin(KIND, actor, roll.lines.count(), roll=roll.uid)
        roll.save(only=[Roll.columns, Roll.job])


def checked(roll: Roll, columns: list[str]) -> list[Column]:
    """Raises Refusal at the column that is wrong, « column-3 »."""
    chosen = []
    for place, (was, wanted) in enumerate(zip(roll.chosen, columns, strict=True)):
        column = was if was is Column.FORBIDDEN else Column(wanted)
        if column in chosen and column not in SEVERAL:
            said = f"Deux colonnes ne peuvent pas être « {LABELS[column]} »."
            raise Refusal(said, f"column-{place}")
        chosen.append(column)
    missing = [LABELS[one] for one in NEEDED if one not in chosen]
    if missing:
        raise Refusal("Il manque une colonne : " + ", ".join(missing) + ".")
    return chosen


def answer(roll: Roll, answers: dict[int, Answer]) -> None:
    """To what was asked about some lines. Raises Refusal."""
    with transaction():
        _at(roll, Stage.PREVIEW, TOO_LATE)
        roll_line.answer(roll, answers)


def make(roll: Roll, actor: Actor) -> None:
    """Have a job make the records. Raises Refusal."""
    with transaction():
        _at(roll, Stage.PREVIEW, TOO_LATE)
        number = roll_line.number_to_make(roll)
        if not number:
            raise Refusal(NOTHING)
        roll.job = jobs.begin(KIND, actor, number, roll=roll.uid)
        roll.save(only=[Roll.job])


def drop(roll: Roll, actor: Actor) -> None:
    """Forget it, as long as nothing was made of it. Raises Refusal."""
    with transaction():
        if Roll.get_by_id(roll.id).stage in (Stage.MAKING, Stage.DONE):
            raise Refusal(TOO_LATE)
        ledger.write(actor, Act.DROPPED_ROLL, roll.uid, file=roll.filename)
        forget(roll)


def step(job: Job, sender: Sender) -> bool:
    """A few lines judged, or records made; whether some may be left. Whoever is to be told is told
    later (campaign.py)."""
    with transaction():
        roll = Roll.get_or_none(Roll.uid == job.details["roll"])
        if roll is None or roll.job_id != job.id:
            return False
        if not roll.judged_at:
            number = judge_some(roll)
            more = bool(number)
        else:
            number = make_some(roll, lambda values: enrolment.create(values, job.actor))
            more = bool(number) or end_some(roll, job.actor)
        job.advance(number)
    return more


def judge_some(roll: Roll) -> int:
    """How many lines were; none, once they all are. Call it inside a transaction."""
    lines = list(roll_line.of(roll, Verdict.NONE).order_by(RollLine.line).limit(JUDGED))
    chosen = roll.chosen
    if not lines:
        roll.judged_at, roll.job = clock.now(), None
        roll.save(only=[Roll.judged_at, Roll.job])
    return _some(lines, lambda line: judging.judge(line, told(chosen, line.read)))


def make_some(roll: Roll, create) -> int:
    """How many lines were dealt with; none, once they all are: what `create` makes of one is its
    record. Call it inside a transaction."""
    return _some(roll_line.next_to_make(roll, MADE), lambda line: _make_one(line, create))


def end_some(roll: Roll, actor: Actor) -> bool:
    """Keep of some lines what is still of use; whether others may be left. Call it inside a
    transaction, once all records are made."""
    number = _some(remainder.too_much(roll, ENDED), _lessen_one)
    if not number:
        _finish(roll, actor)
    return bool(number)


def enrol(roll: Roll, actor: Actor, sender: Sender, pause: float = 0) -> Iterator[Enrolled]:
    """All at once, those who have an e-mail address told: for a command, which says the codes.
    Raises Refusal."""
    try:
        checked(roll, roll.chosen)
    except Refusal:
        _in_transaction(forget, roll)
        raise
    while _in_transaction(judge_some, roll):
        time.sleep(pause)
    made = []

    def create(values):
        made.append(enrolment.enrol_one(values, sender))
        return made[-1].record

    while _in_transaction(make_some, roll, create):
        yield from made
        made.clear()
        time.sleep(pause)
    while _in_transaction(end_some, roll, actor):
        time.sleep(pause)


def forget(roll: Roll) -> None:
    """Call it inside a transaction."""
    Roll.delete().where(Roll.id == roll.id).execute()


def forget_old() -> int:
    """The lines of those that are done, after a while, and those left unfinished; how many. Call it
    inside a transaction."""
    old = Roll.finished_at < clock.now() - timedelta(days=KEPT_DAYS)
    done = Roll.select(Roll.id).where(old)
    number = RollLine.delete().where(RollLine.roll.in_(done)).execute()
    left = Roll.made_at < clock.now() - timedelta(days=UNFINISHED_DAYS)
    for roll in Roll.select().where(left & Roll.finished_at.is_null()):
        if roll.stage is not Stage.MAKING:
            forget(roll)
            number += 1
    return number


def _at(roll, stage, sentence):
    """It may have moved on since the page was drawn."""
    if Roll.get_by_id(roll.id).stage is not stage:
        raise Refusal(sentence)


def _in_transaction(act, *given):
    with transaction():
        return act(*given)


def _some(lines, act):
    """How many of them a short transaction takes."""
    until, number = time.monotonic() + SECONDS, 0
    for line in lines:
        act(line)
        number += 1
        if time.monotonic() >= until:
            break
    return number


def _make_one(line, create):
    try:
        values = judging.again(line)
        if values:
            line.record, line.verdict = create(values), Verdict.CREATED.value
    except Refusal as refusal:
        line.verdict, line.sentence = Verdict.REFUSED.value, refusal.sentence
    judging.keep(line)


def _lessen_one(line):
    remainder.lessen(line)
    judging.keep(line)


def _finish(roll, actor):
    roll.finished_at = clock.now()
    roll.save(only=[Roll.finished_at])
    counts = {verdict.value: number for verdict, number in roll_line.counts(roll).items() if number}
    told = {"file": roll.filename, "created": 0} | counts
    ledger.write(actor, Act.CREATED_RECORDS, roll.uid, **told)
