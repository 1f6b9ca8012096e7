"""Answers that are files: their name, and that they are kept by nobody on the way."""

import re
from collections.abc import Callable, Iterable
from urllib.parse import quote

from flask import Response

from models.formats.kinds import PDF
from models.seeking import Span
from models.words import fold

from .spans import Beyond, wanted

ALONE = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
# What is served as itself can neither run nor load anything, whoever wrote it.
CONTENT_POLICY = f"default-src 'none'; style-src 'unsafe-inline'; {ALONE}; sandbox"
# Browsers refuse to start their own PDF viewer in a sandbox; it runs apart from our pages anyway.
PDF_POLICY = f"default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; {ALONE}"

# What ends a quoted name, or a line, or leads to another folder.
UNQUOTABLE = re.compile(r'[^ -~]|["\\/]')


def disposition(attached: bool, name: str) -> str:
    """RFC 6266: the name in plain letters, and as it is for browsers that can."""
    plain = UNQUOTABLE.sub("", fold(name).encode("ascii", "ignore").decode())
    kind = "attachment" if attached else "inline"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def pdf(content: bytes, title: str) -> Response:
    """A PDF made for this answer, to keep or to print."""
    return kept_by_nobody(Response(content, mimetype="application/pdf"), f"{title}.pdf")


def kept_by_nobody(response: Response, name: str) -> Response:
    """A file to download, under this name."""
    response.headers["Content-Disposition"] = disposition(True, name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def served(one, read: Callable[[Span | None], Iterable[bytes]], attached: bool) -> Response:
    """The content of a document, or of a part of one: as it came, and harmless. `read` tells of the
    reading, whatever is sent, and gives the bytes."""
    try:
        asked = wanted(one)
    except Beyond:
        return _beyond(one)
    chunks = read(asked.span)
    response = _sent(one, chunks, asked)
    policy = PDF_POLICY if one.media_type == PDF else CONTENT_POLICY
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Disposition"] = disposition(attached, one.download_name)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = asked.tag
    return response


def _sent(one, chunks, asked) -> Response:
    if asked.known:
        return Response(status=304)
    response = Response(chunks, mimetype=one.media_type, direct_passthrough=True)
    response.headers["Content-Length"] = asked.span.length if asked.span else one.size
    if asked.span:
        response.status_code = 206
        last = asked.span.start + asked.span.length - 1
        response.headers["Content-Range"] = f"bytes {asked.span.start}-{last}/{one.size}"
    return response


def _beyond(one) -> Response:
    response = Response(status=416)
    response.headers["Content-Range"] = f"bytes */{one.size}"
    return response
