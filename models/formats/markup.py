"""The text of a CDA section, or of a FHIR narrative: their tags become blocks (narrative.py). What
is not known is passed through: its words stay. Nothing is ever fetched, nor run."""

from itertools import takewhile
from urllib.parse import urlsplit

from models.formats import grid, narrative
from models.formats.grid import name_of
from models.formats.narrative import DEEPEST, Flow

BOLD, ITALIC = {"bold", "bolditalics", "bolditalic"}, {"italics", "emphasis", "bolditalics"}
TAGS = {
    "strong": "strong",
    "b": "strong",
    "em": "em",
    "i": "em",
    "sub": "sub",
    "sup": "sup",
}
PARAGRAPHS = frozenset(
    ("paragraph", "p", "div", "blockquote", "pre", "section", "article", "address", "dt", "dd")
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
LISTS = frozenset(("list", "ul", "ol"))
# What says nothing to a reader.
SILENT = frozenset(("script", "style", "head", "title", "object", "iframe", "svg", "template"))
WEB = ("http", "https")
# An attribute of ours, on a note.
NUMBER = "carnet-number"


class Drawing:
    """All the texts of one document: its notes and tables are numbered together. `parts`: blocks
    of the kind `part`, by the ID that the text calls them by."""

    def __init__(self, parts: dict[str, dict] | None = None):
        self.parts = parts or {}
        self.full = False
        self._title, self._level = "", 1
        self._notes: dict[str, int] = {}
        self._waiting: list[dict] = []
        self._labels: set[str] = set()
        self._room = narrative.MOST_CHARACTERS
        self._blocks = self._number = 0

    def draw(self, element, title: str = "", level: int = 1) -> list[dict]:
        """The blocks of one text, its notes last."""
        self._title, self._level = title, level
        self._expect_notes(element)
        blocks = self._within(element, 0)
        notes, self._waiting = self._waiting, []
        return [*blocks, {"kind": "notes", "notes": notes}] if notes else blocks

    def _expect_notes(self, element):
        """They may be called before they are told."""
        for note in element.iter("{*}footnote"):
            self._number += 1
            self._notes[note.get("ID") or ""] = self._number
            note.set(NUMBER, str(self._number))

    def _within(self, element, depth) -> list[dict]:
        flow = Flow()
        self._inside(element, flow, (), depth)
        return flow.done()

    def _inside(self, element, flow, marks, depth):
        self._say(flow, element.text, marks)
        for child in element:
            if self.full:
                return
            self._one(child, flow, marks, depth)
            self._say(flow, child.tail, marks)

    def _say(self, flow, words, marks, **link):
        if not words or self.full:
            return
        flow.write(words[: self._room], marks, **link)
        self._room -= len(words)
        self.full = self._room < 0

    def _one(self, element, flow, marks, depth):
        name = name_of(element)
        if not name or name in SILENT:
            return
        self._count()
        if depth >= DEEPEST:
            self._say(flow, " ".join(element.itertext()), marks)
        elif element.get("revised") == "delete":
            self._say(flow, f" [texte retiré : {''.join(element.itertext())}] ", marks)
        elif name in TAGS or name in ("content", "span"):
            self._inside(element, flow, _marks(element, name, marks), depth + 1)
        else:
            self._block(element, name, flow, marks, depth)

    def _block(self, element, name, flow, marks, depth):
        """Or what has a way of its own within a line."""
        if name in PARAGRAPHS:
            flow.end()
            self._inside(element, flow, _marks(element, name, marks), depth + 1)
            flow.end()
        elif own := _OWN.get(name):
            own(self, element, flow, marks, depth + 1)
        else:
            self._inside(element, flow, marks, depth + 1)

    def _count(self):
        self._blocks += 1
        self.full = self.full or self._blocks > narrative.MOST_BLOCKS

    def _break(self, _element, flow, _marks, _depth):
        flow.break_line()

    def _heading(self, element, flow, _marks, depth):
        runs = narrative.runs_of(self._within(element, depth))
        if runs:
            flow.add({"kind": "heading", "level": self._level + 1, "runs": runs})

    def _list(self, element, flow, _marks, depth):
        caption, items = [], []
        for child in takewhile(lambda _child: not self.full, element):
            if name_of(child) == "caption":
                caption = narrative.runs_of(self._within(child, depth))
            elif name_of(child):
                self._count()
                items.append(self._within(child, depth))
        ordered = name_of(element) == "ol" or element.get("listType") == "ordered"
        items = [item for item in items if item]
        if items or caption:
            flow.add({"kind": "list", "ordered": ordered, "caption": caption, "items": items})

    def _table(self, element, flow, _marks, depth):
        caption, head, body = [], [], []
        for child in element.iterchildren("{*}caption"):
            caption = narrative.runs_of(self._within(child, depth))
        for row in takewhile(lambda _row: not self.full, grid.rows(element)):
            in_head = name_of(row.getparent()) == "thead" and not body
            if line := self._row(row, in_head, depth):
                (head if in_head else body).append(line)
        caption, head, body = grid.shaped(caption, head, body)
        if not caption and not head and [len(row) for row in body] == [1]:
            flow.add(*body[0][0]["blocks"])
        elif body:
            label = self._label(narrative.spoken(caption))
            table = {"kind": "table", "caption": caption, "label": label, "head": head}
            flow.add(table | {"body": body})
        elif caption:
            flow.add(narrative.paragraph(*caption))

    def _row(self, row, in_head, depth):
        cells = grid.cells(row)
        for _cell in cells:
            self._count()
        return grid.row(cells, [self._within(cell, depth) for cell in cells], in_head)

    def _label(self, caption):
        """Of its own: two tables of one page are told apart."""
        words = (caption or self._title or "Tableau").strip()[: narrative.LONGEST_LABEL]
        label, number = words, 1
        while label in self._labels:
            number += 1
            label = f"{words} ({number})"
        self._labels.add(label)
        return label

    def _note(self, element, flow, _marks, depth):
        number = int(element.get(NUMBER))
        flow.call(number, first=True)
        self._waiting.append({"number": number, "blocks": self._within(element, depth)})

    def _note_again(self, element, flow, marks, depth):
        number = self._notes.get(element.get("IDREF") or "")
        if number:
            flow.call(number, first=False)
        else:
            self._inside(element, flow, marks, depth)

    def _link(self, element, flow, marks, depth):
        """Its words; where it leads is written beside them, and followed by nobody."""
        address = (element.get("href") or "").strip()
        words = "".join(element.itertext()).strip()
        called = self.parts.get(address[1:]) if address.startswith("#") else None
        if called and words:
            self._say(flow, words, marks, part=called["part"])
            return
        self._inside(element, flow, marks, depth)
        if _on_the_web(address) and address != words:
            self._say(flow, f" ({address})" if words else address, marks)

    def _media(self, element, flow, _marks, depth):
        for name in (element.get("referencedObject") or "").split():
            if block := self.parts.get(name):
                flow.add(block)
        for caption in element.iterchildren("{*}caption"):
            flow.add(*self._within(caption, depth))

    def _image(self, element, flow, marks, _depth):
        if words := (element.get("alt") or "").strip():
            self._say(flow, f" [image : {words}] ", marks)


_OWN = {
    "br": Drawing._break,
    "hr": Drawing._break,
    "table": Drawing._table,
    "footnote": Drawing._note,
    "footnoteRef": Drawing._note_again,
    "linkHtml": Drawing._link,
    "a": Drawing._link,
    "renderMultiMedia": Drawing._media,
    "img": Drawing._image,
    **dict.fromkeys(LISTS, Drawing._list),
    **dict.fromkeys(HEADINGS, Drawing._heading),
}


def _marks(element, name, marks):
    """All that weigh on the words, each once and in one order."""
    codes = {code.lower() for code in (element.get("styleCode") or "").split()}
    wanted = {*marks, TAGS.get(name)}
    wanted |= {"strong"} if codes & BOLD else set()
    wanted |= {"em"} if codes & ITALIC else set()
    return tuple(mark for mark in narrative.MARKS if mark in wanted)


def _on_the_web(address):
    try:
        return urlsplit(address).scheme in WEB and len(address) < 500
    except ValueError:
        return False
