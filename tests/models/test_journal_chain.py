"""The journal cannot be changed: the database refuses, and the chain tells what was forced."""

import pytest
from peewee import IntegrityError

from models import bin, checking, document, filing, folder, journal, masking
from models.database import database
from models.journal import Act, Entry
from models.record import Record
from models.refusal import Refusal


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


def everything():
    """All that the database holds."""
    return {
        table: sorted(map(repr, database.execute_sql(f'SELECT * FROM "{table}"')))
        for table in database.get_tables()
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


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET actor = 'Personne Inventée'",
        "DELETE FROM entry",
        "REPLACE INTO entry SELECT * FROM entry LIMIT 1",
        "UPDATE OR REPLACE entry SET number = 1",
    ],
)
def test_the_database_itself_refuses_to_change_the_journal(world, statement):
    world.paper()
    before = everything()["entry"]
    with pytest.raises(IntegrityError, match="append-only"):
        database.execute_sql(statement)
    assert everything()["entry"] == before


def forced(world, *statements):
    """What the chain says after someone with the key and the hand on the file has been at it."""
    for _ in range(4):
        world.paper()
    for kind in ("changed", "deleted"):
        database.execute_sql(f"DROP TRIGGER entry_is_never_{kind}")
    record = world.record("alice").id
    assert journal.broken(Record.get_by_id(record)) is None
    for statement in statements:
        database.execute_sql(f"{statement}".replace("RECORD", f"record_id = {record}"))
    return journal.broken(Record.get_by_id(record))


@pytest.mark.parametrize(
    "change",
    ["actor = 'Autre Fictif'", "at = '2020-01-01 00:00:00.000000'", "detail = '{\"a\": 1}'"],
)
def test_an_entry_that_was_changed_is_found(world, change):
    told = forced(world, f"UPDATE entry SET {change} WHERE number = 3 AND RECORD")
    assert told == "l'entrée 3 a été modifiée"


def test_an_entry_that_was_removed_is_found_in_the_middle_and_at_the_end(world):
    assert forced(world, "DELETE FROM entry WHERE number = 3 AND RECORD") == "il manque l'entrée 3"


def test_the_last_entry_is_missed_too(world):
    last = "number = (SELECT journal_length FROM record WHERE id = record_id)"
    assert "il manque des entrées" in forced(world, f"DELETE FROM entry WHERE {last} AND RECORD")


def test_entries_put_in_another_order_are_found(world):
    move = "UPDATE entry SET number = {} WHERE number = {} AND RECORD"
    told = forced(world, move.format(-1, 2), move.format(2, 3), move.format(3, -1))
    assert told == "l'entrée 2 a été modifiée"


def test_an_entry_forged_with_a_good_seal_breaks_the_next_one(world):
    world.paper()
    record = world.record("alice")
    assert forced(world) is None
    entry = record.entries.where(Entry.number == 3).get()
    entry.actor = "Autre Fictif"
    entry.hash = entry.sealed()
    entry.save()
    assert journal.broken(world.record("alice")) == "l'entrée 4 a été modifiée"


def test_the_check_of_the_instance_says_which_record_s_chain_is_broken(world):
    assert list(checking.faults()) == []
    forced(world, "DELETE FROM entry WHERE number = 2 AND RECORD")
    assert list(checking.faults()) == [
        f"activité de l'espace {world.record('alice').uid} : il manque l'entrée 2"
    ]
