"""How long a backup takes, what it weighs, how long those who write wait meanwhile; a restore, a
check, and another key for so many gigabytes: `python -m tests.bench.keeping --documents 10000`."""

import argparse
import os
import shutil
import signal
import tempfile
import time
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from models import access, deposit, filing, in_use, instance, vault
from models.database import database
from models.deposit import Description
from models.document import Document
from models.keeping import backup, rekeying, restoring, verifying
from models.record import Record
from models.settings import Settings

from ..world import LIMITS, spooled
from . import instances

EVERY = 0.01
ALONE = 5


@contextmanager
def timed(what):
    start, cpu = time.monotonic(), time.process_time()
    yield
    wall, cpu = time.monotonic() - start, time.process_time() - cpu
    print(f"{what}: {wall:.2f} s ({cpu:.2f} of CPU)", flush=True)


class Writer:
    """Someone who acts a hundred times a second, in a process of his own; how long each took."""

    def __init__(self, settings: Settings):
        reading, writing = os.pipe()
        self._child = os.fork()
        if not self._child:
            os.close(reading)
            _write(settings, writing)
        os.close(writing)
        self._told = os.fdopen(reading)

    def end(self) -> list[float]:
        os.kill(self._child, signal.SIGTERM)
        os.waitpid(self._child, 0)
        lines = self._told.read().splitlines()
        return sorted(float(line) * 1000 for line in lines if len(line) == len("0.000000"))


def _write(settings, pipe):
    instance.open_instance(settings)
    paper = Document.select().where(Document.binned_at.is_null()).first()
    holder = _holder(paper.record)
    paper.record, pinned = holder.record, False
    while True:
        start, pinned = time.monotonic(), not pinned
        filing.pin(holder, paper, pinned)
        os.write(pipe, f"{time.monotonic() - start:.6f}\n".encode())
        time.sleep(EVERY)


def _holder(record):
    return access.find(access.deciders(record)[0], record.uid)


def told(what, waits):
    if waits:
        middle, most = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
        print(
            f"  writers {what}: {len(waits)} acts, half within {middle:.1f} ms, 99 % within "
            f"{most:.1f} ms, longest {waits[-1]:.1f} ms",
            flush=True,
        )


def weight(folder: Path) -> str:
    return f"{sum(f.stat().st_size for f in folder.rglob('*') if f.is_file()) / 1e6:.1f} MB"


def backups(settings, folder):
    writer = Writer(settings)
    time.sleep(ALONE)
    told("alone", writer.end())
    writer = Writer(settings)
    with timed("first backup, people working"):
        made = backup.make(instance.open_instance(settings), folder)
    told("meanwhile", writer.end())
    base = made.inventory.database.size / 1e6
    print(f"  {made.added} files, {weight(folder)} of which {base:.1f} for the database")
    for number in range(20):
        _deposit(number)
    before = weight(folder)
    writer = Writer(settings)
    with timed("the next, 20 documents later"):
        made = backup.make(instance.open_instance(settings), folder)
    told("meanwhile", writer.end())
    print(f"  {made.added} files; {before} → {weight(folder)}")


def _deposit(number):
    holder = _holder(Record.select().join(Document).first())
    told = Description(category="CPT_REND", dated=date(2024, 3, 12), title=f"De plus {number}")
    spool = spooled(f"Papier fictif {number}. ".encode() * 1000)
    deposit.put(holder.record, holder.actor, spool, "papier.txt", told, LIMITS)


def others(settings, folder, ground):
    opened = instance.open_instance(settings)
    with timed("check of both backups"):
        assert list(verifying.faults(opened, folder)) == []
    target = Settings(instance=ground / "restored", key=opened.key.hex())
    with timed("restore"):
        restoring.restore(target, folder)
    database.close_all()
    in_use.let_go()
    with timed("another key"):
        done = rekeying.rekey(settings)
    print(f"  {done.files} files, {weight(settings.instance)}")


def heavy(settings, gigabytes):
    shutil.rmtree(settings.instance, ignore_errors=True)
    instance.create(settings)
    instance.open_instance(settings)
    piece = os.urandom(1_000_000)
    for _ in range(int(gigabytes * 50)):
        spool = vault.Spool(10**9)
        for _ in range(20):
            spool.write(piece)
        spool.keep()
    database.close_all()
    in_use.let_go()
    with timed(f"another key for {gigabytes} GB in files of 20 MB"):
        rekeying.rekey(settings)


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--documents", type=int, default=10_000)
    asked.add_argument("--instance", type=Path, help="this one, copied; else one that is made")
    asked.add_argument("--gigabytes", type=float, default=1)
    asked = asked.parse_args()
    source = asked.instance or instances.made(asked.documents).folder
    os.umask(0o077)
    with tempfile.TemporaryDirectory(prefix="carnet-keeping-") as ground:
        ground = Path(ground)
        settings = Settings(instance=ground / "instance")
        shutil.copytree(source, settings.instance)
        instance.open_instance(settings)
        database.close_all()
        backups(settings, ground / "backups")
        others(settings, ground / "backups", ground)
        heavy(Settings(instance=ground / "heavy"), asked.gigabytes)


if __name__ == "__main__":
    main()
