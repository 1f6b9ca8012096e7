"""Makes one PDF of several photos, such as the pages of a letter, one photo to a page."""

import json
from collections.abc import Generator, Iterable, Iterator

from models.formats import kinds
from models.formats.child import Child, OutOfTime
from models.formats.reading import Unreadable, accepted, opened

SECONDS = 40
MAX_PHOTOS = 50


def bind(photos: Iterable[Iterable[bytes]], sizes: list[int]) -> Generator[bytes, None, None]:
    """The PDF, by pieces; `sizes` are the bytes of each photo, in the same order.

    Raises Unreadable, with the index of the photo at fault, before giving any piece.
    Raises it with no index, even between two pieces, should the child be stopped: a PDF cut
    short must never be kept.
    Raises ValueError when a photo is not of the size said, or when there are too many.
    """
    if not 0 < len(sizes) <= MAX_PHOTOS:
        raise ValueError(f"between 1 and {MAX_PHOTOS} photos can be bound, not {len(sizes)}")
    pieces = _pieces(photos, sizes)
    next(pieces)  # the PDF is made here: errors come before any piece is given
    return pieces


def _pieces(photos: Iterable[Iterable[bytes]], sizes: list[int]) -> Generator[bytes, None, None]:
    with Child("models.formats.binding", json.dumps(sizes), seconds=SECONDS) as child:
        try:
            child.feed(_checked(photos, sizes))
            yield from _pdf(child.output())
            if not child.finished_well():
                raise Unreadable("broken")
        except OutOfTime as error:
            raise Unreadable("broken") from error


def _checked(photos: Iterable[Iterable[bytes]], sizes: list[int]) -> Iterator[bytes]:
    """Each photo after a byte that numbers its media type."""
    for index, (photo, size) in enumerate(zip(photos, sizes, strict=True)):
        head, whole = opened(photo)
        yield bytes([_type_number(head, index)])
        for chunk in whole:
            size -= len(chunk)
            yield chunk
        if size:
            raise ValueError(f"photo {index} is not of the size said")


def _type_number(head: bytes, index: int) -> int:
    try:
        media_type = accepted(head, "")
    except Unreadable as error:
        raise Unreadable(error.reason, error.what, index) from error
    if media_type not in kinds.PHOTOS:
        raise Unreadable("not_accepted", kinds.label(media_type), index)
    return list(kinds.KINDS).index(media_type)


def _pdf(output: Iterator[bytes]) -> Iterator[bytes]:
    """The child answers with the PDF alone, or with a line of JSON that says what is wrong."""
    first = next(output, b"")
    if not first.startswith(b"%PDF-"):
        raise _refusal(first)
    yield b""  # `bind` stops here
    yield first
    yield from output


def _refusal(answer: bytes) -> Unreadable:
    if not answer:
        return Unreadable("broken")
    try:
        refused = json.loads(answer)
        index = range(MAX_PHOTOS).index(refused["index"])
        return Unreadable("broken", kinds.label(refused["media_type"]), index)
    except (ValueError, TypeError, KeyError, RecursionError):  # it went wrong
        return Unreadable("broken")
