"""An answer that breaks once it has begun. Nobody can be told any more: it is cut short, so that
the browser knows; and the server, which writes what it is given, is not told why."""

from models import log


class Broken(Exception):
    """It says nothing of what caused it."""


def watch(wsgi_app):
    def watched(environ, start_response):
        try:
            return Chunks(wsgi_app(environ, start_response))
        except Exception as error:
            log.failed("an answer failed", error)
            raise Broken from None

    return watched


class Chunks:
    def __init__(self, chunks):
        self._chunks = chunks

    def __iter__(self):
        try:
            yield from self._chunks
        except Exception as error:
            log.failed("an answer was cut short", error)
            raise Broken from None

    def close(self):
        if hasattr(self._chunks, "close"):
            self._chunks.close()
