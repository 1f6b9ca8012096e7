"""A day of writes, backed up every hour: each backup restores to a moment of that day exactly.
`python -m tests.faults.day --hours 24`: real commands; the suite plays a few hours.

Someone writes all the while, in a process of his own, whose clock goes an hour on at each backup:
after each commit he notes the hash of all that the instance holds. What is restored from a backup
must have one of these hashes, no older than the last one noted before the backup began, and no
newer than the first one noted after its end."""

import argparse
import mmap
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from models import access, bin, clock, filing, folder, instance, masking, vault
from models.access import Role
from models.database import database
from models.keeping import backup, kept, restoring
from models.refusal import Refusal
from models.settings import Settings

from ..exact import Exactly
from ..world import World

ROOT = Path(__file__).parents[2]
FLASK = Path(sys.executable).parent / "flask"
WEIGHTS = {"deposit": 8, "mask": 3, "bin": 4, "take_out": 2, "erase": 4, "file": 2, "person": 1}
HEAVY = 150_000


class Writer:
    """Until it is killed. Its notes: a line for each commit."""

    def __init__(self, notes: Path, seed: int):
        self.world, self.chance, self.exactly = World(), random.Random(seed), Exactly()
        self._notes = open(notes, "a")  # noqa: SIM115 (the process is killed)
        self._changes = -1
        self._watch()

    def go_on(self, hour: mmap.mmap):
        self.note()
        names, weights = zip(*WEIGHTS.items(), strict=True)
        while True:
            with clock.moved(timedelta(hours=hour[0])):
                self.holder = self.world.access("alice")
                with suppress(Refusal):  # an answer too
                    getattr(self, self.chance.choices(names, weights)[0])()
                if self.chance.random() < 0.1:
                    vault.sweep(kept.known)

    def note(self):
        """After each commit: nobody else writes."""
        connection = database.connection()
        if connection.total_changes != self._changes and not connection.in_transaction:
            self._changes = connection.total_changes
            self._notes.write(f"{time.monotonic()} {self.exactly.of_now()}\n")
            self._notes.flush()

    def _watch(self):
        pool = database.obj
        for name in ("execute_sql", "commit"):
            setattr(pool, name, self._noted(getattr(pool, name)))

    def _noted(self, call):
        def called(*words, **more):
            answer = call(*words, **more)
            if not self.noting:
                self.noting = True
                self.note()
                self.noting = False
            return answer

        return called

    noting = False

    def deposit(self):
        length = self.chance.choice((20, 3_000, HEAVY))
        text = " ".join(f"mot{self.chance.randrange(500)}" for _ in range(length // 7))
        self.world.paper(f"Papier {self.world.number}", text=f"{self.world.number} {text}")

    def mask(self):
        masking.choose_all(self.holder, self.chance.random() < 0.5)

    def bin(self):
        if paper := self._one(self.holder.documents()):
            bin.discard(self.holder, [paper])

    def take_out(self):
        if paper := self._one(self.holder.binned()):
            bin.restore(self.holder, paper)

    def erase(self):
        if paper := self._one(self.holder.binned()):
            bin.erase(self.holder, paper)

    def file(self):
        made = folder.make(self.holder, f"Dossier {self.chance.random()}")
        if paper := self._one(self.holder.documents()):
            filing.move(self.holder, [paper], made)

    def person(self):
        self.world.contact(f"Paule {self.chance.random()}")
        if access.find(self.world.account("bruno"), self.holder.record.uid) is None:
            self.world.let_in("bruno", Role.CARER)

    def _one(self, query):
        found = list(query.limit(20))
        for one in found:
            one.record = self.holder.record
        return self.chance.choice(found) if found else None


@dataclass
class Day:
    """`places`: of each backup, which note its rows have, among how many there were then."""

    hours: int
    acts: int = 0
    places: list[tuple[int, int, int]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


class Player:
    """`commands`: as the one who keeps the server does it. `writing`: seconds of each hour before
    its backup."""

    def __init__(self, settings: Settings, ground: Path, commands: bool, writing: float = 0.1):
        self.settings, self.ground, self.commands = settings, ground, commands
        self.writing = writing
        self.notes, self.backups = ground / "notes", ground / "backups"
        self.hour = mmap.mmap(-1, 1)

    def play(self, hours: int, seed: int = 7) -> Day:
        day = Day(hours)
        database.close_all()
        writer = self._writer(seed)
        try:
            around = [self._one_hour(number, writer, day) for number in range(hours)]
            self._wait_for_notes(len(self._told()) + 1, writer)
        finally:
            os.kill(writer, signal.SIGKILL)
            os.waitpid(writer, 0)
        told = self._told()
        day.acts = len(told)
        for number, (place, before, after) in enumerate(around):
            self._compare(day, number, place, told, before, after)
        return day

    def _writer(self, seed):
        child = os.fork()
        if child:
            return child
        try:
            instance.open_instance(self.settings)
            Writer(self.notes, seed).go_on(self.hour)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)

    def _one_hour(self, number, writer, day):
        self.hour[0] = number
        self._wait_for_notes(len(self._told()) + 2, writer)
        time.sleep(self.writing)
        before, start = len(self._told()), time.monotonic()
        place = self._backed_up()
        day.seconds.append(time.monotonic() - start)
        return place, before, len(self._told())

    def _backed_up(self):
        if self.commands:
            self._run("backup", self.settings.instance, self.backups)
        else:
            backup.make(instance.open_instance(self.settings), self.backups)
            database.close_all()
        return backup.listed(self.backups)[-1]

    def _restored(self, place, folder):
        folder.mkdir(mode=0o700)
        shutil.copy2(self.settings.instance / "key", folder / "key")
        if self.commands:
            self._run("restore", folder, place)
        else:
            restoring.restore(Settings(instance=folder), place)

    def _compare(self, day, number, place, told, before, after):
        folder = self.ground / f"restored-{number}"
        self._restored(place, folder)
        instance.open_instance(Settings(instance=folder))
        found = Exactly().of_now()
        database.close_all()
        shutil.rmtree(folder)
        # One may be committed and not noted yet, at each end.
        among = told[before - 1 : after + 1]
        if found not in among:
            day.wrong.append(f"hour {number}: {'elsewhere' if found in told else 'never seen'}")
        else:
            day.places.append((told.index(found, before - 1), before, after))

    def _told(self):
        if not self.notes.exists():
            return []
        return [line.split()[1] for line in self.notes.read_text().splitlines() if len(line) > 64]

    def _wait_for_notes(self, number, writer):
        end = time.monotonic() + 60
        while len(self._told()) < number:
            assert os.waitpid(writer, os.WNOHANG) == (0, 0), "the writer died by itself"
            assert time.monotonic() < end, "nothing is written"
            time.sleep(0.01)

    def _run(self, command, folder, *words):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("CARNET_")}
        environment["CARNET_INSTANCE"] = str(folder)
        done = subprocess.run(
            [FLASK, command, *map(str, words)],
            **{"cwd": ROOT, "env": environment, "capture_output": True, "text": True},
        )
        assert done.returncode == 0, done.stdout + done.stderr


def main():
    told = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    told.add_argument("--hours", type=int, default=24)
    told.add_argument("--writing", type=float, default=3, help="seconds of each hour (3)")
    told.add_argument("--seed", type=int, default=7)
    told = told.parse_args()
    with tempfile.TemporaryDirectory(prefix="carnet-day-") as ground:
        settings = Settings(instance=Path(ground) / "instance")
        player = Player(made(settings), Path(ground), commands=True, writing=told.writing)
        day = player.play(told.hours, told.seed)
    first, last = min(day.seconds), max(day.seconds)
    print(
        f"{len(day.places)} of {day.hours} hours exact, {day.acts} commits, backups of {first:.2f} "
        f"to {last:.2f} s; commits while one was made: "
        f"{', '.join(str(after - before) for _, before, after in day.places)}"
    )
    print("\n".join(day.wrong) or "nothing wrong")
    sys.exit(bool(day.wrong))


def made(settings: Settings) -> Settings:
    """With Alice, who holds a record, and Bruno."""
    from models import password
    from models.account import Account

    from ..world import PASSWORD, make_holder

    os.umask(0o077)
    instance.create(settings)
    instance.open_instance(settings)
    make_holder("alice")
    Account.create(
        email="bruno@exemple.invalid", name="Bruno Fictif", password_hash=password.hashed(PASSWORD)
    )
    return settings


if __name__ == "__main__":
    main()
