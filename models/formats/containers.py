"""DOCX and ODT: what a ZIP declares itself to be, checked before any library unpacks it."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from models.formats import kinds

MAX_ENTRIES = 2_000
MAX_TOTAL = 200 * 1024 * 1024  # bytes once unpacked, nothing of which reaches a disk
MAX_XML = 20 * 1024 * 1024  # bytes of one part that is parsed whole
MAX_RATIO = 200
SMALL = 1024 * 1024  # bytes under which a high ratio harms nobody: blank pages compress well
ARCHIVE = "une archive"
# All that Python says of a ZIP that is not sound.
DAMAGED = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error),
    *(NotImplementedError, RuntimeError, OSError, ValueError, EOFError),
)
WITH_MACROS = "un document avec des macros"
MAIN_PART = {kinds.DOCX: "word/document.xml", kinds.ODT: "content.xml"}
WORD_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
OTHER_OFFICE = (
    ("xl/workbook.xml", "un classeur Excel"),
    ("ppt/presentation.xml", "une présentation PowerPoint"),
)
OTHER_DECLARED = (
    (b"application/vnd.oasis.opendocument.spreadsheet", "un classeur OpenDocument"),
    (b"application/vnd.oasis.opendocument.presentation", "une présentation OpenDocument"),
    (b"application/epub+zip", "un livre numérique"),
)
# LibreOffice lists its macro libraries there, even when they hold nothing.
EMPTY_LIBRARIES = ("script-lb.xml", "script-lc.xml", "dialog-lb.xml", "dialog-lc.xml", "/")
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
BREAKS = {WORD + "p": "\n", WORD + "br": "\n", WORD + "tab": "\t"}


@dataclass(frozen=True)
class Container:
    """`media_type` None: refused, and `what` says what it is."""

    media_type: str | None
    what: str | None = None
    protected: bool = False


def look_inside(file: io.BytesIO) -> Container:
    try:
        with zipfile.ZipFile(file) as archive:
            return _declared(archive) if _harmless(archive) else Container(None, ARCHIVE)
    except DAMAGED:
        return Container(None, ARCHIVE)


def opens(file: io.BytesIO, media_type: str) -> bool:
    """Whether the main part is sound XML, free of the entities that such files never need."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, iterparse

    try:
        with zipfile.ZipFile(file) as archive, archive.open(MAIN_PART[media_type]) as part:
            for _, element in iterparse(part, forbid_dtd=True):
                element.clear()
    except (ParseError, DefusedXmlException, *DAMAGED):
        return False
    return True


def text(file: io.BytesIO, media_type: str) -> str:
    return _odt_text(file) if media_type == kinds.ODT else _docx_text(file)


def _harmless(archive: zipfile.ZipFile) -> bool:
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or total > MAX_TOTAL:
        return False
    return all(_harmless_entry(entry) for entry in entries)


def _harmless_entry(entry: zipfile.ZipInfo) -> bool:
    packed = max(entry.compress_size, 1)
    if entry.file_size > SMALL and entry.file_size / packed > MAX_RATIO:
        return False
    if entry.filename.endswith((".xml", ".rels")) and entry.file_size > MAX_XML:
        return False
    encrypted = entry.flag_bits & 1
    return not encrypted and ".." not in entry.filename and not entry.filename.startswith("/")


def _declared(archive: zipfile.ZipFile) -> Container:
    names = archive.namelist()
    if "[Content_Types].xml" in names:
        return _office(archive, names)
    if names and names[0] == "mimetype":
        return _open_document(archive, names)
    return Container(None, ARCHIVE)


def _office(archive: zipfile.ZipFile, names: list[str]) -> Container:
    types = archive.read("[Content_Types].xml")
    if b"macroEnabled" in types or any(name.endswith("vbaProject.bin") for name in names):
        return Container(None, WITH_MACROS)
    if WORD_TYPE in types and "word/document.xml" in names:
        return Container(kinds.DOCX)
    known = (what for name, what in OTHER_OFFICE if name in names)
    return Container(None, next(known, ARCHIVE))


def _open_document(archive: zipfile.ZipFile, names: list[str]) -> Container:
    declared = archive.read("mimetype").strip()
    if declared != kinds.ODT.encode():
        known = (what for beginning, what in OTHER_DECLARED if declared.startswith(beginning))
        return Container(None, next(known, ARCHIVE))
    if any(_is_macro(name) for name in names):
        return Container(None, WITH_MACROS)
    if "content.xml" not in names:
        return Container(None, ARCHIVE)
    manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
    return Container(kinds.ODT, protected=b"encryption-data" in manifest)


def _is_macro(name: str) -> bool:
    return name.startswith(("Basic/", "Scripts/")) and not name.endswith(EMPTY_LIBRARIES)


def _docx_text(file: io.BytesIO) -> str:
    """In the order of the file, tables and text boxes included, then headers and footers."""
    from docx import Document
    from docx.opc.constants import RELATIONSHIP_TYPE

    document = Document(file)
    around = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)
    parts = [one.target_part for one in document.part.rels.values() if one.reltype in around]
    elements = [document.element.body, *(part.element for part in parts)]
    return "\n".join("".join(_pieces(element)) for element in elements).strip()


def _pieces(element) -> Iterator[str]:
    # Text boxes are written twice, the second time for older readers.
    for double in list(element.iter(FALLBACK)):
        double.getparent().remove(double)
    for node in element.iter(*BREAKS, WORD + "t"):
        yield BREAKS.get(node.tag) or node.text or ""


def _odt_text(file: io.BytesIO) -> str:
    from odfdo import Document

    return Document(file).get_formatted_text().strip()
