"""How names and words are compared, whatever the case, the accents and the ligatures; and how
days are written."""

import re
import secrets
import unicodedata
from datetime import date
from functools import lru_cache
from itertools import filterfalse

from babel.dates import format_date

LIGATURES = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "’": "'"}
# Without a width, but they shape emoji, and Persian names.
JOINERS = "\u200c\u200d"
WORD = re.compile(r"[^\W_]+")


def uid() -> str:
    """An unguessable name for an address: 16 characters, 96 bits."""
    return secrets.token_urlsafe(12)


def fold(text: str) -> str:
    """« Cœur d'Élise » → « coeur d'elise »."""
    if text.isascii():
        return text.lower()
    for ligature, letters in LIGATURES.items():
        text = text.replace(ligature, letters)
    plain = unicodedata.normalize("NFKD", text)
    return "".join(filterfalse(unicodedata.combining, plain)).casefold()


@lru_cache(4096)
def day(value: date) -> str:
    """« 12 mars 2024 », « 1er mars 2024 »."""
    text = format_date(value, "d MMMM y", locale="fr")
    return "1er" + text[1:] if value.day == 1 else text


def words(text: str) -> list[str]:
    return WORD.findall(fold(text))


def tidy(text: str) -> str:
    """One line, composed accents, single spaces, no control or invisible direction mark."""
    text = unicodedata.normalize("NFC", text)
    kept = (c if unicodedata.category(c)[0] != "C" or c in JOINERS else " " for c in text)
    return " ".join("".join(kept).split())


def tidy_lines(text: str) -> str:
    """The same for several lines: each is kept, and a blank one between two paragraphs."""
    lines = (tidy(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
