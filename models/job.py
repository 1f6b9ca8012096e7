"""A job: something too long for one answer, done step by step. Each step is a transaction that
counts what it did: whoever leaves the page, and whatever stops the server, it goes on from there.

The server runs it at once, in a thread; `flask work` takes up one that has stopped."""

import json
import time
from datetime import timedelta

from peewee import ForeignKeyField, IntegerField, TextField

from . import clock
from .access import Actor
from .account import Account
from .database import MomentField, Table, transaction
from .refusal import Refusal
from .sender import Sender
from .words import uid

# How long one who runs it may stay silent before another takes over.
LEASE = timedelta(minutes=2)
# Seconds between two steps. Whoever waits to write tries ten times a second at least: without it,
# a long job takes the database back before anyone else does, and their pages fail.
PAUSE = 0.15
STOPPED = "Carnet a rencontré une erreur. Il essaiera encore dans quelques minutes."


class Job(Table):
    uid = TextField(unique=True, default=uid)
    kind = TextField()
    detail = TextField(default="{}")
    account = ForeignKeyField(Account, null=True)
    made_by = TextField()
    made_at = MomentField(default=clock.now)
    total = IntegerField(default=0)
    done = IntegerField(default=0)
    leased_until = MomentField(null=True)
    finished_at = MomentField(null=True)
    fault = TextField(default="")

    @property
    def details(self) -> dict:
        return json.loads(self.detail)

    @property
    def actor(self) -> Actor:
        return Actor(self.account_id, self.made_by, "office")

    def advance(self, number: int) -> None:
        """Call it inside the transaction of the step."""
        self.done += number
        self.leased_until = clock.now() + LEASE
        self.save(only=[Job.done, Job.leased_until])


def begin(kind: str, actor: Actor, total: int, **detail) -> Job:
    """Call it inside the transaction that asks for it."""
    told = json.dumps(detail, ensure_ascii=False)
    return Job.create(
        kind=kind, detail=told, account=actor.account_id, made_by=actor.name, total=total
    )


def find(job_uid: str) -> Job | None:
    return Job.get_or_none(Job.uid == job_uid)


def run_due(sender: Sender, pause: float = 0) -> int:
    """Every job that nobody runs, to its end; how many. `pause`: where others write meanwhile."""
    ran = 0
    while job := _take():
        _run(job, sender, pause)
        ran += 1
    return ran


def _steps():
    """Kind → what does one step, and says whether there is another."""
    from . import campaign, letters, moving, roll  # which begin jobs

    return {
        "roll": roll.step,
        "campaign": campaign.step,
        "letters": letters.step,
        "moving": moving.step,
    }


def _take():
    with transaction():
        now = clock.now()
        # Further than a lease goes: the clock was set back since.
        free = Job.leased_until.is_null() | ~Job.leased_until.between(now, now + LEASE)
        job = Job.select().where(Job.finished_at.is_null() & free).order_by(Job.id).first()
        if job:
            job.leased_until = now + LEASE
            job.save(only=[Job.leased_until])
        return job


def _run(job, sender, pause):
    step = _steps()[job.kind]
    try:
        while step(job, sender):
            time.sleep(pause)
    except Refusal as refusal:
        _finish(job, refusal.sentence)
    except Exception:
        # Tried again once the lease is over: what the steps before did is kept.
        Job.update(fault=STOPPED).where(Job.id == job.id).execute()
        raise
    else:
        _finish(job, "")


def _finish(job, fault):
    job.finished_at, job.fault = clock.now(), fault
    job.save(only=[Job.finished_at, Job.fault])
