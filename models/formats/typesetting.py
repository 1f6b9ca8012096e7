"""Makes tagged PDFs of what models/sheet.py describes, in a child process."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from models.formats import DOES_NOT_FIT, qr
from models.formats.child import Child, OutOfTime
from models.refusal import Refusal
from models.sheet import Calls, Card, Letter, Scan, Sheet

SECONDS = 20
# Of many at once, on a slow machine: nobody is waiting for the answer.
LETTERS_SECONDS = 60
MERGING_SECONDS = 120


class TypesettingFailed(Exception):
    pass


def pdf(sheet: Sheet, large: bool = False) -> bytes:
    """Raises TypesettingFailed."""
    blocks = [_block(block) for block in sheet.blocks]
    return _typeset("sheet", {**asdict(sheet), "blocks": blocks, "large": large}, SECONDS)


def letters_pdf(
    letters: list[Letter], sender: tuple[str, ...], dated: str, large: bool = False
) -> bytes:
    """Each begins on the front of a sheet; tagged if there is only one. `sender` are the lines of
    who writes, `dated` the day in words. Raises TypesettingFailed."""
    # What is the same in many letters is drawn once.
    blocks = list(dict.fromkeys(block for one in letters for block in one.sheet.blocks))
    places = {block: place for place, block in enumerate(blocks)}
    alone = len(letters) == 1
    data = {
        "title": letters[0].sheet.title if alone else "Lettres",
        "tagged": alone,
        "blocks": [_block(block) for block in blocks],
        "letters": [_letter(one, places) for one in letters],
    }
    more = {"sender": sender, "dated": dated, "large": large}
    return _typeset("letter", data | more, LETTERS_SECONDS)


def merged(parts: Iterable[bytes], sizes: list[int]) -> Iterator[bytes]:
    """One PDF of several, in chunks. Raises TypesettingFailed, at its end at the latest."""
    with Child("models.formats.merging", json.dumps(sizes), seconds=MERGING_SECONDS) as child:
        try:
            child.feed(parts)
            yield from child.output()
        except OutOfTime as error:
            raise TypesettingFailed from error
        if not child.finished_well():
            raise TypesettingFailed


def card_pdf(card: Card) -> bytes:
    """Raises Refusal when the card cannot hold its lines, TypesettingFailed otherwise."""
    return _typeset("card", {**asdict(card), "code": _code(card.code)}, SECONDS)


def _letter(one, places):
    blocks = [places[block] for block in one.sheet.blocks]
    return {"to": one.to, "title": one.sheet.title, "blocks": blocks}


def _block(block):
    if isinstance(block, Calls):
        return _block(block.facts)
    drawn = {"kind": type(block).__name__, **asdict(block)}
    if isinstance(block, Scan):
        drawn["code"] = _code(block.link)
    return drawn


def _code(text):
    size, path = qr.path(text)
    return {"size": size, "path": path}


def _typeset(template, data, seconds):
    answer = _answer(template, json.dumps(data).encode(), seconds)
    if answer == DOES_NOT_FIT:
        raise Refusal(*qr.TOO_LONG)
    if not answer.startswith(b"%PDF-"):
        raise TypesettingFailed
    return answer


def _answer(template, data, seconds):
    with Child("models.formats.typesetter", template, seconds=seconds) as child:
        try:
            child.feed([data])
            answer = b"".join(child.output())
        except OutOfTime as error:
            raise TypesettingFailed from error
        if not child.finished_well():
            raise TypesettingFailed
    return answer
