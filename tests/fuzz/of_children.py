"""What is read in a process of its own, tried from where Carnet calls it: what the program says is
heard as it is there."""

import json
from types import SimpleNamespace

from models import guessing, header, lot, moving_rows, submission
from models.formats import blocks, dissection, fhir_shapes, kinds, photos, reading, unpacking, xds
from models.formats import hardened as xml
from models.formats import markup as drawn
from models.formats.archives import unpacked
from models.formats.extraction import UNSTORABLE
from models.formats.narrative import text
from models.formats.plain import MAX_TEXT
from models.formats.reading import Reading, Unreadable

from ..world import LIMITS
from . import here, seeds
from .drawing import check_page

MAGIC = (
    *((b"\xff\xd8", kinds.JPEG), (b"\x89PNG", kinds.PNG), (b"RIFF", kinds.WEBP)),
    *((b"II*", kinds.TIFF), (b"MM\0*", kinds.TIFF)),
)


def any_file(data):
    """Whatever it is: recognised, then read."""
    _check(reading.read([data[:7], data[7:]], "sans nom", _keeping([])))


def pdf(data):
    _extracted(kinds.PDF, data)


def rtf(data):
    _extracted(kinds.RTF, data)


def container(data):
    _extracted(kinds.ZIP, data)


def photo(data):
    known = (media_type for start, media_type in MAGIC if data.startswith(start))
    _extracted(next(known, kinds.HEIC), data)


def binding(data):
    pdf = b"".join(photos.bind([[data], [data]], [len(data)] * 2))
    assert pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF")


def cda(data):
    _document(kinds.XML, data)


def fhir_document(data):
    _document(kinds.JSON, data)


def fhir_lot(data):
    for shape in (fhir_shapes.FILE, fhir_shapes.REFERENCE, fhir_shapes.TRANSACTION):
        _lot("fhir_lot", data, shape)


def xdm(data):
    _lot("xdm", data)


def mail(data):
    _lot("mail", data)


def metadata(data):
    for entry in xds.read(data):
        header.heard(header.as_json(entry.header))


def archive(data):
    """Each of its files is read."""
    import re

    with unpacked(data, re.compile("")) as opened:
        for name in opened.names:
            opened.head(name, 10)
            opened.read(name)


def narrative(data):
    drawing = drawn.Drawing({"m": {"kind": "part", "part": "P", "words": "P", "image": True}})
    page = drawing.draw(xml.tree(data), "Titre")
    text(page)
    blocks.check([json.dumps(page, ensure_ascii=False).encode("utf-8", "replace")])
    check_page(page)


def page(data):
    """What a program that was taken over draws: it is refused, or can be shown."""
    blocks.check([data])
    check_page(json.loads(data))


def moving(data):
    """The archive of a whole record: looked at, its manifest read, each file examined."""
    told = here.archived(data, do="look", password=seeds.PASSWORD)
    rows = [one for one in told if "name" in one]
    folders = guessing.folders_of([one["name"] for one in rows])
    for one in rows:
        json.dumps(moving_rows.guessed(one, folders, LIMITS)).encode()
    if told[0].get("manifest"):
        here.archived(data, do="manifest", activity="Activité.csv", password=seeds.PASSWORD)
    numbers = list(range(told[0].get("files", 0)))[:3]
    entries = [one["entry"] for one in told if "entry" in one][:3] or numbers
    if "refused" not in told[-1] and entries:
        wanted = {"entries": entries, "password": seeds.PASSWORD}
        here.archived(data, do="examine", **wanted)
        here.archived(data, do="give", **wanted)


def protocol(data):
    """Whatever a child that was taken over may say."""
    kept = []
    messages = list(unpacking._heard(iter([data[:9], data[9:]]), _keeping(kept)))
    _heard(messages, kept)
    for line in data.split(b"\n"):
        message = unpacking._message(line)
        unpacking._span(message.get("read", [0, 0]))
        header.heard(message.get("header", {}))
    _check(reading._reading(kinds.PDF, data))


def workbook(data):
    from models.formats.table import Table

    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        for row in Table([data]):
            assert all(len(cell) <= 1000 for cell in row.cells)


def typeset(data):
    """Words of strangers, on paper."""
    from models.formats import typesetting
    from models.sheet import Box, Facts, Heading, Paragraph, Points, Sheet

    words = data.decode("utf-8", "replace")[:400]
    blocks = (Heading(words), Paragraph(words), Facts(((words, words),)), Points((words,)))
    typesetting.pdf(Sheet(words or "Titre", (*blocks, Box(words)), words))


def _extracted(media_type, data):
    _check(reading._reading(media_type, reading._heard(media_type, [data])))


def _check(one: Reading):
    assert one.media_type in kinds.KINDS and len(one.text) <= MAX_TEXT
    assert one.media_type == kinds.TEXT or not UNSTORABLE.search(one.text)
    (one.text + (one.warning or "")).encode()


def _document(media_type, data):
    kept = []
    one = reading._dissected(media_type, [data], _keeping(kept))
    one.text.encode()
    json.dumps(header.as_json(one.header)).encode()
    _check_pages(kept)


def _lot(what, data, *arguments):
    kept = []
    messages = dissection.heard(what, [data], _keeping(kept), *arguments)
    assert "done" in messages[-1] or "refused" in messages[-1], messages[-1]
    if "refused" in messages[-1]:
        str(messages[-1].get("what")).encode()
        submission._issues(messages[-1])
    else:
        _heard(messages, kept)


def _heard(messages, kept):
    spools = [SimpleNamespace(content=content, name="x") for _facts, content in kept]
    for item in lot._told(messages, spools):
        (item.name + header.written(item.header)).encode()
    _check_pages(kept)


def _check_pages(kept):
    for facts, content in kept:
        if facts["role"] == "page":
            blocks.check([bytes(content)])
            check_page(json.loads(bytes(content)))


def _keeping(kept):
    def keep(facts):
        kept.append((facts, bytearray()))
        return SimpleNamespace(write=kept[-1][1].extend)

    return keep


REFUSED = (Unreadable, dissection.Refused, unpacking.Garbled)
