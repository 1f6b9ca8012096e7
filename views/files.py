"""Answers that are files: their name, and that they are kept by nobody on the way."""

from urllib.parse import quote

from flask import Response

from models.words import fold


def disposition(attached: bool, name: str) -> str:
    """RFC 6266: the name in plain letters, and as it is for browsers that can."""
    plain = fold(name).encode("ascii", "ignore").decode().replace('"', "")
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
