"""What a CDA holds: the file that is its body, those beside it, and its text."""

import base64
import hashlib

from models.formats import narrative
from models.formats.cda_header import V3, all_of, attribute, first, words
from models.formats.markup import Drawing
from models.formats.naming import plain
from models.formats.speech import send_part

MOST_FILES = 50
BASE64 = "B64"
# What every browser draws, by its first bytes: what the file says of itself is not asked.
DRAWN = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"RIFF")
DAMAGED = "Un fichier joint à ce document est abîmé : il n'a pas pu être ouvert."
ELSEWHERE = "Ce document renvoie à un fichier qui n'est pas avec lui."
TOO_MANY = f"Ce document contient plus de {MOST_FILES} fichiers : les suivants restent dedans."
PACKED = "Un fichier joint à ce document est comprimé : il reste dans le fichier d'origine."
EMPTY = "Ce document est vide : il n'a ni texte, ni fichier."
# Characters decoded at once, a multiple of four: none is held twice.
PIECE = 4 * 64 * 1024
NOT_BASE64 = dict.fromkeys(map(ord, " \t\r\n="))


class Files:
    """Those found so far, each sent once. `warnings`: what went wrong."""

    def __init__(self):
        self.warnings: list[str] = []
        self._sent: dict[bytes, dict] = {}

    def send(self, element, role: str, name: str = "") -> dict | None:
        """The block that shows it; the element is emptied: its bytes are held once."""
        data = self._bytes(element)
        if not data:
            return None
        digest = hashlib.sha256(data).digest()
        if digest in self._sent:
            return self._sent[digest]
        if len(self._sent) == MOST_FILES:
            return self.warn(TOO_MANY)
        name = name or f"Pièce jointe {len(self._sent) + 1}"
        send_part(data, role=role, name=name, media_type=plain(element.get("mediaType")).lower())
        self._sent[digest] = narrative.part(name, name, data.startswith(DRAWN))
        return self._sent[digest]

    @property
    def sent(self) -> list[dict]:
        return list(self._sent.values())

    def warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    def _bytes(self, element):
        if first(element, "h:reference") is not None:
            self.warn(ELSEWHERE)
        if element.get("representation") != BASE64:
            return "".join(element.itertext()).strip().encode()
        if element.get("compression"):
            return self.warn(PACKED)
        told, element.text = element.text or "", None
        try:
            return decoded(told)
        except ValueError:
            return self.warn(DAMAGED)


def decoded(told: str) -> bytes:
    """Line breaks and a lost end change nothing. Raises ValueError for what is not base64."""
    data, rest = bytearray(), ""
    for start in range(0, len(told), PIECE):
        rest += told[start : start + PIECE].translate(NOT_BASE64)
        whole = len(rest) - len(rest) % 4
        data += base64.b64decode(rest[:whole], validate=True)
        rest = rest[whole:]
    return bytes(data + base64.b64decode(rest + "=" * (-len(rest) % 4), validate=True))


def send_body(document, files: Files, title: str) -> bool:
    """The file that is the document itself, where it is one."""
    body = first(document, "h:component/h:nonXMLBody/h:text")
    return body is not None and files.send(body, "body", title or "Document") is not None


def send_files(document, files: Files) -> dict[str, dict]:
    """Those that go with it: the blocks that show them, by the ID that the text calls them by."""
    shown = {}
    for value in all_of(document, "h:component//h:value"):
        media = value.getparent()
        is_media = media.tag == f"{{{V3}}}observationMedia"
        if value.get("representation") != BASE64 and not (is_media and len(value)):
            continue
        block = files.send(value, "file")
        if block and is_media and media.get("ID"):
            shown[media.get("ID")] = block
    return shown


def blocks(document, drawing: Drawing) -> list[dict]:
    """Its sections."""
    told = []
    for section in all_of(document, "h:component/h:structuredBody/h:component/h:section"):
        told += _section(section, drawing, 1)
    return told


def _section(section, drawing, level) -> list[dict]:
    """And those inside: no deeper than the tree may be (hardened.py)."""
    title = words(section, "h:title") or attribute(section, "h:code", "displayName")
    text = first(section, "h:text")
    told = [] if text is None else drawing.draw(text, title, level)
    for inner in all_of(section, "h:component/h:section"):
        told += _section(inner, drawing, level + 1)
    return [narrative.heading(title, level), *told] if title and told else told
