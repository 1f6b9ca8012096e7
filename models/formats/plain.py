"""Plain text: UTF-8, UTF-16 with its mark, else Windows-1252, and never a control byte."""

import codecs
import re

MAX_TEXT = 500_000  # characters kept for the search
TOO_LONG = "Ce document est très long : la recherche n'en connaît que le début."
OPENING = 1024  # characters looked at for a page or a script
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class NotText(Exception):
    pass


class PlainText:
    """Judges a text chunk by chunk and keeps only what the search needs of it."""

    def __init__(self, mark: bytes):
        self._utf16 = mark.startswith(UTF16_MARKS)
        self._decoder = codecs.getincrementaldecoder("utf-16" if self._utf16 else "utf-8-sig")()
        self._utf8_lost = False
        self._kept = bytearray()

    def add(self, chunk: bytes, final: bool = False) -> None:
        """Raises NotText."""
        room = MAX_TEXT * 4 - len(self._kept)
        self._kept += chunk[:room]
        if self._utf16:
            self._add_utf16(chunk, final)
        else:
            self._add_bytes(chunk, final)

    def text(self) -> str:
        encoding = "utf-16" if self._utf16 else "cp1252" if self._utf8_lost else "utf-8-sig"
        return self._kept.decode(encoding, "ignore")

    def _add_utf16(self, chunk: bytes, final: bool) -> None:
        try:
            decoded = self._decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            raise NotText from error
        if CONTROL.search(decoded):
            raise NotText

    def _add_bytes(self, chunk: bytes, final: bool) -> None:
        if CONTROL_BYTES.search(chunk):
            raise NotText
        if not self._utf8_lost:
            self._utf8_lost = not self._still_utf8(chunk, final)
        if self._utf8_lost and any(byte in chunk for byte in b"\x81\x8d\x8f\x90\x9d"):
            raise NotText

    def _still_utf8(self, chunk: bytes, final: bool) -> bool:
        try:
            self._decoder.decode(chunk, final)
        except UnicodeDecodeError:
            return False
        return True


def is_text(head: bytes) -> bool:
    try:
        PlainText(head[:2]).add(head)
    except NotText:
        return False
    return True


def opening(head: bytes) -> str:
    """The first characters, past the mark and the white space, as a browser looks at them."""
    if head.startswith(UTF16_MARKS):
        text = head.decode("utf-16", "replace")
    else:
        text = head.removeprefix(codecs.BOM_UTF8).decode("latin-1")
    return text.lstrip("\ufeff\0 \t\r\n\f\v")[:OPENING]
