"""What each page may cost: the limits of design.md §6 on its four pages, and a ceiling for each of
the others. tests/views/test_budgets.py counts, and fails where one is passed; tests/bench shows the
same limits beside what a real server sends.

queries: to the database, once the page was opened before in the session. They must also be as many
whatever the number of rows. first: bytes of a first view, headers and all it fetches included, in
`REQUESTS` at most; text: of its HTML and CSS alone. repeat: bytes of the next view, in one request.
nodes: elements of the page. Bytes are as sent: compressed with Brotli."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields

from .bench.visitor import Answer, Tags

# A first view: the page, its script, htmx and the icon. Then the page alone.
REQUESTS, AGAIN = 4, 1
# What the server itself says in each answer: its name and the date (granian).
BY_SERVER = 54
UNITS = {"queries": "queries", "requests": "requests", "again": "requests again"}
UNITS |= {"first": "bytes of a first view", "text": "bytes of HTML and CSS"}
UNITS |= {"repeat": "bytes of a repeat view", "nodes": "elements"}

TABLE = """
page                    queries   first    text  repeat  nodes
home                          0   24000    5000    5000    100
sign-in                       0   30000   14000    5000    400
help                          0   28000    9000    9000    320
espaces                       8   24000    5000    5000    100
home of the record            8   24000    5000    5000    120
list                          5   30000   14000    5000    400
search                        8   24000    6500    6500    300
one document                  8   30000   14000    5000    400
deposit                       8   24000    5000    5000    150
entourage et volontés         8   30000   14000    5000    400
acces                         8   24000    5000    5000    150
activite                      8   24000    5000    5000    400
compte                        8   24000    5000    5000    120
members                       8   24000    5000    5000    180
one member                    8   24000    5000    5000    120
"""


@dataclass(frozen=True)
class Cost:
    """Of one page: a budget, or what was counted."""

    queries: int
    first: int
    text: int
    repeat: int
    nodes: int
    requests: int = REQUESTS
    again: int = AGAIN


def budgets() -> dict[str, Cost]:
    """By the name of the page."""
    head, *lines = TABLE.strip().splitlines()
    columns = head.split()[1:]
    assert columns == [one.name for one in fields(Cost)][: len(columns)]
    told = [line.rsplit(maxsplit=len(columns)) for line in lines]
    return {name: Cost(*map(int, numbers)) for name, *numbers in told}


def weighed(page: Answer, fetched: list[Answer], again: list[Answer], queries: int) -> Cost:
    """What a page, and what it makes a browser fetch, was counted to cost."""
    tags, whole = Tags(page.text), [page, *fetched]
    styles = [one for one in fetched if "css" in one.headers.get("content-type", "")]
    return Cost(
        queries=queries,
        first=_bytes(whole),
        text=_bytes([page, *styles]),
        repeat=_bytes(again),
        nodes=tags.count,
        requests=len(whole),
        again=len(again),
    )


def faults(name: str, cost: Cost, limit: Cost) -> Iterator[str]:
    """A sentence for each limit that is passed: by how much, and which it is."""
    for field, got, most in zip(fields(Cost), astuple(cost), astuple(limit), strict=True):
        if got > most:
            unit = UNITS[field.name]
            yield f"« {name} »: {got:,} {unit}, {got - most:,} more than its limit of {most:,}"


def growth(name: str, few: Cost, many: Cost) -> Iterator[str]:
    if many.queries != few.queries:
        told = f"{many.queries} where there is much, {few.queries} where there is little"
        yield f"« {name} »: its queries grow with what it holds: {told}"


def line(name: str, cost: Cost) -> str:
    """As in the table."""
    columns = (cost.queries, cost.first, cost.text, cost.repeat, cost.nodes)
    return f"{name:23}" + "".join(f"{one:>8}" for one in columns)


def _bytes(answers):
    return sum(one.weight + BY_SERVER for one in answers)
