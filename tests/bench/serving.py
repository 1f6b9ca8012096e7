"""The servers measured: Carnet by app.py, and the floor, each with one worker."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import processes
from .instances import BUILD, ROOT, Made, environment
from .load import Load, Seen, run
from .visitor import Visitor


@dataclass
class Server:
    pid: int
    port: int

    @property
    def pids(self) -> list[int]:
        return processes.tree(self.pid)

    @property
    def worker(self) -> int:
        """The process that answers: the heaviest of the children, whose own are not looked at."""
        return max(processes.children(self.pid), key=processes.memory)

    def bear(self, visitor: Visitor, path: str, **how) -> Seen:
        return run(Load(self.port, path, self.pid, visitor.headers, **how))


@contextmanager
def carnet(folder: Path, **settings: str) -> Iterator[Server]:
    port = _free_port()
    environ = environment(folder, CARNET_PORT=str(port), **settings)
    with _started(["app.py"], environ, port) as server:
        yield server


@contextmanager
def floor(database: Path, files: Path) -> Iterator[Server]:
    port = _free_port()
    command = ["-m", "tests.bench.floor", str(port)]
    told = {"FLOOR_DATABASE": str(database), "FLOOR_FILES": str(files)}
    with _started(command, environment(BUILD, **told), port) as server:
        yield server


@contextmanager
def working(folder: Path) -> Iterator[int]:
    """`flask work --loop` beside it: its process."""
    command = [sys.executable, "-m", "flask", "work", "--loop"]
    with (
        open(BUILD / "servers.log", "ab") as log,
        subprocess.Popen(
            command, cwd=ROOT, env=environment(folder), stdout=log, stderr=log
        ) as process,
    ):
        try:
            yield process.pid
        finally:
            process.terminate()


def signed_in(server: Server, made: Made, role: str = "") -> Visitor:
    """The holder of the record of many documents, or one of the others."""
    visitor = Visitor(server.port)
    visitor.sign_in(**(made.others[role] if role else made.credentials))
    return visitor


@contextmanager
def _started(command, environ, port):
    with open(BUILD / "servers.log", "ab") as log:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=environ, stdout=log, stderr=log
        )
        try:
            _wait(process, port)
            yield Server(process.pid, port)
        finally:
            process.terminate()
            process.wait(30)


def _wait(process, port):
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"The server did not start: see {BUILD / 'servers.log'}.")


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
