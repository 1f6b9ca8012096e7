"""What may hold several documents, told by its first bytes: an XDM, a message, FHIR resources. The
child that opens it says whether it does."""

import re
from collections.abc import Iterable

from models.formats import kinds, plain

XDM, MAIL, FHIR = "xdm", "mail", "fhir"
# How an office document begins: those are one file each.
OFFICE = (b"mimetype", b"[Content_Types].xml", b"_rels/", b"docProps/", b"word/", b"customXml/")
ZIP_NAME = 30
# What describes documents, among FHIR resources.
DESCRIBES = b'"DocumentReference"'
FIELD = re.compile(rb"([!-9;-~]{1,100}):")
# A letter that someone typed may begin with « Date : » too: a message says more.
OF_MAIL = frozenset({b"from", b"received", b"message-id", b"return-path", b"date"})
OF_PARTS = frozenset({b"mime-version", b"content-type"})
MOST_LINES = 500


def recognise(head: bytes, whole: Iterable[bytes]) -> str | None:
    """One of dissection.LOTS; None for what is one file."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return None if head[ZIP_NAME:].startswith(OFFICE) else XDM
    if _is_mail(head):
        return MAIL
    if kinds.recognise(head, "") == kinds.JSON and _holds(whole, DESCRIBES):
        return FHIR
    return None


def _is_mail(head: bytes) -> bool:
    """RFC 5322: nothing but fields until the first empty line, and those of a message."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    if not plain.is_text(head[:1024]):
        return False
    names = set()
    for number, line in enumerate(head.splitlines()[:MOST_LINES]):
        if not line.strip():
            break
        if line[:1] in b" \t" or (not number and line.startswith(b"From ")):
            continue
        field = FIELD.match(line)
        if field is None:
            return False
        names.add(field[1].lower())
    return bool(names & OF_PARTS and len(names & OF_MAIL) > 1)


def _holds(whole: Iterable[bytes], words: bytes) -> bool:
    end = b""
    for chunk in whole:
        end += chunk
        if words in end:
            return True
        end = end[-len(words) :]
    return False
