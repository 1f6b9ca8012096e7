"""What a child takes out of a file that holds others: facts, and bytes that go straight into the
vault. See speech.py for what it says."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from models.formats.child import Child, OutOfTime

SECONDS = 10
# A line is a message: the longest is a piece of text or a header.
LONGEST_LINE = 4 * 1024 * 1024
MOST_PARTS = 200
# What all that a child says may weigh, but for the bytes of parts, which their keeper bounds.
MOST_SAID = 8 * 1024 * 1024


class Keeper(Protocol):
    def write(self, data: bytes) -> int: ...


class Nowhere:
    def write(self, data: bytes) -> int:
        return len(data)


class Garbled(Exception):
    """The child said what none of ours says: it went wrong."""


def said(
    module: str,
    arguments: Iterable[str],
    whole: Iterable[bytes],
    keep: Callable[[dict], Keeper],
    seconds: float = SECONDS,
) -> list[dict]:
    """Its messages, as far as it went. `keep` is called with the facts of each part, before its
    bytes. The last message is `{"done": true}` unless time or memory ran out."""
    messages = []
    with Child(module, *arguments, seconds=seconds) as child:
        try:
            child.feed(whole)
            for message in _heard(child.output(), keep):
                messages.append(message)
        except (OutOfTime, Garbled):
            pass  # what was said before still counts
    return messages


def _heard(pieces: Iterator[bytes], keep) -> Iterator[dict]:
    stream, told, parts = _Stream(pieces), 0, 0
    while line := stream.line():
        told += len(line)
        message = _message(line)
        if told > MOST_SAID or parts > MOST_PARTS:
            raise Garbled
        if "part" in message:
            parts += 1
            stream.pass_on(message["bytes"], keep(message["part"]))
        if message:
            yield message


def _message(line: bytes) -> dict:
    """Empty when it is not from us: a library may print a complaint."""
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


class _Stream:
    def __init__(self, pieces):
        self._pieces, self._rest = pieces, bytearray()

    def line(self) -> bytes:
        """Without its end; empty once all is said. A line cut short is worth nothing."""
        while (end := self._rest.find(b"\n")) < 0:
            if len(self._rest) > LONGEST_LINE or not self._more():
                return b""
        line = bytes(self._rest[: end + 1])
        del self._rest[: end + 1]
        return line

    def pass_on(self, size: int, keeper: Keeper) -> None:
        """Raises Garbled where the child ended before."""
        while size:
            if not self._rest and not self._more():
                raise Garbled
            piece = bytes(self._rest[:size])
            del self._rest[: len(piece)]
            keeper.write(piece)
            size -= len(piece)

    def _more(self):
        piece = next(self._pieces, b"")
        self._rest += piece
        return bool(piece)
