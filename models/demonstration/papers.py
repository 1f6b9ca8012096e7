"""The papers of the demonstration holder, made on the spot, and notes by the thousand."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from models.demonstration import at_home, care, examinations, pages, pictures, writings
from models.demonstration.entries import AUTHORS, Entry, date_of, folder_names
from models.demonstration.notes import note_fields

ENTRIES = care.ENTRIES + examinations.ENTRIES + at_home.ENTRIES
# form: (how to make it, extension)
FORMS = {
    "pdf": (pages.pdf, "pdf"),
    "photo": (pictures.photo, "jpg"),
    "jpeg-card": (pictures.card, "jpg"),
    "jpeg-retina": (pictures.retina, "jpg"),
    "png-ecg": (pictures.ecg, "png"),
    "png-xray": (pictures.xray, "png"),
    "txt": (writings.text, "txt"),
    "rtf": (writings.rtf, "rtf"),
    "docx": (writings.docx, "docx"),
}
ORDINALS = ("1er", "2e", "3e", "4e")


@dataclass(frozen=True, slots=True)
class Paper:
    filename: str
    title: str
    category: str
    dated: date
    author: str
    from_holder: bool
    folder: str | None
    masked: bool
    pinned: bool
    content: bytes


def slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title.replace("œ", "oe"))
    kept = "".join(char if char.isalnum() else " " for char in plain if char.isascii())
    return "-".join(kept.lower().split())


def filename(entry: Entry, title: str, dated: date, extension: str) -> str:
    if entry.form == "photo":  # as a telephone names it: day, hour, minute, second
        return f"IMG_{dated:%Y%m%d}_1{len(title) % 10}{10 + len(entry.body)}27.{extension}"
    return f"{dated:%Y-%m-%d}-{slug(title)}.{extension}"


def sheet_of(entry: Entry, dated: date) -> pages.Sheet:
    moment = {"year": dated.year, "quarter": ORDINALS[(dated.month - 1) // 3]}
    lines = tuple(line.format(**moment) for line in entry.body)
    author, letterhead = AUTHORS[entry.author]
    return pages.Sheet(entry.title.format(**moment), author, letterhead, dated, lines)


def paper(entry: Entry, today: date, folders: dict[str, str]) -> Paper:
    dated = date_of(entry.when, today)
    sheet = sheet_of(entry, dated)
    make, extension = FORMS[entry.form]
    return Paper(
        filename=filename(entry, sheet.title, dated, extension),
        title=sheet.title,
        category=entry.category,
        dated=dated,
        author=sheet.author,
        from_holder="h" in entry.flags,
        folder=folders.get(entry.folder),
        masked="m" in entry.flags,
        pinned="p" in entry.flags,
        content=make(sheet),
    )


def papers(today: date) -> Iterator[Paper]:
    folders = folder_names(today)
    for entry in ENTRIES:
        yield paper(entry, today, folders)


def note(number: int, today: date) -> Paper:
    """A tiny paper, to reach 100,000 documents for measurements."""
    return Paper(**note_fields(number, today))
