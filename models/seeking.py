"""Reading a kept file here and there: a ZIP says at its end what it holds.

libsodium's secretstream is read from its beginning. Its state at regular places, noted as one goes,
is enough to go on from there: nothing is in clear anywhere, and each piece is still proved."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from nacl import bindings as sodium

from . import vault

SEALED = vault.SEALED_CHUNK
OVERHEAD = SEALED - vault.CHUNK
# Chunks between two marks: one megabyte, for 85 bytes of memory.
EVERY = 16
# The marks of the last files read so, by their name: a job opens its own again at each step.
REMEMBERED = 4
_marks: dict[str, dict[int, bytes]] = {}


@dataclass(frozen=True)
class Span:
    """In bytes."""

    start: int
    length: int


class Seekable:
    def __init__(self, name: str):
        """Raises vault.Damaged where there is no such file."""
        self.name = name
        path, self._key = vault.place(name)
        try:
            self._file = open(path, "rb")  # noqa: SIM115 (closed by close)
        except FileNotFoundError as missing:
            raise vault.Damaged(name) from missing
        sealed = os.fstat(self._file.fileno()).st_size - vault.HEADER
        self._number = max(1, -(-sealed // SEALED))
        self.size = max(0, sealed - self._number * OVERHEAD)
        self._header = self._file.read(vault.HEADER)
        self._marks = _remembered(name)
        self._state, self._next = None, 0
        self._last, self._chunk = -1, b""

    def __enter__(self) -> "Seekable":
        return self

    def __exit__(self, *_) -> None:
        self._file.close()

    def read(self, offset: int, length: int) -> Iterator[bytes]:
        """As much of it as there is. Raises vault.Damaged."""
        end = min(offset + length, self.size)
        while 0 <= offset < end:
            number, start = divmod(offset, vault.CHUNK)
            piece = self._at(number)[start : start + end - offset]
            if not piece:
                raise vault.Damaged(self.name)
            offset += len(piece)
            yield piece

    def _at(self, number) -> bytes:
        if number != self._last:
            self._go_to(number)
            while self._next <= number:
                self._pull()
        return self._chunk

    def _go_to(self, number):
        """To the nearest place before it from which one can go on."""
        mark = max((one for one in self._marks if one <= number), default=0)
        if self._state is None or not mark <= self._next <= number:
            self._state = self._begun()
            if mark:
                self._state.statebuf[0 : len(self._marks[mark])] = self._marks[mark]
            self._next = mark
            self._file.seek(vault.HEADER + mark * SEALED)

    def _begun(self):
        state = sodium.crypto_secretstream_xchacha20poly1305_state()
        try:
            sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, self._header, self._key)
        except (RuntimeError, ValueError, TypeError) as error:
            raise vault.Damaged(self.name) from error
        return state

    def _pull(self):
        if self._next % EVERY == 0 and self._next not in self._marks:
            self._marks[self._next] = bytes(self._state.statebuf)
        try:
            self._chunk, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(
                self._state, self._file.read(SEALED), None
            )
        except (RuntimeError, ValueError, TypeError) as error:
            raise vault.Damaged(self.name) from error
        # Cut at the end of a chunk, it would still decrypt.
        if (tag == vault.FINAL) != (self._next == self._number - 1):
            raise vault.Damaged(self.name)
        self._last, self._next = self._next, self._next + 1


def content(name: str, span: Span | None) -> Iterator[bytes]:
    """This span of it, or all of it. Raises vault.Damaged: at once when nothing can be read, and at
    the latest at its end."""
    if span is None:
        return vault.read(name)
    chunks = _spanned(name, span)
    return chain([next(chunks, b"")], chunks)


def forget(name: str) -> None:
    _marks.pop(name, None)


def _spanned(name, span):
    with Seekable(name) as file:
        yield from file.read(span.start, span.length)


def _remembered(name):
    marks = _marks.pop(name, {})
    while len(_marks) >= REMEMBERED:
        _marks.pop(next(iter(_marks)), None)
    _marks[name] = marks
    return marks
