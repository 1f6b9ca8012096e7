"""A place in the crowd, for one request: at work, or waiting for bytes that come or go slowly."""

from contextlib import contextmanager

from models import turns


class Place:
    """Of one request, from its coming to the last piece of its answer."""

    def __init__(self, crowd, address: str):
        self._crowd, self.address = crowd, address
        self.at_work = self.slow = self.gone = False

    def pause(self):
        if self.at_work:
            self.at_work = False
            self._crowd.turns.give_back()

    def resume(self):
        """At once: a heavy file comes in four hundred pieces; to queue for each took 30 s."""
        if not self.at_work:
            self._crowd.turns.retake()
            self.at_work = True

    @contextmanager
    def apart(self):
        """Not at work: waiting for bytes."""
        self.pause()
        try:
            yield
        finally:
            self.resume()

    def hasten(self):
        """She sends nothing more: she is not slow any longer."""
        self._crowd.hasten(self)

    def leave(self):
        if not self.gone:
            self.gone = True
            self.pause()
            self._crowd.left(self)


class Arriving:
    """A body on its way in: who waits for it lets others work."""

    def __init__(self, stream, place, length: str | None):
        self._stream, self._place = stream, place
        self._left = int(length) if length and length.isdecimal() else None

    def read(self, *size):
        return self._come(self._stream.read, size)

    def readline(self, *size):
        return self._come(self._stream.readline, size)

    def readlines(self, *hint):
        return list(self)

    def _come(self, read, size):
        with self._place.apart():
            piece = read(*size)
        if self._left is not None:
            self._left -= len(piece)
        if not piece or self._left == 0:
            self._place.hasten()
        return piece

    def __iter__(self):
        return iter(self.readline, b"")


class Leaving:
    """An answer in several pieces: at work to make each, not while it leaves."""

    def __init__(self, first, pieces, whole, place):
        self._first, self._pieces, self._whole, self._place = first, pieces, whole, place

    def __iter__(self):
        return self

    def __next__(self):
        if self._first:
            return self._first.pop(0)
        self._place.resume()
        turns.work(self._place.apart)
        try:
            return next(self._pieces)
        except BaseException:  # its end, among others
            self._place.leave()
            raise
        finally:
            turns.work()
            self._place.pause()

    def close(self):
        try:
            end(self._whole)
        finally:
            self._place.leave()

    def __del__(self):
        """A server that forgets to close it takes nobody's place for ever."""
        self._place.leave()


def end(chunks) -> None:
    if hasattr(chunks, "close"):
        chunks.close()
