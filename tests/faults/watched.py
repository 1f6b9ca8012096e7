"""Carnet as it is, in a process to be killed that says at each moment where it is:
`python -m tests.faults.watched WATCH serve`, or `… WATCH flask COMMAND…`.

WATCH is a file that both sides keep in memory: how many points the process has passed (a write of
SQL, a file kept, a trace, a commit…), in which stage each thread is, and at which point it must
die, by SIGKILL, with all its group: so many microseconds after it, whatever it does then."""

import mmap
import os
import signal
import struct
import sys
import threading
import time
from pathlib import Path

# From the least advanced in an act to the most: a kill is counted by the last of its threads.
IDLE, AFTER, RECEIVING, INSIDE, KEPT, COMMITTING = range(6)
STAGES = (
    *("between two acts", "committed, not told yet", "before: its file comes"),
    *("inside its transaction", "its file kept, its row not yet", "in its commit"),
)
THREADS, HEADER = 64, 16
SIZE = HEADER + THREADS
NEVER = 0
DURABLE = ("copied", "write", "summed", "sync")
WRITES = ("INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP", "REPLACE")


class Watch:
    """The two ends of it share the file."""

    def __init__(self, path: Path):
        if not path.exists():
            path.write_bytes(bytes(SIZE))
        with open(path, "r+b") as file:
            self._memory = mmap.mmap(file.fileno(), SIZE)
        self._slots: dict[int, int] = {}

    @property
    def points(self) -> int:
        """How many were passed."""
        return struct.unpack_from("I", self._memory, 0)[0]

    def clear(self) -> None:
        self._memory[:] = bytes(SIZE)

    def arm(self, after: int, microseconds: int) -> None:
        """Die once so many more points are passed."""
        struct.pack_into("II", self._memory, 4, self.points + after, microseconds)

    @property
    def stage(self) -> int:
        """Of the thread that was the furthest in an act."""
        return max(self._memory[HEADER:])

    def at(self, stage: int) -> None:
        """The thread that calls it is there now; that is a point."""
        number = self._slots.setdefault(threading.get_ident(), len(self._slots) % THREADS)
        self._memory[HEADER + number] = stage
        self.point()

    @property
    def here(self) -> int:
        number = self._slots.get(threading.get_ident())
        return IDLE if number is None else self._memory[HEADER + number]

    def point(self) -> None:
        passed = self.points + 1
        struct.pack_into("I", self._memory, 0, passed)
        fatal, microseconds = struct.unpack_from("II", self._memory, 4)
        if fatal != NEVER and passed >= fatal:
            struct.pack_into("I", self._memory, 4, NEVER)
            threading.Thread(target=_die, args=(microseconds / 1e6,), daemon=True).start()


def _die(seconds):
    time.sleep(seconds)
    os.killpg(0, signal.SIGKILL)


def follow(watch: Watch) -> None:
    """From here on, the models say where they are."""
    from models import journal, vault
    from models.database import Pool
    from models.keeping import durable, snapshot

    def around(function, before=None, after=None):
        def wrapped(*given, **named):
            if before is not None:
                watch.at(before)
            made = function(*given, **named)
            watch.at(watch.here if after is None else after)
            return made

        return wrapped

    def statement(function):
        def wrapped(self, sql, *given, **named):
            made = function(self, sql, *given, **named)
            if sql.lstrip()[:7].upper().startswith(WRITES):
                watch.point()
            return made

        return wrapped

    Pool.begin = around(Pool.begin, after=INSIDE)
    Pool.commit = around(Pool.commit, COMMITTING, AFTER)
    Pool.execute_sql = statement(Pool.execute_sql)
    Pool.close = around(Pool.close, after=IDLE)
    vault.Spool.__init__ = around(vault.Spool.__init__, after=RECEIVING)
    vault.Spool.finish = around(vault.Spool.finish)
    vault.Spool.keep = around(vault.Spool.keep, after=KEPT)
    vault._sync = around(vault._sync)
    vault.erase = around(vault.erase)
    journal.write = around(journal.write)
    for module, names in ((durable, DURABLE), (snapshot, ("copy_to",))):
        for name in names:
            setattr(module, name, around(getattr(module, name)))


def create_app():
    """What granian makes in its worker."""
    from app import create_app as create

    follow(Watch(Path(os.environ["WATCH"])))
    return create()


def serve() -> None:
    """Carnet's own, whose worker is watched."""
    import granian

    import app

    real = granian.Granian
    granian.Granian = lambda _target, **options: real(f"{__name__}:create_app", **options)
    app.serve()


def main(path, what, *words):
    os.environ["WATCH"] = path
    if what == "serve":
        return serve()
    follow(Watch(Path(path)))
    from flask.cli import main as flask

    sys.argv = ["flask", *words]
    return flask()


if __name__ == "__main__":
    # Under its own name: the worker imports it so.
    from tests.faults import watched

    watched.main(*sys.argv[1:])
