"""A process killed while it takes an archive in: another goes on from there, and no document is
lost or taken twice."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from models import checking, clock, job, moving, vault
from models.database import database
from models.document import Document
from models.folder import Folder
from models.job import LEASE
from models.journal import Act, Entry
from models.moving import Moving, Stage
from models.moving_item import Item, Verdict

from ..moved import bring, carnet
from ..world import LIMITS, SENDER

ROOT = Path(__file__).parents[2]
NUMBER, KILLS = 30, 2
PROGRAM = """
import sys
from pathlib import Path
from models import instance, job, moving_taking
from models.settings import Settings
from tests.world import SENDER
instance.open_instance(Settings(instance=Path(sys.argv[1])))
moving_taking.TAKEN = 4
job.run_due(SENDER)
"""
FILES = {f"Documents/Papier {n}.txt": f"Le texte du {n}e.".encode() for n in range(NUMBER)}
SAID = {path: {"folder": f"Dossier {n % 3}"} for n, path in enumerate(FILES)}


def taken():
    return Item.select().where(Item.verdict == Verdict.TAKEN.value).count()


def run_and_kill(settings, since):
    """Start the work in a process of its own; kill it once it has taken some more."""
    command = [sys.executable, "-c", PROGRAM, str(settings.instance)]
    worker = subprocess.Popen(command, cwd=ROOT, env=os.environ, stderr=subprocess.PIPE)
    until = time.monotonic() + 60
    while taken() < since + 5 and worker.poll() is None and time.monotonic() < until:
        time.sleep(0.002)
    worker.send_signal(signal.SIGKILL)
    told = worker.communicate()[1]
    assert worker.returncode == -signal.SIGKILL, told.decode()


def test_what_a_killed_process_left_is_gone_on_with(settings, world):
    alice = world.access("alice")
    one, done = bring(alice, carnet(FILES, SAID)), 0
    moving.take(alice, one, LIMITS)
    for _ in range(KILLS):
        run_and_kill(settings, done)
        database.close_all()
        done = taken()
        # Between two documents: what is there, and what was counted, agree.
        assert done == Document.select().count() == Moving.get_by_id(one.id).job.done
        assert Moving.get_by_id(one.id).stage == Stage.TAKING
        job.Job.update(leased_until=clock.now() - LEASE).execute()
    assert done < NUMBER
    job.run_due(SENDER)
    one = Moving.get_by_id(one.id)
    assert one.stage == Stage.DONE and one.job.done == one.job.total == NUMBER
    each_once()


def each_once():
    titles = Counter(document.title for document in Document.select())
    assert titles == Counter(f"Papier {n}" for n in range(NUMBER))
    acts = Counter(entry.act for entry in Entry.select())
    assert acts[Act.DEPOSITED] == NUMBER and acts[Act.MOVED_IN] == 1
    assert Folder.select().count() == acts[Act.MADE_FOLDER] == 3
    with clock.moved(2 * LEASE * 60):
        vault.sweep({document.content for document in Document.select()})
    assert len(list(vault.names())) == NUMBER and list(checking.faults()) == []
