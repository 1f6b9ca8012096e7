"""Runs one of our programs in a process of its own, fed and heard through pipes only.

The parent never waits without a limit: whatever the child does, `feed` and `output` end.
"""

import os
import select
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress

from models import turns
from models.formats import program
from models.formats.program import GOODBYE, OVER

PIPE_BYTES = 64 * 1024


class OutOfTime(Exception):
    pass


class Child:
    """`seconds` counts the time spent waiting for the child, never for who sends or reads."""

    def __init__(self, module: str, *arguments: str, seconds: float):
        self._left = seconds
        self._process = program.begin(module, *arguments)
        os.set_blocking(self._process.stdin.fileno(), False)

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_) -> None:
        self._process.kill()
        self._process.stdin.close()
        self._process.stdout.close()
        with suppress(OVER), turns.aside():  # whoever ends it may not answer either
            self._process.wait(GOODBYE)

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
            with turns.aside():
                return self._process.wait(max(self._left, 0)) == 0
        except OVER:
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
        with turns.aside():
            happened = ready.poll(max(self._left, 0) * 1000)
        self._left -= time.monotonic() - start
        if not happened:
            self._process.kill()
            raise OutOfTime
