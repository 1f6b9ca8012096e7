"""The memory of the worker: at rest, and while it takes a document of 25 MB."""

import os
import threading
import time
from pathlib import Path

from . import processes
from .report import Row, at_most, told
from .serving import Server
from .visitor import Visitor

REST, GROWTH, SIZE = 90, 10, 25_000_000
TIMES, EVERY = 3, 0.01
CHECK_UP = {
    "category": "AUTR_DOC",
    "dated": "12/03/2024",
    "title": "",
    "author": "",
    "folder": "",
    "masked": "non",
}


def rows(server: Server, visitor: Visitor) -> list[Row]:
    for _ in range(50):
        visitor.get(f"{visitor.record}/documents")
    rest, main = processes.memory(server.worker), processes.memory(server.pid)
    taken = [_taken(server, visitor, number) for number in range(TIMES)]
    growth = max(worker for worker, _ in taken)
    each = ", ".join(f"{worker:.1f}" for worker, _ in taken)
    return [
        at_most("worker at rest, after 50 requests", rest, REST, "MB", "resident"),
        told("  the process that starts it", f"{main:.0f} MB"),
        at_most(
            f"worker, taking {SIZE // 10**6} MB: growth", growth, GROWTH, "MB", f"each: {each}"
        ),
        told(
            "  the child that reads the file", f"{max(child for _, child in taken):.0f} MB at most"
        ),
    ]


def pdf(size: int) -> bytes:
    """One blank page, and a stream that no page shows: random, so that nothing shrinks it."""
    parts = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>"]
    parts += ["<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>"]
    whole, places = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, 1):
        places.append(len(whole))
        whole += f"{number} 0 obj\n{part}\nendobj\n".encode()
    filling = size - len(whole) - 400
    places.append(len(whole))
    whole += f"4 0 obj\n<</Length {filling}>>\nstream\n".encode()
    whole += os.urandom(filling) + b"\nendstream\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 5\n0000000000 65535 f \n{table}trailer\n<</Size 5/Root 1 0 R>>\n"
    return bytes(whole) + f"{end}startxref\n{len(whole)}\n%%EOF\n".encode()


def _taken(server, visitor, number) -> tuple[float, float]:
    """(growth of the worker, peak of its child), in MB."""
    content, worker = pdf(SIZE), server.worker
    before, watch = processes.memory(worker), Watch(worker)
    with watch:
        answer = visitor.deposit(f"lourd-{number}.pdf", content, CHECK_UP)
    assert answer.status == 303, f"the deposit of 25 MB answered {answer.status}"
    return watch.worker - before, watch.child


class Watch(threading.Thread):
    """The highest memory of a process and of its children, looked at every 10 ms."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.pid, self.worker, self.child, self.going = pid, 0.0, 0.0, True

    def __enter__(self):
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")  # VmHWM starts again from now
        self.start()
        return self

    def __exit__(self, *_):
        self.going = False
        self.join()
        self.worker = max(self.worker, processes.memory(self.pid, "VmHWM"))

    def run(self):
        while self.going:
            self.worker = max(self.worker, processes.memory(self.pid))
            for child in processes.descendants(self.pid):
                self.child = max(self.child, processes.memory(child, "VmHWM"))
            time.sleep(EVERY)
