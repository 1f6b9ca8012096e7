"""Makes tagged PDFs of what models/sheet.py describes, in a child process."""

import json
from dataclasses import asdict

from models.formats import qr
from models.formats.child import Child, OutOfTime
from models.refusal import Refusal
from models.sheet import Calls, Card, Sheet

SECONDS = 20
DOES_NOT_FIT = b"does not fit"


class TypesettingFailed(Exception):
    pass


def pdf(sheet: Sheet, large: bool = False) -> bytes:
    """Raises TypesettingFailed."""
    drawn = (block.facts if isinstance(block, Calls) else block for block in sheet.blocks)
    blocks = [{"kind": type(block).__name__, **asdict(block)} for block in drawn]
    return _typeset("sheet", {**asdict(sheet), "blocks": blocks, "large": large})


def card_pdf(card: Card) -> bytes:
    """Raises Refusal when the card cannot hold its lines, TypesettingFailed otherwise."""
    size, path = qr.path(card.code)
    return _typeset("card", {**asdict(card), "code": {"size": size, "path": path}})


def _typeset(template, data):
    answer = _answer(template, json.dumps(data).encode())
    if answer == DOES_NOT_FIT:
        raise Refusal(*qr.TOO_LONG)
    if not answer.startswith(b"%PDF-"):
        raise TypesettingFailed
    return answer


def _answer(template, data):
    with Child("models.formats.typesetter", template, seconds=SECONDS) as child:
        try:
            child.feed([data])
            answer = b"".join(child.output())
        except OutOfTime as error:
            raise TypesettingFailed from error
        if not child.finished_well():
            raise TypesettingFailed
    return answer
