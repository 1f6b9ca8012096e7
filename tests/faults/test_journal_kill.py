"""A process killed between an act and its trace, 200 times at random points: there is never an act
without its trace, nor a trace without its act."""

import mmap
import os
import random
import signal
import time
import traceback
from collections import Counter

import pytest

from models import admission, bin, checking, deposit, filing, folder, journal, masking
from models.access import Access, Role
from models.account import Account
from models.database import database
from models.document import Document
from models.formats.reading import Reading
from models.journal import Act
from models.professional import Professional
from models.record import Record
from models.words import uid

from ..world import SURGERY
from .told import kept, told

KILLS = int(os.environ.get("CARNET_KILLS", 90))
# Seconds from the beginning of its first act to its end, and of its pauses around each trace, at
# most: an act takes a few thousandths of a second, and is to be cut anywhere.
LIFE, PAUSE = 0.06, 0.004
# Where a process was when it was killed.
BETWEEN, ACTING, TELLING, TOLD, KEEPING = "idle", "act", "trace", "act and trace", "commit"
STAGES = (BETWEEN, ACTING, TELLING, TOLD, KEEPING)


class Life:
    """What the process does until it is killed."""

    def __init__(self, world, seed):
        self.world, self.chance = world, random.Random(seed)

    def go_on(self):
        while True:
            self.holder = self.world.access("alice")
            documents = list(self.holder.documents())
            for one in documents:
                one.record = self.holder.record
            verbs = [self.deposit, self.make_folder, self.mask_all, self.let_in_or_out]
            if documents:
                self.some = self.chance.sample(documents, min(3, len(documents)))
                verbs += [self.mask, self.move, self.pin, self.discard] * 2
            self.chance.choice(verbs)()

    def deposit(self):
        self.world.paper(f"Papier {uid()}", text=uid(), by=self.chance.choice([None, SURGERY]))

    def make_folder(self):
        folder.make(self.holder, f"Dossier {uid()}")

    def mask_all(self):
        masking.choose_all(self.holder, self.chance.random() < 0.5)

    def mask(self):
        masking.choose(self.holder, self.some, self.chance.random() < 0.5)

    def move(self):
        folders = [None, *self.holder.folders()]
        filing.move(self.holder, self.some, self.chance.choice(folders))

    def pin(self):
        filing.pin(self.holder, self.some[0], not self.some[0].pinned_at)

    def discard(self):
        thrown = bin.content(self.holder)
        if thrown:
            bin.restore(self.holder, thrown[0])
        else:
            bin.discard(self.holder, self.some)

    def let_in_or_out(self):
        hugo = Access.role == Role.PROFESSIONAL
        live = Access.select(Access, Record, Account).join(Record).switch(Access).join(Account)
        entered = live.where(hugo & Access.live()).first()
        if entered:
            admission.end(self.holder, entered)
        else:
            admission.let_in(self.holder, Professional.get(), None)


def watched(stage, chance):
    """Say at each moment, in memory that the parent reads, where the process is."""

    def around(function, before, after, pause=False):
        def wrapped(*given, **named):
            stage[0] = STAGES.index(before)
            time.sleep(chance.random() * PAUSE * pause)
            made = function(*given, **named)
            stage[0] = STAGES.index(after)
            stage[1] = 1
            time.sleep(chance.random() * PAUSE * pause)
            return made

        return wrapped

    pool = database.obj
    pool.begin = around(pool.begin, BETWEEN, ACTING)
    pool.commit = around(pool.commit, KEEPING, BETWEEN)
    write = around(journal.write, TELLING, TOLD)
    journal.write = around(write, ACTING, TOLD, pause=True)


def born(world, stage, seed):
    """A process that acts for ever; its number."""
    stage[0], stage[1] = 0, 0
    child = os.fork()
    if child:
        return child
    try:
        watched(stage, random.Random(seed))
        Life(world, seed).go_on()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def kill(child, stage, seconds):
    """Where it was."""
    while not stage[1]:
        assert os.waitpid(child, os.WNOHANG) == (0, 0), "it died by itself"
        time.sleep(0.0005)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, "it died by itself"
    return STAGES[stage[0]]


@pytest.fixture
def quick(monkeypatch):
    """The content of a deposit is read by another process, long before the transaction."""
    reading = Reading("text/plain", "Un mot", pages=None, protected=False, warning=None)
    monkeypatch.setattr(deposit, "_understood", lambda spool, name, parts: reading)


def test_there_is_never_an_act_without_its_trace_nor_a_trace_without_its_act(world, quick):
    world.professional("hugo")
    stage, chance, started = mmap.mmap(-1, 2), random.Random(4), time.monotonic()
    where, acts = Counter(), world.record("alice").journal_length
    for number in range(KILLS):
        # A connection does not cross a fork.
        database.close_all()
        child = born(world, stage, number)
        where[kill(child, stage, chance.uniform(0, LIFE))] += 1
        record = world.record("alice")
        assert told(record) == kept(record), number
        assert journal.broken(record) is None, number
    assert list(checking.faults()) == []
    seconds, acts = time.monotonic() - started, record.journal_length - acts
    print(f"{KILLS} kills in {seconds:.0f} s, {acts} acts told; {dict(where)}")
    # It proves something: they were killed at each of these places, and often between the two.
    assert all(where[one] for one in STAGES) and where[ACTING] > KILLS / 20
    assert acts > KILLS / 10


def test_the_comparison_can_fail(world, quick):
    """An act whose trace is written apart, or not at all, is seen."""
    paper = world.paper()
    assert told(world.record("alice")) == kept(world.record("alice"))
    Document.update(pinned_at=paper.deposited_at).execute()
    assert told(world.record("alice")) != kept(world.record("alice"))
    filing.pin(world.access("alice"), paper, True)
    assert told(world.record("alice")) == kept(world.record("alice"))
    journal.write(paper.record, SURGERY, Act.BINNED, paper)
    assert told(world.record("alice")) != kept(world.record("alice"))
