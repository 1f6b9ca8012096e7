"""The memory of each worker, looked at every two seconds, and what the server wrote in its log."""

import asyncio
import statistics
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import processes
from tests.bench.serving import Server

EVERY = 2


@dataclass
class Worker:
    """(second, megabytes)"""

    pid: int
    seen: list[tuple[float, float]] = field(default_factory=list)

    @property
    def most(self) -> float:
        return max(weight for _, weight in self.seen)

    def mean(self, first: float, last: float) -> float:
        """Between these two parts of the whole, from 0 to 1."""
        end = self.seen[-1][0]
        part = [weight for second, weight in self.seen if first * end <= second <= last * end]
        return statistics.fmean(part or [self.seen[-1][1]])

    @property
    def slope(self) -> float:
        """Megabytes a minute, of the straight line nearest to the second half."""
        half = self.seen[len(self.seen) // 2 :]
        if len(half) < 3:
            return 0.0
        return 60 * statistics.linear_regression(*zip(*half, strict=True)).slope


def workers(server: Server, number: int) -> list[Worker]:
    """The heaviest of its children: it starts nothing else before people come."""
    children = sorted(processes.descendants(server.pid), key=processes.memory)
    return [Worker(pid) for pid in children[-number:]]


async def weigh(them: list[Worker]) -> None:
    """Until it is cancelled."""
    clock = asyncio.get_running_loop().time
    start = clock()
    while True:
        for one in them:
            one.seen.append((clock() - start, processes.memory(one.pid)))
        await asyncio.sleep(EVERY)


async def tell(server: Server, them: list[Worker], minutes: float) -> None:
    """A line each so many minutes, until it is cancelled."""
    clock = asyncio.get_running_loop().time
    start, cpu = clock(), processes.cpu_seconds(server.pids)
    while True:
        passed, spent = clock() - start, processes.cpu_seconds(server.pids) - cpu
        share = f"{spent / passed:.1%} of a processor" if passed > 1 else "at first"
        print(f"{passed / 60:5.1f} min: {_weights(them)}; {share}", flush=True)
        await asyncio.sleep(60 * minutes)


def _weights(them):
    """Resident, then the share of it that is theirs alone or divided (PSS)."""
    each = [(processes.memory(one.pid), processes.shared_out(one.pid)) for one in them]
    return ", ".join(f"{resident:.1f} MB resident, {pss:.1f} PSS" for resident, pss in each)


class Log:
    """What was added to it since."""

    def __init__(self, file: Path):
        self.file, self._start = file, file.stat().st_size if file.exists() else 0

    def lines(self) -> list[str]:
        with open(self.file, errors="replace") as log:
            log.seek(self._start)
            return log.read().splitlines()

    @property
    def faults(self) -> list[str]:
        """What was written, but that some were told to come back: they are counted by those who
        were."""
        lines = [line for line in self.lines() if " ERROR " in line and "no room:" not in line]
        return sorted(lines, key=lambda line: "locked" not in line)
