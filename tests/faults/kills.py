"""Kills at random moments: `python -m tests.faults.kills --kills 500 --seed 7`.

Real processes, killed by SIGKILL with all they started: at a random moment of what they do, by its
measured length; or just after the n-th point that they pass (a write, a file kept, a commit). After
each, all starts again, and every act that was acknowledged is looked for (lives.py), and whether
anything is half done (whole.py)."""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count, cycle
from pathlib import Path

from models.database import database

from . import commands, people
from . import ground as grounds
from .killed import LONGEST, Log
from .watched import STAGES

# Kills of the same instance before it is done with.
TOGETHER = 8
LATEST = 0.004
# Acts by which the length of one is measured.
SOME = 6
PEOPLE = ("deposit", "several", "mask", "mask_all", "move", "activate")
COMMANDS = {
    "import": commands.Import,
    "work": commands.Work,
    "backup": commands.Backup,
    "migration": commands.Migration,
}
KINDS = (*PEOPLE, *COMMANDS)


@dataclass
class Found:
    kills: Counter = field(default_factory=Counter)
    stages: Counter = field(default_factory=Counter)
    acknowledged: Counter = field(default_factory=Counter)
    orphans: int = 0
    wrong: list = field(default_factory=list)


class Campaign:
    """`lengths`: how many points each kind passes, and how long it takes, where that is known."""

    def __init__(self, folder: Path, seed: int, lengths: dict | None = None):
        self.folder, self.chance, self.found = folder, random.Random(seed), Found()
        self.lengths: dict[str, tuple[int, float]] = dict(lengths or {})
        self.people = grounds.made(folder / "people")
        self.earlier = cycle(grounds.earlier_ones(folder))
        self.numbers = count()

    def run(self, kills: int, kinds) -> Found:
        """The kind that was killed the least comes next."""
        together = min(TOGETHER, -(-kills // len(kinds)))
        while self.found.kills.total() < kills and not self.found.wrong:
            kind = min(kinds, key=lambda one: (self.found.kills[one], self.chance.random()))
            self.together(kind, min(kills - self.found.kills.total(), together))
        return self.found

    def together(self, kind: str, kills: int, ending: bool = True) -> None:
        """So many on one instance; then what was begun goes on to its end."""
        if kind not in self.lengths:
            self._measure(kind)
        ground, log = self._ground(kind), Log()
        for _ in range(kills):
            before = log.acknowledged
            life = self._live(kind, ground, log)
            killed = self._kill(kind, life)
            self._look(kind, life)
            self.found.acknowledged[kind] += life.acknowledged - before
            if killed:
                self.found.kills[kind] += 1
                self.found.stages[STAGES[life.process.watch.stage]] += 1
            if not killed or self.found.wrong:
                break
        if ending and kind in COMMANDS and not self.found.wrong:
            self._end(kind, ground, log)
        shutil.rmtree(ground.settings.instance)

    def _kill(self, kind, life) -> bool:
        """False where it had ended before: at a random moment of its length, or just after one of
        the points that it passes."""
        (points, seconds), by_point = self.lengths[kind], self.chance.random() < 0.5
        after = self.chance.uniform(0, LONGEST if by_point else seconds)
        if by_point:
            microseconds = int(self.chance.uniform(0, LATEST) * 1e6)
            life.process.watch.arm(self.chance.randint(1, points), microseconds)
            after = LONGEST
        life.begin()
        until = time.monotonic() + after
        while time.monotonic() < until and not life.finished() and life.process.alive():
            time.sleep(0.0005)
        ended = life.process.popen.poll() == 0
        life.end()
        return not ended

    def _measure(self, kind):
        """How many points it passes, and how long it takes: a few acts, or all of a command."""
        life = self._live(kind, self._ground(kind), Log())
        before, start = life.process.watch.points, time.monotonic()
        life.begin()
        while life.process.alive() and not life.finished() and life.acknowledged < SOME:
            assert time.monotonic() < start + LONGEST, kind
            time.sleep(0.001)
        passed, seconds = life.process.watch.points - before, time.monotonic() - start
        self.lengths[kind] = max(passed, 1), seconds
        life.end()
        self._look(kind, life)

    def _end(self, kind, ground, log):
        """Nobody kills it any more."""
        for _ in range(COMMANDS[kind].rounds):
            life = self._live(kind, ground, log)
            while not life.finished():
                time.sleep(0.01)
            life.end()
        self._look(kind, life, life.left)

    def _ground(self, kind):
        of = self.people
        if kind == "work":
            of = self.work
        elif kind == "migration":
            of = next(self.earlier)
        return of.copied(self.folder / f"killed-{next(self.numbers)}")

    @cached_property
    def work(self):
        return grounds.with_work(self.people, self.folder / "work")

    def _live(self, kind, ground, log):
        watch = self.folder / "watch"
        if kind in PEOPLE:
            return people.Served(ground, watch, kind, log, self.chance)
        return COMMANDS[kind](ground, watch, log, self.chance)

    def _look(self, kind, life, more=tuple):
        self.found.wrong += [f"{kind}: {one}" for one in [*life.wrong(), *more()]]
        self.found.orphans += life.orphans
        database.close_all()


def report(found: Found, seconds: float) -> str:
    lines = [f"{found.kills.total()} kills in {seconds:.0f} s"]
    for kind in found.kills:
        told = found.kills[kind], found.acknowledged[kind]
        lines.append("  {:12}{:4} kills, {} acts acknowledged".format(kind, *told))
    lines.append("where they fell:")
    lines += [f"  {number:4}  {stage}" for stage, number in found.stages.most_common()]
    lines.append(f"{found.orphans} orphan files, all swept")
    lines += ["nothing lost, nothing half done"] if not found.wrong else found.wrong
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kills")
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--kinds", nargs="*", choices=KINDS, default=KINDS)
    told = parser.parse_args()
    seed = random.randrange(10**6) if told.seed is None else told.seed
    print(f"seed {seed}", flush=True)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="carnet-kills-") as folder:
        found = Campaign(Path(folder), seed).run(told.kills, told.kinds)
    print(report(found, time.monotonic() - start))
    sys.exit(1 if found.wrong else 0)


if __name__ == "__main__":
    main()
