"""Answers that are files: their name, and that they are kept by nobody on the way."""

import re
from urllib.parse import quote

from flask import Response

from models.formats.kinds import PDF
from models.words import fold

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


def served(one, chunks, attached: bool) -> Response:
    """The content of a document, or of a part of one: as it came, and harmless."""
    response = Response(chunks, mimetype=one.media_type, direct_passthrough=True)
    response.headers["Content-Length"] = one.size
    policy = PDF_POLICY if one.media_type == PDF else CONTENT_POLICY
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Disposition"] = disposition(attached, one.download_name)
    return response
