"""A table as a screen reader needs it: a caption, headers that know what they head, rows that say
something. Software draws them for the eye: what it means is told by their shape."""

from collections.abc import Iterator

from models.formats import narrative

MOST_SPANS = 50
# All that some write in a row, to leave room.
SPACERS = " .…\n"


def name_of(element) -> str:
    """Without its namespace; nothing for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def rows(table) -> Iterator:
    """Its own, not those of a table inside one of its cells; the foot may be told first."""
    for child in sorted(table, key=lambda one: name_of(one) == "tfoot"):
        if name_of(child) == "tr":
            yield child
        elif name_of(child) in ("thead", "tbody", "tfoot"):
            yield from child.iterchildren("{*}tr")


def cells(row) -> list:
    return [one for one in row if name_of(one) in ("td", "th")]


def row(elements: list, drawn: list[list[dict]], in_head: bool) -> list[dict]:
    """`drawn`: the blocks of each. Empty for one that only leaves room."""
    if not "".join(map(narrative.text, drawn)).strip(SPACERS):
        return []
    columns = in_head or (len(elements) > 1 and all(name_of(one) == "th" for one in elements))
    return [
        _cell(element, blocks, columns, not number)
        for number, (element, blocks) in enumerate(zip(elements, drawn, strict=True))
    ]


def shaped(caption: list, head: list, body: list) -> tuple[list, list, list]:
    """The caption, the head and the body."""
    if head and not body:
        head, body = [], head
    lines = head + body
    taken = 0
    if not caption:
        caption = _titled(lines)
        taken = len(head + body) - len(lines)
        head, body = head[taken:], body[max(taken - len(head), 0) :]
    if _headless_column(head[-1], body) if head else taken:
        _head_rows(body)
    if all(len(line) == 1 for line in head + body):
        for (cell,) in head + body:
            cell.pop("colspan", None)
    return caption, head, body


def _cell(element, blocks, of_columns, first):
    columns, height = _span(element, "colspan"), _span(element, "rowspan")
    scope = ""
    if name_of(element) == "th" and blocks:
        wide = columns > 1 if of_columns else height > 1 and first
        scope = ("col" if of_columns else "row") + ("group" if wide else "")
    spans = {"colspan": columns, "rowspan": height}
    told = {"blocks": blocks, "scope": scope}
    return told | {name: span for name, span in spans.items() if span > 1}


def _titled(lines):
    """Headers alone on their line, above wider ones, are its title; they leave the lines."""
    caption: list = []
    while len(lines) > 1 and len(lines[0]) == 1 and lines[0][0]["scope"]:
        if max(map(_width, lines)) == 1:
            break
        (cell,) = lines.pop(0)
        caption += [*([{}] if caption else []), *narrative.runs_of(cell["blocks"])]
    return caption


def _headless_column(head, body):
    width = max(map(_width, body), default=0)
    return _width(head) < width or not all(cell["scope"] for cell in head)


def _head_rows(body):
    """By their first cell: the columns do not say what is in them."""
    covered = 0
    for line in body:
        first = line[0]
        if not covered and len(line) > 1 and first["blocks"]:
            first["scope"] = first["scope"] or ("rowgroup" if "rowspan" in first else "row")
        covered = max(covered, first.get("rowspan", 1)) - 1


def _width(line):
    return sum(cell.get("colspan", 1) for cell in line)


def _span(cell, name):
    told = cell.get(name) or ""
    return min(int(told), MOST_SPANS) if told.isdecimal() and len(told) < 6 else 1
