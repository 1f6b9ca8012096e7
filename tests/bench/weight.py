"""What a page weighs on the wire, how much must be fetched to show it, and its elements."""

import re

from .report import Row, at_most
from .visitor import Answer, Tags, Visitor

FIRST_BYTES, FIRST_REQUESTS, PAGE_BYTES = 30_000, 4, 14_000
REPEAT_BYTES, REPEAT_REQUESTS, NODES = 5_000, 1, 400
WISHES = "entourage-et-volontes"
DOCUMENT = re.compile(r'href="(/espaces/[\w-]{16}/documents/[\w-]{16})"')


def rows(visitor: Visitor) -> list[Row]:
    found = _page("sign-in", Visitor(visitor.port), "/connexion")
    found += _page("list", visitor, f"{visitor.record}/documents")
    found += _page("one document", visitor, a_document(visitor))
    return found + _page("entourage et volontés", visitor, f"{visitor.record}/{WISHES}")


def a_document(visitor: Visitor) -> str:
    """The first of the list whose page shows no picture: a picture weighs what it weighs."""
    for path in DOCUMENT.findall(visitor.get(f"{visitor.record}/documents").text):
        if "<img" not in visitor.get(path).text:
            return path
    raise SystemExit("No document without a picture on the first page of the list.")


def _page(name, visitor, path) -> list[Row]:
    page = visitor.get(path)
    assert page.status == 200, f"{path} answered {page.status}"
    tags = Tags(page.text)
    parts = {address: visitor.get(address) for address in dict.fromkeys(tags.fetched)}
    text = page.weight + sum(parts[address].weight for address in tags.styles)
    again = [visitor.get(path), *(part for part in parts.values() if not part.kept_by_browsers)]
    return [
        _weighed(f"{name}: first view", [page, *parts.values()], FIRST_BYTES),
        _requests(f"{name}: first view", [page, *parts.values()], FIRST_REQUESTS),
        at_most(f"{name}: HTML + CSS", text, PAGE_BYTES, "bytes", f"{len(page.text)} unpacked"),
        _weighed(f"{name}: repeat view", again, REPEAT_BYTES),
        _requests(f"{name}: repeat view", again, REPEAT_REQUESTS),
        at_most(f"{name}: elements", tags.count, NODES, ""),
    ]


def _weighed(what, answers: list[Answer], limit):
    weights = [answer.weight for answer in answers]
    heads = sum(answer.weight - len(answer.body) for answer in answers)
    return at_most(what, sum(weights), limit, "bytes", f"{heads} of them headers")


def _requests(what, answers, limit):
    return at_most(what, len(answers), limit, "requests")
