"""What the PDFs are made of."""

import pytest
from pypdfium2 import PdfDocument

from models.formats import qr, typesetting
from models.refusal import Refusal
from models.sheet import Box, Card, Facts, Heading, Paragraph, Points, Sheet, Signature

from ..printed import code, fonts, is_pdf_ua, opened, pages, place, size, tags, text

CM = 72 / 2.54
SHEET = Sheet(
    "Désignation d'essai",
    (
        Heading("Qui désigne"),
        Facts((("Nom", "Fictive"), ("Adresse", "1 rue Inventée\n35000 Rennes"))),
        Paragraph("Première ligne.\nSeconde ligne."),
        Points(("Un.", "Deux.")),
        Box("Une remarque."),
        Heading("Signatures"),
        Signature("Moi, Alice Fictive", ("Fait à", "Le", "Signature")),
        Signature("Bruno Fictif"),
    ),
    "Alice Fictive, née le 3 mars 1950 à Rennes",
)
LINES = ("Née le 3 mars 1950 à Rennes", "Appeler Bruno Fictif, fils : 06 12 34 56 78")
CARD = Card("En cas d'urgence : Alice Fictive", LINES, "En cas d'urgence : Alice\n" + LINES[1])


@pytest.fixture(scope="module")
def sheet():
    return typesetting.pdf(SHEET)


@pytest.fixture(scope="module")
def card():
    return typesetting.card_pdf(CARD)


def test_every_block_is_tagged_for_what_it_is(sheet):
    bold = ["P", ["Strong"]]
    frames = ["Div", [*bold, "P", "P", "P"], "Div", [*bold, "P", "P"]]
    facts = [*item("Lbl", ["Strong"]), *item("Lbl", ["Strong"])]
    points = [*item("Lbl"), *item("Lbl")]
    start = ("H1", "P", "H2", "L", facts, "P", "L", points)
    remark = "P"
    assert tags(sheet) == [*start, remark, "H2", "Div", frames]


def test_the_code_of_the_card_has_words(card):
    back = ["Div", ["Figure", "P"]]
    assert tags(card) == ["H1", "P", "Div", ["Div", ["P", ["Strong"], "P", "P"], *back]]
    with opened(card) as pdf:
        figure = pdf.Root.StructTreeRoot.K[0].K[2].K[1].K[0]
        assert str(figure.Alt) == "Code à lire avec un téléphone : il dit le texte de la carte"


@pytest.mark.parametrize("which", ("sheet", "card"))
def test_it_says_to_be_pdf_ua_in_french(which, request):
    assert is_pdf_ua(request.getfixturevalue(which))
    with opened(request.getfixturevalue(which)) as pdf:
        assert str(pdf.Root.Lang) == "fr"
        assert pdf.Root.MarkInfo.Marked and pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo.Author) == "Carnet"
        assert str(pdf.docinfo.Title) == (SHEET if which == "sheet" else CARD).title
        assert "/CreationDate" not in pdf.docinfo


@pytest.mark.parametrize("which", ("sheet", "card"))
def test_every_font_is_inside_and_ours(which, request):
    assert fonts(request.getfixturevalue(which)) == {"NotoSans-Regular"}


def test_it_reads_in_order(sheet):
    said = text(sheet)
    blocks = ("Désignation d'essai", "née le", "Nom", "Adresse", "1 rue Inventée", "35000", "Un.")
    places = [said.index(words) for words in (*blocks, "Une remarque", "Fait à :", "Bruno Fictif")]
    assert places == sorted(places)
    assert said.count("Carnet – Désignation d'essai – page 1 sur 1") == 1


def test_large_letters_are_half_as_large_again(sheet):
    large = typesetting.pdf(SHEET, large=True)
    assert (size(sheet, "Première"), size(large, "Première")) == (12, 18)
    assert pages(large) > pages(sheet)


@pytest.mark.parametrize("lines", range(20, 36, 3))
@pytest.mark.parametrize("large", (False, True))
def test_a_frame_is_never_cut(lines, large):
    blocks = (Paragraph("Ligne.\n" * lines), Heading("Signatures"), Paragraph("J'accepte."))
    made = typesetting.pdf(Sheet("Essai", (*blocks, *SHEET.blocks[-2:-1])), large)
    last = list(PdfDocument(made))[-1]
    said = last.get_textpage().get_text_range()
    for words in ("Signatures", "J'accepte.", "Moi, Alice Fictive", "Fait à", "Signature\u00a0:"):
        assert words in said
    assert place(last, "Signature\u00a0:")[1] > (2 + 2.5) * CM


def test_one_page_is_worth_smaller_letters():
    def made(points, one_page=True):
        items = Points(tuple(f"{each}. " + "quelques mots encore " * 9 for each in range(points)))
        return typesetting.pdf(Sheet("Essai", (items,), one_page=one_page))

    assert (pages(made(20, one_page=False)), pages(made(20))) == (2, 1)
    assert 9.5 <= size(made(20), "encore") < 12
    assert (pages(made(28)), size(made(28), "encore")) == (2, 12)


def test_a_card_holds_its_lines_and_its_code(card):
    assert pages(card) == 1
    for words in (CARD.title, *LINES):
        assert words in text(card)
    read, width = code(card)
    assert read == CARD.code
    assert width > 40


def test_a_full_card_is_still_read():
    lines = tuple(f"Appeler Fictif numéro {number} : 06 12 34 56 78" for number in range(13))
    longest = "é" * (qr.MAX_BYTES // 2)
    made = typesetting.card_pdf(Card(CARD.title, lines, longest))
    assert all(words in text(made) for words in lines)
    assert code(made)[0] == longest


@pytest.mark.parametrize("lines, words", ((("mot",) * 40, "mot"), (("mot",), "a" * 601)))
def test_a_card_too_full_is_refused(lines, words):
    with pytest.raises(Refusal) as refusal:
        typesetting.card_pdf(Card("Trop", lines, words))
    assert refusal.value.field == "lines"


def test_a_child_that_fails_or_lasts_is_told(monkeypatch):
    class Unknown(Paragraph):
        pass

    with pytest.raises(typesetting.TypesettingFailed):
        typesetting.pdf(Sheet("Essai", (Unknown("?"),)))
    monkeypatch.setattr(typesetting, "SECONDS", 0.01)
    with pytest.raises(typesetting.TypesettingFailed):
        typesetting.pdf(SHEET)


def item(*label):
    return ["LI", [*label, "LBody"]]
