"""The child: opens one file given on standard input and says, line by line, what it found.

Each line is a JSON object, sent as soon as it is known: should time or memory run out, the
parent keeps what was said. `python -m models.formats.extraction MEDIA_TYPE`.
"""

import io
import json
import re
import sys
from collections.abc import Iterator
from importlib import import_module

from models.formats import kinds, limits, plain

CPU_SECONDS = 8
ADDRESS_SPACE = 600 * limits.MEGABYTE
MAX_PAGES = 300
MAX_RTF = 8 * limits.MEGABYTE  # without its pictures: about two seconds of reading
TEXT_UNREAD = "Ce document s'ouvre, mais son texte n'a pas pu être lu pour la recherche."
DAMAGED = "Ce fichier est abîmé : certaines visionneuses ne l'ouvriront pas, ou pas en entier."
# PDFium ends a line cut at a hyphen with one of these.
HYPHENATED = re.compile("[\x02\ufffe]\r?\n?")
UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def prepare(media_type: str) -> None:
    """Read the libraries that this kind takes, before there is any file (nursery.py)."""
    for name in LIBRARIES.get(media_type, ()):
        import_module(name)


class Refused(Exception):
    def __init__(self, reason: str, what: str | None):
        super().__init__(reason, what)
        self.reason = reason
        self.what = what


def main(media_type: str) -> None:
    limits.limit(CPU_SECONDS, ADDRESS_SPACE, threads=media_type == kinds.HEIC)
    try:
        data = limits.standard_input()
        Speech().say(OPENERS[media_type](data, media_type))
    except Refused as refusal:
        send(refused=refusal.reason, what=refusal.what)
    except OverflowError:
        send(refused="not_accepted", what="un fichier trop lourd")


class Speech:
    """Passes the text on, up to its limit, then the warnings."""

    def __init__(self):
        self._room = plain.MAX_TEXT

    def say(self, found: Iterator[dict]) -> None:
        for message in found:
            send(**self._within_limit(message))
            if self._room <= 0:
                send(warning=plain.TOO_LONG)
                break
        send(done=True)

    def _within_limit(self, message: dict) -> dict:
        if "text" not in message:
            return message
        text = UNSTORABLE.sub("", HYPHENATED.sub("", message["text"]))[: self._room]
        self._room -= len(text)
        return {"text": text}


def send(**message) -> None:
    line = json.dumps(message, ensure_ascii=False) + "\n"
    sys.stdout.buffer.write(line.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def facts(media_type: str, pages: int | None = None, protected: bool = False) -> dict:
    return {"media_type": media_type, "pages": pages, "protected": protected}


def broken(media_type: str) -> Refused:
    return Refused("broken", kinds.KINDS[media_type].with_article)


def read_pdf(data: bytes, media_type: str) -> Iterator[dict]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        pages = len(document)
    except pypdfium2.PdfiumError as error:
        if error.err_code != pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise broken(media_type) from error
        yield facts(media_type, protected=True)
        return
    yield from pdf_text(document, pages, media_type)


def pdf_text(document, pages: int, media_type: str) -> Iterator[dict]:
    told = lost = 0
    for index in range(min(pages, MAX_PAGES)):
        text = page_text(document, index)
        if text is None:
            lost += 1
            continue
        if not told:
            yield facts(media_type, pages)
        told += 1
        yield {"text": text + "\n"}
    if not told:
        raise broken(media_type)
    if lost or pages > MAX_PAGES:
        yield {"warning": DAMAGED if lost else plain.TOO_LONG}


def page_text(document, index: int) -> str | None:
    """None when the page does not load."""
    from pypdfium2 import PdfiumError

    try:
        page = document[index]
        text = page.get_textpage().get_text_range()
    except PdfiumError:
        return None
    page.close()
    return text


def read_photo(data: bytes, media_type: str) -> Iterator[dict]:
    from models.formats import images

    try:
        frames, whole = images.prove(data, media_type)
    except images.Broken as error:
        raise broken(media_type) from error
    yield facts(media_type, frames if media_type == kinds.TIFF else None)
    if not whole:
        yield {"warning": DAMAGED}


def read_rtf(data: bytes, media_type: str) -> Iterator[dict]:
    from striprtf.striprtf import rtf_to_text

    yield facts(media_type)
    # Pictures are long runs of hexadecimal digits: going through them would take seconds.
    light = re.sub(rb"[0-9a-fA-F\s]{2000,}", b" ", data)
    start = light[:MAX_RTF].decode("cp1252", "replace")
    try:
        yield {"text": rtf_to_text(start, errors="ignore")}
    except (TypeError, ValueError, LookupError):  # of words of control that it does not expect
        yield {"warning": TEXT_UNREAD}
        return
    if len(light) > MAX_RTF:
        yield {"warning": plain.TOO_LONG}
    elif not data.rstrip(b"\0\r\n\t ").endswith(b"}"):
        yield {"warning": DAMAGED}


def read_container(data: bytes, media_type: str) -> Iterator[dict]:
    from models.formats import containers

    container = containers.look_inside(io.BytesIO(data))
    if container.media_type is None:
        raise Refused("not_accepted", container.what)
    if container.protected:
        yield facts(container.media_type, protected=True)
        return
    if not containers.opens(io.BytesIO(data), container.media_type):
        raise broken(container.media_type)
    yield facts(container.media_type)
    try:
        yield {"text": containers.text(io.BytesIO(data), container.media_type)}
    except MemoryError:
        raise
    except Exception:  # these libraries let every sort of error through
        yield {"warning": TEXT_UNREAD}


OPENERS = {
    kinds.PDF: read_pdf,
    kinds.RTF: read_rtf,
    kinds.ZIP: read_container,
    **dict.fromkeys(kinds.PHOTOS, read_photo),
}

# A Word document is far more frequent than an OpenDocument, which takes as long to read.
LIBRARIES = {
    kinds.PDF: ("pypdfium2",),
    kinds.RTF: ("striprtf.striprtf",),
    kinds.ZIP: ("models.formats.containers", "defusedxml.ElementTree", "docx"),
    kinds.JPEG: ("models.formats.images", "PIL.JpegImagePlugin"),
    kinds.PNG: ("models.formats.images", "PIL.PngImagePlugin"),
    kinds.WEBP: ("models.formats.images", "PIL.WebPImagePlugin"),
    kinds.TIFF: ("models.formats.images", "PIL.TiffImagePlugin"),
    kinds.HEIC: ("models.formats.images", "pillow_heif"),
}

if __name__ == "__main__":
    main(sys.argv[1])
