"""The child that opens the archive of a whole record: what it holds, its manifest, and the files
that are asked for. It reads it where it is, a piece at a time (remote.py), and writes nothing.

`python -m models.formats.moving_zip`, its question on the first line: `do` (one of DO), `size` of
the archive, `password`, and what `do` wants."""

import hashlib
import json
import stat
import struct
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator

from models.formats import kinds, limits, sealed_entry
from models.formats.dissection import Refused
from models.formats.remote import Remote
from models.formats.sealed_entry import WrongPassword
from models.formats.speech import send

CPU_SECONDS = 120
ADDRESS_SPACE = 700 * limits.MEGABYTE
# An archive of ours has up to four files for a document.
MOST_ENTRIES = 60_000
MOST_DOCUMENTS = 20_000
LONGEST_NAME = 1000
MANIFEST = "carnet.json"
HEAVIEST_MANIFEST = 40 * limits.MEGABYTE
DEEPEST = 12
VERSION = 1
PIECE = 64 * 1024
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# Left by systems beside the files: nobody put them there.
JUNK = ("__MACOSX/", ".")
# What a ZIP holds that is one document, or that health software exchanges (XDM).
INSIDE = (
    *(b"[Content_Types].xml", b"mimetype", b"word/", b"docProps/", b"_rels/"),
    *(b"IHE_XDM", b"METADATA.XML"),
)
JUNK_NAMES = frozenset({"thumbs.db", "desktop.ini"})
DAMAGED = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error),
    *(NotImplementedError, RuntimeError, OSError, ValueError, EOFError, OverflowError),
)


class Archive:
    """Raises Refused where it would harm, or is none."""

    def __init__(self, size: int, most: int, password: str):
        self.file, self.password = Remote(size), password
        try:
            self.zip = zipfile.ZipFile(self.file)
        except OverflowError as fault:
            raise Refused("too_many") from fault
        except DAMAGED as fault:
            raise Refused("broken") from fault
        self.entries = self.zip.infolist()
        if len(self.entries) > MOST_ENTRIES:
            raise Refused("too_many")
        self._check(size, most)
        self.names = {
            number: name
            for number, entry in enumerate(self.entries)
            if not entry.is_dir() and not _is_junk(name := _name(entry))
        }

    @property
    def by_name(self) -> dict[str, int]:
        """From where the manifest is."""
        at = self.names[self.manifest]
        root = at.removesuffix(MANIFEST)
        inside = (one for one in self.names.items() if one[1].startswith(root))
        return {name.removeprefix(root): number for number, name in inside}

    @property
    def manifest(self) -> int | None:
        """At its root, or in its only folder: some tools add one."""
        places = [one for one in self.names.items() if one[1].split("/")[-1] == MANIFEST]
        near = [number for number, name in places if name.count("/") <= 1]
        return min(near, key=lambda number: self.names[number].count("/"), default=None)

    @property
    def inner(self) -> int | None:
        """The archive that is all this one holds, under its password."""
        if len(self.names) != 1:
            return None
        ((number, name),) = self.names.items()
        sealed = self.entries[number].flag_bits & 1
        return number if sealed and name.casefold().endswith(".zip") else None

    def pieces(self, number: int) -> Iterator[bytes]:
        """Raises WrongPassword, or one of DAMAGED: at its end at the latest."""
        entry = self.entries[number]
        if sealed_entry.sealing(entry):
            if not self.password:
                raise WrongPassword
            yield from sealed_entry.pieces(self.file, entry, self.password)
            return
        if entry.flag_bits & 1 or entry.compress_type not in METHODS:
            raise NotImplementedError
        with self.zip.open(entry) as stream:
            while piece := stream.read(PIECE):
                yield piece

    def _check(self, size, most):
        spans = sorted((one.header_offset, one.compress_size) for one in self.entries)
        ends = [start + length for start, length in spans]
        if any(end > start for end, (start, _) in zip(ends, spans[1:], strict=False)):
            raise Refused("trap")
        if any(end > size for end in ends):
            raise Refused("broken")
        if sum(one.file_size for one in self.entries) > most:
            raise Refused("too_large")
        if any(_is_dangerous(one) for one in self.entries):
            raise Refused("trap")


def look(archive: Archive, question: dict) -> None:
    """What it is; each of its files where it is not an archive of ours."""
    if any(name.upper().startswith("IHE_XDM/") for name in archive.names.values()):
        raise Refused("document")
    sealed = any(one.flag_bits & 1 for one in archive.entries)
    if sealed:
        _try(archive)
    what = {"manifest": archive.manifest is not None, "inner": archive.inner, "sealed": sealed}
    send(**what, files=len(archive.names))
    if archive.inner is None and archive.manifest is None:
        if len(archive.names) > MOST_DOCUMENTS:
            raise Refused("too_many")
        for number, name in archive.names.items():
            entry = archive.entries[number]
            day = "{:04}-{:02}-{:02}".format(*entry.date_time[:3])
            send(entry=number, name=name, size=entry.file_size, day=day)


def manifest(archive: Archive, question: dict) -> None:
    told = _told(archive)
    documents = told.pop("documents")
    places = archive.by_name
    send(manifest=told, number=len(documents))
    for one in documents:
        entry = places.get(unicodedata.normalize("NFC", one["path"]))
        size = archive.entries[entry].file_size if entry is not None else 0
        send(document=one, entry=entry, size=size)
    activity = places.get(question["activity"])
    if activity is not None:
        send(activity=True, entry=activity, size=archive.entries[activity].file_size)


def examine(archive: Archive, question: dict) -> None:
    """What each of these files is, by its bytes."""
    for number in question["entries"]:
        whole, head, tail = hashlib.sha256(), b"", b""
        try:
            for piece in archive.pieces(number):
                whole.update(piece)
                head += piece[: kinds.HEAD_BYTES - len(head)]
                tail = (tail + piece)[-kinds.HEAD_BYTES :]
        except (*DAMAGED, WrongPassword):
            send(entry=number, damaged=True)
            continue
        name = archive.names[number]
        kind = kinds.recognise(head, name)
        what = None if kind else kinds.describe(head, name)
        # A ZIP says at its end what it holds.
        known = kind != kinds.ZIP or any(one in head + tail for one in INSIDE)
        send(entry=number, sha256=whole.hexdigest(), kind=kind, what=what, known=known)


def give(archive: Archive, question: dict) -> None:
    """The bytes of each of these files, then that it is whole, or is not."""
    for number in question["entries"]:
        try:
            for piece in archive.pieces(number):
                send(bytes=len(piece))
                sys.stdout.buffer.write(piece)
                sys.stdout.buffer.flush()
        except (*DAMAGED, WrongPassword):
            send(given=number, damaged=True)
            continue
        send(given=number)


DO = {one.__name__: one for one in (look, manifest, examine, give)}


def _try(archive):
    """The password, on its smallest file. Raises Refused."""
    sealed = [number for number in archive.names if archive.entries[number].flag_bits & 1]
    if not all(sealed_entry.sealing(archive.entries[number]) for number in sealed):
        raise Refused("old_seal")
    smallest = min(sealed, key=lambda number: archive.entries[number].file_size, default=None)
    if smallest is None:
        raise Refused("broken")
    try:
        next(archive.pieces(smallest), b"")
    except WrongPassword as fault:
        raise Refused("password") from fault
    except DAMAGED:
        pass  # the password is good: this file is told damaged when its turn comes


def _told(archive):
    """The manifest, its shape checked: the rest is manifest_reading.py's. Raises Refused."""
    if archive.entries[archive.manifest].file_size > HEAVIEST_MANIFEST:
        raise Refused("too_many")
    try:
        told = json.loads(b"".join(archive.pieces(archive.manifest)))
    except (*DAMAGED, RecursionError) as fault:
        raise Refused("manifest") from fault
    if not isinstance(told, dict) or not isinstance(told.get("documents"), list):
        raise Refused("manifest")
    version, documents = told.get("carnet"), told["documents"]
    if type(version) is int and version > VERSION:
        raise Refused("newer")
    if len(documents) > MOST_DOCUMENTS:
        raise Refused("too_many")
    if type(version) is not int or version < 1 or not _is_shallow(told, DEEPEST):
        raise Refused("manifest")
    if not all(isinstance(one, dict) and isinstance(one.get("path"), str) for one in documents):
        raise Refused("manifest")
    return told


def _is_shallow(value, deepest):
    if not isinstance(value, dict | list):
        return True
    inside = value.values() if isinstance(value, dict) else value
    return deepest > 0 and all(_is_shallow(one, deepest - 1) for one in inside)


def _name(entry):
    """Its path, whatever the system that wrote it; accents of old tools included."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        try:
            raw = name.encode("cp437")
            name = raw.decode("utf-8")
        except UnicodeEncodeError:
            pass
        except UnicodeDecodeError:
            name = raw.decode("cp850")
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def _is_dangerous(entry):
    """Nothing is written under its name; but whoever wrote such a name means harm."""
    parts = entry.filename.replace("\\", "/").split("/")
    outside = not parts[0] or ".." in parts or parts[0].endswith(":")
    long = len(entry.filename) > LONGEST_NAME
    return outside or long or stat.S_ISLNK(entry.external_attr >> 16)


def _is_junk(name):
    last = name.rsplit("/", 1)[-1]
    return name.startswith(JUNK[0]) or last.startswith(JUNK[1]) or last.casefold() in JUNK_NAMES


def main() -> None:
    limits.limit(CPU_SECONDS, ADDRESS_SPACE)
    question = json.loads(sys.stdin.buffer.readline())
    try:
        archive = Archive(question["size"], question["most"], question["password"])
        DO[question["do"]](archive, question)
        send(done=True)
    except Refused as refusal:
        send(refused=refusal.reason)
    except (MemoryError, RecursionError):
        send(refused="broken")


if __name__ == "__main__":
    main()
