"""Static files: ours and htmx, under names that change with their bytes, kept for ever (D11)."""

import base64
import gzip
import hashlib
from functools import cache, partial
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from wsgiref.headers import Headers

import brotli
from whitenoise import WhiteNoise
from whitenoise.responders import Response

STATIC = Path(__file__).parent.parent / "static"
# From the installed package, which carries htmx 2 as published.
HTMX = Path(str(files("js_lib_htmx") / "static/htmx/htmx.min.js"))
SHEETS = tuple(STATIC / f"{name}.css" for name in ("office", "sheet", "narrative"))
# Of every answer of a site that is encrypted (RFC 6797): a year, its subdomains too.
ENCRYPTED = "max-age=31536000; includeSubDomains"
SCRIPTS = (STATIC / "carnet.js", STATIC / "passkeys.js")
SERVED = (HTMX, *SCRIPTS, *SHEETS, STATIC / "icon.svg")
# Browsers that draw no SVG ask for it by this name: without it, the whole page of an error.
FAVICON = "/favicon.ico"
WEEK = 7 * 24 * 3600
# The best first. In full: each file is packed once, by the first who asks for it.
PACKED = {"br": partial(brotli.compress, quality=11), "gzip": partial(gzip.compress, mtime=0)}


@cache
def addresses() -> dict[str, str]:
    """The address of each file, by its name."""
    return {file.name: f"/static/{file.stem}.{_digest(file)}{file.suffix}" for file in SERVED}


class Packed:
    """One of WhiteNoise's files, compressed from memory for who takes it so."""

    def __init__(self, file, path):
        self._file, self._path = file, path

    def get_response(self, method, environ):
        plain = self._file.get_response(method, environ)
        accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
        coding = next((name for name in PACKED if name in accepted), None)
        if plain.status != 200 or coding is None:
            return plain
        body, headers = packed(self._path, coding), Headers(list(plain.headers))
        headers["Content-Encoding"], headers["Content-Length"] = coding, str(len(body))
        if plain.file is not None:
            plain.file.close()
        return Response(plain.status, headers.items(), plain.file and BytesIO(body))


class Static(WhiteNoise):
    def get_static_file(self, path, url, stat_cache=None):
        file = super().get_static_file(path, url, stat_cache)
        return file if url == FAVICON else Packed(file, path)


@cache
def packed(path: str, coding: str) -> bytes:
    return PACKED[coding](Path(path).read_bytes())


def serve(app):
    """The application behind WhiteNoise, which answers for the static files."""
    served = Static(
        app.wsgi_app,
        allow_all_origins=False,
        max_age=WEEK,
        immutable_file_test=lambda path, url: url != FAVICON,
        add_headers_function=partial(_harden, app.config["SETTINGS"].secure),
    )
    for file in SERVED:
        served.add_file_to_dictionary(addresses()[file.name], str(file))
    served.add_file_to_dictionary(FAVICON, str(STATIC / "favicon.ico"))
    return served


@cache
def style() -> str:
    """The style sheet, which each page carries: it halves the first paint on a bad network."""
    lines = (STATIC / "carnet.css").read_text().splitlines()
    return "".join(line.strip() for line in lines if not line.startswith("/*"))


@cache
def style_hash() -> str:
    """For the Content-Security-Policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()


def _digest(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def _harden(secure, headers, path, url):
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Server"] = "Carnet"
    if url != FAVICON:
        headers["Vary"] = "Accept-Encoding"
    if secure:
        headers["Strict-Transport-Security"] = ENCRYPTED
