"""Changes that keep the shape of a file, so that what lies under it is reached: an entry of a ZIP,
a value of JSON, an element of XML, a line of a message. Each takes the file, the random numbers and
`change`, how bytes without a shape are changed."""

import base64
import copy
import io
import json
import random
import zipfile
import zlib
from collections.abc import Callable
from functools import cache

from lxml import etree

Change = Callable[[bytes], bytes]
ODD = (
    *(None, True, False, 0, -1, 1.5, 10**30, "", " ", "x" * 400, [], {}, [[]], [None], {"": None}),
    *("\x00", "\ud800", "\u202e<script>alert(1)</script>", "0001-01-01", "9999-12-31T23:59:59Z"),
    *("9999-99-99", "javascript:alert(1)", "#", "#x", "../..", "\ufeff", "1e999", "NaN", "٣٤"),
)
WORDS = ("", "0", "-1", "99999999999", "x" * 400, "]]>", "\u202e", "B64", "2026", "1^2&3|4", "٣")
LINES = (
    *(b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: x-uuencode", b"", b"--"),
    *(b"Content-Type: text/plain; charset=utf-7", b"Content-Type: multipart/mixed; boundary=a"),
    *(b"Content-Type: message/rfc822", b'Content-Disposition: attachment; filename*0*="\xff%ff'),
    *(b"Date: Mon, 99 Xxx 99999 99:99:99 +9999", b"From: =?utf-8?q?=ff?= <>", b"From: ,;:<@"),
    *(
        b"Content-Type: =?x?=",
        b"Content-ID: <\xe9>",
        b"Date: ",
        b"Content-Type: message/delivery-status",
    ),
)


def plain(data: bytes, rng: random.Random, change: Change) -> bytes:
    return change(data)


def zipped(data: bytes, rng: random.Random, change: Change) -> bytes:
    entries = _entries(data)
    if not entries or rng.random() < 0.2:
        return change(data)
    at = rng.randrange(len(entries))
    name, content, method = entries[at]
    act = rng.randrange(8)
    if act < 5:
        entries[at] = (name, _inside(name)(content, rng, change), method)
    elif act == 5:
        entries[at] = (_text(change(name.encode())) or "x", content, method)
    elif act == 6:
        entries.insert(rng.randrange(len(entries) + 1), entries[at])
    else:
        del entries[at]
    return _packed(entries)


def json_(data: bytes, rng: random.Random, change: Change) -> bytes:
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        return change(data)
    if rng.random() < 0.15:
        return change(data)
    for _ in range(rng.randrange(1, 4)):
        told = _changed(told, rng, change)
    return json.dumps(told, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


def xml(data: bytes, rng: random.Random, change: Change) -> bytes:
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return change(data)
    if rng.random() < 0.15:
        return change(data)
    for _ in range(rng.randrange(1, 4)):
        _change_element(root, rng, change)
    return etree.tostring(root, encoding=rng.choice(["UTF-8", "UTF-8", "ISO-8859-1", "UTF-16"]))


def lines(data: bytes, rng: random.Random, change: Change) -> bytes:
    told = data.split(b"\n")
    if rng.random() < 0.4:
        return change(data)
    at, act = rng.randrange(len(told)), rng.randrange(5)
    if act == 0:
        told.insert(at, rng.choice(LINES))
    elif act == 1:
        del told[at]
    elif act == 2:
        told.insert(rng.randrange(len(told) + 1), told[at])
    elif act == 3:
        told[at] = change(told[at])
    else:
        told[at:at] = told[rng.randrange(len(told)) :][:20]
    return b"\n".join(told)


def signed(data: bytes, rng: random.Random, change: Change) -> bytes:
    """JSON whose texts are bytes in base64, as a browser gives what a passkey says."""
    try:
        told = json.loads(data)
        name, kept = rng.choice(list(told["response"].items()))
        inside = base64.urlsafe_b64decode(kept + "=" * (-len(kept) % 4))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        return json_(data, rng, change)
    if rng.random() < 0.2:
        return json_(data, rng, change)
    told["response"][name] = base64.urlsafe_b64encode(change(inside)).decode().rstrip("=")
    return json.dumps(told).encode()


def afresh(seeds: Callable[[], list[bytes]]):
    """For a library whose branches are not seen, PDFium: Atheris would keep but its simplest files.
    One of the seeds is hurt in several places."""
    kept = cache(seeds)

    def mutate(data: bytes, rng: random.Random, change: Change) -> bytes:
        hurt = change(data) if rng.random() < 0.1 else rng.choice(kept())
        for _ in range(rng.randrange(1, 8)):
            hurt = blind(rng)(hurt)
        return hurt

    return mutate


def blind(rng: random.Random) -> Change:
    """Bytes changed without any guide: for who has no Atheris."""

    def change(data: bytes) -> bytes:
        changed = bytearray(data)
        for _ in range(rng.randrange(1, 6)):
            at, act = rng.randrange(len(changed) + 1), rng.randrange(5)
            if act == 0:
                changed[at : at + 1] = bytes([rng.randrange(256)])
            elif act == 1:
                del changed[at : at + rng.randrange(1, 40)]
            elif act == 2:
                changed[at:at] = changed[rng.randrange(len(changed) + 1) :][: rng.randrange(1, 40)]
            elif act == 3:
                changed[at:at] = rng.choice([b"\0", b"\xff" * 4, b"<", b'"', b"{", b"-", b"9" * 12])
            elif at < len(changed):
                changed[at] ^= 1 << rng.randrange(8)
        return bytes(changed)

    return change


def _entries(data):
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            found = file.infolist()[:60]
            if sum(one.file_size for one in found) > 400_000:
                return []
            return [(one.filename, file.read(one), one.compress_type) for one in found]
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, ValueError, EOFError):
        return []
    except NotImplementedError:
        return []


def _packed(entries):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, content, method in entries:
            file.writestr(zipfile.ZipInfo(name), content, method)
    return made.getvalue()


def _inside(name):
    ending = name.casefold().rpartition(".")[2]
    return {"xml": xml, "rels": xml, "json": json_}.get(ending, plain)


def _changed(told, rng, change):
    places = list(_places(told, None, None))
    holder, key = rng.choice(places)
    value = told if holder is None else holder[key]
    act = rng.randrange(6)
    if act < 2:
        new = copy.deepcopy(rng.choice(ODD))
    elif act == 2 and isinstance(value, str):
        new = _text(change(value.encode("utf-8", "replace")))
    elif act == 3:
        new = [value, copy.deepcopy(value)]
    elif act == 4:
        other, place = rng.choice(places)
        new = copy.deepcopy(told if other is None else other[place])
    else:
        new = None
    if holder is None:
        return new if act == 3 else told
    if act == 5:
        del holder[key]
    else:
        holder[key] = new
    return told


def _places(value, holder, key):
    yield holder, key
    if not isinstance(value, dict | list):
        return
    for name, one in value.items() if isinstance(value, dict) else enumerate(value):
        yield from _places(one, value, name)


def _change_element(root, rng, change):
    elements = list(root.iter("*"))
    one, act = rng.choice(elements), rng.randrange(7)
    if act == 0 and one.attrib:
        one.set(rng.choice(list(one.attrib)), rng.choice(WORDS))
    elif act == 1:
        one.text = _storable(change((one.text or "").encode("utf-8", "replace")))
    elif act == 2 and one is not root:
        one.getparent().remove(one)
    elif act == 3 and one is not root:
        rng.choice(elements).append(copy.deepcopy(one))
    elif act == 4:
        one.tag = rng.choice(elements).tag
    elif act == 5 and one.attrib:
        name = rng.choice(list(one.attrib))
        one.set(name, _storable(change(one.get(name).encode("utf-8", "replace"))))
    else:
        one.text, one.tail = rng.choice(WORDS), rng.choice(WORDS)


def _text(data):
    return data.decode("utf-8", "replace")


def _storable(data):
    """XML holds no control."""
    return "".join(c for c in _text(data) if c in "\t\n\r" or 0x20 <= ord(c) < 0xFFFE)
