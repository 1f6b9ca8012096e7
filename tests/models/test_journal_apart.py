"""The chains apart: what is hidden from someone leaves no hole in what she may read or export."""

import pytest

from models import announcement, checking, chronicle, document, journal, proof
from models.access import Role
from models.database import database
from models.document import Document
from models.journal import Act, Chain, Entry, Filters
from models.record import Record
from views.journal import as_what, sentence

WORDS = chronicle.Words(lambda entry: as_what(entry, "Alice Exemple"), sentence)
SECRET = "Résultat caché"


@pytest.fixture
def doctor(world):
    """Hugo, a doctor let in by Alice, who is fifteen; Bruno is her parent."""
    today = world.record("alice").birth_date.replace(year=2011)
    world.born(today)
    world.professional("hugo")
    world.let_in("bruno", Role.REPRESENTATIVE)
    return world.let_in("hugo", Role.PROFESSIONAL)


def exported(access):
    return b"".join(chronicle.export(access, WORDS)).decode()


def verdict(text):
    return proof.verify(text.removeprefix("\ufeff").splitlines(keepends=True), sentence)


def lengths(access):
    """Of each chain in its export, which must hold."""
    return {one.name: one.length for one in verdict(exported(access)).chains.values()}


def closed(access):
    return sum(one.closed for one in verdict(exported(access)).chains.values())


def numbers(access):
    """Of the main chain, as it reads it."""
    entries = journal.seen(access).where(Entry.chain == "")
    return sorted(entry.number for entry in entries)


def test_what_is_kept_from_the_parents_leaves_no_hole(world, doctor):
    seen = world.paper("Vu de tous", by=doctor)
    hidden = world.paper(SECRET, by=doctor, from_representatives=True)
    document.read(doctor, hidden)
    world.paper("Vu après", by=doctor)
    parent, holder = world.access("bruno", "alice"), world.access("alice")
    document.read(holder, hidden)
    assert hidden.apart and not seen.apart
    length = world.record("alice").journal_length
    assert numbers(parent) == numbers(holder) == list(range(1, length + 1))
    text = exported(parent)
    for told in (hidden.uid, SECRET, "Entrée non montrée"):
        assert told not in text
    assert verdict(text).chains.keys() == {"principale"}
    assert not any(entry.document_uid == hidden.uid for entry in journal.seen(parent))
    assert lengths(holder)[hidden.uid] == 3
    assert SECRET in exported(holder)


def test_what_is_to_be_announced_first_appears_whole_once_it_is(world, doctor):
    hidden = world.paper(SECRET, by=doctor, unannounced=True)
    document.read(doctor, hidden)
    holder, parent = world.access("alice"), world.access("bruno", "alice")
    for access in (holder, parent):
        assert hidden.uid not in exported(access)
        assert lengths(access).keys() == {"principale"}
    announcement.announce(doctor, hidden)
    acts = [Act.ANNOUNCED_DOCUMENT, Act.READ, Act.DEPOSITED]
    for access in (holder, parent):
        told = [one.act for one in journal.entries(access, Filters()) if one.chain == hidden.uid]
        assert told == acts
        assert lengths(access)[hidden.uid] == 3
        assert SECRET in exported(access)


def test_what_is_hidden_after_it_was_shown_is_counted_and_not_told(world, doctor):
    """No verb does that today; the chain must hold all the same, and name nothing."""
    paper = world.paper(SECRET, by=doctor)
    world.paper("Vu après", by=doctor)
    Document.update(from_representatives=True).where(Document.id == paper.id).execute()
    parent, holder = world.access("bruno", "alice"), world.access("alice")
    assert paper.uid not in exported(parent) and SECRET not in exported(parent)
    assert closed(parent) == 1
    assert closed(holder) == 0


FORCED = {
    "changed": ("UPDATE entry SET actor = 'Autre' WHERE CHAIN AND number = 2", "l'entrée 2 a été"),
    "removed": ("DELETE FROM entry WHERE CHAIN AND number = 2", "il manque l'entrée 2"),
    "cut": ("DELETE FROM entry WHERE CHAIN AND number = 3", "il manque des entrées après la 2e"),
    "emptied": ("DELETE FROM entry WHERE CHAIN", "il manque des entrées après la 0e"),
    "its end forgotten": ("DELETE FROM chain WHERE name = 'UID'", "il manque des entrées"),
    "moved to the main chain": (
        "UPDATE entry SET chain = '', number = 1000 WHERE CHAIN AND number = 3",
        "il manque l'entrée",
    ),
}


@pytest.mark.parametrize("statement, told", FORCED.values(), ids=FORCED)
def test_what_was_forced_in_a_chain_apart_is_found(world, doctor, statement, told):
    hidden = world.paper(SECRET, by=doctor, unannounced=True)
    for _ in range(2):
        document.read(doctor, hidden)
    assert list(checking.faults()) == []
    for kind in ("changed", "deleted"):
        database.execute_sql(f"DROP TRIGGER entry_is_never_{kind}")
    statement = statement.replace("CHAIN", f"chain = '{hidden.uid}'").replace("UID", hidden.uid)
    database.execute_sql(statement)
    (fault,) = checking.faults()
    assert told in fault


def test_a_chain_that_vanished_whole_is_missed(world, doctor):
    hidden = world.paper(SECRET, by=doctor, unannounced=True)
    database.execute_sql("DROP TRIGGER entry_is_never_deleted")
    Entry.delete().where(Entry.chain == hidden.uid).execute()
    Chain.delete().execute()
    record = Record.get_by_id(hidden.record_id)
    assert hidden.uid in journal.broken(record)
