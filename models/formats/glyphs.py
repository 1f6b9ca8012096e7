"""What our fonts can draw. PDF/UA refuses a sign that none has: « □ » then stands for it."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import TTFont

FOLDER = Path(str(files("manimgx_fonts")))
SQUARE = "□"
# What Noto has not here, and DejaVu Sans Mono has, which Typst carries inside itself.
MORE = frozenset(
    "∀∂∃∅∆∇∈∉∏∑∓∗∘∙∝∞∟∠∧∨∩∪∫∴∵∼≃≅≈≠≡≤≥⊂⊃⊆⊇⊕⊗⊙⊥⋅⇐⇑⇒⇓⇔⇦⇧⇨⇩⟨⟩⟵⟶⟷➔➜➤─│┌┐└┘├┤┬┴┼═║░▒▓█"
    "■□▢▬▲△▸►▼▽▾◁◂◄◆◇◈◉◊○◎●◐◑◦◯★☆☐☒☞♔♕♖♗♘♙♚♛♜♝♞♡♢♤✓✕✗✘✙✚✢✦✧✩✪✶✻❍❏❑❖❘❝❞"
)
ONE = (
    f"Un signe n'a pas pu être imprimé : {SQUARE} remplace ce que vous avez écrit. "
    "Il est gardé dans Carnet."
)
MANY = (
    f"%d signes n'ont pas pu être imprimés : {SQUARE} remplace ce que vous avez écrit. "
    "Ils sont gardés dans Carnet."
)
LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# They would turn the order of what follows them round, or mean nothing on paper.
TURNING = frozenset(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufff9\ufffa\ufffb"
)


def printable(data: dict) -> dict:
    """The same, and `lost`: a sentence when signs were replaced."""
    signs = Signs()
    data = signs.cleaned(data)
    return {**data, "lost": signs.sentence}


class Signs:
    def __init__(self):
        self.lost = 0

    @property
    def sentence(self) -> str:
        if not self.lost:
            return ""
        return ONE if self.lost == 1 else MANY % self.lost

    def cleaned(self, data):
        """Every text in it, all the way down."""
        if isinstance(data, dict):
            return {key: self.cleaned(value) for key, value in data.items()}
        if isinstance(data, list):
            return [self.cleaned(value) for value in data]
        return "".join(self._drawn(data)) if isinstance(data, str) else data

    def _drawn(self, text: str) -> Iterator[str]:
        fonts = frozenset()
        for sign in written(text):
            # An accent must be in the font of its letter.
            fonts = having(sign) & fonts if combines(sign) else having(sign)
            if not fonts and unseen(sign):
                continue
            self.lost += not fonts
            yield sign if fonts else SQUARE


def written(text: str) -> Iterator[str]:
    """Without what is no sign; a sign that no font has, as the plainer one of the same sense."""
    composed = unicodedata.normalize("NFC", LINE_END.sub("\n", text).replace("\t", " "))
    for sign in composed:
        if not nothing(sign):
            yield from sign if having(sign) else unicodedata.normalize("NFKC", sign)


def nothing(sign: str) -> bool:
    """Controls, halves of characters, private signs: PDF/UA refuses them."""
    if sign in TURNING or ord(sign) & 0xFFFE == 0xFFFE:
        return True
    return sign != "\n" and unicodedata.category(sign) in ("Cc", "Cs", "Co")


def unseen(sign: str) -> bool:
    """What only asks for another drawing of its neighbours, and may be left out."""
    named = unicodedata.name(sign, "").startswith("VARIATION SELECTOR")
    return named or unicodedata.category(sign) == "Cf"


def combines(sign: str) -> bool:
    return unicodedata.category(sign).startswith("M")


@cache
def having(sign: str) -> frozenset[str]:
    """The fonts that draw it; a line break needs none."""
    if sign == "\n" or sign in MORE:
        return frozenset(("any",))
    return frozenset(name for name, signs in fonts().items() if ord(sign) in signs)


@cache
def fonts() -> dict[str, frozenset[int]]:
    files = sorted(FOLDER.glob("*.ttf"))
    return {file.name: frozenset(TTFont(file, lazy=True).getBestCmap()) for file in files}
