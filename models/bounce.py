"""Bounces: letters that came back, as mail servers say it (RFC 3464, and Exim's and qmail's own
ways). They come from anyone: whatever one holds, it proves that it saw a letter of ours, by a name
that nobody guesses (notice.py), or does nothing.

What is final counts, not a delay; a message read again does nothing more."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

from peewee import OperationalError

from . import notice
from .notice import Notice

# What is read of a message: our letters are small, and what matters comes first.
LARGEST, MOST_LINES = 200_000, 10_000
# Of those that hide parts in parts, or beside parts; and of letters that one message may name.
MOST_PARTS, MOST_BOUNDARIES, MOST_NAMED = 40, 200, 20
# Of a header, in bytes, and of those that say what a part is: Python reads them in the square of
# their length.
LONGEST_HEADER, LONGEST_CONTENT = 10_000, 1_000
# Of messages read each time: strangers may send many.
MOST_FILES = 200
# A file that is still being written is left for the next time, in seconds.
SETTLED = 5
READ = "lus"
OURS = re.compile(r"notice-(\d{1,15})\.[0-9a-f]{32}(?=@)")
RECIPIENT = re.compile(r"^<([^<>@\s]+@[^<>@\s]+)>:", re.MULTILINE)
HEADER = re.compile(rb"[!-9;-~]*:")
QMAIL = re.compile(r"\AHi\. This is the .*qmail", re.IGNORECASE)
QMAIL_COPY = "--- Below this line is a copy"


@dataclass(frozen=True)
class Bounce:
    """`names`: those of letters that it gives, each with its number; `text`: all that it says."""

    names: dict[str, int]
    text: str
    why: str


@dataclass
class Read:
    """How many messages were read, and letters came back; and messages that say so of a letter
    without proving that they saw it."""

    messages: int = 0
    came_back: int = 0
    unproven: int = 0

    def take(self, raw: bytes) -> None:
        found = understood(raw)
        letters = _letters(found) if found else []
        self.messages += 1
        self.came_back += sum(notice.came_back(one, found.why) for one in letters)
        self.unproven += bool(found and not letters)


def read(path: Path) -> Read:
    """A Maildir, a folder of messages, an mbox or one message, left as they are. Raises OSError."""
    done = Read()
    for file in _files(path):
        for raw in _messages(file):
            done.take(raw)
    return done


def take_new(folder: Path) -> int:
    """What has come since the last time; how many letters came back. Each is put aside first: one
    that would stop whoever reads it is not read again."""
    done = Read()
    for file in _new(folder)[:MOST_FILES]:
        try:
            aside = _put_aside(folder, file)
            raw = _start(aside)
        except OSError:
            continue  # taken away meanwhile, or not ours to read
        try:
            done.take(raw)
        except OperationalError:  # the database is busy, which is no fault of the message
            aside.rename(file)
            raise
    return done.came_back


def take(raw: bytes) -> int:
    """How many letters this message brings back."""
    done = Read()
    done.take(raw)
    return done.came_back


def understood(raw: bytes) -> Bounce | None:
    """None where it does not say that a letter will never arrive."""
    raw = b"".join(raw[:LARGEST].splitlines(keepends=True)[:MOST_LINES])
    if raw.lower().count(b"content-type:") > MOST_PARTS or raw.count(b"\n--") > MOST_BOUNDARIES:
        return None
    if _has_long_header(raw):
        return None
    try:
        message = BytesParser().parsebytes(raw)
        parts = list(message.walk())
        text = "\n".join(_said(part) for part in parts)
        failed = _reported(parts) or _as_exim(message) or _as_qmail(parts)
    except Exception:  # the parser has its own faults, and strangers know them
        return None
    text = text.lower()
    names = {name[0]: int(name[1]) for name in OURS.finditer(text)}
    if not failed or max(len(failed), len(names)) > MOST_NAMED:
        return None
    return Bounce(names, text, next((why for why in failed.values() if why), ""))


def _has_long_header(raw):
    """Those of its parts too, and whatever looks like one."""
    name, length = b"", 0
    for line in raw.splitlines(keepends=True):
        if not line.startswith((b" ", b"\t")):
            found = HEADER.match(line)
            name, length = (found[0].lower(), 0) if found else (b"", 0)
        length += len(line)
        longest = LONGEST_CONTENT if name.startswith(b"content-") else LONGEST_HEADER
        if name and length > longest:
            return True
    return False


def _letters(found) -> list[Notice]:
    """Those it names, and whose recipient it knows."""
    rows = Notice.select().where(Notice.id.in_(list(found.names.values())))
    return [
        one
        for one in rows
        if one.name in found.names and one.sent_at and one.recipient.lower() in found.text
    ]


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


def _put_aside(folder, file) -> Path:
    if (folder / "new").is_dir():
        return file.rename(folder / "cur" / f"{file.name}:2,S")
    (folder / READ).mkdir(exist_ok=True)
    return file.rename(folder / READ / file.name)


def _start(file) -> bytes:
    with open(file, "rb") as stream:
        return stream.read(LARGEST)


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
