"""Static files: ours and htmx, under names that change with their bytes, kept for ever (D11)."""

import base64
import hashlib
from functools import cache, partial
from importlib.resources import files
from pathlib import Path

from whitenoise import WhiteNoise

STATIC = Path(__file__).parent.parent / "static"
# From the installed package, which carries htmx 2 as published.
HTMX = Path(str(files("js_lib_htmx") / "static/htmx/htmx.min.js"))
SHEETS = tuple(STATIC / f"{name}.css" for name in ("office", "sheet", "narrative"))
# Of every answer of a site that is encrypted (RFC 6797): a year, its subdomains too.
ENCRYPTED = "max-age=31536000; includeSubDomains"
SCRIPTS = (STATIC / "carnet.js", STATIC / "passkeys.js")
SERVED = (HTMX, *SCRIPTS, *SHEETS, STATIC / "icon.svg")


@cache
def addresses() -> dict[str, str]:
    """The address of each file, by its name."""
    return {file.name: f"/static/{file.stem}.{_digest(file)}{file.suffix}" for file in SERVED}


def serve(app):
    """The application behind WhiteNoise, which answers for the static files."""
    served = WhiteNoise(
        app.wsgi_app,
        allow_all_origins=False,
        immutable_file_test=lambda path, url: True,
        add_headers_function=partial(_harden, app.config["SETTINGS"].secure),
    )
    for file in SERVED:
        served.add_file_to_dictionary(addresses()[file.name], str(file))
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
    if secure:
        headers["Strict-Transport-Security"] = ENCRYPTED
