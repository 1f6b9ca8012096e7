"""A campaign with a real mail server and a real `flask work`, both killed in the midst of it: each
member gets one letter and one only, none is lost, and the office reads the truth meanwhile.

By hand, for as many members as one likes: CARNET_CAMPAIGN=5000 pytest -s on this file."""

import email
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from models import campaign, clock, notice, reach
from models.database import transaction
from models.job import Job

from .. import leaks
from ..campaigns import untold
from ..world import SENDER
from .post_office import UNKNOWN

ROOT = Path(__file__).parents[2]
MEMBERS = int(os.environ.get("CARNET_CAMPAIGN", 160))
# One in so many has an address that the mail server knows not.
UNKNOWN_EVERY = 40
LONGEST = 60 + MEMBERS / 5
# What is killed, once this share of the letters is there.
KILLS = ((0.1, "post"), (0.25, "work"), (0.45, "post"), (0.6, "work"), (0.75, "post"))


@dataclass
class Life:
    """The two processes, and what the mail server has on its disk."""

    settings: object
    folder: Path
    port: int
    post: subprocess.Popen | None = None
    work: subprocess.Popen | None = None
    killed: Counter = field(default_factory=Counter)

    def start(self, name):
        command = {
            "post": ["-m", "tests.faults.post_office", str(self.port), str(self.folder), "0.002"],
            "work": ["-m", "flask", "work", "--loop", "--every", "0.1"],
        }[name]
        mail = {"CARNET_MAIL": f"smtp://127.0.0.1:{self.port}"}
        there = {"CARNET_INSTANCE": str(self.settings.instance)} | mail
        quiet = {"stdout": subprocess.DEVNULL, "stderr": leaks.stderr(), "start_new_session": True}
        made = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=os.environ | there, **quiet
        )
        setattr(self, name, made)

    def kill(self, name):
        one = getattr(self, name)
        assert one.poll() is None, f"{name} died by itself"
        os.killpg(one.pid, signal.SIGKILL)
        one.wait()
        self.killed[name] += 1

    def taken(self):
        """How many letters are there."""
        return sum(name.endswith(".eml") and name[0] != "." for name in os.listdir(self.folder))

    def end(self):
        for one in (self.post, self.work):
            if one and one.poll() is None:
                os.killpg(one.pid, signal.SIGKILL)
                one.wait()


@pytest.fixture
def life(settings, tmp_path):
    folder = tmp_path / "received"
    folder.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with ExitStack() as ending:
        made = Life(settings, folder, port)
        ending.callback(made.end)
        yield made


def enrolled(settings):
    notice.send_due(settings)  # what the world has written
    with transaction():
        members = [
            untold(email=f"{UNKNOWN if n % UNKNOWN_EVERY == 7 else 'membre'}-{n}@exemple.invalid")
            for n in range(MEMBERS)
        ]
    return {one.email for one in members}


def test_each_member_gets_one_letter_whatever_is_killed(world, settings, life):
    before = reach.now()
    everyone = enrolled(settings)
    known = {one for one in everyone if UNKNOWN not in one}
    refused = len(everyone) - len(known)
    before = reach.now()
    assert before.by_email == MEMBERS
    job = campaign.begin(world.office, SENDER)
    life.start("post")
    life.start("work")
    stop_while_preparing(life, job, before)
    started, looks = time.monotonic(), 0
    pending = list(KILLS)
    while not over(before, len(known), refused):
        assert time.monotonic() - started < LONGEST, reach.now()
        look(life, before)
        looks += 1
        if pending and life.taken() >= pending[0][0] * len(known):
            _, name = pending.pop(0)
            life.kill(name)
            still(life, name, before)
            life.start(name)
        time.sleep(0.05)
    seconds = time.monotonic() - started
    letters = received(life)
    assert {to for to, _ in letters} == known, "someone got none, or was not to have one"
    assert len(letters) == len(known), "someone got two letters"
    assert not Job.select().where(Job.finished_at.is_null()).exists()
    assert reach.now().returned - before.returned == refused
    raw = sum(letters.values()) - len(letters)
    print(f"{len(known)} letters in {seconds:.0f} s, {looks} looks, killed {dict(life.killed)}")
    print(f"{raw} came twice, under the same name, since the server or the sender was killed")
    # One line, one letter at a time: a kill sends one letter again at most.
    assert raw <= life.killed.total() and life.killed == Counter(post=3, work=3)


def stop_while_preparing(life, job, before):
    """Unless it has finished, on a day when this process is too slow to see it."""
    until = time.monotonic() + LONGEST
    while not Job.get_by_id(job.id).done:
        assert life.work.poll() is None and time.monotonic() < until, "nothing is prepared"
        time.sleep(0.005)
    life.kill("work")
    done = Job.get_by_id(job.id).done
    print(f"killed after preparing {done} of {MEMBERS}")
    assert done == MEMBERS or reach.now().leaving - before.leaving == done
    still(life, "work", before)
    life.start("work")


def over(before, sent, refused):
    now = reach.now()
    return now.email - before.email == sent and now.came_back - before.came_back == refused


def look(life, before):
    """What the page says, between what the server had just before and what it has just after."""
    there = life.taken()
    now = reach.now()
    then = life.taken()
    told = now.email - before.email
    twice = life.killed.total()
    # She is told once the server said that it has it: a kill leaves one unsaid, or there twice.
    assert there - 1 - 2 * twice <= told <= then, (there, told, then)
    still_to_tell = now.by_email + now.leaving - before.leaving
    assert told + still_to_tell + now.returned - before.returned == MEMBERS, now


def still(life, name, before):
    """Nobody is told while the server is dead, nor written to while the sender is."""
    if name == "post":
        told = reach.now().email
        time.sleep(0.3)
        assert reach.now().email == told
        return
    there = life.taken()
    # As if the two minutes of its lease had passed, if it was preparing letters.
    Job.update(leased_until=clock.now()).where(Job.finished_at.is_null()).execute()
    look(life, before)
    assert life.taken() == there


def received(life) -> Counter:
    """(to whom, under which name) → how many times."""
    found = Counter()
    for file in life.folder.glob("*.eml"):
        message = email.message_from_bytes(file.read_bytes())
        found[message["To"], message["Message-ID"]] += 1
    return found
