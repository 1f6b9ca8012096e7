"""`python -m tests.bench.depositing --sources 20 --seconds 300`: software deposits by the standard
call, all at once, and tries again what was not acknowledged; people read meanwhile. Was anything
lost, or taken twice? How long did each wait, and what did the worker weigh?"""

import argparse
import shutil
import statistics
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from models.access import Actor
from models.database import database
from models.document import Document
from models.instance import open_instance
from models.office import ROLE
from models.settings import Settings
from models.source import Use
from tests.depositors import Depositor, compared, people, registered

from . import processes, serving
from .instances import BUILD, copied, made
from .visitor import Visitor

READERS, EVERY, PEOPLE = 4, 0.25, 40
OFFICE = Actor(None, "Essai", ROLE)


class Reader(threading.Thread):
    """Someone who opens her documents, then one of them, and so on."""

    def __init__(self, visitor: Visitor):
        super().__init__(daemon=True)
        self.visitor, self.seconds, self.wrong, self.stopping = visitor, [], [], False

    def run(self):
        while not self.stopping:
            start = time.monotonic()
            answer = self.visitor.get(f"{self.visitor.record}/documents")
            self.seconds.append(time.monotonic() - start)
            if answer.status != 200:
                self.wrong.append(answer.status)
            time.sleep(EVERY)


class Weight(threading.Thread):
    """Of the worker and of its heaviest child, in megabytes."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.first, self.most, self.child, self.stopping = pid, 0, 0, 0, False
        self.first = processes.memory(pid)

    def run(self):
        while not self.stopping:
            self.most = max(self.most, processes.memory(self.pid))
            children = filter(_is_ours, processes.descendants(self.pid))
            self.child = max([self.child, *map(processes.memory, children)])
            time.sleep(0.2)


def _is_ours(pid):
    """Once it has begun: before, it is a copy of the worker."""
    try:
        return b"models.formats" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def main() -> None:
    asked = _asked()
    BUILD.mkdir(parents=True, exist_ok=True)
    one = copied(made(asked.documents), BUILD / "depositing")
    settings = Settings(instance=one.folder)
    open_instance(settings)
    sources, them = registered(OFFICE, asked.sources), people(PEOPLE)
    database.close_all()
    with serving.carnet(one.folder) as server:
        quiet = _read_for(server, one, 10)
        depositors, readers, weight = _bear(server, one, sources, them, asked.seconds)
    open_instance(settings)
    _print(depositors, quiet, readers, weight, asked)
    database.close_all()
    shutil.rmtree(one.folder)


def _asked():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--documents", type=int, default=100)
    return parser.parse_args()


def _read_for(server, one, seconds):
    """How long people wait when nobody deposits."""
    readers = _readers(server, one)
    time.sleep(seconds)
    return _stopped(readers)


def _bear(server, one, sources, them, seconds):
    depositors = [Depositor(n, server.port, token, them) for n, (_, token) in enumerate(sources)]
    readers, weight = _readers(server, one), Weight(server.worker)
    for each in (*depositors, weight):
        each.start()
    time.sleep(seconds)
    for each in depositors:
        each.stopping = True
    for each in depositors:
        each.join(120)
    weight.stopping = True
    return depositors, _stopped(readers), weight


def _readers(server, one):
    readers = [Reader(serving.signed_in(server, one)) for _ in range(READERS)]
    for each in readers:
        each.start()
    return readers


def _stopped(readers):
    for each in readers:
        each.stopping = True
    for each in readers:
        each.join(60)
    return readers


def _print(depositors, quiet, readers, weight, asked):
    found = compared(depositors)
    sent = [one for each in depositors for one in each.sent]
    refused = sum((Counter(each.refused) for each in depositors), Counter())
    kept = Document.select().where(Document.source.is_null(False)).count()
    print(f"{asked.sources} sources, {asked.seconds} s; still at it: {_alive(depositors)}")
    print(f"sent {len(sent)}, acknowledged {sum(bool(one.locations) for one in sent)}, ", end="")
    print(f"found {kept}, counted {sum(one.number for one in Use.select())}")
    print(
        f"lost {len(found.lost)}, twice {len(found.twice)}, damaged {len(found.damaged)}, ", end=""
    )
    print(f"found and never sent {len(found.unknown)}")
    print(f"asked to come back (503), or no answer (0): {dict(refused)}")
    print(f"unexpected answers: {[one for each in depositors for one in each.unexpected]}")
    print(f"a deposit, as acknowledged: {_spread([s for d in depositors for s in d.seconds])}")
    print(
        f"a page of documents, nobody depositing: {_spread([s for r in quiet for s in r.seconds])}"
    )
    print(f"a page of documents, meanwhile: {_spread([s for r in readers for s in r.seconds])}")
    print(f"pages that failed: {[status for one in readers for status in one.wrong]}")
    print(f"worker: {weight.first:.0f} MB before, {weight.most:.0f} MB at most; ", end="")
    print(f"its heaviest child {weight.child:.0f} MB")
    sys.exit(bool(found.lost or found.twice or found.damaged or found.unknown))


def _alive(depositors):
    return sum(one.is_alive() for one in depositors)


def _spread(seconds):
    if len(seconds) < 2:
        return f"{len(seconds)} measured"
    shown = sorted(one * 1000 for one in seconds)
    last = shown[int(len(shown) * 0.95)]
    middle = statistics.median(shown)
    return f"median {middle:.0f} ms, 95 % {last:.0f}, most {shown[-1]:.0f} ({len(shown)} measured)"


if __name__ == "__main__":
    main()
