"""Erasure, to the bone: once a record is erased, its words are in no table, no index and no file,
nobody else's are touched, and it may begin again."""

import os
import shutil
from datetime import date, timedelta

import pytest

from models import access as accesses
from models import (
    activation,
    activation_code,
    block,
    checking,
    clock,
    consultation,
    document,
    draft,
    erasure,
    instance,
    journal,
    masking,
    member,
    notice,
    report,
    search,
    share,
    source,
    telling,
    vault,
)
from models.access import Role
from models.account import Account
from models.database import database, references, transaction
from models.journal import Act, Entry
from models.keeping import kept as keeping
from models.moving import Moving
from models.moving_item import Item
from models.notice import Notice
from models.objection import Objection
from models.record import Record
from models.roll import Roll
from models.roll_line import RollLine
from models.settings import Settings
from models.stray import Stray
from models.telling import What

from ..invited import carer, invited
from ..world import SENDER, SURGERY, World, holding

# Told nowhere else than in Alice's record, whatever her identity is; apart, or an index that keeps
# only how a word differs from the one before would hide them.
SECRETS = ("kzwombat", "qvxylophone", "jhtapioca", "bdrhododendron", "zfobelisque", "wgparapluie")
A, B, C, D, E, F = SECRETS


@pytest.fixture(scope="module")
def template_folder(template_folder, tmp_path_factory):
    """The world, and a record of Alice's where everything was done: made once."""
    folder = tmp_path_factory.mktemp("filled") / "instance"
    shutil.copytree(template_folder, folder)
    instance.open_instance(Settings(instance=folder))
    fill(World())
    database.close()
    return folder


@pytest.fixture
def alice(world):
    return Record.get(Record.member_number == "A-1")


def fill(world):
    """Each act leaves one of the words."""
    holder = world.access("alice")
    record = holder.record
    kept = world.folder(f"Dossier {A}")
    paper = world.paper(f"Titre {B}", text=f"Le texte parle de {C}.", folder=kept, author=D)
    world.paper("Du cabinet", text=f"Encore {E}", by=SURGERY)
    world.directive(date(2025, 3, 1), valeurs=f"La mer, {F}.")
    world.designation(date(2025, 3, 1), says=[f"Elle sait {A}"])
    world.contact(link="other", link_words=f"ma {B}")
    carer(world, link=f"mon {C}", email="aide@exemple.invalid", folders=(kept,))
    invited(world, name=f"Voisin {D}", email=f"{E}@exemple.invalid")
    world.professional("camille")
    treating = world.let_in("camille", Role.PROFESSIONAL)
    world.paper(f"À annoncer {C}", f"Secret {D}", treating, unannounced=True)
    world.professional("emile")
    world.let_in("emile", Role.EMERGENCY, reason=f"Malaise, {F}")
    consultation.make(holder, "today")
    block.block(holder, world.professional("dorian").account)
    masking.choose_all(holder, True)
    document.read(holder, paper)
    share.make(holder, paper, f"Ami {A}", "24h", 1)
    report.make(holder, Entry.get(Entry.act == Act.ANNOUNCED), f"Pourquoi {A} ?")
    path = f"/espaces/{record.uid}/entourage-et-volontes/personnes/ajout"
    draft.keep(world.account("bruno"), path, path, {"given_name": [f"Zoé {B}"]})
    in_raw_rows(record)
    told_of_it(Record.get_by_id(record.id))


def in_raw_rows(record):
    """Where the verbs that write them take too long to play."""
    code = activation_code.one_more(record, 42)
    row = record.codes.order_by(activation_code.ActivationCode.id.desc()).first()
    activation.Activation.create(record=record, code=row, token_hash=code, name=f"Nom {E}")
    Objection.create(record=record, how="site", by=f"Qui {F}", withdrawn_at=clock.now())
    roll = Roll.create(filename="liste.csv", form="csv", made_by="Diane Modèle", headings="[]")
    RollLine.create(roll=roll, line=1, cells=f'["{B}", "{C}"]', sentence=D, record=record)
    software = source.register(World().office, source.Told("Logiciel Fictif", "other"))[0]
    settled = dict.fromkeys(("why", "person", "header", "filename", "media_type", "content"), "")
    settled |= {"settled_at": clock.now(), "settled_how": "attached", "size": 0, "sha256": A}
    Stray.create(source=software, record=record, identifier=f"1.2.3^{B}", **settled)
    archive = Moving.create(
        record=record, made_by=f"Moi {C}", filename=f"{D}.zip", size=1, content="", told=f'"{E}"'
    )
    Item.create(moving=archive, number=1, path=f"Documents/{F}.txt", title=A, size=1)


def told_of_it(record):
    with transaction():
        record.email, record.postal_address = f"{E}@exemple.invalid", f"1 rue {F}"
        member.keep(record)
        telling.write(record, What.REMINDER, "AAAA", journal_actor(), SENDER)
        notice.write(record.email, f"Pour {A}", f"Voici {B}")
        notice.write_once(f"majority:{record.uid}:18:x", "autre@exemple.invalid", "Bientôt", C)


def journal_actor():
    return journal.Actor(None, f"Aide {D}", "office")


def tables():
    asked = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    return [name for (name,) in database.execute_sql(asked)]


def dump(but=()):
    """Every value of every table, those that an index is made of included: table → bytes."""
    found = {}
    for table in tables():
        if table not in but:
            rows = database.execute_sql(f'SELECT * FROM "{table}"').fetchall()
            values = (value for row in rows for value in row if value is not None)
            found[table] = b"\x00".join(
                value if isinstance(value, bytes) else str(value).encode() for value in values
            )
    return found


def leaks(*words):
    """(table, word) for each that is still somewhere, but for its first two letters."""
    return {
        (table, word)
        for table, kept in dump().items()
        for word in words
        if word[2:].encode() in kept
    }


def sweep():
    while search.sweep():
        pass


def test_the_words_are_there_before(alice):
    """Or the next tests would prove nothing: every table that names a record has a row of hers."""
    for table, column, _ in references("record"):
        count = database.execute_sql(
            f"SELECT COUNT(*) FROM {table} WHERE {column} = ?", (alice.id,)
        )
        assert count.fetchone()[0], f"{table} is not tried"
    found = leaks(*SECRETS)
    assert {word for _, word in found} == set(SECRETS)
    indexes = {table for table, _ in found if table.endswith("_data")}
    assert indexes == {"search_label_data", "search_text_data", "member_search_data"}


def test_nothing_is_left_of_it(alice, world):
    uid, number = alice.uid, alice.id
    erasure.erase(alice)
    for table, column, _ in references("record"):
        assert not rows(table, column, number), table
    # Until they are swept, the indexes keep letters that no search finds.
    assert {table for table, _ in leaks(*SECRETS)} <= {
        *("search_label_data", "search_text_data", "member_search_data")
    }
    assert not database.execute_sql(
        "SELECT 1 FROM member_search WHERE member_search MATCH ?", (E,)
    ).fetchall()
    sweep()
    assert not leaks(*SECRETS)
    assert {table for table, kept in dump().items() if uid.encode() in kept} == {"record"}
    record = Record.get_by_id(number)
    assert record.erased_at and not any(
        (record.email, record.postal_address, record.birthplace, record.journal_head, record.used)
    )
    assert (record.uid, record.member_number, record.birth_name) == (uid, "A-1", "Exemple")


def test_the_office_still_finds_who_she_was(alice):
    erasure.erase(alice)
    asked = "SELECT rowid FROM member_search WHERE member_search MATCH 'exemple AND alice'"
    assert database.execute_sql(asked).fetchall() == [(alice.id,)]


def test_its_files_are_swept_and_nobody_else_s(alice, world):
    hers = {one.content for one in alice.documents}
    theirs = world.paper("À Carole", of="carole").content
    assert len(hers) > 4 and hers <= set(vault.names())
    erasure.erase(alice)
    # Those of the last hour may be of a deposit that is about to end.
    assert vault.sweep(keeping.known) == 0
    with clock.moved(timedelta(hours=2)):
        assert vault.sweep(keeping.known) >= len(hers)
    assert set(vault.names()) == {theirs}


def test_other_records_are_untouched(alice, world):
    other = world.record("carole")
    world.paper("À Carole", text="Rien que wombatiforme", of="carole")
    world.let_in("bruno", Role.CARER, "carole")
    into = world.access("carole")
    Record.update(email=alice.email).where(Record.id == other.id).execute()
    draft.keep(world.account("bruno"), "/espaces/autre", "/espaces/autre", {"mot": ["gardé"]})
    letter = notice.write(alice.email, "À Carole", "Bonjour Carole Inventée")
    before = rows_of(other)
    erasure.erase(alice)
    sweep()
    assert rows_of(other) == before
    assert Notice.get_or_none(Notice.id == letter.id)
    assert draft.typed(world.account("bruno"), "/espaces/autre")
    assert into.documents().where(holding(into, "wombatiforme")).count() == 1


def rows_of(record):
    found = {"record": Record.get_by_id(record.id).__data__}
    for table, column, _ in references("record"):
        found[table] = rows(table, column, record.id)
    return found


def rows(table, column, number):
    return database.execute_sql(f"SELECT * FROM {table} WHERE {column} = ?", (number,)).fetchall()


def test_nothing_is_wrong_with_what_is_left(alice, world):
    world.paper("À Carole", of="carole")
    erasure.erase(alice)
    with transaction():
        journal.write(Record.get_by_id(alice.id), SURGERY, Act.ERASED_RECORD)
    sweep()
    assert list(checking.faults()) == []
    assert [entry.act for entry in alice.entries] == [Act.ERASED_RECORD]


def test_nobody_comes_in_any_more(alice, world):
    inside = {one.account.email for one in accesses.all_in(alice)}
    assert len(inside) == 4
    erasure.erase(alice)
    assert accesses.all_in(alice) == []
    for email in inside:
        assert accesses.find(Account.named(email), alice.uid) is None


def test_the_figures_keep_that_it_was_told_and_opened(alice):
    Record.update(told_at=clock.now(), told_how="email").where(Record.id == alice.id).execute()
    kept = ("members", "told-email", "opened", "activated")
    before = {name: tally(name) for name in kept}
    erasure.erase(Record.get_by_id(alice.id))
    assert {name: tally(name) for name in kept} == before and all(before.values())
    assert tally("documents-person") == 0


def tally(name):
    rows = database.execute_sql("SELECT SUM(value) FROM tally WHERE name = ?", (name,))
    return rows.fetchone()[0] or 0


def test_all_of_it_or_nothing(alice, monkeypatch):
    before = dump()
    for step in ("_forget_letters", "_forget_drafts", "_blank"):
        with monkeypatch.context() as patch:
            patch.setattr(erasure, step, broken)
            with pytest.raises(OSError):
                erasure.erase(alice)
        assert dump() == before, step


def broken(_record):
    raise OSError("the disk is full")


def test_a_process_killed_in_the_middle_leaves_all_of_it(alice):
    before = dump()
    database.close_all()
    child = os.fork()
    if not child:
        try:
            erasure._blank = lambda record: os._exit(9)
            erasure.erase(alice)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert dump() == before and list(checking.faults()) == []


def test_an_index_is_swept_a_little_at_a_time(world):
    for name in "abcdef":
        world.paper(
            f"Titre {name}", of="carole", text=" ".join(f"x{name}tapir{n}" for n in range(400))
        )
    with transaction():
        search.forget(world.paper("Un titre", text="Un mzbuffle.", of="carole"))
    assert ("search_text_data", "mzbuffle") in leaks("mzbuffle")
    turns = 1
    while search.sweep(pages=1):
        turns += 1
        assert turns < 500
    assert turns > 2 and ("search_text_data", "mzbuffle") not in leaks("mzbuffle")
    assert search.sweep() is False


def test_nothing_is_swept_where_nothing_was_erased(world):
    world.paper("Un titre", of="carole")
    changes = "SELECT total_changes()"
    before = database.execute_sql(changes).fetchone()
    assert search.sweep() is False and database.execute_sql(changes).fetchone() == before
