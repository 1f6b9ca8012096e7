"""A ZIP from a stranger: how much it says that it holds, checked before anything is unpacked."""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from models.formats.dissection import SINGLE, Refused

MEGABYTE = 1024 * 1024
MAX_ENTRIES = 1_000
# In bytes, of the list of what it holds: to read a list of millions takes more than it is worth.
MAX_LIST = 512 * 1024
MAX_TOTAL = 200 * MEGABYTE
MAX_RATIO = 200
SMALL = MEGABYTE  # bytes under which a high ratio harms nobody
END, END_LENGTH, LONGEST_REMARK = b"PK\x05\x06", 22, 65_535
END_OF_64, LOCATOR_LENGTH = b"PK\x06\x07", 20
DAMAGED = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error),
    *(NotImplementedError, RuntimeError, OSError, ValueError, EOFError),
)
TOO_MUCH = "cette archive contient trop de fichiers, ou de trop gros."
PROTECTED = "cette archive est protégée par un mot de passe. Enlevez-le, puis recommencez."
DANGEROUS = "cette archive contient un fichier dont le nom est dangereux."


class Archive:
    """Its files by name; folders are left out."""

    def __init__(self, file: zipfile.ZipFile):
        self._file = file
        self.names = [one.filename for one in file.infolist() if not one.is_dir()]

    def read(self, name: str) -> bytes:
        """Raises Refused."""
        try:
            with self._file.open(name) as stream:
                return stream.read()
        except DAMAGED as fault:
            raise Refused("broken") from fault

    def size(self, name: str) -> int:
        return self._file.getinfo(name).file_size

    def head(self, name: str, size: int) -> bytes:
        """Its first bytes. Raises Refused."""
        try:
            with self._file.open(name) as stream:
                return stream.read(size)
        except DAMAGED as fault:
            raise Refused("broken") from fault


@contextmanager
def unpacked(data: bytes, wanted: re.Pattern) -> Iterator[Archive]:
    """Raises Refused where it would harm, or does not open; SINGLE where it holds no name that is
    wanted."""
    _check_list(data)
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGED as fault:
        raise Refused("broken") from fault
    with file:
        if not any(wanted.search(name) for name in file.namelist()):
            raise Refused(SINGLE)
        _check(file.infolist())
        yield Archive(file)


def _check_list(data):
    at = data.rfind(END, max(0, len(data) - END_LENGTH - LONGEST_REMARK))
    if at < 0 or at + END_LENGTH > len(data):
        raise Refused("broken")
    length = struct.unpack_from("<L", data, at + 12)[0]
    for_giants = data[max(0, at - LOCATOR_LENGTH) : at].startswith(END_OF_64)
    if for_giants or length > MAX_LIST:
        raise Refused("too_large", TOO_MUCH)


def _check(entries):
    total = sum(one.file_size for one in entries)
    if len(entries) > MAX_ENTRIES or total > MAX_TOTAL or any(map(_is_bomb, entries)):
        raise Refused("too_large", TOO_MUCH)
    if any(one.flag_bits & 1 for one in entries):
        raise Refused("protected", PROTECTED)
    if any(_is_dangerous(one) for one in entries):
        raise Refused("dangerous", DANGEROUS)


def _is_bomb(entry):
    packed = max(entry.compress_size, 1)
    return entry.file_size > SMALL and entry.file_size / packed > MAX_RATIO


def _is_dangerous(entry):
    """Nothing is written under its name; but whoever wrote such a name means harm."""
    parts = entry.filename.replace("\\", "/").split("/")
    outside = not parts[0] or ".." in parts or parts[0].endswith(":")
    return outside or stat.S_ISLNK(entry.external_attr >> 16)
