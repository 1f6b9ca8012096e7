import io
import struct
import subprocess
import sys
import time
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import docx
import odfdo
import pillow_heif
import pypdfium2
import pytest
from fpdf import FPDF
from PIL import Image

from models.formats import kinds, plain, reading
from models.formats.reading import Reading, Unreadable, read

UPLOADS = Path(__file__).resolve().parents[2].parent / "shared/inputs/uploads"
LETTER = "Compte rendu du 3 mars : glycémie à jeun normale."
DOCX_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-'
    'types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/'
    '2006/main"><w:body><w:p><w:r><w:t>Bonjour</w:t></w:r></w:p></w:body></w:document>',
}


def chunked(data: bytes, size: int = 65536):
    return (data[at : at + size] for at in range(0, len(data), size))


def read_bytes(data: bytes, name: str = "sans nom") -> Reading:
    return read(chunked(data), name)


def refusal(data: bytes, name: str = "sans nom") -> tuple[str, str | None]:
    with pytest.raises(Unreadable) as caught:
        read_bytes(data, name)
    return caught.value.reason, caught.value.what


def pdf(pages: int = 1, password: str = "") -> bytes:
    document = FPDF()
    document.set_font("helvetica", size=12)
    if password:
        document.set_encryption(owner_password="owner", user_password=password)
    for _ in range(pages):
        document.add_page()
        document.cell(text=LETTER)
    return bytes(document.output())


def saved(document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def word() -> bytes:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Hôpital de Lille"
    document.add_paragraph(LETTER)
    document.add_table(1, 2).cell(0, 1).text = "créatinine 72"
    return saved(document)


def open_document() -> bytes:
    document = odfdo.Document("text")
    document.body.clear()
    document.body.append(odfdo.Paragraph(LETTER))
    return saved(document)


def zipped(parts: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def image(form: str, size: tuple[int, int] = (320, 200)) -> bytes:
    if form == "HEIF":
        pillow_heif.register_heif_opener()
    file = io.BytesIO()
    Image.effect_noise(size, 50).convert("RGB").save(file, form)
    return file.getvalue()


def test_pdf():
    found = read_bytes(pdf(pages=3), "lettre.pdf")
    assert (found.media_type, found.pages) == (kinds.PDF, 3)
    assert found.text.count(LETTER) == 3
    assert not found.protected and found.warning is None


def test_pdf_that_needs_a_password_is_taken_as_protected():
    found = read_bytes(pdf(password="secret"))
    assert found == Reading(kinds.PDF, "", None, True, None)


def test_pdf_after_some_garbage_is_still_a_pdf():
    assert LETTER in read_bytes(b"\x01garbage\n" * 100 + pdf()).text


def test_pdf_cut_at_its_beginning_is_broken():
    assert refusal(pdf()[:200]) == ("broken", "un PDF")


def test_pages_past_the_limit_are_not_read():
    found = read_bytes(pdf(pages=302))
    assert found.pages == 302
    assert found.text.count(LETTER) == 300
    assert found.warning == plain.TOO_LONG


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("JPEG", kinds.JPEG),
        ("PNG", kinds.PNG),
        ("WEBP", kinds.WEBP),
        ("HEIF", kinds.HEIC),
        ("TIFF", kinds.TIFF),
    ],
)
def test_photos_whatever_their_name(form, media_type):
    found = read_bytes(image(form), "page.html")
    assert (found.media_type, found.text, found.warning) == (media_type, "", None)


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_photo_cut_short_is_taken_with_a_warning(form):
    data = image(form)
    assert "abîmé" in read_bytes(data[: len(data) * 2 // 3]).warning


def test_heic_cut_short_is_broken():
    data = image("HEIF")
    assert refusal(data[: len(data) // 2]) == ("broken", "une photo HEIC")


def test_image_of_too_many_pixels_is_broken():
    data = image("PNG")
    header = b"IHDR" + struct.pack(">II", 20_000, 20_000) + data[24:29]
    checked = header + struct.pack(">I", zlib.crc32(header))
    assert refusal(data[:12] + checked + data[33:]) == ("broken", "une image PNG")


@pytest.mark.parametrize("form", ["GIF", "AVIF", "ICO", "BMP"])
def test_other_images_are_not_accepted(form):
    reason, what = refusal(image(form, (64, 64)), "photo.jpg")
    assert reason == "not_accepted"
    assert what


def test_word_document_with_its_tables_and_header():
    found = read_bytes(word())
    assert found.media_type == kinds.DOCX
    for expected in (LETTER, "créatinine 72", "Hôpital de Lille"):
        assert expected in found.text


def test_smallest_word_document():
    assert read_bytes(zipped(DOCX_PARTS)).text == "Bonjour"


def test_open_document():
    found = read_bytes(open_document())
    assert (found.media_type, found.text) == (kinds.ODT, LETTER)


def test_word_document_with_macros_is_refused():
    data = zipped({**DOCX_PARTS, "word/vbaProject.bin": b"\0"})
    assert refusal(data, "a.docx") == ("not_accepted", "un document avec des macros")


def test_word_document_with_an_external_entity_is_broken():
    entity = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    body = entity + DOCX_PARTS["word/document.xml"].replace("Bonjour", "&x;")
    data = zipped({**DOCX_PARTS, "word/document.xml": body})
    assert refusal(data) == ("broken", "un document Word")


@pytest.mark.parametrize(
    "parts",
    [
        {"lisez-moi.txt": "bonjour"},
        {**DOCX_PARTS, "../dehors.txt": "bonjour"},
        {**DOCX_PARTS, "bombe.bin": bytes(50_000_000)},
        {**DOCX_PARTS, **{f"{number}.txt": "" for number in range(2_001)}},
    ],
    ids=["plain", "slip", "bomb", "many"],
)
def test_archives_are_refused_even_named_docx(parts):
    assert refusal(zipped(parts), "lettre.docx") == ("not_accepted", "une archive")


def test_rtf():
    found = read_bytes(b"{\\rtf1\\ansi Glyc\\'e9mie normale\\par}")
    assert (found.media_type, found.text, found.warning) == (kinds.RTF, "Glycémie normale", None)


def test_rtf_cut_short_is_taken_with_a_warning():
    assert "abîmé" in read_bytes(b"{\\rtf1\\ansi Bonjour {\\b le monde").warning


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("size", [1, 7, 65536])
def test_text_in_every_encoding_and_cut_anywhere(encoding, size):
    text = "Été à l'hôpital : 12 €\r\n" * 9
    assert read(chunked(text.encode(encoding), size), "note.txt").text == text


def test_text_starts_like_a_program_but_is_a_note():
    assert read_bytes(b"BM: rendez-vous\nMZ: absent", "note.txt").media_type == kinds.TEXT


def test_long_text_is_taken_and_its_end_left_out_of_the_search():
    found = read_bytes("é".encode() * 600_000, "note.txt")
    assert len(found.text) == plain.MAX_TEXT
    assert found.warning == plain.TOO_LONG


def test_control_byte_far_into_a_text_is_refused():
    assert refusal(b"bonjour " * 100_000 + b"\0", "note.txt")[0] == "not_accepted"


def test_empty_file():
    assert refusal(b"") == ("empty", None)
    with pytest.raises(Unreadable):
        read([], "vide.txt")


@pytest.mark.parametrize(
    ("start", "what"),
    [
        ("<script>alert(1)</script>", "une page HTML"),
        ("\ufeff \n\t<!DOCTYPE HTML><p>", "une page HTML"),
        ("<!-- bonjour --><html>", "une page HTML"),
        ("<h1>bonjour</h1>", "une page HTML"),
        ("<a href=x>", "une page HTML"),
        ("Bonjour <ScRipT >alert(1)</script>", "une page HTML"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "une image SVG"),
        ("  <?XML version='1.0'?><a/>", "un fichier XML"),
        ("<?php echo 1;", "un programme"),
        ("#!/bin/sh\nls", "un programme"),
        ("%!PS-Adobe-3.0", "un fichier PostScript"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_pages_and_programs_are_refused_as_text(start, what, encoding):
    assert refusal(start.encode(encoding), "note.txt") == ("not_accepted", what)


@pytest.mark.parametrize("name", ["a.js", "a.HTML", "a.svg", "a.ps1", "a.bat . ", "a.txt.php"])
def test_a_name_may_refuse_a_text(name):
    reason, what = refusal(b"bonjour", name)
    assert reason == "not_accepted"
    assert what


@pytest.mark.parametrize("text", ["HbA1c < 7 %", "<7 % le matin", "<marie@exemple.fr> bonjour"])
def test_ordinary_notes_with_an_angle_bracket_are_taken(text):
    assert read_bytes(text.encode(), "note.txt").text == text


def test_what_was_read_before_time_ran_out_is_kept(monkeypatch):
    monkeypatch.setattr(reading, "SECONDS", 0.8)
    found = read_bytes(b"{\\rtf1 " + b"\\b bonjour\\b0 " * 500_000 + b"}")
    assert (found.media_type, found.warning) == (kinds.RTF, reading.UNFINISHED)


def test_no_answer_in_time_is_broken(monkeypatch):
    monkeypatch.setattr(reading, "SECONDS", 0)
    assert refusal(pdf()) == ("broken", "un PDF")


def test_complaints_of_libraries_and_a_line_cut_short_are_left_out():
    said = b'{"media_type": "%s", "pages": 2}\nwarning!\n{"text": "Bonjour"}\n{"text": "le m'
    found = reading._reading(kinds.PDF, said % kinds.PDF.encode())
    assert found == Reading(kinds.PDF, "Bonjour", 2, False, reading.UNFINISHED)


def test_error_of_the_sender_comes_through():
    def interrupted():
        yield pdf()
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        read(interrupted(), "lettre.pdf")


def test_memory_of_the_parent_stays_flat():
    start, piece = pdf(), b"x" * 65536
    tracemalloc.start()
    read((start if number == 0 else piece for number in range(400)), "gros.pdf")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


def test_every_kind_is_told_to_people_and_browsers():
    for kind in kinds.KINDS.values():
        assert kind.media_type in kinds.accept
        assert kind.extension in kinds.accept
    in_page = {kind.media_type for kind in kinds.KINDS.values() if kind.in_page}
    assert in_page == {kinds.JPEG, kinds.PNG, kinds.WEBP, kinds.TEXT}


REFUSED = {
    "archive/etc_passwd.zip": ("not_accepted", "une archive"),
    "archive/zip-slip.zip": ("not_accepted", "une archive"),
    "disguised/SSRF_url.svg": ("not_accepted", "une image SVG"),
    "disguised/html_named.pdf": ("not_accepted", "une page HTML"),
    "disguised/html_named.txt": ("not_accepted", "une page HTML"),
    "disguised/svg_named.png": ("not_accepted", "une image SVG"),
    "disguised/xss.html": ("not_accepted", "une page HTML"),
    "image/decompression_bomb.gif": ("not_accepted", "une image GIF"),
    "image/empty.jpg": ("empty", None),
    "image/hopper.avif": ("not_accepted", "une image AVIF"),
    "image/png_decompression_dos.png": ("broken", "une image PNG"),
    "image/unknown_compression_method.png": ("broken", "une image PNG"),
    "other/7-zip.7z": ("not_accepted", "une archive"),
    "other/dicom.dcm": ("not_accepted", "une image médicale DICOM"),
    "other/mp4.mp4": ("not_accepted", "une vidéo"),
    "other/zip.zip": ("not_accepted", "une archive"),
    "pdf/bug1020226.pdf": ("broken", "un PDF"),
    "pdf/poppler-395-0-fuzzed.pdf": ("broken", "un PDF"),
    "pdf/truncated_half_crazyones.pdf": ("broken", "un PDF"),
    "polyglot/pdf_zip_pe.pdf": ("broken", "un PDF"),
}
PROTECTED = {"pdf/libreoffice-writer-password.pdf", "pdf/print_protection.pdf"}
DAMAGED = {
    "image/broken_data_stream.png",
    "image/truncated_image.png",
    "image/truncated_jpeg.jpg",
    "pdf/Pages-tree-refs.pdf",
}
HOLDING = {
    "disguised/pdf_named.jpg": "Lorem ipsum",
    "docx/comments-rich-para.docx": "Some text worthy of note.",
    "docx/source.odt": "Lorem ipsum",
    "pdf/bomb_giant.pdf": "GIANT JBIG2 BOMB",
    "pdf/corkami_1016garbage.pdf": "corkami",
    "pdf/encrypted-attachment.pdf": "Example",
    "pdf/french_diacritics.pdf": "é É è È ê Ê",
    "pdf/signed_verified.pdf": "Digital signature",
    "pdf/tracemonkey.pdf": "Just-in-Time",
    "polyglot/pdf_plus_zip.pdf": "Lorem ipsum",
    "rtf/rich.rtf": "Rich Text Format",
}
EXTENSIONS = {
    ".pdf": kinds.PDF,
    ".png": kinds.PNG,
    ".apng": kinds.PNG,
    ".webp": kinds.WEBP,
    ".heic": kinds.HEIC,
    ".heif": kinds.HEIC,
    ".tiff": kinds.TIFF,
    ".rtf": kinds.RTF,
    ".docx": kinds.DOCX,
    ".odt": kinds.ODT,
}
FILES = sorted(path for path in UPLOADS.rglob("*") if path.is_file())


@pytest.mark.skipif(not FILES, reason="the shared inputs are not there")
@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(UPLOADS)) for path in FILES])
def test_shared_file(path):
    key, start = str(path.relative_to(UPLOADS)), time.monotonic()
    try:
        check_taken(key, read_bytes(path.read_bytes(), path.name))
    except Unreadable as error:
        expected = ("not_accepted", "un fichier XML") if key.startswith("xml/") else REFUSED[key]
        assert (error.reason, error.what) == expected
    assert time.monotonic() - start < 10


# In a process of its own: a child starts with the memory of its parent, pytest here.
MEASURE = """
import resource, sys
from pathlib import Path
from models.formats import program
from models.formats.reading import Unreadable, read

for path in Path(sys.argv[1]).rglob("*"):
    if path.is_file():
        try:
            read([path.read_bytes()], path.name)
        except Unreadable:
            pass
program.nursery.end()  # its own are counted then
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.skipif(not FILES, reason="the shared inputs are not there")
def test_memory_over_all_shared_files():
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", MEASURE, str(UPLOADS)]
    kilobytes = int(subprocess.run(command, cwd=root, capture_output=True, check=True).stdout)
    assert 10_000 < kilobytes < 200_000


def check_taken(key: str, found: Reading) -> None:
    assert key not in REFUSED
    expected = kinds.PDF if key == "disguised/pdf_named.jpg" else None
    assert found.media_type == (expected or EXTENSIONS.get(Path(key).suffix, kinds.JPEG))
    assert found.protected == (key in PROTECTED)
    assert (found.warning is not None) == (key in DAMAGED)
    assert HOLDING.get(key, "") in found.text


@pytest.mark.skipif(not FILES, reason="the shared inputs are not there")
def test_text_is_what_pdfium_says():
    path = UPLOADS / "pdf/google-doc-document.pdf"
    text = pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range()
    first = text.splitlines()[0]
    assert read_bytes(path.read_bytes()).text.startswith(first)
