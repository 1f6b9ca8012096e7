"""JSON of a stranger, read strictly: one meaning only, a bounded depth, and the long base64 of its
contents set apart unread, so that memory holds each once."""

import base64
import binascii
import json
import re
import secrets
from collections.abc import Iterator

# The deepest of what we read: a Bundle in a Bundle, and its extensions.
DEEPEST = 60
# Of all but the contents, in bytes; and how many objects, lists and what they hold, about: each
# takes some hundred bytes once read, and a thousand once it is found wrong.
MOST_METADATA = 2 * 1024 * 1024
MOST_VALUES = 50_000
# Base64 of this length or more is set apart; JSON may write « / » as « \\/ », and break lines.
LONG = 2048
CONTENT = re.compile(rb'("data"\s{0,9}:\s{0,9}")([A-Za-z0-9+/=\\]{%d,})"' % LONG)
BLANKS = (b"\\n", b"\\r", b"\\t")


class Unclear(ValueError):
    """`fault`: of reference/outcomes.csv."""

    def __init__(self, fault: str):
        super().__init__(fault)
        self.fault = fault


class Text:
    """What was sent; `value` is what it means. Raises Unclear."""

    def __init__(self, data: bytes):
        self._mark, self._data, self._spans = secrets.token_hex(8), data, []
        light = CONTENT.sub(self._set_apart, data)
        if len(light) > MOST_METADATA or sum(map(light.count, (b",", b"{", b"["))) > MOST_VALUES:
            raise Unclear("too-much")
        try:
            self.text = light.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Unclear("not-utf8") from error
        self.value = _read(self.text)
        _check_depth(self.value)

    def decoded(self, text: str) -> bytes:
        """The content that this base64 is. Raises Unclear."""
        try:
            return base64.b64decode(self._whole(text), validate=True)
        except (binascii.Error, ValueError):
            pass
        try:
            return base64.b64decode(_joined(bytes(self._whole(text))), validate=True)
        except (binascii.Error, ValueError) as error:
            raise Unclear("not-base64") from error

    def entry_resource(self, number: int) -> bytes:
        """The resource of this entry, byte for byte as it came."""
        for name, start, _end in _members(self.text, _start(self.text)):
            if name == "entry":
                place = _elements(self.text, start)[number]
                for inner, first, last in _members(self.text, place):
                    if inner == "resource":
                        return self._restored(self.text[first:last])
        raise Unclear("not-json")

    def _set_apart(self, found):
        self._spans.append(found.span(2))
        return found[1] + f'{self._mark}{len(self._spans) - 1}"'.encode()

    def _whole(self, text):
        """Raises ValueError."""
        if not isinstance(text, str):
            raise ValueError("not a text")
        if text.startswith(self._mark):
            start, end = self._spans[int(text.removeprefix(self._mark))]
            return memoryview(self._data)[start:end]
        return text.encode("ascii")

    def _restored(self, text):
        mark = re.compile(rb'"%s(\d+)"' % self._mark.encode())
        return mark.sub(
            lambda found: b'"%s"' % bytes(self._whole(found[0][1:-1].decode())), text.encode()
        )


def _joined(text):
    for blank in BLANKS:
        if blank in text:
            text = text.replace(blank, b"")
    return text.translate(None, b"\\ \r\n\t")


def _read(text):
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refused)
    except RecursionError as error:
        raise Unclear("too-deep") from error
    except Unclear:
        raise
    except ValueError as error:
        raise Unclear("not-json") from error


def _once(pairs):
    told = dict(pairs)
    if len(told) != len(pairs):
        raise Unclear("twice")
    # FHIR has no empty property; some software writes them all the same.
    return {name: value for name, value in told.items() if value is not None}


def _refused(_constant):
    raise Unclear("not-json")


def _check_depth(value):
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for one in level for inner in _inside(one)]
    if level:
        raise Unclear("too-deep")


def _inside(value):
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


# Where things are in a text that was read already: it is well formed.
SPACE = re.compile(r"[ \t\r\n]*")
VALUE = json.JSONDecoder().raw_decode


def _start(text, at=0):
    return SPACE.match(text, at).end()


def _members(text, at) -> Iterator[tuple[str, int, int]]:
    """(name, start, end) of each value of the object that starts here."""
    at = _start(text, at + 1)
    while text[at] != "}":
        name, at = VALUE(text, at)
        start = _start(text, _start(text, at) + 1)
        _, end = VALUE(text, start)
        yield name, start, end
        at = _start(text, end)
        at = _start(text, at + 1) if text[at] == "," else at


def _elements(text, at) -> list[int]:
    """The starts of those of the list that starts here."""
    places, at = [], _start(text, at + 1)
    while text[at] != "]":
        places.append(at)
        _, at = VALUE(text, at)
        at = _start(text, at)
        at = _start(text, at + 1) if text[at] == "," else at
    return places
