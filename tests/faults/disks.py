"""Disks that stop taking what is written, and rights that are taken away: real ones, where this
system lets them be made; skipped elsewhere, with the reason."""

import ctypes
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest

SIZE = 24_000_000
# Of prctl(2) and capabilities(7): by which root opens what the modes of files refuse.
DROP, PASSING_OVER = 24, (1, 2)


@contextmanager
def small(folder: Path):
    """A disk of SIZE bytes, in memory (test_keeping.py)."""
    with _mounted(folder, "-t", "tmpfs", "-o", f"size={SIZE}", "carnet-test"):
        yield folder


@contextmanager
def failing(folder: Path):
    """A disk of its own; `fail` makes it read-only, as Linux does with one that answers badly."""
    image = folder.with_suffix(".image")
    image.touch()
    os.truncate(image, SIZE)
    if not shutil.which("mkfs.ext4"):
        pytest.skip("mkfs.ext4 is not there")
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
    with _mounted(folder, "-o", "loop", str(image)):
        yield folder


def fail(folder: Path) -> None:
    done = subprocess.run(["mount", "-o", "remount,abort", str(folder)], check=False)
    if done.returncode:
        pytest.skip("this kernel does not make a disk fail when it is asked to")


@contextmanager
def filled(folder: Path):
    """Not one byte is left on it, for as long as the block lasts."""
    file = folder / "filler"
    handle = os.open(file, os.O_WRONLY | os.O_CREAT)
    try:
        with pytest.raises(OSError, match="No space left"):
            while True:
                os.write(handle, bytes(4096))
        yield
    finally:
        os.close(handle)
        file.unlink()


def bound_by_modes() -> None:
    """In a process about to run a program: the modes of files hold for it, even if it is root's."""
    if os.geteuid():
        return
    for capability in PASSING_OVER:
        if ctypes.CDLL(None).prctl(DROP, capability, 0, 0, 0):
            os._exit(77)


@contextmanager
def closed(path: Path):
    """Nobody may open it, or what is in it."""
    mode = path.stat().st_mode
    path.chmod(0)
    try:
        yield
    finally:
        path.chmod(mode)


@contextmanager
def _mounted(folder, *words):
    folder.mkdir()
    done = subprocess.run(["mount", *words, str(folder)], check=False, capture_output=True)
    if done.returncode:
        pytest.skip("only a system's administrator mounts a disk")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
