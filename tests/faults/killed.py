"""A process that is watched, to be killed; and what is known of what it did: an act is acknowledged
once its answer was fully received, or its line printed."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from models.activation import Activation
from models.document import Document
from models.folder import Folder
from models.masking import is_masked
from models.record import Record

from .. import leaks
from .ground import Ground
from .watched import Watch

ROOT = Path(__file__).parents[2]
LONGEST = 60


class Process:
    """One that is watched, in a group of its own."""

    def __init__(self, ground: Ground, watch: Path, *words: str, **more):
        self.watch = Watch(watch)
        self.watch.clear()
        kept = {name: value for name, value in os.environ.items() if name[:7] != "CARNET_"}
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.watched", str(watch), *words],
            cwd=ROOT,
            env=kept | ground.environment() | {"PYTHONUNBUFFERED": "1"} | more,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def alive(self) -> bool:
        return self.popen.poll() is None

    def kill(self) -> None:
        os.killpg(self.popen.pid, signal.SIGKILL)

    def end(self) -> None:
        with suppress(ProcessLookupError):
            self.kill()
        leaks.note(self.popen.communicate()[1])


def worked_until(settings, prepare: str, done, least: int) -> None:
    """A process that runs the jobs, once it did what `prepare` says; killed as soon as so much is
    `done`. It must not end before."""
    command = [sys.executable, "-c", JOBS.format(prepare=prepare), str(settings.instance)]
    worker = subprocess.Popen(command, cwd=ROOT, env=os.environ, stderr=subprocess.PIPE)
    until = time.monotonic() + LONGEST
    while done() < least and worker.poll() is None and time.monotonic() < until:
        time.sleep(0.002)
    worker.send_signal(signal.SIGKILL)
    told = worker.communicate()[1]
    leaks.note(told)
    assert worker.returncode == -signal.SIGKILL, told.decode()


JOBS = """
import sys
from pathlib import Path
from models import instance, job, moving_taking, roll
from models.settings import Settings
from tests.world import SENDER
instance.open_instance(Settings(instance=Path(sys.argv[1])))
{prepare}
job.run_due(SENDER)
"""


@dataclass
class Log:
    """What is expected to be there, as names of things and what they are; and what was under way
    when all stopped: all of it happened, or none."""

    known: dict = field(default_factory=dict)
    under_way: dict = field(default_factory=dict)
    acknowledged: int = 0
    unexpected: list = field(default_factory=list)
    together: bool = True

    def begin(self, things: dict, together: bool = True) -> None:
        """`together`: all of it, or none."""
        self.under_way, self.together = things, together

    def done(self) -> None:
        self.known.update(self.under_way)
        self.under_way = {}
        self.acknowledged += 1

    def compared(self, real: dict) -> list[str]:
        """What is wrong; from then on, what is there is what is expected."""
        wrong = [
            f"{name}: {real.get(name)!r}, and not {value!r}"
            for name, value in self.known.items()
            if real.get(name) != value and name not in self.under_way
        ]
        changing = {
            name: (self.known.get(name), value)
            for name, value in self.under_way.items()
            if self.known.get(name) != value
        }
        before = all(real.get(name) == was for name, (was, _) in changing.items())
        after = all(real.get(name) == value for name, (_, value) in changing.items())
        either = all(real.get(name) in states for name, states in changing.items())
        if not (before or after or (either and not self.together)):
            wrong.append(f"half of {changing}")
        self.known = {name: real.get(name) for name in {**self.known, **self.under_way}}
        self.under_way = {}
        return wrong


def real() -> dict:
    """What is there, under the names of the logs: the content of each document, where it is and
    who may see it; who has activated her record, and how far the others are."""
    found = {}
    folders = {one.id: one.uid for one in Folder.select()}
    rows = Document.select(Document, Record).join(Record)
    for one in rows:
        found["document", one.title] = one.sha256
        found["content", one.sha256] = True
        found["folder", one.uid] = folders.get(one.folder_id, "")
        found["masked", one.uid] = is_masked(one)
    for one in Record.select():
        found["default", one.uid] = one.masked_by_default
        found["activated", one.member_number] = one.activated_at is not None
    for one in Activation.select(Activation, Record).join(Record):
        found["step", one.record.member_number] = str(one.step)
    return found
