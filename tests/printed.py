"""Looks at PDFs with other libraries than the one that makes them."""

import io

import pikepdf
import zxingcpp
from pypdfium2 import PdfDocument, raw

MARGIN = 54  # points: 2 cm, less the thickness of a rule


def opened(data):
    return pikepdf.open(io.BytesIO(data))


def is_pdf_ua(data):
    with opened(data) as pdf:
        return b"<pdfuaid:part>1</pdfuaid:part>" in pdf.Root.Metadata.read_bytes()


def fonts(data):
    """Their names; each is inside the file."""
    with opened(data) as pdf:
        used = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert all("/FontFile2" in font.DescendantFonts[0].FontDescriptor for font in used)
        return {str(font.BaseFont).partition("+")[2] for font in used}


def tags(data):
    """Names of the tags under the document; those inside one follow it, in a list."""
    with opened(data) as pdf:
        return _tags(pdf.Root.StructTreeRoot.K)[1]


def text(data):
    said = "\n".join(page.get_textpage().get_text_range() for page in PdfDocument(data))
    return said.replace("\r\n", "\n").replace("\u00a0", " ")


def pages(data):
    return len(PdfDocument(data))


def code(data):
    """The text that a telephone reads on its first page, badly printed; its width in mm."""
    found = zxingcpp.read_barcode(PdfDocument(data)[0].render(scale=200 / 72).to_pil())
    return found.text, (found.position.top_right.x - found.position.top_left.x) / 200 * 25.4


def size(data, words):
    """Of its letters, in points."""
    page = PdfDocument(data)[0].get_textpage()
    return raw.FPDFText_GetFontSize(page, _found(page, words))


def place(page, words):
    """Of its first letter: left, bottom, right, top, in points from the bottom of the page."""
    return page.get_textpage().get_charbox(_found(page.get_textpage(), words))


def within_margins(data):
    return all(_white(page.render(scale=1).to_pil().convert("L")) for page in PdfDocument(data))


def _found(page, words):
    return page.search(words, match_case=True).get_next()[0]


def _tags(kids):
    names = []
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            inside = _tags(kid.get("/K", pikepdf.Array()))
            names += [str(kid.S)[1:], inside] if inside else [str(kid.S)[1:]]
    return names


def _white(image):
    left = image.crop((0, 0, MARGIN, image.height))
    right = image.crop((image.width - MARGIN, 0, image.width, image.height))
    return all(side.getextrema()[0] > 250 for side in (left, right))
