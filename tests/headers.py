"""The headers that every answer of Carnet must have, whatever it is and whoever asked."""

import re
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from views import files, headers

YEAR = "max-age=31536000; includeSubDomains"
# Where what someone brought is served as it came.
CONTENTS = re.compile(r"/contenu(/[\w-]{16})?$|/parties/[\w-]{16}$")
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(),geolocation=(),microphone=()",
    "Server": "Carnet",
}
NEVER = {
    "Vary",
    "X-Powered-By",
    "Access-Control-Allow-Origin",
    "ETag",
    "Last-Modified",
    "Expires",
    "Via",
}
VERSION = re.compile(r"\d+\.\d+")


def judge(answer, secure=False):
    """Of an answer that is not a static file; `secure`: of a site that is encrypted."""
    told, where = answer.headers, f"{answer.request.method} {answer.request.path}"
    for name, value in ALWAYS.items():
        assert told.getlist(name) == [value], f"{name}: {told.getlist(name)}, {where}"
    assert told.getlist("Strict-Transport-Security") == [YEAR] * secure, where
    assert told["Content-Security-Policy"] == policy(answer), where
    assert told["Cache-Control"] in ("no-store", "private, no-store"), where
    named = "/fhir" in where or CONTENTS.search(answer.request.path)
    seen = NEVER.intersection(told.keys()) - ({"ETag"} if named else set())
    assert not seen, f"{seen}, {where}"
    judge_type(answer, where)
    judge_place(told, where)
    judge_cookies(told, secure, where)


def policy(answer):
    asked = answer.request
    brought = asked.method in ("GET", "HEAD") and CONTENTS.search(asked.path)
    if answer.status_code != 200 or not brought:
        return headers.policy()
    return files.PDF_POLICY if answer.mimetype == "application/pdf" else files.CONTENT_POLICY


def judge_type(answer, where):
    """Nothing is left to be guessed by the browser."""
    kind = answer.headers.get("Content-Type", "")
    if answer.status_code in (204, 304):
        return
    assert "/" in kind, f"{kind}, {where}"
    if kind.startswith("text/"):
        assert kind.endswith("; charset=utf-8"), f"{kind}, {where}"


def judge_place(told, where):
    """It leads to a page of this site, and names no host."""
    for name in ("Location", "HX-Redirect"):
        place = urlsplit(told.get(name, "/"))
        if "/fhir" not in where:
            assert not place.scheme and not place.netloc, f"{name}: {place}, {where}"
            assert place.path.startswith("/"), f"{name}: {place}, {where}"


def judge_cookies(told, secure, where):
    for line in told.getlist("Set-Cookie"):
        for name, cookie in SimpleCookie(line).items():
            assert name.startswith("__Host-carnet" if secure else "carnet"), where
            assert cookie["httponly"] and cookie["samesite"] == "Lax", f"{line}, {where}"
            assert cookie["path"] == "/" and not cookie["domain"], f"{line}, {where}"
            assert bool(cookie["secure"]) == secure, f"{line}, {where}"
