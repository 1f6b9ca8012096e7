"""Tells what a deposited file is, proves that it opens and draws its text, never trusting it."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from types import NoneType

from models.formats import dissection, kinds, plain, unpacking
from models.formats.child import Child, OutOfTime
from models.header import Header, heard

SECONDS = 8
# More than the text at its longest, so that a child gone wrong cannot fill our memory.
MAX_OUTPUT = 8 * 1024 * 1024
# What the child says, and of which types: a message that says anything else is none of ours.
SAID = {
    "media_type": (str,),
    "pages": (int, NoneType),
    "protected": (bool,),
    "text": (str,),
    "warning": (str,),
    "refused": (str,),
    "what": (str, NoneType),
    "done": (bool,),
}
MOST_PAGES, LONGEST_WORDS = 1_000_000, 300
UNFINISHED = (
    "Ce document est long ou compliqué : son texte n'a pas pu être lu en entier, "
    "la recherche peut donc ne pas le trouver."
)


@dataclass(frozen=True)
class Reading:
    media_type: str
    text: str
    pages: int | None
    protected: bool
    warning: str | None
    header: Header = field(default_factory=Header)


class Unreadable(Exception):
    """`reason`: empty, not_accepted or broken. `what` it seems to be, in French, if known.

    `index`: which photo, counted from 0, when several were given.
    """

    def __init__(self, reason: str, what: str | None = None, index: int | None = None):
        super().__init__(reason, what, index)
        self.reason = reason
        self.what = what
        self.index = index


def read(
    chunks: Iterable[bytes],
    name: str,
    keep: Callable[[dict], unpacking.Keeper] = lambda _facts: unpacking.Nowhere(),
) -> Reading:
    """Raises Unreadable. Nothing is written anywhere and the file is never held whole here. `keep`
    is given the parts of what software wrote (unpacking.py)."""
    head, whole = opened(chunks)
    media_type = accepted(head, name)
    if media_type in dissection.DOCUMENTS:
        return _dissected(media_type, whole, keep)
    if media_type == kinds.TEXT:
        return _plain(head, whole, name)
    return _reading(media_type, _heard(media_type, whole))


def opened(chunks: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes, and the whole again."""
    source = iter(chunks)
    first, size = [], 0
    while size < kinds.HEAD_BYTES and (chunk := next(source, None)) is not None:
        first.append(chunk)
        size += len(chunk)
    return b"".join(first)[: kinds.HEAD_BYTES], chain(first, source)


def accepted(head: bytes, name: str) -> str:
    """The media type that the first bytes announce. Raises Unreadable."""
    if not head:
        raise Unreadable("empty")
    media_type = kinds.recognise(head, name)
    if media_type is None:
        raise Unreadable("not_accepted", kinds.describe(head, name))
    return media_type


def _plain(head: bytes, whole: Iterable[bytes], name: str) -> Reading:
    """Decoding text runs no parser: it needs no child, and stays quick."""
    kept = plain.PlainText(head[:2])
    try:
        for chunk in whole:
            kept.add(chunk)
        kept.add(b"", final=True)
    except plain.NotText as error:
        raise Unreadable("not_accepted", kinds.describe(head, name)) from error
    text = kept.text()
    warning = plain.TOO_LONG if len(text) > plain.MAX_TEXT else None
    return Reading(kinds.TEXT, text[: plain.MAX_TEXT], None, False, warning)


def _dissected(announced: str, whole: Iterable[bytes], keep) -> Reading:
    messages = dissection.heard(dissection.DOCUMENTS[announced], whole, keep)
    facts = {key: value for message in messages for key, value in message.items()}
    if "refused" in facts:
        raise _refused(facts)
    broken = Unreadable("broken", dissection.LABELS[announced])
    if "done" not in facts or facts.get("media_type") not in list(kinds.EXCHANGED):
        raise broken
    try:
        text = "".join(message.get("text", "") for message in messages).strip()
        header = heard(facts.get("header", {}))
    except (ValueError, TypeError) as fault:
        raise broken from fault
    warning = " ".join(header.warnings) or None
    return Reading(facts["media_type"], _kept(text), None, False, warning, header)


def _heard(media_type: str, whole: Iterable[bytes]) -> bytes:
    """All that the child had time to say."""
    said = bytearray()
    with Child("models.formats.extraction", media_type, seconds=SECONDS) as child:
        try:
            child.feed(whole)
            for piece in child.output():
                said += piece
                if len(said) > MAX_OUTPUT:
                    break
        except OutOfTime:
            pass  # what was said before still counts
    return bytes(said)


def _reading(announced: str, said: bytes) -> Reading:
    # A last line cut short by the end of the child is worth nothing.
    messages = [_message(line) for line in said.split(b"\n")[:-1]]
    facts = {key: value for message in messages for key, value in message.items()}
    if "refused" in facts:
        raise _refused(facts)
    if facts.get("media_type") not in kinds.KINDS:
        raise Unreadable("broken", kinds.label(announced))
    text = "".join(message.get("text", "") for message in messages).strip()
    warning = facts.get("warning") if "done" in facts else UNFINISHED
    warning = _kept(warning, LONGEST_WORDS) if warning else None
    pages = facts.get("pages")
    pages = pages if pages is None or 0 <= pages <= MOST_PAGES else None
    return Reading(facts["media_type"], _kept(text), pages, facts.get("protected", False), warning)


def _refused(facts) -> Unreadable:
    what = facts.get("what")
    return Unreadable(str(facts["refused"]), _kept(str(what), LONGEST_WORDS) if what else None)


def _kept(text: str, most=plain.MAX_TEXT) -> str:
    """A child that has gone wrong may say more than ours do, and halves of characters."""
    return text[:most].encode("utf-8", "replace").decode()


def _message(line: bytes) -> dict:
    """Empty when it is not from us: a library may print a complaint."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    ours = isinstance(message, dict) and all(
        type(value) in SAID.get(name, ()) for name, value in message.items()
    )
    return message if ours else {}
