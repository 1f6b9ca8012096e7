"""The kinds of files a person may deposit, and how their bytes are told apart."""

import re
from dataclasses import dataclass

from models.formats import plain

HEAD_BYTES = 64 * 1024
PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
WEBP = "image/webp"
HEIC = "image/heic"
TIFF = "image/tiff"
TEXT = "text/plain"
RTF = "application/rtf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
# What health software writes: a CDA R2 document, and FHIR R4 resources that are one.
CDA = "application/hl7-cda+xml"
FHIR = "application/fhir+json"
# Never accepted as such: the child looks inside, and says DOCX, ODT or an archive; a CDA; FHIR.
ZIP = "application/zip"
XML = "application/xml"
JSON = "application/json"


@dataclass(frozen=True)
class Kind:
    """`in_page`: every browser shows it within a page."""

    media_type: str
    label: str
    extension: str
    in_page: bool

    @property
    def opens_in_browser(self) -> bool:
        return self.in_page or self.media_type == PDF

    @property
    def with_article(self) -> str:
        feminine = self.label.startswith(("photo", "image"))
        return f"{'une' if feminine else 'un'} {self.label}"


KINDS = {
    kind.media_type: kind
    for kind in (
        Kind(PDF, "PDF", ".pdf", False),
        Kind(JPEG, "photo JPEG", ".jpg", True),
        Kind(PNG, "image PNG", ".png", True),
        Kind(WEBP, "image WebP", ".webp", True),
        Kind(HEIC, "photo HEIC", ".heic", False),
        Kind(TIFF, "image TIFF", ".tiff", False),
        Kind(TEXT, "texte", ".txt", True),
        Kind(RTF, "document RTF", ".rtf", False),
        Kind(DOCX, "document Word", ".docx", False),
        Kind(ODT, "document OpenDocument", ".odt", False),
        Kind(CDA, "fichier médical CDA", ".xml", False),
        Kind(FHIR, "fichier médical FHIR", ".json", False),
    )
}
PHOTOS = frozenset({JPEG, PNG, WEBP, HEIC, TIFF})
# Kinds that are taken apart by a child of their own (dissection.py).
EXCHANGED = frozenset({CDA, FHIR})
PLAIN = "PDF, JPEG, PNG, WebP, HEIC, TIFF, TXT, RTF, DOCX, ODT"
ACCEPTED = f"{PLAIN}, CDA, FHIR"
# For <input accept>: extensions too, since many systems do not know HEIC or ODT by type.
# And what brings documents (lots.py).
accept = ",".join(
    [*KINDS, *(kind.extension for kind in KINDS.values()), ".jpeg", ".heif", ".tif", ".zip", ".eml"]
)

HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}

# What a browser, a shell or a printer would obey, at the very start of a text.
ACTIVE_START = re.compile(r"#!|%!ps|<[?%!/]|<[a-z][a-z0-9:._-]*(?:[\s/>]|$)", re.IGNORECASE)
# A tag with a prefix is of no page.
XML_START = re.compile(r"<[a-z][a-z0-9._-]*:[a-z]")
# A little further, what old browsers sniff as a page even after some ordinary words.
ACTIVE_INSIDE = re.compile(r"<(?:!doctype\s+html|html|script|iframe|svg)[\s/>]|<\?php", re.I)

# A name may only refuse: these open in something that runs or interprets what they hold.
ACTIVE_NAMES = {
    **dict.fromkeys(
        ["htm", "html", "xhtml", "xht", "shtml", "mht", "mhtml", "hta"], "une page HTML"
    ),
    **dict.fromkeys(["svg", "svgz"], "une image SVG"),
    **dict.fromkeys(["xml", "xsl", "xslt", "xsd", "dtd", "rdf"], "un fichier XML"),
    **dict.fromkeys(["zip", "jar", "war", "apk", "7z", "rar", "tar", "gz"], "une archive"),
    **dict.fromkeys(["ps", "eps"], "un fichier PostScript"),
    **dict.fromkeys(
        [
            "js",
            "mjs",
            "cjs",
            "jse",
            "ts",
            "jsx",
            "tsx",
            "wasm",
            "sh",
            "bash",
            "zsh",
            "fish",
            "ksh",
            "csh",
            "command",
            "bat",
            "cmd",
            "com",
            "exe",
            "dll",
            "msi",
            "scr",
            "pif",
            "ps1",
            "psm1",
            "psd1",
            "vb",
            "vbs",
            "vbe",
            "wsf",
            "wsh",
            "wsc",
            "sct",
            "reg",
            "inf",
            "lnk",
            "url",
            "desktop",
            "scf",
            "py",
            "pyw",
            "pyc",
            "php",
            "php3",
            "php4",
            "php5",
            "phtml",
            "phar",
            "pl",
            "pm",
            "cgi",
            "rb",
            "lua",
            "tcl",
            "awk",
            "asp",
            "aspx",
            "ashx",
            "jsp",
            "jspx",
            "cfm",
            "swf",
            "applescript",
            "scpt",
        ],
        "un programme",
    ),
}

NAMED_BY_START = (
    ("<?php", "un programme"),
    ("<%", "un programme"),
    ("#!", "un programme"),
    ("%!ps", "un fichier PostScript"),
    ("<?xml", "un fichier XML"),
    ("<!doctype html", "une page HTML"),
    ("<!doctype", "un fichier XML"),
)
# The beginnings of the media types that puremagic gives, the most precise first.
NAMED_BY_TYPE = (
    ("image/gif", "une image GIF"),
    ("image/avif", "une image AVIF"),
    ("image/x-icon", "une icône"),
    ("image/", "une image d'un autre format"),
    ("video/", "une vidéo"),
    ("audio/", "un enregistrement sonore"),
    ("application/dicom", "une image médicale DICOM"),
    ("application/msword", "un ancien document Office, ou un document protégé"),
    ("application/vnd.microsoft.portable-executable", "un programme"),
    ("application/java", "un programme"),
    ("application/x-7z", "une archive"),
    ("application/x-rar", "une archive"),
    ("application/vnd.rar", "une archive"),
    ("application/x-gzip", "une archive"),
    ("application/x-bzip2", "une archive"),
    ("application/x-xz", "une archive"),
    ("application/x-tar", "une archive"),
)


def label(media_type: str) -> str | None:
    """With its article; None for what is not accepted."""
    return KINDS[media_type].with_article if media_type in KINDS else None


def recognise(head: bytes, name: str) -> str | None:
    """The media type that `head`, the first 64 KiB, announces; None when not accepted."""
    opening = plain.opening(head)
    if exchanged := _exchanged(head, opening):
        return exchanged
    if not head or ACTIVE_START.match(opening):
        return None
    if head.startswith(b"PK\x03\x04"):
        return ZIP
    if head.startswith(b"{\\rtf"):
        return RTF
    if head.startswith(b"%PDF-"):  # no image begins so: nearly all of them are spared a long search
        return PDF
    return _image(head) or _pdf(head) or _text(head, opening, name)


def describe(head: bytes, name: str) -> str | None:
    """What a refused file seems to be, in French; None when nothing can be said."""
    if b":SubmitObjectsRequest" in head:
        return "la description d'un lot de documents (METADATA.XML), sans eux"
    opening = plain.opening(head)
    if ACTIVE_START.match(opening) or ACTIVE_INSIDE.search(opening):
        return _active(opening)
    if plain.is_text(head):
        return ACTIVE_NAMES.get(_extension(name))
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "une archive"
    if head.startswith((b"\x7fELF", b"MZ")):
        return "un programme"
    return _named_by_type(head)


def _exchanged(head: bytes, opening: str) -> str | None:
    """What may be a CDA, even one inside a style sheet that presents it, or FHIR resources. An
    alphabet of two bytes a letter is read all the same."""
    light = head.replace(b"\0", b"")
    start = opening.lstrip("\ufeff \t\r\n")
    if start.startswith("<") and b"urn:hl7-org:v3" in light:
        return XML
    return JSON if start.startswith("{") and b'"resourceType"' in light else None


def _image(head: bytes) -> str | None:
    if head[4:8] == b"ftyp":
        return _heic(head)
    # Every accepted image holds control bytes: spare the texts a long search.
    if plain.is_text(head):
        return None
    return next((one for one in _types(head) if one in PHOTOS - {HEIC}), None)


def _heic(head: bytes) -> str | None:
    # The major brand may only be « mif1 », and AVIF shares the container: read them all.
    box = head[8 : min(int.from_bytes(head[:4]), 512)]
    brands = {box[at : at + 4] for at in range(0, len(box), 4)}
    return HEIC if brands & HEIC_BRANDS and b"avif" not in brands else None


def _pdf(head: bytes) -> str | None:
    # Readers accept up to 1024 bytes of anything before the header.
    return PDF if b"%PDF-" in head[: 1024 + len(b"%PDF-")] else None


def _text(head: bytes, opening: str, name: str) -> str | None:
    if _extension(name) in ACTIVE_NAMES or ACTIVE_INSIDE.search(opening):
        return None
    return TEXT if plain.is_text(head) else None


def _extension(name: str) -> str:
    # Windows ignores the dots and spaces that end a name.
    return name.rstrip(" .\0").rpartition(".")[2].casefold() if "." in name else ""


def _types(head: bytes) -> list[str]:
    # Imported here: the children know their type already, and must start quickly.
    import puremagic

    try:
        return [match.mime_type for match in puremagic.magic_string(head)]
    except (puremagic.PureError, ValueError):
        return []


def _named_by_type(head: bytes) -> str | None:
    for found in _types(head):
        for beginning, label in NAMED_BY_TYPE:
            if found.startswith(beginning):
                return label
    return None


def _active(opening: str) -> str:
    folded = opening.casefold()
    if "<svg" in folded:
        return "une image SVG"
    if XML_START.match(folded):
        return "un fichier XML"
    labels = (label for beginning, label in NAMED_BY_START if folded.startswith(beginning))
    return next(labels, "une page HTML")
