"""Runs one of our programs in a process of its own, fed and heard through pipes only.

The parent never waits without a limit: whatever the child does, `feed` and `output` end.
"""

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PIPE_BYTES = 64 * 1024
# Nothing of ours but this, no secret: one malloc arena, since each would reserve 64 MB of the
# address space allowed; and the libraries, which `site` would look for in a third of the time that
# a child takes to start (-S).
ENVIRONMENT = {
    "MALLOC_ARENA_MAX": "1",
    "PYTHONUTF8": "1",
    "PYTHONPATH": os.pathsep.join(one for one in sys.path if one.endswith("-packages")),
}


class OutOfTime(Exception):
    pass


class Child:
    """`seconds` counts the time spent waiting for the child, never for who sends or reads."""

    def __init__(self, module: str, *arguments: str, seconds: float):
        self._left = seconds
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-s", "-B", "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd=ROOT,
            env=ENVIRONMENT,
        )
        os.set_blocking(self._process.stdin.fileno(), False)

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_) -> None:
        self._process.kill()
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def feed(self, chunks: Iterable[bytes]) -> None:
        """Our programs speak only once they have read everything, so feeding first is safe.

        Raises OutOfTime.
        """
        try:
            for chunk in chunks:
                self._write(memoryview(chunk))
            self._process.stdin.close()
        except BrokenPipeError:
            pass  # the child has given its answer, or died: `output` will tell

    def tell(self, piece: bytes) -> None:
        """To one of our programs that asked for it and waits. Raises OutOfTime."""
        with suppress(BrokenPipeError):  # it has died: `output` will end
            self._write(memoryview(piece))

    def output(self) -> Iterator[bytes]:
        """Raises OutOfTime."""
        stdout = self._process.stdout.fileno()
        while True:
            self._wait(stdout, select.POLLIN)
            piece = os.read(stdout, PIPE_BYTES)
            if not piece:
                return
            yield piece

    def finished_well(self) -> bool:
        """To be asked once `output` is at its end."""
        try:
            return self._process.wait(max(self._left, 0)) == 0
        except subprocess.TimeoutExpired:
            return False

    def _write(self, rest: memoryview) -> None:
        stdin = self._process.stdin.fileno()
        while rest:
            self._wait(stdin, select.POLLOUT)
            rest = rest[os.write(stdin, rest[:PIPE_BYTES]) :]

    def _wait(self, descriptor: int, event: int) -> None:
        ready = select.poll()
        ready.register(descriptor, event)
        start = time.monotonic()
        happened = ready.poll(max(self._left, 0) * 1000)
        self._left -= time.monotonic() - start
        if not happened:
            self._process.kill()
            raise OutOfTime
