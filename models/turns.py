"""Turns, in the order of coming. SQLite has none: who finds it locked looks again a tenth of a
second later, and where many write, some never find it free."""

import fcntl
import os
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Condition, local

from peewee import OperationalError

# In seconds: longer, and one is told to come back.
PATIENCE = 10

_here = local()


def work(apart=None) -> None:
    """From now on this thread works in a turn of its own, which others have inside of `apart()`;
    or in none."""
    _here.apart = apart


def aside():
    """While one waits, for a child, another server or to write, others work."""
    apart = getattr(_here, "apart", None)
    return apart() if apart else nullcontext()


class Turns:
    def __init__(self, number: int):
        self._free, self._waiting, self._changed = number, 0, Condition()

    def take(self, patience: float) -> bool:
        """Whether it came, within so many seconds."""
        with self._changed:
            if self._waiting or self._free <= 0:
                self._waiting += 1
                came = self._changed.wait_for(lambda: self._free > 0, patience)
                self._waiting -= 1
                if not came:
                    return False
            self._free -= 1
            return True

    def retake(self) -> None:
        """By who had one and only paused: at once, and newcomers wait longer."""
        with self._changed:
            self._free -= 1

    def give_back(self) -> None:
        with self._changed:
            self._free += 1
            if self._free > 0:
                self._changed.notify()


class Writers:
    """One at a time: of this process by turns, then of all by a lock on a file, which the system
    gives to who waits as soon as it is free."""

    _file = None

    def __init__(self, file: Path):
        self._turns = Turns(1)
        self._file = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)

    def __del__(self):
        if self._file is not None:
            os.close(self._file)

    @contextmanager
    def turn(self):
        """Raises OperationalError, as SQLite does, when it does not come."""
        with aside():
            came = self._turns.take(PATIENCE)
        if not came:
            raise OperationalError("database is locked: others were writing")
        try:
            with aside():
                fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)
        finally:
            self._turns.give_back()
