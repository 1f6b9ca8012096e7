"""What the name and the folder of a file tell of it, where nothing else does."""

import re
from datetime import date
from pathlib import PurePosixPath

from . import filing
from .folder import LONGEST
from .reference.categories import WORDS
from .refusal import Refusal
from .words import tidy, words

YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_. ]?)(\d\d)\2(\d\d)(?!\d)")
DAY_FIRST = re.compile(r"(?<!\d)(\d\d)([-_. ])(\d\d)\2((?:19|20)\d\d)(?!\d)")
FIRST = date(1980, 1, 1)
# A shorter word is told by all its letters.
STEM = 4
# What archives call the folder where everything is.
PLAIN = frozenset({"documents", "mes documents", "documents de sante", "fichiers"})


def day_of(name: str) -> date | None:
    """The day written in the name: « 2024-03-12 », « 12-03-2024 », « 20240312 »; None where none
    can be."""
    found = [(year, month, day) for year, _, month, day in YEAR_FIRST.findall(name)]
    found += [(year, month, day) for day, _, month, year in DAY_FIRST.findall(name)]
    days = (_day(*map(int, each)) for each in found)
    return next(filter(None, days), None)


def day_zipped(text: str) -> date | None:
    """The day that the ZIP tells of a file. Tools that know none write the first that it can."""
    day = date.fromisoformat(text)
    return None if day <= FIRST else _day(day.year, day.month, day.day)


def category_of(path: str) -> str:
    """By its folders first, the nearest one before the others; then by its own name. Empty where
    no word tells."""
    *above, name = PurePosixPath(path).parts
    for part in (*reversed(above), PurePosixPath(name).stem):
        known = words(part)
        for category, stems in WORDS.items():
            if any(_begins(word, stem) for word in known for stem in stems):
                return category
    return ""


def folders_of(paths: list[str]) -> dict[str, str]:
    """The folder of each, « » for those in none: what is common to all is no folder, unless it says
    what they are. Those inside others are joined: Carnet's folders are in a row."""
    parents = {path: PurePosixPath(path).parts[:-1] for path in paths}
    common = 0
    for level in zip(*parents.values(), strict=False):
        if len(set(level)) > 1 or category_of(f"{level[0]}/x"):
            break
        common += 1
    return {path: _joined(parts[common:]) for path, parts in parents.items()}


def _joined(parts):
    parts = parts[1:] if parts and " ".join(words(parts[0])) in PLAIN else parts
    name = tidy(" – ".join(part.replace("_", " ") for part in parts))
    return name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"


def _begins(word, stem):
    return word.startswith(stem) if len(stem) >= STEM else word == stem


def _day(year, month, number):
    try:
        return filing.checked_date(date(year, month, number))
    except (ValueError, Refusal):
        return None
