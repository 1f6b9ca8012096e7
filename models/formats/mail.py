"""A message (RFC 5322) that carries documents: an XDM, or files attached to it. What it says in its
own words is not a document.

Python reads some headers in the square of their length: a message that has long ones, or more parts
than any person sends, is refused before it is read."""

import re
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from models.formats import kinds, xdm
from models.formats.dissection import SINGLE, Refused
from models.formats.speech import send, send_part
from models.header import Header, as_json

PARIS = ZoneInfo("Europe/Paris")
MOST_BOUNDARIES, MOST_PARTS, MOST_FILES = 20, 500, 100
LONGEST_HEADER = 10_000
# The headers that are read here, with the lines that go on with them.
READ = re.compile(
    rb"^(?:content-[a-z-]{1,40}|from|date|mime-version):(?:[^\r\n]*\r?\n[ \t])*[^\r\n]*",
    re.MULTILINE | re.IGNORECASE,
)
# What a message holds for machines: proofs, invitations, cards.
BESIDE = frozenset(
    {
        *("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-keys"),
        *("application/pgp-signature", "text/calendar", "text/vcard", "text/x-vcard"),
        *("message/delivery-status", "message/disposition-notification", "text/rfc822-headers"),
    }
)
SEALED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"})
OUTLOOK = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
ZIP, PDF = b"PK\x03\x04", b"%PDF-"
TOO_MUCH = "ce message contient trop de choses pour être lu."
NOTHING = "ce message n'apporte aucun fichier. Pour garder son texte, enregistrez-le en PDF."
CLOSED = "ce message est chiffré, ou scellé. Enregistrez à part le fichier qu'il apporte."
TNEF = (
    "ce message apporte un fichier winmail.dat, que seul Outlook ouvre. "
    "Demandez un nouvel envoi en pièce jointe ordinaire."
)
TOO_DEEP = "ce message en contient un autre, qui en contient un autre. Enregistrez-le à part."


def take_apart(data: bytes) -> None:
    """Each document that it carries. Raises Refused."""
    _check(data)
    message = message_from_bytes(data, policy=policy.default)
    files = [(one, depth, one.get_payload(decode=True) or b"") for one, depth in _attached(message)]
    if not files:
        raise Refused("empty_message", NOTHING)
    opened = {
        id(part): depth
        for part, depth, content in files
        if content.startswith(ZIP) and _taken_as_xdm(content)
    }
    for part, depth, content in files:
        # An XDM brings its documents: a PDF beside it is their copy, made to be read.
        copy = depth in opened.values() and content.startswith(PDF)
        if id(part) not in opened and not copy:
            _give(message, _file_name(part), content)


def _check(data):
    if data.lower().count(b"boundary=") > MOST_BOUNDARIES:
        raise Refused("too_large", TOO_MUCH)
    if data.count(b"\n--") > MOST_PARTS * 4:
        raise Refused("too_large", TOO_MUCH)
    if any(len(header[0]) > LONGEST_HEADER for header in READ.finditer(data)):
        raise Refused("too_large", TOO_MUCH)


def _attached(message) -> list[tuple[EmailMessage, int]]:
    """The files, each with how many messages inside messages it is in. Raises Refused."""
    found, waiting = [], [(message, 0)]
    for part, depth in waiting:
        kind = part.get_content_type()
        _check_part(part, kind, depth)
        if part.is_multipart():
            deeper = depth + (kind == "message/rfc822")
            waiting += [(one, deeper) for one in part.get_payload()]
        elif _is_file(part, kind):
            found.append((part, depth))
        if len(waiting) > MOST_PARTS or len(found) > MOST_FILES:
            raise Refused("too_large", TOO_MUCH)
    return found


def _check_part(part, kind, depth):
    if kind in SEALED:
        raise Refused("protected", CLOSED)
    if kind in OUTLOOK or _file_name(part).lower() == "winmail.dat":
        raise Refused("tnef", TNEF)
    if depth > 1:
        raise Refused("too_deep", TOO_DEEP)


def _is_file(part, kind):
    """Not the words of the message, nor the pictures that adorn them."""
    if kind in BESIDE:
        return False
    attached = part.get_content_disposition() == "attachment"
    if kind in ("text/plain", "text/html") or (kind.startswith("image/") and part["Content-ID"]):
        return attached
    return True


def _file_name(part) -> str:
    try:
        return part.get_filename() or ""
    except (ValueError, LookupError, TypeError, IndexError, AttributeError):
        return ""


def _taken_as_xdm(content) -> bool:
    """Whether its documents were given. Raises Refused where it is an XDM that does not open."""
    try:
        xdm.take_apart(content)
    except Refused as refusal:
        if refusal.reason != SINGLE:
            raise
        return False
    return True


def _give(message, name, content):
    """What says itself who wrote it, and when, needs nothing of the message."""
    if kinds.recognise(content[: kinds.HEAD_BYTES], name) in (kinds.XML, kinds.JSON):
        header = Header()
    else:
        header = Header(author=_sender(message), dated=_day(message))
    send(item={"name": name or "piece-jointe", "header": as_json(header)})
    send_part(content, role="item")


def _sender(message) -> str:
    try:
        (first, *_others) = message["From"].addresses
        return (first.display_name or first.addr_spec).strip()
    except (AttributeError, ValueError, IndexError, TypeError, LookupError):
        return ""


def _day(message) -> date | None:
    """Of France."""
    try:
        sent = parsedate_to_datetime(str(message["Date"]))
        return sent.astimezone(PARIS).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
