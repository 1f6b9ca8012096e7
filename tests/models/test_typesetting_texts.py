"""Whatever is written or pasted can be printed: nothing is lost, nothing leaves the page."""

import random
import unicodedata
from collections import Counter

import pytest
from pypdfium2 import PdfDocument

from models.formats import glyphs, typesetting
from models.sheet import Box, Card, Facts, Heading, Paragraph, Points, Sheet, Signature

from ..printed import fonts, is_pdf_ua, pages, place, text, within_margins

MIXED = "Mon médecin est محمد العربي (06 12 34 56 78), mon ami דוד כהן : 2 rue Sud."
INDIC = "हिन्दी বাংলা தமிழ் ภาษาไทย ខ្មែរ မြန်မာ ລາວ ಕನ್ನಡ മലയാളം తెలుగు සිංහල ગુજરાતી ਪੰਜਾਬੀ ଓଡ଼ିଆ"
MARKUP = '#panic() *gras* _x_ $x^2$ = titre `c` <a> @b #read("/etc/passwd") // c /* d */ -- ~ \\ ]'
TEXTS = {
    "accents": "Zoé Đặng, Łódź, œuf, « e\u0301te\u0301 » A\u030a x\u0323 Ελλάδα Привет",
    "emoji": "Bravo 😀 👩‍👩‍👧 ❤️ 🇫🇷 👍🏽 1️⃣ ☎️",
    "from the right": MIXED,
    "only from the right": "السلام عليكم، أنا مريض.",
    "many alphabets": INDIC + " አማርኛ ქართული Հայերեն",
    "markup": MARKUP,
    "symbols": "≥ 3 ≤ ★ ☐ ✓ → ½ ² € ‰ ° µ ♿ ①",
    "one word": "x" * 2000,
    "one arabic word": "محمد" * 300,
    "no space that breaks": "mot\u00a0" * 400,
    "our signs": "".join(sorted(glyphs.MORE)),
}
WORDS = " ".join(f"mot{number}" for number in range(5000))


def everywhere(words):
    blocks = (
        Paragraph(words),
        Facts(((words[:40], words), ("Nom", words))),
        Points((words,)),
        Box(words),
        Heading(words[:200]),
        Signature(words[:200], (words[:60], "Signature")),
    )
    return Sheet("Essai", blocks, words[:200])


@pytest.mark.parametrize("large", (False, True))
@pytest.mark.parametrize("words", TEXTS.values(), ids=TEXTS)
def test_all_of_it_is_printed(words, large):
    made = typesetting.pdf(everywhere(words), large)
    assert is_pdf_ua(made)
    assert within_margins(made)
    assert "imprimé" not in text(made)
    assert not Counter(signs(words * 5)) - Counter(signs(text(made)))
    assert words != MARKUP or "".join(MARKUP.split()) in "".join(text(made).split())
    assert all("Noto" in name or "DejaVuSansMono" in name for name in fonts(made))


def test_a_long_answer_is_whole():
    made = typesetting.pdf(everywhere(WORDS))
    assert pages(made) > 20 and within_margins(made)
    assert text(made).split().count("mot4999") == 5


def test_a_long_sheet_is_whole():
    blocks = tuple(Paragraph(f"Alinéa {number}.") for number in range(200))
    said = text(typesetting.pdf(Sheet("Essai", blocks)))
    assert all(f"Alinéa {number}.\n" in said for number in range(200))


def test_line_breaks_are_kept():
    said = text(typesetting.pdf(everywhere("Un\r\ndeux\rtrois\u2028quatre\n\ncinq")))
    assert said.count("Un\ndeux\ntrois\nquatre\n") >= 2


@pytest.mark.parametrize(
    "words, sentence",
    (
        ("Mme 王", "Un signe n'a pas pu être imprimé : □ remplace ce que vous avez écrit. Il"),
        ("王小明", "3 signes n'ont pas pu être imprimés : □ remplace ce que vous avez écrit. Ils"),
        ("a\u0951", "Un signe"),  # an accent of another alphabet than its letter
    ),
)
def test_what_no_font_has_is_said(words, sentence):
    made = typesetting.pdf(Sheet("Essai", (Paragraph(words),)))
    assert is_pdf_ua(made)
    assert sentence in text(made).replace("\n", " ")
    assert "Mme □" in text(made) or "Mme" not in words


def test_a_card_tells_what_it_could_not_print():
    made = typesetting.card_pdf(Card("En cas d'urgence : 王", ("Appeler 小明",), "王"))
    assert "En cas d'urgence : □" in text(made) and "3 signes n'ont pas pu" in text(made)


def test_what_is_no_sign_is_dropped():
    words = "a\x00b\x07c\ue000d\ud800e\uffff\ufefff\U000f0000\u202eg\U000e0041"
    made = typesetting.pdf(Sheet("Essai", (Paragraph(words),)))
    assert "abcdefg" in text(made) and "□" not in text(made)
    assert is_pdf_ua(made)


def test_a_number_stays_after_a_name_written_from_the_right():
    made = typesetting.pdf(Sheet("Essai", (Paragraph(MIXED),)))
    page = PdfDocument(made)[0]
    first, number, next_words = (
        place(page, words)[0] for words in ("Mon", "06\u00a012", "mon ami")
    )
    assert place(page, "\u0645")[0] < number < next_words and first < number


def test_no_random_text_stops_the_printer():
    chance = random.Random(7)
    for _ in range(6):
        words = "".join(chr(chance.randrange(0x110000)) for _ in range(60))
        words += "".join(chr(chance.randrange(0x2000)) for _ in range(300))
        made = typesetting.pdf(everywhere(words))
        assert within_margins(made) and is_pdf_ua(made)


def signs(words):
    """Those that stand for themselves; pdfium loses a bracket between two directions."""
    composed = unicodedata.normalize("NFKC", words)
    return [sign for sign in composed if unicodedata.category(sign)[0] in "LNS"]
