"""The journal cannot be changed: the database refuses, and the chain tells what was forced."""

import pytest
from peewee import IntegrityError

from models import checking, journal
from models.database import database
from models.journal import Entry
from models.record import Record


def everything():
    """All that the database holds."""
    return {
        table: sorted(map(repr, database.execute_sql(f'SELECT * FROM "{table}"')))
        for table in database.get_tables()
    }


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
