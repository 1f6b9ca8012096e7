"""Memory: everything at rest, then the worker while it takes a document of 25 MB."""

import threading
import time
from pathlib import Path

from . import processes, serving
from .instances import Made
from .pdfs import pdf
from .report import Group, Row, at_most, told
from .serving import Server
from .visitor import Visitor

REST, GROWTH, SIZE = 90, 10, 25_000_000
TIMES, EVERY = 3, 0.01
# The processes that serve, and the one that works beside them.
STARTING = 6
CHECK_UP = {
    "category": "AUTR_DOC",
    "dated": "12/03/2024",
    "title": "",
    "author": "",
    "folder": "",
    "masked": "non",
}
NOTE = (
    "In MB (10⁶ bytes). Resident (RSS) counts whole what several processes share; PSS divides it "
    "among them, so PSS can be added up."
)


def groups(server: Server, visitor: Visitor, one: Made) -> list[Group]:
    for _ in range(50):
        visitor.get(f"{visitor.record}/documents")
    rest = processes.memory(server.worker)
    rows, figures = everything(server, one, "at rest")
    budget = at_most("worker at rest, after 50 requests", rest, REST, "MB", "resident")
    return [Group("Memory", [budget, *rows, *_heavy(server, visitor)], NOTE, figures=figures)]


def weighed(what: str, pid: int) -> Row:
    resident, share = processes.memory(pid), processes.shared_out(pid)
    return told(what, f"{resident:.0f} MB resident, {share:.0f} PSS", rss=resident, pss=share)


def everything(server: Server, one: Made, when: str) -> tuple[list[Row], dict[str, float]]:
    """The server, the worker and what it keeps beside it, `flask work --loop`; and their sums."""
    with serving.working(one.folder) as working:
        time.sleep(STARTING)
        names = {server.pid: "the process that starts the worker", server.worker: "the worker"}
        names |= {working: "`flask work --loop`"}
        pids = [*server.pids, *processes.tree(working)]
        rows = [
            weighed(f"{when}: {names.get(pid, 'what the worker started')}", pid) for pid in pids
        ]
    rss, pss = (sum(row.values[name] for row in rows) for name in ("rss", "pss"))
    words = f"{rss:.0f} MB resident, {pss:.0f} PSS, {len(pids)} processes"
    rows.append(told(f"{when}: everything", words))
    return rows, {"rss": rss, "pss": pss, "processes": len(pids)}


def _heavy(server, visitor):
    taken = [_taken(server, visitor, number) for number in range(TIMES)]
    growth, child = (max(one[place] for one in taken) for place in (0, 1))
    each = ", ".join(f"{worker:.1f}" for worker, _ in taken)
    what = f"worker, taking {SIZE // 10**6} MB: growth"
    return [
        at_most(what, growth, GROWTH, "MB", f"each: {each}"),
        told("the process that reads the file", f"{child:.0f} MB at most"),
    ]


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
