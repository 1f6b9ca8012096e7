"""What our fonts can draw. PDF/UA refuses a sign that none has: « □ » then stands for it."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import TTFont

FOLDER = Path(str(files("manimgx_fonts")))
FIRST = "NotoSans[wght].ttf"
SQUARE = "□"
ONE = (
    f"Un signe n'a pas pu être imprimé : {SQUARE} remplace ce que vous avez écrit. "
    "Il est gardé dans Carnet."
)
MANY = (
    f"%d signes n'ont pas pu être imprimés : {SQUARE} remplace ce que vous avez écrit. "
    "Ils sont gardés dans Carnet."
)
BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# They would turn the sense of what follows them round.
DIRECTIONS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
UNSEEN = {"Cc", "Cf", "Co", "Cs"}


def printable(data: dict) -> dict:
    """The same, and `lost`: a sentence when signs were replaced."""
    lost = Lost()
    data = lost.cleaned(data)
    return {**data, "lost": lost.sentence}


class Lost:
    def __init__(self):
        self.count = 0

    @property
    def sentence(self) -> str:
        return ONE if self.count == 1 else MANY % self.count if self.count else ""

    def cleaned(self, data):
        """Strings, lists and dictionaries, all the way down."""
        if isinstance(data, dict):
            return {key: self.cleaned(value) for key, value in data.items()}
        if isinstance(data, list):
            return [self.cleaned(value) for value in data]
        return "".join(self._drawn(data)) if isinstance(data, str) else data

    def _drawn(self, text: str) -> Iterator[str]:
        fonts = frozenset()
        for sign in BREAK.sub("\n", unicodedata.normalize("NFC", text)).replace("\t", " "):
            # An accent must be in the font of its letter.
            able = having(sign) & fonts if joined(sign) else having(sign)
            if sign in DIRECTIONS or not able and sign not in "\n" and unseen(sign):
                continue
            fonts = able
            lost = not able and sign != "\n"
            self.count += lost
            yield SQUARE if lost else sign


def joined(sign: str) -> bool:
    return unicodedata.category(sign).startswith("M")


def unseen(sign: str) -> bool:
    """Controls, and the selectors that only ask for another drawing of the sign before."""
    selector = unicodedata.name(sign, "").startswith("VARIATION SELECTOR")
    return selector or unicodedata.category(sign) in UNSEEN


@cache
def having(sign: str) -> frozenset[str]:
    """The fonts that draw it; Noto Sans alone for nearly every text, so that one is opened."""
    return frozenset(name for name in names() if ord(sign) in signs(name))


@cache
def names() -> list[str]:
    return sorted((file.name for file in FOLDER.glob("*.ttf")), key=lambda name: name != FIRST)


@cache
def signs(name: str) -> frozenset[int]:
    return frozenset(TTFont(FOLDER / name, lazy=True).getBestCmap())
