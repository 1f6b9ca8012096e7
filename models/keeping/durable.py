"""Files written for good: once these return, what was written is on the disk, whole. Under its name
there is never half of it."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PIECE = 1 << 20
# What is not whole yet.
BESIDE = ".part"


class Sum(NamedTuple):
    """`size` in bytes; `sha256` in hexadecimal."""

    size: int
    sha256: str


def copied(source: Path, target: Path) -> Sum:
    """Raises OSError."""
    beside, digest, size = target.with_name(target.name + BESIDE), hashlib.sha256(), 0
    with open(source, "rb", buffering=0) as file, open(beside, "wb") as written:
        while piece := file.read(PIECE):
            digest.update(piece)
            size += written.write(piece)
        _settle(written)
    os.replace(beside, target)
    return Sum(size, digest.hexdigest())


def write(path: Path, content: bytes) -> None:
    """Mode 0600. Raises OSError."""
    beside = path.with_name(path.name + BESIDE)
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        written.write(content)
        _settle(written)
    os.replace(beside, path)
    sync(path.parent)


def summed(path: Path) -> Sum:
    """Read again from the disk itself, where the system can: not from what it remembers."""
    digest, size = hashlib.sha256(), 0
    forget_read(path)
    for piece in pieces(path):
        digest.update(piece)
        size += len(piece)
    return Sum(size, digest.hexdigest())


def pieces(path: Path) -> Iterator[bytes]:
    with open(path, "rb", buffering=0) as file:
        while piece := file.read(PIECE):
            yield piece


def forget_read(path: Path) -> None:
    """The next to read this file reads the disk. It must have been synced."""
    if hasattr(os, "posix_fadvise"):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(handle)


def sync(path: Path) -> None:
    """A file, or the names that a folder holds."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _settle(file):
    file.flush()
    os.fsync(file.fileno())
