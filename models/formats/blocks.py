"""Whether a page is one that narrative.py describes: the child that drew it may have gone wrong,
and what it drew is kept, then shown for years."""

import json
from collections.abc import Iterable

from models.formats.grid import MOST_SPANS
from models.formats.narrative import MARKS

# In bytes: more than its letters and its blocks at their most, as JSON.
HEAVIEST = 16 * 1024 * 1024
# Of blocks in blocks, lists and tables between them; of sections in sections.
DEEPEST, DEEPEST_SECTION = 100, 2_000
SCOPES = ("", "col", "row", "colgroup", "rowgroup")
MOST_NOTES = 10**6


def check(pieces: Iterable[bytes]) -> None:
    """Raises ValueError."""
    data = bytearray()
    for piece in pieces:
        data += piece
        _expect(len(data) <= HEAVIEST)
    try:
        _blocks(json.loads(data), 0)
    except (KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise ValueError("not a page") from fault


def _expect(held):
    if not held:
        raise ValueError("not a page")


def _blocks(told, depth):
    _expect(type(told) is list and depth < DEEPEST)
    for block in told:
        _expect(type(block) is dict)
        _OF[block["kind"]](block, depth + 1)


def _text(*told):
    for one in told:
        _expect(type(one) is str)
        one.encode()  # halves of characters are of no page


def _number(told, most):
    _expect(type(told) is int and 0 < told <= most)


def _runs(told):
    _expect(type(told) is list)
    for run in told:
        if type(run) is str:
            _text(run)
        elif "note" in run:
            _number(run["note"], MOST_NOTES)
        elif run:
            _text(run["text"], run.get("part", ""))
            _expect(set(run.get("marks", ())) <= set(MARKS))


def _heading(block, _depth):
    _number(block["level"], DEEPEST_SECTION)
    _runs(block["runs"])


def _paragraph(block, _depth):
    _runs(block["runs"])


def _list(block, depth):
    _runs(block["caption"])
    for item in block["items"]:
        _blocks(item, depth)


def _table(block, depth):
    _runs(block["caption"])
    _text(block["label"])
    _expect(type(block["head"]) is type(block["body"]) is list)
    for row in block["head"] + block["body"]:
        for cell in row:
            _expect(cell["scope"] in SCOPES)
            for name in ("colspan", "rowspan"):
                _number(cell.get(name, 1), MOST_SPANS)
            _blocks(cell["blocks"], depth)


def _part(block, _depth):
    _text(block["part"], block["words"])


def _facts(block, _depth):
    for label, words in block["pairs"]:
        _text(label, words)


def _notes(block, depth):
    for note in block["notes"]:
        _number(note["number"], MOST_NOTES)
        _blocks(note["blocks"], depth)


_OF = {
    "heading": _heading,
    "paragraph": _paragraph,
    "list": _list,
    "table": _table,
    "part": _part,
    "facts": _facts,
    "notes": _notes,
}
