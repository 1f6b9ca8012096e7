"""Bounces: letters that came back, as mail servers say it (RFC 3464, and Exim's and qmail's own
ways). They come from anyone: whatever one holds, it names a letter of ours or does nothing.

What is final counts, not a delay; a message read again does nothing more."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

from peewee import fn

from . import clock, notice
from .notice import Notice

# What is read of a message: our letters are small, and what matters comes first.
LARGEST = 500_000
# Of those that hide parts in parts, or beside parts; and of letters that one message may name.
MOST_PARTS, MOST_BOUNDARIES, MOST_NAMED = 40, 200, 20
LATELY = timedelta(days=30)
# A file that is still being written is left for the next time, in seconds.
SETTLED = 5
READ = "lus"
OURS = re.compile(r"notice-(\d{1,15})\.(\d{1,12})@")
RECIPIENT = re.compile(r"^<([^<>\s]+@[^<>\s]+)>:", re.MULTILINE)
QMAIL = re.compile(r"\AHi\. This is the .*qmail", re.IGNORECASE)
QMAIL_COPY = "--- Below this line is a copy"


@dataclass(frozen=True)
class Bounce:
    """`names`: the letters it names, by what their Message-ID holds; `text`: all that it says."""

    recipients: frozenset[str]
    names: frozenset[tuple[int, int]]
    text: str
    why: str


def read(path: Path) -> tuple[int, int]:
    """A Maildir, a folder of messages, an mbox or one message, left as they are: how many were
    read, and how many letters came back. Raises OSError."""
    messages = came_back = 0
    for file in _files(path):
        for raw in _messages(file):
            messages += 1
            came_back += take(raw)
    return messages, came_back


def take_new(folder: Path) -> int:
    """What has come since the last time, put aside once read; how many letters came back."""
    came_back = 0
    for file in _new(folder):
        try:
            came_back += sum(take(raw) for raw in _messages(file))
            _put_aside(folder, file)
        except OSError:
            continue  # taken away meanwhile, or not ours to read
    return came_back


def take(raw: bytes) -> int:
    """How many letters this message brings back."""
    found = understood(raw)
    return sum(notice.came_back(one, found.why) for one in _letters(found)) if found else 0


def understood(raw: bytes) -> Bounce | None:
    """None where it does not say that a letter will never arrive."""
    if raw.lower().count(b"content-type:") > MOST_PARTS or raw.count(b"\n--") > MOST_BOUNDARIES:
        return None
    try:
        message = BytesParser().parsebytes(raw)
        parts = list(message.walk())
        text = "\n".join(_said(part) for part in parts)
        failed = _reported(parts) or _as_exim(message) or _as_qmail(parts)
    except Exception:  # the parser has its own faults, and strangers know them
        return None
    names = frozenset((int(number), int(stamp)) for number, stamp in OURS.findall(text))
    if not failed or max(len(failed), len(names)) > MOST_NAMED:
        return None
    whom = frozenset(address.strip().strip("<>").lower() for address in failed)
    return Bounce(whom, names, text.lower(), next((why for why in failed.values() if why), ""))


def _letters(found) -> list[Notice]:
    """By their name; where it gives none, the last one to that address."""
    if not found.names:
        rows = [_last_to(address) for address in found.recipients]
        return [one for one in rows if one]
    rows = Notice.select().where(Notice.id.in_([number for number, _ in found.names]))
    return [one for one in rows if _is_named(one, found)]


def _is_named(one, found):
    """The number of a letter is easily guessed, with its moment less so; and whoever writes in the
    name of a mail server knows where it went."""
    stamped = (one.id, int(one.made_at.timestamp())) in found.names
    return stamped and bool(one.sent_at) and one.recipient.lower() in found.text


def _last_to(address):
    lately = Notice.sent_at > clock.now() - LATELY
    to_her = fn.LOWER(Notice.recipient) == address
    return Notice.select().where(to_her & lately).order_by(Notice.id.desc()).first()


def _reported(parts) -> dict[str, str]:
    """Address → why, of a delivery status notification."""
    reports = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    blocks = [block for part in reports for block in part.get_payload() if part.is_multipart()]
    return {
        _address(block["Original-Recipient"] or block["Final-Recipient"]): _why(block)
        for block in blocks
        if _first(block["Action"]) == "failed"
    }


def _as_exim(message) -> dict[str, str]:
    failed = ",".join(message.get_all("X-Failed-Recipients", []))
    return {address: "" for address in re.split(r"[\s,]+", str(failed)) if "@" in address}


def _as_qmail(parts) -> dict[str, str]:
    if len(parts) > 1 or not QMAIL.match(_text(parts[0]).lstrip()):
        return {}
    told = _text(parts[0]).partition(QMAIL_COPY)[0]
    return dict.fromkeys(RECIPIENT.findall(told), "")


def _said(part) -> str:
    """Its headers and its words."""
    headers = "\n".join(f"{name}: {value}" for name, value in part.items())
    return f"{headers}\n{_text(part)}"


def _text(part: Message) -> str:
    """Whatever letters it says that it is in: what is looked for is ASCII."""
    if part.is_multipart():
        return ""
    content = part.get_payload(decode=True) or b""
    return content.decode("utf-8", "replace")


def _first(header) -> str:
    return str(header or "").strip().lower().partition(" ")[0]


def _address(header) -> str:
    """« rfc822; paul@exemple.invalid »."""
    return str(header or "").rpartition(";")[2].strip()


def _why(block) -> str:
    told = str(block["Diagnostic-Code"] or block["Status"] or "").rpartition(";")[2]
    return " ".join(told.split())


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    boxes = [path / name for name in ("new", "cur") if (path / name).is_dir()]
    for folder in boxes or [path]:
        yield from sorted(one for one in folder.iterdir() if _is_message(one))


def _new(folder):
    """A Maildir says which are; of other folders, those that are not put aside."""
    if (folder / "new").is_dir():
        return list(_files(folder / "new"))
    long_ago = time.time() - SETTLED
    return [one for one in _files(folder) if one.lstat().st_mtime < long_ago]


def _put_aside(folder, file):
    if (folder / "new").is_dir():
        file.rename(folder / "cur" / f"{file.name}:2,S")
    else:
        (folder / READ).mkdir(exist_ok=True)
        file.rename(folder / READ / file.name)


def _is_message(file):
    return file.is_file() and not file.name.startswith(".")


def _messages(file: Path) -> Iterator[bytes]:
    """Of an mbox, each; of another file, itself. Never much in memory."""
    with open(file, "rb") as stream:
        kept, blank = b"", True
        first = stream.readline(LARGEST)
        if not first.startswith(b"From "):
            yield first + stream.read(LARGEST - len(first))
            return
        while line := stream.readline(LARGEST):
            if blank and line.startswith(b"From "):
                yield kept
                kept = b""
            elif len(kept) < LARGEST:
                kept += line
            blank = line in (b"\n", b"\r\n")
        yield kept
