"""Plain text, RTF and DOCX: small enough to be written by hand."""

from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from models.demonstration.pages import NOTICE, PATIENT, Sheet

OFFICE_SCHEMAS = "http://schemas.openxmlformats.org"
MAIN_PART = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
DOCX_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{OFFICE_SCHEMAS}/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{MAIN_PART}"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{OFFICE_SCHEMAS}/package/2006/relationships">'
        '<Relationship Id="rId1" Target="word/document.xml" '
        f'Type="{OFFICE_SCHEMAS}/officeDocument/2006/relationships/officeDocument"/>'
        "</Relationships>"
    ),
}
XML_HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def all_lines(sheet: Sheet) -> tuple[str, ...]:
    return (
        sheet.title, NOTICE, f"Le {sheet.dated:%d/%m/%Y}", f"Patiente : {PATIENT}", "",
        *sheet.lines, "", sheet.author,
    )  # fmt: skip


def text(sheet: Sheet) -> bytes:
    return ("\n".join(all_lines(sheet)) + "\n").encode()


def rtf_escape(line: str) -> str:
    return "".join(char if char.isascii() else f"\\u{ord(char)}?" for char in line)


def rtf(sheet: Sheet) -> bytes:
    title, *lines = map(rtf_escape, all_lines(sheet))
    body = "\\par\n".join([f"{{\\b\\fs32 {title}}}", *lines])
    header = "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Helvetica;}}\\f0\\fs24\n"
    return f"{header}{body}\\par\n}}".encode("ascii")


def docx(sheet: Sheet) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in all_lines(sheet))
    namespace = f"{OFFICE_SCHEMAS}/wordprocessingml/2006/main"
    main = f'<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>'
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, part in {**DOCX_PARTS, "word/document.xml": main}.items():
            # a ZipInfo carries a fixed date: the same paper gives the same bytes
            archive.writestr(ZipInfo(name), XML_HEADER + part, ZIP_DEFLATED)
    return buffer.getvalue()
