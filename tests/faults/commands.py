"""The commands, until they are killed."""

import hashlib
import secrets
import signal
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from models import database as database_module
from models import instance
from models.database import database
from models.document import Document
from models.job import Job
from models.keeping import restoring, verifying
from models.keeping.backup import listed
from models.notice import Notice
from models.record import Record
from models.settings import Settings
from models.telling import Telling

from .. import earlier
from ..exchange import cda, xdm
from ..world import World
from . import ground as grounds
from . import whole
from .ground import Ground
from .killed import LONGEST, Log, Process, real


class Command:
    """One that ends by itself, unless it is killed."""

    words: tuple[str, ...] = ()
    # How often it is run before all is done.
    rounds = 1
    orphans = 0

    def __init__(self, ground: Ground, watch: Path, log: Log, chance):
        self.ground, self.log = ground, log
        self.prepare()
        database.close_all()
        self.process = Process(ground, watch, "flask", *self.words)
        until = time.monotonic() + LONGEST
        while not self.process.watch.points and self.process.popen.poll() is None:
            assert time.monotonic() < until
            time.sleep(0.001)

    def prepare(self):
        """What it will find."""
        instance.open_instance(self.ground.settings)

    def begin(self):
        """It has begun by itself."""

    def finished(self):
        return self.process.popen.poll() is not None

    def end(self):
        if self.process.popen.poll() is None:
            with suppress(ProcessLookupError):
                self.process.kill()
        self.output, self.said = (one.decode() for one in self.process.popen.communicate())
        self.heard()
        if self.process.popen.returncode not in (0, -signal.SIGKILL):
            self.log.unexpected.append(f"{self.words}: {self.process.popen.returncode} {self.said}")

    def heard(self):
        """What it printed is acknowledged."""

    def wrong(self):
        """What is, now that all is opened again."""
        instance.open_instance(self.ground.settings)
        self.orphans = whole.orphans()
        grounds.release()
        return [*self.log.unexpected, *self.log.compared(real()), *whole.faults()]

    def left(self):
        """What should have been done by its end, and was not."""
        return self.log.under_way

    @property
    def acknowledged(self):
        return self.log.acknowledged


class Import(Command):
    """A folder of four files and a lot of three documents: a line printed for each that is in."""

    def prepare(self):
        self.log.under_way = {}
        folder = self.ground.settings.instance.parent / f"to-import-{secrets.token_hex(4)}"
        folder.mkdir()
        self.sums = {}
        for number in range(4):
            content, name = secrets.token_hex(300).encode(), f"papier {number}.txt"
            (folder / name).write_bytes(content)
            self.sums[name] = _sums(content)
        lot = [cda(title=secrets.token_hex(6), identifier=_oid()) for _ in range(3)]
        (folder / LOT).write_bytes(xdm(*lot))
        self.sums[LOT] = _sums(*lot)
        self.words = ("import", "--record", "A-1", str(folder))

    def heard(self):
        for line in self.output.splitlines():
            verdict, file, *_ = line.split("\t")
            if verdict == "taken":
                self.log.begin(self.sums.pop(Path(file).name))
                self.log.done()
        # A lot that was not told: all of it is there, or nothing.
        self.log.begin(self.sums.pop(LOT, {}))


LOT = "un lot.zip"


def _sums(*contents):
    return {("content", hashlib.sha256(one).hexdigest()): True for one in contents}


class Work(Command):
    """All that waits: openings, letters, a list, a campaign, an archive, a bin to empty."""

    words = ("work",)
    # The letters of a campaign are written by the first, and leave with the second.
    rounds = 2

    def left(self):
        return undone()


def undone():
    """What `flask work` still has to do: what it did twice, whole.py sees."""
    expected = {
        "opened": (Record.select().where(Record.opened_at, OPENS), grounds.TO_OPEN),
        "listed": (Record.select().where(LISTED), grounds.TO_MAKE),
        "taken": (Document.select().where(BROUGHT), grounds.TO_TAKE),
        "binned": (Document.select().where(Document.binned_at.is_null(False)), 0),
        "letters": (Notice.select().where(Notice.sent_at.is_null()), 0),
        "told": (Telling.select(Telling.record).distinct(), Telling.select().count()),
        "jobs": (Job.select().where(Job.finished_at.is_null()), 0),
    }
    for name, (rows, number) in expected.items():
        if rows.count() != number:
            yield f"{name}: {rows.count()}, and not {number}"


BROUGHT = Document.title.startswith("Apport ")
LISTED = Record.birth_name.startswith("Fictif")
OPENS = Record.member_number.startswith("O-")


def _oid():
    return f"1.2.250.1.999.7.{secrets.randbelow(10**9)}.{secrets.randbelow(10**9)}"


class Backup(Command):
    """Of what grows each time, into one folder: whatever was killed, each that is there is whole,
    and none that was told is missing."""

    def prepare(self):
        instance.open_instance(self.ground.settings)
        for name in grounds.HOLDERS:
            text = secrets.token_hex(200)
            World().paper(f"Gardé {secrets.token_hex(4)}", text, of=name)
        self.folder = self.ground.settings.instance.parent / "backups" / self.ground.name
        self.folder.parent.mkdir(exist_ok=True)
        self.words = ("backup", str(self.folder))

    def heard(self):
        if self.output.startswith(str(self.folder)):
            self.log.known["backup", self.output.partition(" :")[0]] = True
            self.log.acknowledged += 1

    def wrong(self):
        there = {("backup", str(one)): True for one in self._listed()}
        lost = [str(one) for one in self.log.known if one not in there]
        self.log.known = {}
        found = super().wrong()
        self.log.known = there
        if there:
            opened = instance.open_instance(self.ground.settings)
            found += list(verifying.faults(opened, self.folder))
        return found + [f"lost: {one}" for one in lost]

    def left(self):
        """The last one holds all that the instance does, once it is restored."""
        there = real()
        restored = Settings(instance=self.folder.with_name(f"{self.folder.name}-restored"))
        key = (self.ground.settings.instance / "key").read_text()
        told = restoring.restore(replace(restored, key=key.strip()), self._listed()[-1])
        instance.open_instance(replace(restored, key=key.strip()))
        yield from told.faults
        yield from whole.faults()
        if real() != there:
            yield "what is restored is not what was there"

    def _listed(self):
        return listed(self.folder) if self.folder.exists() else []


class Migration(Command):
    """A database of an earlier schema, with rows: `flask figures` brings it up to date first."""

    words = ("figures",)

    def prepare(self):
        """Nobody opens it before."""

    def wrong(self):
        """It is as one of the migrations left it, to the row."""
        earlier.connect(self.ground.settings)
        schema, rows = earlier.content()
        known = self.ground.after[len(rows.get("schema_migration", ()))]
        found = [*self.log.unexpected, *database_module.integrity()]
        return found + ["a migration was done by half"] * ((schema, rows) != known)

    def left(self):
        last = max(self.ground.after)
        if earlier.content() != self.ground.after[last]:
            yield "it is not what it is when nothing stops it"
