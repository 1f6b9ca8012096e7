"""What a document says, as blocks that a page draws (templates/document/narrative.html): a list of
objects, each with its `kind`.

- heading: `level`, from 1; `runs`.
- paragraph: `runs`.
- list: `ordered`; `caption`, runs or none; `items`, each a list of blocks.
- table: `caption`, runs or none; `label`, unique words that name it; `head` and `body`, rows of
  cells: `blocks`, `scope` (col, row, colgroup, rowgroup; none: no header), `colspan`, `rowspan`.
- part: `part`, the name of a part of the document; `words`; `image`: it is drawn, else a link.
- facts: `pairs` of a label and words.
- notes: `notes`, each its `number` and `blocks`.

Runs are the words of one line: a string; `{"text", "marks"}` (strong, em, sub, sup); `{"text",
"part"}`, a link to a part; `{"note", "first"}`, a call of a note; `{}`, a line break."""

import re
from collections.abc import Iterable, Iterator

MARKS = ("strong", "em", "sub", "sup")
# Of blocks in blocks: what lies deeper keeps its words, not its shape.
DEEPEST = 30
# More than this is no page: what is drawn stops there, and says so. Cells, breaks and words that
# stand out count as blocks.
MOST_CHARACTERS = 1_500_000
MOST_BLOCKS = 20_000
CUT = "La suite est trop longue pour cette page : elle se lit dans le fichier d'origine."
SPACES = re.compile(r"\s+")
LONGEST_LABEL = 80


def paragraph(*runs) -> dict:
    return {"kind": "paragraph", "runs": list(runs)}


def heading(words: str, level: int = 1) -> dict:
    return {"kind": "heading", "level": level, "runs": [words]}


def facts(pairs: Iterable[tuple[str, str]]) -> list[dict]:
    """None where nothing is known."""
    known = [[label, words] for label, words in pairs if words]
    return [{"kind": "facts", "pairs": known}] if known else []


def bullets(lines: Iterable[str]) -> dict:
    items = [[paragraph(line)] for line in lines]
    return {"kind": "list", "ordered": False, "caption": [], "items": items}


def part(name: str, words: str, image: bool) -> dict:
    return {"kind": "part", "part": name, "words": words, "image": image}


def spoken(runs: list) -> str:
    """The words alone."""
    return "".join(_word(run) for run in runs)


def _word(run):
    if isinstance(run, str):
        return run
    if "note" in run:
        return f"[note {run['note']}]"
    return run.get("text", "\n")


def text(blocks: list[dict]) -> str:
    """For the search."""
    return "\n".join(filter(None, _lines(blocks)))


def _lines(blocks) -> Iterator[str]:
    for block in blocks:
        yield from _SPOKEN[block["kind"]](block)


def _of_list(block):
    yield spoken(block["caption"])
    for item in block["items"]:
        yield from _lines(item)


def _of_table(block):
    yield spoken(block["caption"])
    for row in block["head"] + block["body"]:
        yield " ".join(" ".join(_lines(cell["blocks"])) for cell in row)


def _of_notes(block):
    for note in block["notes"]:
        yield from _lines(note["blocks"])


_SPOKEN = {
    "heading": lambda block: [spoken(block["runs"])],
    "paragraph": lambda block: [spoken(block["runs"])],
    "part": lambda block: [block["words"]],
    "facts": lambda block: [f"{label} : {words}" for label, words in block["pairs"]],
    "list": _of_list,
    "table": _of_table,
    "notes": _of_notes,
}


def cut(blocks: list[dict]) -> tuple[list[dict], bool]:
    """What one page holds of the lists; and whether that is all."""
    kept, room, whole = [], MOST_BLOCKS, True
    for block in blocks:
        if block["kind"] == "list" and len(block["items"]) > room:
            block, whole = block | {"items": block["items"][:room]}, False
        room -= len(block.get("items", ()))
        kept.append(block)
    return kept, whole


class Flow:
    """Blocks in the making, and the line being written."""

    def __init__(self):
        self.blocks, self._runs, self._gap = [], [], False

    def write(self, words: str | None, marks: tuple[str, ...] = (), **link) -> None:
        """White space is worth one space; at the ends of a line, none."""
        if not words:
            return
        bare = SPACES.sub(" ", words)
        self._gap = self._gap or bare.startswith(" ")
        kept = bare.strip(" ")
        if not kept:
            return
        if self._gap and self._runs and self._runs[-1] != {}:
            kept = f" {kept}"
        self._gap = bare.endswith(" ")
        self._add(kept, marks, link)

    def break_line(self) -> None:
        if self._runs and self._runs[-1] != {}:
            self._runs.append({})
        self._gap = False

    def call(self, number: int, first: bool) -> None:
        self._runs += [" "] if self._gap and self._runs else []
        self._runs.append({"note": number, "first": first})
        self._gap = False

    def add(self, *blocks: dict) -> None:
        self.end()
        self.blocks.extend(blocks)

    def end(self) -> None:
        """Of the paragraph."""
        while self._runs and self._runs[-1] == {}:
            self._runs.pop()
        if self._runs:
            self.blocks.append(paragraph(*self._runs))
        self._runs, self._gap = [], False

    def done(self) -> list[dict]:
        self.end()
        return self.blocks

    def _add(self, words, marks, link):
        last = self._runs[-1] if self._runs else None
        if not marks and not link:
            if isinstance(last, str):
                self._runs[-1] = last + words
            else:
                self._runs.append(words)
        elif link:
            self._runs.append({"text": words} | link)
        elif isinstance(last, dict) and last.get("marks") == list(marks):
            last["text"] += words
        else:
            self._runs.append({"text": words, "marks": list(marks)})


def runs_of(blocks: list[dict]) -> list:
    """Of blocks, one line: a caption."""
    if len(blocks) == 1 and blocks[0]["kind"] == "paragraph":
        return blocks[0]["runs"]
    words = text(blocks).strip()
    return [words] if words else []
