"""Who uses an instance: every process that opens it says so for as long as it lives, by a lock
that the system takes back if it dies. What changes all of it at once works alone."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .refusal import Refusal

_held: int | None = None


class Taken(Exception):
    """Someone works alone on it."""


def hold(folder: Path) -> None:
    """Until this process ends, or holds another. Raises Taken."""
    global _held
    let_go()
    handle = _opened(folder)
    try:
        if handle is not None:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError as taken:
        os.close(handle)
        raise Taken from taken
    _held = handle


def let_go() -> None:
    global _held
    if _held is not None:
        os.close(_held)
        _held = None


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """No other process has it open, and none can open it. Raises Refusal."""
    let_go()
    handle = _opened(folder)
    if handle is None:
        raise Refusal(f"Carnet ne peut pas écrire dans {folder}.")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as used:
        raise Refusal(
            f"Carnet se sert de {folder} : arrêtez le serveur et « flask work », puis recommencez."
        ) from used
    finally:
        os.close(handle)


def _opened(folder):
    """None where nothing can be written: there, nothing changes all of it either."""
    try:
        return os.open(folder / "in-use", os.O_RDONLY | os.O_CREAT, 0o600)
    except OSError:
        return None
