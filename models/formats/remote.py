"""A file that the child does not have: it asks its parent for what it reads of it (unpacking.py).
Nothing of it is held but the piece that is read."""

import io
import sys

from models.formats.limits import MEGABYTE
from models.formats.speech import send

AHEAD = 256 * 1024
# In bytes, what one of our libraries may want of it at once.
MOST_AT_ONCE = 16 * MEGABYTE


class Remote(io.BufferedReader):
    """Raises OverflowError where a library would read too much of it at once."""

    def __init__(self, size: int):
        super().__init__(_Asking(size), AHEAD)
        self._size = size

    def read(self, size=-1):
        left = self._size - self.tell()
        if (left if size is None or size < 0 else size) > MOST_AT_ONCE:
            raise OverflowError
        return super().read(size)


class _Asking(io.RawIOBase):
    def __init__(self, size):
        self._size, self._at = size, 0

    def readable(self):
        return True

    def seekable(self):
        return True

    def tell(self):
        return self._at

    def seek(self, offset, whence=io.SEEK_SET):
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError("before the beginning")
        self._at = base + offset
        return self._at

    def readinto(self, buffer):
        wanted = min(len(buffer), self._size - self._at)
        if wanted <= 0:
            return 0
        send(read=[self._at, wanted])
        given = sys.stdin.buffer.read(wanted)
        buffer[: len(given)] = given
        self._at += len(given)
        return len(given)
