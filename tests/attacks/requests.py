"""Requests that nobody sends by mistake: the addresses and forms that each kind of person finds,
with what is hostile in the place of one thing or several."""

import io
import re
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from bs4 import BeautifulSoup

MARK = "zq'\"<zq>&zq"
RAW = re.compile(r"zq'?\"?<zq>")
HOSTILE = (
    *(MARK, f"</textarea>{MARK}", f'"><img src=x onerror=alert(1)>{MARK}', f"javascript:{MARK}"),
    *(
        "a\r\nX-Injected: yes",
        "a\nSet-Cookie: injected=1",
        "%0d%0aX-Injected: yes",
        "a\x00b",
        "\x00",
    ),
    *(
        "//ailleurs.invalid",
        "https://ailleurs.invalid/",
        "/\\ailleurs.invalid",
        "/%09/ailleurs.invalid",
    ),
    *(
        "' OR 1=1 --",
        '"; DROP TABLE document; --',
        "{{ 7*7 }}{% raw %}",
        "${7*7}",
        "../../../etc/passwd",
    ),
    *(
        "é" * 5000,
        "𝕏" * 300,
        "\u202e\u2066\u200f",
        "\ud83d",
        "\ufeff",
        "a\u0301" * 100,
        " ",
        "",
        "0",
    ),
    *("-1", "9" * 400, "1e400", "NaN", "٣", "true", "null", "[]", "31/02/2024", "01/01/0000"),
    *(
        "99999999999999999999",
        "1/1/1",
        "2024-13-45T99:99",
        "=cmd|' /C calc'!A0",
        "@SUM(1)",
        "\t\r\n",
    ),
)
TYPES = ("text/html", "image/svg+xml", "application/json", "text/plain; charset=utf-7", "x", "")
BODIES = (
    (b"{", "application/json"),
    (b"a=%ff%fe&b", "application/x-www-form-urlencoded"),
    (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n', "multipart/form-data; boundary=x"),
    (b"", "multipart/form-data"),
    (b"\xff" * 300, "application/x-www-form-urlencoded; charset=utf-16"),
    (b"<a/>", "application/fhir+xml"),
)
HEADERS = (
    {"HX-Request": "true", "HX-Target": MARK},
    {"HX-Request": "true", "HX-Target": "main", "HX-Current-URL": "https://ailleurs.invalid/"},
    {"HX-Request": "true", "HX-Target": "contenu"},
    {"Referer": "https://ailleurs.invalid/x"},
    {"Referer": "http://[::1"},
    {"Accept-Language": MARK, "User-Agent": f"Firefox {MARK}"},
    {"Range": "bytes=5-2,99999999999999-"},
    {"If-Modified-Since": "x", "If-None-Match": '"x'},
    {"X-Forwarded-Host": "ailleurs.invalid", "X-Forwarded-Proto": "javascript"},
    {"Cookie": "carnet=x; carnet=y; carnet-appareil=" + "." * 200},
    {"Content-Length": "-1"},
    {"Accept": "application/fhir+json;q=x, */*;q=nan"},
)


@dataclass(frozen=True)
class Found:
    """An address, and what its form holds: name → value; `files`: the names of its files."""

    method: str
    path: str
    fields: dict = field(default_factory=dict)
    files: tuple = ()


def forms(path: str, html: str) -> list[Found]:
    """Those of a page."""
    found = []
    for form in BeautifulSoup(html, "html.parser").select("form"):
        fields, files = {}, []
        for one in form.select("[name]"):
            if one.get("type") == "file":
                files.append(one["name"])
            elif one["name"] != "csrf_token":
                fields[one["name"]] = one.get("value") or one.get_text() or "1"
        method = form.get("method", "get").upper()
        address = urlsplit(form.get("action") or path)
        target = address.path + ("?" + address.query if address.query else "")
        found.append(Found(method, target, fields, tuple(files)))
    return found


def spoiled(one: Found, uids: list[str], random) -> tuple[str, dict]:
    """The path, and what to send with it: one thing is hostile, or several."""
    path = _other_ids(one.path, uids, random) if random.random() < 0.4 else one.path
    sent = {"method": one.method, "headers": dict(random.choice(HEADERS))}
    if random.random() < 0.6:
        sent["headers"] = {}
    if random.random() < 0.3:
        path += ("&" if "?" in path else "?") + _query(random)
    if one.method == "GET":
        if one.fields:
            values = _fields(one, random)
            sent["query_string"] = {name: _text(value) for name, value in values.items()}
            path = path.partition("?")[0]
        return path, sent
    if random.random() < 0.08:
        body, kind = random.choice(BODIES)
        return path, sent | {"data": body, "content_type": kind}
    data = {name: _text(value) for name, value in _fields(one, random).items()}
    for name in one.files:
        if random.random() < 0.8:
            content = random.choice(
                (b"", b"<svg onload=alert(1)>", b"%PDF-1.7\n", b"MZ\x90", b"\x00" * 9)
            )
            data[name] = (io.BytesIO(content), _text(random.choice(HOSTILE)), random.choice(TYPES))
    return path, sent | {"data": data}


def _fields(one, random):
    fields = dict(one.fields)
    for name in list(fields):
        if random.random() < 0.4:
            fields[name] = random.choice(HOSTILE)
    if random.random() < 0.2:
        fields[random.choice(("suite", "fait", "record", MARK, "id", "q", "page"))] = random.choice(
            HOSTILE
        )
    if fields and random.random() < 0.15:
        fields.pop(random.choice(list(fields)))
    return fields


def _query(random):
    names = (
        "suite",
        "q",
        "tri",
        "page",
        "avant",
        "apres",
        "categorie",
        "dossier",
        "fait",
        "vers",
        "brouillon",
    )
    return f"{random.choice(names)}={quote(_text(random.choice(HOSTILE)), safe='')}"


def _other_ids(path, uids, random):
    """Each id may become someone else's, or nothing that is an id."""

    def other(found):
        draw = random.random()
        if draw < 0.6:
            return "/" + random.choice(uids)
        if draw < 0.75:
            return "/" + quote(_text(random.choice(HOSTILE))[:60], safe="") if draw < 0.7 else "/"
        return found[0]

    return re.sub(r"/[A-Za-z0-9_-]{16}(?=[/~?]|$)", other, path)


def _text(value):
    """What can be sent: half a character of two goes as bytes that are no UTF-8 would."""
    return value.encode("utf-8", "replace").decode()
