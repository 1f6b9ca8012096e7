"""The load: keep-alive connections from one process of its own, on the loopback only.

`python -m tests.bench.load`: what to ask as JSON on stdin, what was seen on stdout."""

import json
import secrets
import selectors
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from itertools import cycle
from urllib.parse import urlencode

from .instances import ROOT
from .pdfs import marked, pdf
from .processes import cpu_seconds, tree
from .visitor import around

BORDER = "a-border-of-the-bench"
KINDS = {
    False: "application/x-www-form-urlencoded",
    True: f"multipart/form-data; boundary={BORDER}",
}


@dataclass
class Load:
    """`pid`: the server's, whose processor time is read with that of all it started. `forms` are
    posted, one after the other and again; with `file`, each with a PDF of so many bytes that was
    never sent, under a `sending` number of its own. Without a form, the page is asked for."""

    port: int
    path: str
    pid: int
    headers: dict[str, str] = field(default_factory=dict)
    forms: list[dict[str, str]] = field(default_factory=list)
    file: int = 0
    connections: int = 8
    seconds: float = 1.2
    warm_up: float = 0.3


@dataclass
class Seen:
    """`cpu` and `p50` are milliseconds a request, `size` the bytes of the last body."""

    requests: int
    per_second: float
    cpu: float
    p50: float
    size: int


def run(load: Load) -> Seen:
    """Bear on the server from another process."""
    command = [sys.executable, "-m", "tests.bench.load"]
    told = json.dumps(asdict(load))
    done = subprocess.run(
        command, cwd=ROOT, input=told, stdout=subprocess.PIPE, text=True, check=True
    )
    return Seen(**json.loads(done.stdout))


class Connection:
    def __init__(self, load: Load, request: Callable[[], bytes]):
        self._request, self._status = request, b"303" if load.forms else b"200"
        self._room = bytearray(1 << 20)
        self.socket = socket.create_connection(("127.0.0.1", load.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.send()

    def send(self) -> None:
        self._head, self._received, self._expected, self.size = b"", 0, 0, 0
        request = self._request()
        self.start = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Whether the answer is whole."""
        got = self.socket.recv_into(self._room)
        if not got:
            raise SystemExit("The server hung up.")
        self._received += got
        if not self._expected:
            self._head += self._room[:got]
            self._read_head()
        return 0 < self._expected <= self._received

    def _read_head(self):
        end = self._head.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._head[:end]).lower()
        status, length = head.split(b" ", 2)[1], head.partition(b"content-length:")[2]
        if status != self._status or not length:
            raise SystemExit(f"Not what was expected: {head.decode('latin-1')}")
        self.size = int(length.split(b"\r\n", 1)[0])
        self._expected = end + 4 + self.size


def _requests(load) -> Callable[[], bytes]:
    """What to send each time."""
    lines = [f"{'POST' if load.forms else 'GET'} {load.path} HTTP/1.1"]
    lines += [f"Host: 127.0.0.1:{load.port}"]
    lines += [f"{name}: {value}" for name, value in load.headers.items()]
    if not load.forms:
        page = "\r\n".join([*lines, "", ""]).encode()
        return lambda: page
    lines.append(f"Content-Type: {KINDS[bool(load.file)]}")
    body = _files(load) if load.file else cycle([urlencode(form).encode() for form in load.forms])
    return lambda: _with_body(lines, next(body))


def _files(load):
    model = pdf(load.file)
    for form in cycle(load.forms):
        name = secrets.token_urlsafe(12)
        head, tail = around(BORDER, f"essai-{name}.pdf", {**form, "sending": name})
        yield head + marked(model) + tail


def _with_body(lines, body):
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def _bear(load):
    request, selector = _requests(load), selectors.DefaultSelector()
    for _ in range(load.connections):
        connection = Connection(load, request)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
    _for(load.warm_up, selector)
    cpu, begun = cpu_seconds(tree(load.pid)), time.perf_counter()
    times, size = _for(load.seconds, selector)
    cpu, elapsed = cpu_seconds(tree(load.pid)) - cpu, time.perf_counter() - begun
    return Seen(
        requests=len(times),
        per_second=len(times) / elapsed,
        cpu=1000 * cpu / len(times),
        p50=1000 * statistics.median(times),
        size=size,
    )


def _for(seconds, selector):
    """Ask until the time is over: how long each answer took, and the size of the last."""
    times, size, end = [], 0, time.perf_counter() + seconds
    while time.perf_counter() < end or not times:
        for key, _ in selector.select(1):
            connection = key.data
            if connection.receive():
                times.append(time.perf_counter() - connection.start)
                size = connection.size
                connection.send()
    return times, size


if __name__ == "__main__":
    print(json.dumps(asdict(_bear(Load(**json.load(sys.stdin))))))
