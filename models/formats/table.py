"""Tables: the bytes of a list become rows of cells, one at a time: none is ever held whole.

CSV in any of the encodings and separators that spreadsheets write; workbooks (XLSX, XLS, ODS) are
opened by a process of their own (workbook.py)."""

import codecs
import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from ..refusal import Refusal
from .child import Child, OutOfTime
from .plain import CONTROL, UTF16_MARKS

MAX_BYTES = 25_000_000
MAX_ROWS = 5_000_000  # the empty ones count too
MAX_COLUMNS = 100
MAX_CELL = 1000  # characters
MAX_LINE = 200_000  # bytes
HEAD = 4096
SECONDS = 60
PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how a ZIP begins, and an old Office file
# Texts too, but of other programs.
OTHERS = (b"{\\rtf", b"%pdf-", b"<!doctype", b"<html", b"<?xml")
SEPARATORS = {";": "points-virgules", ",": "virgules", "\t": "tabulations", "|": "barres"}
# In the place of what cannot be read: whoever judges the cell sees that it is damaged.
DAMAGED = "\ufffd"
UNREADABLE = "Ce fichier n'est pas un tableau : choisissez un fichier CSV ou Excel."
BROKEN = "Ce classeur ne s'ouvre pas. Enregistrez-le de nouveau en XLSX ou en CSV, puis réessayez."
REFUSED = {
    "protected": "Ce classeur demande un mot de passe : enregistrez-le sans mot de passe.",
    "empty": "Ce classeur est vide.",
    "too_large": "Ce classeur est trop lourd : enregistrez la liste en CSV, en plusieurs fichiers.",
    "broken": BROKEN,
}
LONG_CELL = (
    f"Une case a plus de {MAX_CELL} caractères : un guillemet s'ouvre peut-être sans se fermer."
)
LONG_LINE = "La ligne {} est beaucoup trop longue : ce fichier n'est pas une liste d'adhérents."
BAD_LINE = "La ligne {} ne se lit pas : un guillemet s'y ouvre peut-être sans se fermer."
EMPTY_LINES = "Ce fichier a trop de lignes vides. Gardez seulement la liste."


@dataclass(frozen=True)
class Row:
    """`number`: as a spreadsheet counts them. `fault`: why it cannot be read, in words."""

    number: int
    cells: list[str]
    fault: str = ""


class Table:
    """Its filled rows, to be read once. Reading raises Refusal."""

    def __init__(self, chunks: Iterable[bytes]):
        source = iter(chunks)
        head = b""
        while len(head) < HEAD and (chunk := next(source, None)) is not None:
            head += chunk
        if head.lstrip().lower().startswith(OTHERS):
            raise Refusal(UNREADABLE)
        whole = chain([head], source)
        read = _Workbook if head.startswith(PACKED) else _Csv
        self._content = read(head[:HEAD], whole)

    def __iter__(self) -> Iterator[Row]:
        for number, cells in enumerate(self._content, start=1):
            if number > MAX_ROWS:
                raise Refusal(EMPTY_LINES)
            cells = [cell.strip() for cell in cells]
            if any(cells):
                yield _row(number, cells)

    @property
    def form(self) -> str:
        """What it is, in words; known for good once it is read."""
        return self._content.form


def _row(number, cells):
    while not cells[-1]:
        cells.pop()
    fault = LONG_CELL if any(len(cell) > MAX_CELL for cell in cells) else ""
    return Row(number, [cell[:MAX_CELL] for cell in cells[: MAX_COLUMNS + 1]], fault)


class _Csv:
    def __init__(self, head, chunks):
        self.encodings, self.separator = set(), ";"
        self._utf16 = _is_utf16(head)
        if self._utf16:
            self.encodings.add("UTF-16")
            chunks = _as_utf8(chunks, self._utf16)
        # As Excel for the Mac once ended its lines.
        self._end = b"\r" if b"\r" in head and b"\n" not in head else b"\n"
        self._chunks = chunks

    @property
    def form(self):
        encodings = " et ".join(sorted(self.encodings)) or "ASCII"
        return f"CSV, {encodings}, séparé par des {SEPARATORS.get(self.separator, self.separator)}"

    def __iter__(self):
        lines = map(self._decoded, _split(self._chunks, self._end))
        first = next(lines, "").removeprefix("\ufeff")
        if DAMAGED in first:
            raise Refusal(UNREADABLE)
        said = re.fullmatch(r'"?sep=(.)"?\s*', first, re.IGNORECASE)
        if said:
            yield []
        else:
            # Blank lines come before the headings, too.
            before, first = _up_to_words(first, lines)
            yield from before
            lines = chain([first], lines)
        self.separator = said[1] if said else _separator(first)
        yield from self._read(lines)

    def _read(self, lines):
        reader = csv.reader(lines, delimiter=self.separator, skipinitialspace=True)
        begins = 1
        try:
            for cells in reader:
                begins = reader.line_num + 1
                yield cells
        except csv.Error as error:
            raise Refusal(BAD_LINE.format(begins)) from error

    def _decoded(self, raw):
        """Each line by itself: a list put together from two others mixes their encodings."""
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            text = raw.decode("cp1252", "replace")
            self.encodings.add("Windows-1252")
        else:
            if not raw.isascii() and not self._utf16:
                self.encodings.add("UTF-8")
        text = text.replace("\r\n", "\n").replace("\r", " ")
        return CONTROL.sub(DAMAGED, text)


def _up_to_words(first, lines):
    before = []
    while not first.strip():
        before.append([])
        if len(before) > MAX_ROWS:
            raise Refusal(EMPTY_LINES)
        following = next(lines, None)
        if following is None:
            return before, ""
        first = following
    return before, first


def _split(chunks, end):
    """The lines, none of them without a limit."""
    rest, number = b"", 0
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(end)
        for line in lines:
            number += 1
            if len(line) > MAX_LINE:
                raise Refusal(LONG_LINE.format(number))
            yield line + b"\n"
        if len(rest) > MAX_LINE:
            raise Refusal(LONG_LINE.format(number + 1))
    if rest:
        yield rest + b"\n"


def _separator(line):
    """The one most seen in the headings, outside quotes."""
    bare = re.sub(r'"[^"]*"', "", line)
    return max(SEPARATORS, key=bare.count)


def _is_utf16(head):
    if head.startswith(UTF16_MARKS):
        return "utf-16"
    half = len(head) // 2
    if half and head[1::2].count(0) > half * 0.6:
        return "utf-16-le"
    return "utf-16-be" if half and head[::2].count(0) > half * 0.6 else ""


def _as_utf8(chunks, encoding):
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", "replace")
    yield decoder.decode(b"", True).encode("utf-8", "replace")


class _Workbook:
    form = "Classeur"

    def __init__(self, head, chunks):
        self._chunks = chunks

    def __iter__(self):
        with Child("models.formats.workbook", seconds=SECONDS) as child:
            try:
                child.feed(self._chunks)
                for line in _lines_of(child.output()):
                    said = _understood(line)
                    if isinstance(said, list):
                        yield [CONTROL.sub(DAMAGED, str(cell)) for cell in said]
                    elif self._ends(said):
                        return
            except OutOfTime as error:
                raise Refusal(REFUSED["too_large"]) from error
        # It died before its end.
        raise Refusal(BROKEN)

    def _ends(self, said):
        if "refused" in said:
            raise Refusal(REFUSED.get(str(said["refused"]), BROKEN))
        if "sheet" in said:
            self.form = f"Classeur, feuille « {str(said['sheet'])[:MAX_CELL]} »"
        return "done" in said


def _lines_of(pieces):
    rest = b""
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
        if len(rest) > 8 * MAX_CELL * MAX_COLUMNS:
            return


def _understood(line):
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Refusal(BROKEN) from error
    if not isinstance(said, list | dict):
        raise Refusal(BROKEN)
    return said
