"""Each verb tells the journal, and does nothing when it cannot."""

import pytest
from peewee import IntegrityError

from models import bin, document, filing, folder, journal, masking
from models.database import database
from models.journal import Act, Entry
from models.refusal import Refusal

from .test_journal_chain import everything


class Scene:
    """A record where every verb has something to act upon."""

    def __init__(self, world):
        self.world, self.access = world, world.access("alice")
        self.folder = world.folder("Mes analyses")
        self.plain = world.paper("Simple")
        self.pinned = world.paper("Épinglé")
        filing.pin(self.access, self.pinned, True)
        self.binned = world.paper("Jeté")
        bin.discard(self.access, [self.binned])
        self.rank = masking.choose_all(self.access, False).id
        self.masked = world.paper("Masqué", masked=True)
        self.reload()

    def reload(self):
        """As the next request finds them."""
        self.access = self.world.access("alice")
        for name in ("folder", "plain", "pinned", "binned", "masked"):
            one = getattr(self, name)
            setattr(self, name, type(one).get_by_id(one.id))
            getattr(self, name).record = self.access.record


VERBS = {
    Act.DEPOSITED: lambda s: s.world.paper("Nouveau"),
    Act.READ: lambda s: document.read(s.access, s.plain),
    Act.READ_TEXT: lambda s: document.read_text(s.access, s.plain),
    Act.DOWNLOADED: lambda s: document.download(s.access, s.plain),
    Act.CORRECTED: lambda s: filing.correct(
        s.access, s.plain, title="Autre", category="BIOLOGIE", dated=s.plain.dated, author="Fictif"
    ),
    Act.MOVED: lambda s: filing.move(s.access, [s.plain], s.folder),
    Act.PINNED: lambda s: filing.pin(s.access, s.plain, True),
    Act.UNPINNED: lambda s: filing.pin(s.access, s.pinned, False),
    Act.BINNED: lambda s: bin.discard(s.access, [s.plain]),
    Act.RESTORED: lambda s: bin.restore(s.access, s.binned),
    Act.ERASED: lambda s: bin.erase(s.access, s.binned),
    Act.MADE_FOLDER: lambda s: folder.make(s.access, "Mon suivi"),
    Act.RENAMED_FOLDER: lambda s: folder.rename(s.access, s.folder, "Mon suivi"),
    Act.DELETED_FOLDER: lambda s: folder.delete(s.access, s.folder),
    Act.MASKED: lambda s: masking.choose(s.access, [s.plain], True),
    Act.SHOWED: lambda s: masking.choose(s.access, [s.masked], False),
    Act.MASKED_ALL: lambda s: masking.choose_all(s.access, True),
    Act.SHOWED_ALL: lambda s: masking.choose_all(s.access, False),
    Act.UNDID_MASKING: lambda s: masking.undo(s.access, s.rank),
}


FAILURES = {
    "the entry cannot be written": "BEFORE INSERT ON entry",
    "the chain cannot go on": "BEFORE UPDATE OF journal_head ON record",
}


def test_each_verb_writes_its_entry_and_no_other(world):
    scene = Scene(world)
    for act, verb in VERBS.items():
        before = everything()
        with database.atomic() as tried:
            verb(scene)
            assert [entry.act for entry in Entry.select().offset(len(before["entry"]))] == [act]
            assert journal.broken(world.record("alice")) is None
            tried.rollback()
        assert everything() == before
        scene.reload()


@pytest.mark.parametrize("failure", FAILURES)
def test_nothing_is_done_that_could_not_be_told(world, failure):
    scene = Scene(world)
    database.execute_sql(
        f"CREATE TRIGGER fails {FAILURES[failure]} BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    )
    before = everything()
    for act, verb in VERBS.items():
        scene.reload()
        with pytest.raises((IntegrityError, Refusal)):
            verb(scene)
        assert everything() == before, act
    assert b"".join(scene.binned.content_chunks()), "the content is still there"
