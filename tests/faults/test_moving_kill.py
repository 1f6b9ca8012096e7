"""A process killed while it takes an archive in: another goes on from there, and no document is
lost or taken twice."""

from collections import Counter

from models import checking, clock, job, moving, vault
from models.database import database
from models.document import Document
from models.folder import Folder
from models.job import LEASE
from models.journal import Act, Entry
from models.keeping import kept as keeping
from models.moving import Moving, Stage
from models.moving_item import Item, Verdict

from ..moved import bring, carnet
from ..world import LIMITS, SENDER
from .killed import worked_until

NUMBER, KILLS = 30, 2
FILES = {f"Documents/Papier {n}.txt": f"Le texte du {n}e.".encode() for n in range(NUMBER)}
SAID = {path: {"folder": f"Dossier {n % 3}"} for n, path in enumerate(FILES)}


def taken():
    return Item.select().where(Item.verdict == Verdict.TAKEN.value).count()


def test_what_a_killed_process_left_is_gone_on_with(settings, world):
    alice = world.access("alice")
    one, done = bring(alice, carnet(FILES, SAID)), 0
    moving.take(alice, one, LIMITS)
    for _ in range(KILLS):
        worked_until(settings, "moving_taking.TAKEN = 4", taken, done + 5)
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
        vault.sweep(keeping.known)
    assert len(list(vault.names())) == NUMBER and list(checking.faults()) == []
