"""A CDA R2 document, taken apart: its header; its file or its text; what goes with it."""

from models.formats import cda_body, cda_header, drawn, hardened, kinds
from models.formats.cda_header import V3
from models.formats.dissection import Refused
from models.formats.markup import Drawing
from models.formats.speech import send
from models.header import as_json

DOCUMENT = f"{{{V3}}}ClinicalDocument"


def take_apart(data: bytes) -> None:
    """Raises Refused."""
    document = _document(hardened.tree(data))
    header, files = cda_header.read(document), cda_body.Files()
    wrong = []
    if not cda_body.send_body(document, files, header.title):
        wrong = _send_page(document, header, files)
    header = drawn.warned(header, files.warnings + wrong)
    send(header=as_json(header), media_type=kinds.CDA)


def _document(root):
    """Wherever it is: a style sheet may wrap it, which nobody runs."""
    found = list(root.iter(DOCUMENT))
    if len(found) != 1:
        raise Refused("not_accepted", hardened.AN_XML)
    return found[0]


def _send_page(document, header, files) -> list[str]:
    """What is wrong with it."""
    drawing = Drawing(cda_body.send_files(document, files))
    told = cda_body.blocks(document, drawing)
    if not told:
        return [] if files.warnings or files.sent else [cda_body.EMPTY]
    about = drawn.About(header, cda_header.authors(document), cda_header.custodian(document))
    drawn.send_page(about, told, not drawing.full)
    return [drawn.LONG] if drawing.full else []
