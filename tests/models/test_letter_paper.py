"""A letter, as a sheet of paper: what a window envelope shows of it, however it slides inside."""

import io
from dataclasses import replace
from datetime import date

import pikepdf
import pytest
import zxingcpp
from pypdfium2 import PdfDocument

from models import letters
from models.activation_code import spaced
from models.formats import typesetting
from models.record import Record
from models.sheet import Letter, Paragraph, Sheet
from models.telling import What

from ..printed import is_pdf_ua, pages, place, size, tags, text
from ..world import SENDER

MM = 72 / 25.4
WORDY = replace(
    SENDER,
    publisher="Association Fictive des Patients et des Familles de Bretagne Inventée",
    contact="Écrivez au 12 rue Imaginaire, 35000 Rennes, ou appelez le 01 99 00 00 00 le matin.",
)
CODE = "ACDEFGHJKMNP"
# A DL envelope shows what is there when the sheet is pushed to one corner or to another: left,
# top, right and bottom, in millimetres of the sheet. What is in ALWAYS shows in every case.
MAY = (90, 34, 200, 90)
ALWAYS = (100, 55, 190, 79)
NAME = "Marie-Emmanuelle Exemple-Imaginaire de La Fiction-Inventée X"
FULL = "\n".join(
    (
        "BATIMENT DES ORCHIDEES IMAGINAIRES 123",
        "RESIDENCE DU GRAND PARC DE LA FICTION9",
        "128 BIS BOULEVARD DU GENERAL IMAGINAIR",
        "LIEU DIT LES QUATRE CHEMINS DE FICTION",
        "97480 SAINT JOSEPH DE LA FICTION CEDEX",
    )
)
SHORT = "12 rue Inventée, 35000 Rennes"
LONG = {"birth_given_names": NAME.split()[0], "used_name": NAME.partition(" ")[2]}
CHILD = {"birth_date": date(2020, 1, 1)}
CASES = {
    "ordinary": (SHORT, False, {}),
    "minor": (SHORT, True, CHILD),
    "long": (FULL, False, LONG),
    "long and minor": (FULL, False, LONG | CHILD),
    "long and large": (FULL, True, LONG),
    "from the right": (SHORT, False, {"birth_given_names": "محمد", "used_name": "المثال"}),
    "one word": (FULL, False, {"used_name": "X" * 120}),
    "no address": ("", False, {}),
}


def her(address=SHORT, **told):
    known = {
        "member_number": "A-12",
        "birth_name": "Exemple",
        "birth_given_names": "Odette",
        "birth_date": date(1951, 3, 14),
        "sex": "F",
        "postal_address": address,
    }
    return Record(**known | told)


@pytest.fixture
def printed(opened):
    """Her letter, of today."""

    def made(large=False, what=What.SPACE, sender=SENDER, **told):
        return letters.for_one(her(**told), CODE, sender, what, large)

    return made


@pytest.mark.parametrize("address, large, told", CASES.values(), ids=CASES)
def test_the_window_shows_the_whole_address_and_nothing_else(printed, address, large, told):
    one = her(address, **told)
    page = PdfDocument(printed(large, sender=WORDY, address=address, **told))[0]
    inside = [box for box in boxes(page) if meets(box, MAY)]
    assert inside and all(within(box, ALWAYS) for box in inside)
    left, top, right, bottom = (limit * MM for limit in MAY)
    high = page.get_height()
    seen = page.get_textpage().get_text_bounded(left, high - bottom, right, high - top)
    for word in (*one.birth_given_names.split()[:1], *address.rpartition("\n")[2].split(", ")[-1:]):
        assert word in seen
    assert "Bonjour" not in seen and "Association" not in seen


def test_the_sender_is_on_the_left(printed):
    page = PdfDocument(printed())[0]
    first = page.get_textpage().get_text_bounded(0, page.get_height() - 34 * MM, 85 * MM)
    first = first.replace("\u00a0", " ")
    for words in (SENDER.publisher, SENDER.contact, SENDER.address):
        assert words in first


def test_a_long_name_is_whole_in_letters_that_are_read(printed):
    made = printed(address=FULL, **LONG)
    said = " ".join(text(made).split())
    assert len(NAME) == 60 and NAME in said
    for line in FULL.splitlines():
        assert line in said
    assert size(made, "97480") >= 7


def test_an_ordinary_address_is_large(printed):
    assert size(printed(), "35000") >= 11


def test_a_letter_is_one_sheet_and_in_large_letters_two(printed):
    assert pages(printed()) == pages(printed(**CHILD)) == 2
    large = printed(large=True)
    assert 3 <= pages(large) <= 4 and size(large, "Bonjour") == 18
    assert pages(printed(what=What.CODE)) == 1


def test_it_is_read_aloud_in_its_order(printed):
    made = printed()
    assert is_pdf_ua(made)
    names = tags(made)
    assert names.count("H1") == 1 and names.count("H2") == 9
    said = text(made)
    order = (SENDER.publisher, "35000", "Le ", "Un espace de santé", "Bonjour", spaced(CODE))
    places = [said.index(words) for words in order]
    assert places == sorted(places)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert str(pdf.docinfo.Title) == "Un espace de santé vous attend"


@pytest.mark.parametrize("large", (False, True))
def test_its_code_opens_the_page_of_activation(printed, large):
    made = printed(large)
    page = PdfDocument(made)[1 if large else 0]
    picture = page.render(scale=200 / 72).to_pil()
    assert zxingcpp.read_barcode(picture).text == SENDER.activation


def test_an_address_too_wide_beside_its_code_goes_on_after_a_slash(printed):
    """« /activa » and « tion », or « association- » and « exemple », would be copied wrongly."""
    host = "https://carnet.association-exemple.fr/"
    made = printed(True, sender=replace(SENDER, activation=f"{host}activation"))
    page = PdfDocument(made)[1]
    baselines = [round(place(page, word)[1]) for word in ("https", "carnet", "exemple.fr")]
    assert max(baselines) - min(baselines) < 6
    assert "https://carnet.association-exemple.fr/\n" in text(made)


def test_it_says_what_the_code_is_once(printed):
    assert text(printed()).count(spaced(CODE)) == 1


def test_without_a_publisher_or_a_contact(printed):
    said = text(printed(sender=replace(SENDER, publisher="", contact="")))
    assert said.count("Votre association") >= 2
    assert "None" not in said and "Demandez à votre association." in said


def test_many_letters_begin_each_on_a_sheet():
    long = Sheet("Longue", (Paragraph("Ligne.\n" * 60),))
    short = Sheet("Courte", (Paragraph("Ligne."),))
    some = [Letter((f"Personne {n}",), long if n % 2 else short) for n in range(4)]
    made = typesetting.letters_pdf(some, ("Association Fictive",), "Le 1er mars 2026")
    starts = [n for n, page in enumerate(PdfDocument(made)) if "Personne" in said_by(page)]
    assert starts == [0, 2, 4, 6]
    blank = PdfDocument(made)[1]
    assert said_by(blank) == ""
    numbers = [said_by(page).rpartition("page ")[2] for page in PdfDocument(made)]
    assert numbers[:4] == ["1 sur 1", "", "1 sur 2", "2 sur 2"]


def test_parts_are_put_together_each_on_a_sheet():
    one = [Letter(("Personne",), Sheet("Courte", (Paragraph("Ligne."),)))]
    part = typesetting.letters_pdf(one, ("Association Fictive",), "Le 1er mars 2026")
    whole = b"".join(typesetting.merged([part] * 3, [len(part)] * 3))
    assert ["Personne" in said_by(page) for page in PdfDocument(whole)] == [True, False] * 3


def test_a_part_that_is_no_pdf_is_refused():
    with pytest.raises(typesetting.TypesettingFailed):
        list(typesetting.merged([b"rien"], [4]))


def said_by(page):
    return page.get_textpage().get_text_range().strip().replace("\u00a0", " ")


def boxes(page):
    """Of all that is drawn, in millimetres from its top: left, top, right, bottom."""
    high = page.get_height()
    words = page.get_textpage()
    rects = [words.get_rect(n) for n in range(words.count_rects())]
    shapes = [one.get_bounds() for one in page.get_objects() if one.type != 1]
    for left, bottom, right, top in (*rects, *shapes):
        yield left / MM, (high - top) / MM, right / MM, (high - bottom) / MM


def meets(box, zone):
    left, top, right, bottom = box
    return left < zone[2] and right > zone[0] and top < zone[3] and bottom > zone[1]


def within(box, zone):
    left, top, right, bottom = box
    return zone[0] <= left and zone[1] <= top and right <= zone[2] and bottom <= zone[3]
