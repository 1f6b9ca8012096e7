"""The content of one document, of 100 kB and of 25 MB: processor time, megabytes a second, the end
of one that was cut, and what the worker weighs meanwhile.

For `python -m tests.bench`: `rows(server, visitor)`; it deposits the two documents. `PATHS` then
holds their addresses and sizes, for whoever compares them with a file of the same size served from
a disk by the floor."""

import http.client
import re
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from . import processes
from .memory import CHECK_UP, Watch
from .pdfs import pdf
from .report import Row, told
from .serving import Server
from .visitor import Visitor

SIZES = {"100 kB": 100_000, "25 MB": 25_000_000}
WARM_UP, TIMES = 2, {"100 kB": 100, "25 MB": 8}
CONTENT = "{}/documents/{}/contenu?telecharger=oui"
PIECE = 1 << 18
# Path and bytes of each, once `rows` has deposited them.
PATHS: dict[str, tuple[str, int]] = {}


@dataclass(frozen=True)
class Seen:
    """`cpu` and `wait` are milliseconds a request."""

    cpu: float
    wait: float
    per_second: float


def rows(server: Server, visitor: Visitor) -> list[Row]:
    found = []
    for what, size in SIZES.items():
        PATHS[what] = _deposited(visitor, what, size), size
        found.append(_row(what, size, _seen(server, visitor, what)))
    found.append(_resumed(server, visitor))
    return [*found, _weight(server, visitor)]


def fetch(port: int, path: str, headers: dict[str, str], status: int = 200) -> int:
    """How many bytes came; nothing of them is kept."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    assert answer.status == status, f"{path} answered {answer.status}"
    size, piece = 0, bytearray(PIECE)
    while got := answer.readinto(piece):
        size += got
    connection.close()
    return size


def _deposited(visitor, what, size):
    title = f"Document fictif de {what}"
    answer = visitor.deposit("essai.pdf", pdf(size), CHECK_UP | {"title": title})
    assert answer.status == 303, f"the deposit of {what} answered {answer.status}"
    listed = visitor.get(f"{visitor.record}/documents?{urlencode({'q': title})}").text
    uid = re.search(r'/documents/([\w-]{16})"', listed)
    assert uid, f"« {title} » is not found"
    return CONTENT.format(visitor.record, uid[1])


def _seen(server, visitor, what) -> Seen:
    path, size = PATHS[what]

    def once():
        assert fetch(server.port, path, visitor.headers) == size

    for _ in range(WARM_UP):
        once()
    before, start = processes.cpu_seconds(server.pids), time.perf_counter()
    for _ in range(TIMES[what]):
        once()
    seconds = time.perf_counter() - start
    cpu = processes.cpu_seconds(server.pids) - before
    return Seen(*(1000 * one / TIMES[what] for one in (cpu, seconds)), TIMES[what] / seconds)


def _resumed(server, visitor) -> Row:
    """The last fifth of the heavy one, as a phone asks for it that was cut at 80 %."""
    path, size = PATHS["25 MB"]
    headers = visitor.headers | {"Range": f"bytes={size * 4 // 5}-"}
    before = processes.cpu_seconds(server.pids)
    for _ in range(TIMES["25 MB"]):
        assert fetch(server.port, path, headers, 206) == size - size * 4 // 5
    cpu = 1000 * (processes.cpu_seconds(server.pids) - before) / TIMES["25 MB"]
    return told("  the last fifth of 25 MB", f"{cpu:.1f} ms CPU", cpu=cpu)


def _weight(server, visitor) -> Row:
    path, _size = PATHS["25 MB"]
    before, watch = processes.memory(server.worker), Watch(server.worker)
    with watch:
        fetch(server.port, path, visitor.headers)
    return told("  worker, giving 25 MB: growth", f"{watch.worker - before:.1f} MB")


def _row(what, size, seen: Seen) -> Row:
    speed = size / 1e6 * seen.per_second
    words = f"{seen.cpu:6.2f} ms CPU {seen.per_second:7.1f} a second {speed:6.0f} MB/s"
    return told(f"  content, {what}", words, megabytes=speed, **vars(seen))
