"""A deposit of 100 kB, by the form and by the standard call: what it costs, the processes that read
the file included, and how long whoever sends it waits.

For `python -m tests.bench`: `rows(server, visitor, folder)`, of the instance served from `folder`,
with what `reading(server)` tells of the process that holds the libraries. Each deposit is of new
bytes: the instance grows by some 20 MB, and is to be thrown away."""

import http.client
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from models.access import Actor
from models.database import database
from models.instance import open_instance
from models.office import ROLE
from models.settings import Settings
from tests.depositors import people, registered
from tests.exchange.resources import document_reference, written

from . import processes
from .memory import CHECK_UP
from .pdfs import pdf
from .report import Row, told
from .serving import Server
from .visitor import Visitor

SIZE = 100_000
WARM_UP, ALONE, TOGETHER, AT_ONCE = 4, 24, 40, 4
OFFICE = Actor(None, "Essai", ROLE)
KINDS = {"text/plain": "txt", "application/pdf": "pdf"}


@dataclass(frozen=True)
class Seen:
    """`cpu` and `wait` are milliseconds a deposit; `per_second`, of four who send at once."""

    cpu: float
    wait: float
    per_second: float


def rows(server: Server, visitor: Visitor, folder: Path) -> list[Row]:
    form, call = Form(visitor), Call(server, folder)
    asked = {
        "by the form, a PDF": lambda: form.send(pdf(SIZE), "pdf"),
        "by the form, a text": lambda: form.send(_text(), "txt"),
        "by the standard call, a PDF": lambda: call.send(pdf(SIZE)),
    }
    seen = {what: _seen(server, send) for what, send in asked.items()}
    return [told(f"  {what}", _words(one), **vars(one)) for what, one in seen.items()] + [
        told("  the process that holds the libraries", reading(server))
    ]


def reading(server: Server) -> str:
    """Of those that the worker began and that are still there (models/formats/nursery.py)."""
    there = [one for one in processes.descendants(server.worker)]
    weights = [f"{processes.memory(one):.0f} MB resident" for one in there]
    return ", ".join(weights) or "none"


class Form:
    """Its page is asked for once: what is measured is the deposit."""

    def __init__(self, visitor: Visitor):
        self._visitor = visitor
        self._fields = visitor.form(f"{visitor.record}/documents/depot") | CHECK_UP

    def send(self, content: bytes, ending: str) -> None:
        name = f"essai-{time.monotonic_ns()}"
        fields = self._fields | {"sending": name[-16:].rjust(16, "0")}
        answer = self._visitor.send(f"{name}.{ending}", content, fields)
        assert answer.status == 303, f"the form of deposit answered {answer.status}"


class Call:
    """Software that is known, for a member whom the five traits tell."""

    def __init__(self, server: Server, folder: Path):
        open_instance(Settings(instance=folder))
        ((_name, self._token),), (self._who,) = registered(OFFICE, 1), people(1)
        database.close_all()
        self._port = server.port

    def send(self, content: bytes) -> None:
        number = time.monotonic_ns()
        told = {"title": f"Document fictif {number}", "identifier": f"1.2.250.1.999.8.{number}"}
        body = written(document_reference(content, "application/pdf", self._who, **told))
        headers = {"Content-Type": "application/fhir+json"}
        headers["Authorization"] = f"Bearer {self._token}"
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection.request("POST", "/fhir/DocumentReference", body, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status == 503:  # two at once of one source: it comes back
            time.sleep(0.01)
            return self.send(content)
        assert answer.status == 201, f"the standard call answered {answer.status}"


def _seen(server, send: Callable[[], None]) -> Seen:
    for _ in range(WARM_UP):
        send()
    waits, before = [], processes.cpu_seconds(server.pids)
    for _ in range(ALONE):
        start = time.perf_counter()
        send()
        waits.append(1000 * (time.perf_counter() - start))
    cpu = 1000 * (processes.cpu_seconds(server.pids) - before) / ALONE
    start = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as several:
        list(several.map(lambda _: send(), range(TOGETHER)))
    return Seen(cpu, statistics.median(waits), TOGETHER / (time.perf_counter() - start))


def _text() -> bytes:
    """Fictional: words that mean nothing."""
    words = f"Compte rendu fictif {time.monotonic_ns()}. La tension est stable, rien à signaler. "
    return (
        (words * (SIZE // len(words.encode()) + 1)).encode()[:SIZE].decode(errors="ignore").encode()
    )


def _words(seen: Seen) -> str:
    return f"{seen.cpu:5.1f} ms CPU {seen.wait:6.1f} ms to wait {seen.per_second:6.1f} a second"
