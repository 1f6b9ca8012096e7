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
# The same of one that is asked of an archive, which may hold tens of thousands of files.
MOST_ANSWERED = 128 * 1024 * 1024


class Keeper(Protocol):
    def write(self, data: bytes) -> int: ...


class Readable(Protocol):
    def read(self, offset: int, length: int) -> Iterator[bytes]: ...


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


def asked(module: str, question: dict, file: "Readable", seconds: float) -> Iterator[dict]:
    """What the child says of a file too large for it, of which it reads here and there: it asks for
    pieces (remote.py). A message that had bytes has them as `data`. Whoever stops listening ends
    the child; the last message is `{"done": true}` unless it went wrong."""
    with Child(module, seconds=seconds) as child:
        try:
            child.tell(json.dumps(question).encode() + b"\n")
            stream, told = _Stream(child.output()), 0
            while line := stream.line():
                told, message = told + len(line), _message(line)
                if told > MOST_ANSWERED:
                    raise Garbled
                if "read" in message:
                    for piece in file.read(*_span(message["read"])):
                        child.tell(piece)
                elif "bytes" in message:
                    yield message | {"data": stream.take(_count(message["bytes"]))}
                elif message:
                    yield message
        except (OutOfTime, Garbled):
            pass  # what was said before still counts


def _heard(pieces: Iterator[bytes], keep) -> Iterator[dict]:
    stream, told, parts = _Stream(pieces), 0, 0
    while line := stream.line():
        told += len(line)
        message = _message(line)
        if told > MOST_SAID or parts > MOST_PARTS:
            raise Garbled
        if "part" in message:
            parts += 1
            size, facts = _count(message.get("bytes")), _facts(message["part"])
            stream.pass_on(size, keep(facts))
        if message:
            yield message


def _message(line: bytes) -> dict:
    """Empty when it is not from us: a library may print a complaint."""
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def _count(told) -> int:
    """Of bytes. Raises Garbled."""
    if type(told) is not int or told < 0:
        raise Garbled
    return told


def _span(told) -> list[int]:
    """From where, and how many bytes. Raises Garbled."""
    if not isinstance(told, list) or len(told) != 2:
        raise Garbled
    return list(map(_count, told))


def _facts(told) -> dict:
    """Of a part: words. Raises Garbled."""
    if not isinstance(told, dict) or not isinstance(told.get("role"), str):
        raise Garbled
    if not all(isinstance(word, str | None) for word in told.values()):
        raise Garbled
    return told


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

    def take(self, size: int) -> bytes:
        """Raises Garbled where the child ended before, or says more than it may at once."""
        if size > LONGEST_LINE:
            raise Garbled
        while len(self._rest) < size:
            if not self._more():
                raise Garbled
        taken = bytes(self._rest[:size])
        del self._rest[:size]
        return taken

    def _more(self):
        piece = next(self._pieces, b"")
        self._rest += piece
        return bool(piece)
