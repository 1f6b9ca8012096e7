"""How names and words are compared: whatever the case, the accents and the ligatures."""

import re
import secrets
import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "’": "'"})
WORD = re.compile(r"[^\W_]+")


def uid() -> str:
    """An unguessable name for an address: 16 characters, 96 bits."""
    return secrets.token_urlsafe(12)


def fold(text: str) -> str:
    """« Cœur d'Élise » → « coeur d'elise »."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.translate(LIGATURES))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def words(text: str) -> list[str]:
    return WORD.findall(fold(text))


def tidy(text: str) -> str:
    """One line, composed accents, single spaces, no control or invisible direction mark."""
    text = unicodedata.normalize("NFC", text)
    kept = (c if unicodedata.category(c)[0] != "C" or c == "\u200d" else " " for c in text)
    return " ".join("".join(kept).split())
