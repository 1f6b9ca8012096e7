"""What a page weighs on the wire, how much must be fetched to show it, and its elements: ten pages
and those of the budget, first with nothing kept, then again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.budgets import Cost, budgets, faults

from .report import Group, Row
from .visitor import Answer, Tags, Visitor

WISHES = "entourage-et-volontes"
DOCUMENT = re.compile(r'href="(/espaces/[\w-]{16}/documents/[\w-]{16})"')
HEADS = ["", "first view: bytes", "requests", "of it HTML + CSS", "unpacked"]
HEADS += ["repeat view: bytes", "requests", "elements"]
NOTE = (
    "Compressed with Brotli, as sent: bodies and headers of the answers, without TLS. « First "
    "view »: nothing kept by the browser; « repeat view »: what it may keep is kept."
)


@dataclass
class Weight:
    """Bytes on the wire; `headers` are those of the answers of a first view."""

    name: str
    first: list[Answer]
    again: list[Answer]
    text: int
    unpacked: int
    elements: int

    def row(self, limit: Cost) -> Row:
        """Its queries are counted apart."""
        cost = Cost(
            queries=0,
            first=total(self.first),
            text=self.text,
            repeat=total(self.again),
            nodes=self.elements,
            requests=len(self.first),
            again=len(self.again),
        )
        wrong = list(faults(self.name, cost, limit))
        return Row(self.name, _words(limit), "; ".join(wrong) or "all of it", not wrong)

    @property
    def line(self) -> list[str]:
        numbers = [total(self.first), len(self.first), self.text, self.unpacked]
        numbers += [total(self.again), len(self.again), self.elements]
        return [self.name, *(f"{one:,}" for one in numbers)]


def groups(visitor: Visitor, carer: Visitor) -> list[Group]:
    seen = [_weighed(name, who, path) for name, who, path in pages(visitor, carer)]
    figures = {f"first: {one.name}": total(one.first) for one in seen}
    figures |= {f"first requests: {one.name}": len(one.first) for one in seen}
    figures |= {f"unpacked: {one.name}": one.unpacked for one in seen}
    figures |= {f"elements: {one.name}": one.elements for one in seen}
    limits, lines = budgets(), [one.line for one in seen]
    rows = [one.row(limits[one.name]) for one in seen]
    return [Group("Wire: the budgets", rows), Group("Wire", [], NOTE, HEADS, lines, figures)]


def pages(visitor: Visitor, carer: Visitor) -> Iterator[tuple[str, Visitor, str]]:
    """(name, who asks, address): a stranger's, then those of someone in her own record; the list of
    records is that of a carer, since whoever has one record is led to it."""
    stranger, record = Visitor(visitor.port), visitor.record
    yield "home", stranger, "/"
    yield "sign-in", stranger, "/connexion"
    yield "espaces", carer, "/espaces"
    yield "home of the record", visitor, f"{record}/"
    yield "list", visitor, f"{record}/documents"
    yield "search", visitor, f"{record}/documents?q=glycemie"
    yield "one document", visitor, a_document(visitor)
    yield "entourage et volontés", visitor, f"{record}/{WISHES}"
    yield "acces", visitor, f"{record}/acces"
    yield "activite", visitor, f"{record}/activite"
    yield "compte", visitor, "/compte"


def a_document(visitor: Visitor) -> str:
    """The first of the list whose page shows no picture: a picture weighs what it weighs."""
    for path in DOCUMENT.findall(visitor.get(f"{visitor.record}/documents").text):
        if "<img" not in visitor.get(path).text:
            return path
    raise SystemExit("No document without a picture on the first page of the list.")


def total(answers: list[Answer]) -> int:
    return sum(answer.weight for answer in answers)


def _words(limit):
    return (
        f"≤ {limit.first:,} bytes, {limit.requests} requests, {limit.text:,} of HTML + CSS; again "
        f"≤ {limit.repeat:,}, {limit.again} request; ≤ {limit.nodes} elements"
    )


def _weighed(name, visitor, path) -> Weight:
    page = visitor.get(path)
    assert page.status == 200, f"{path} answered {page.status}"
    tags = Tags(page.text)
    parts = {address: visitor.get(address) for address in dict.fromkeys(tags.fetched)}
    text = page.weight + sum(parts[address].weight for address in tags.styles)
    again = [visitor.get(path), *(part for part in parts.values() if not part.kept_by_browsers)]
    unpacked = len(page.text.encode())
    return Weight(name, [page, *parts.values()], again, text, unpacked, tags.count)
