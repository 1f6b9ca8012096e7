"""The load: keep-alive connections from one process of its own, on the loopback only.

`python -m tests.bench.load JSON`: what to ask on the command line, what was seen on stdout."""

import json
import selectors
import socket
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field

from .instances import ROOT
from .processes import cpu_seconds


@dataclass
class Load:
    port: int
    path: str
    pids: list[int]
    headers: dict[str, str] = field(default_factory=dict)
    connections: int = 8
    seconds: float = 4
    warm_up: float = 1


@dataclass
class Seen:
    """`cpu` and `p50` are milliseconds a request."""

    requests: int
    per_second: float
    cpu: float
    p50: float
    size: int


def run(load: Load) -> Seen:
    """Bear on the server from another process."""
    command = [sys.executable, "-m", "tests.bench.load", json.dumps(asdict(load))]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return Seen(**json.loads(done.stdout))


class Connection:
    def __init__(self, load: Load, request: bytes):
        self.request = request
        self.socket = socket.create_connection(("127.0.0.1", load.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.send()

    def send(self) -> None:
        self.received, self.expected = bytearray(), 0
        self.start = time.perf_counter()
        self.socket.sendall(self.request)

    def receive(self) -> bool:
        """Whether the answer is whole."""
        piece = self.socket.recv(1 << 18)
        if not piece:
            raise SystemExit("The server hung up.")
        self.received += piece
        if not self.expected:
            self.expected = _size(self.received)
        return 0 < self.expected <= len(self.received)


def _size(received):
    """Of the whole answer; 0 while its headers are not all there."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return 0
    head = bytes(received[:end]).lower()
    status, length = head.split(b" ", 2)[1], head.partition(b"content-length:")[2]
    if status != b"200" or not length:
        raise SystemExit(f"Not a page: {head.decode('latin-1')}")
    return end + 4 + int(length.split(b"\r\n", 1)[0])


def _bear(load):
    lines = [f"{name}: {value}" for name, value in load.headers.items()]
    start = [f"GET {load.path} HTTP/1.1", f"Host: 127.0.0.1:{load.port}"]
    request = "\r\n".join([*start, *lines, "", ""]).encode()
    selector = selectors.DefaultSelector()
    for _ in range(load.connections):
        connection = Connection(load, request)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
    _for(load.warm_up, selector)
    cpu, begun = cpu_seconds(load.pids), time.perf_counter()
    times, size = _for(load.seconds, selector)
    cpu, elapsed = cpu_seconds(load.pids) - cpu, time.perf_counter() - begun
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
    while time.perf_counter() < end:
        for key, _ in selector.select(1):
            connection = key.data
            if connection.receive():
                times.append(time.perf_counter() - connection.start)
                size = len(connection.received)
                connection.send()
    return times, size


if __name__ == "__main__":
    print(json.dumps(asdict(_bear(Load(**json.loads(sys.argv[1]))))))
