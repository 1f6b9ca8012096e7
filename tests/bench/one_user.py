"""How long one person waits, alone on the server: the median of several times, in milliseconds."""

import secrets
import statistics
import time
from collections.abc import Callable

from tests.journeys.papers import pdf

from .instances import Made
from .memory import CHECK_UP
from .report import Group, told
from .serving import Server
from .visitor import Visitor

TIMES = 9
NOTE = "One client alone, whole answers, each over a new connection; the median of {}."


def groups(server: Server, visitor: Visitor, other: Visitor, one: Made) -> list[Group]:
    seen = {
        "sign in: page and password": _median(lambda: _enter(server, one)),
        "documents list": _median(lambda: _page(visitor, "/documents")),
        "search": _median(lambda: _page(visitor, "/documents?q=ophtalmologie")),
    }
    seen |= _deposits(other)
    rows = [told(what, f"{milliseconds:.0f} ms") for what, milliseconds in seen.items()]
    return [Group("One person, one click", rows, NOTE.format(TIMES), figures=seen)]


def _enter(server, one):
    """Until she is let in, or asked for the code that was just sent to her."""
    answer = Visitor(server.port).give_password(**one.credentials)
    assert answer.status == 303, f"the sign-in form answered {answer.status}"


def _page(visitor, path):
    answer = visitor.get(f"{visitor.record}{path}")
    assert answer.status == 200, f"{path} answered {answer.status}"


def _deposits(visitor) -> dict[str, float]:
    """Until the answer, then until a word of the PDF is found."""
    waits, found = [], []
    for _ in range(TIMES):
        word = secrets.token_hex(6)
        fields = visitor.form(f"{visitor.record}/documents/depot") | CHECK_UP
        content, start = pdf(f"Fictif {word}")["buffer"], time.perf_counter()
        answer = visitor.send(f"essai-{TIMES}.pdf", content, fields)
        waits.append(1000 * (time.perf_counter() - start))
        assert answer.status == 303, f"the deposit answered {answer.status}"
        page = visitor.get(f"{visitor.record}/documents?q={word}")
        found.append(1000 * (time.perf_counter() - start))
        assert "essai-" in page.text, "what was deposited is not found"
    return {
        "deposit of a small PDF, until the answer": statistics.median(waits),
        "the same, until a word of it is found": statistics.median(found),
    }


def _median(act: Callable) -> float:
    act()
    seen = []
    for _ in range(TIMES):
        start = time.perf_counter()
        act()
        seen.append(1000 * (time.perf_counter() - start))
    return statistics.median(seen)
