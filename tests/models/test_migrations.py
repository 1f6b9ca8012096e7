"""Migrations: a database of each earlier schema, with rows in it, becomes today's with them."""

import re
from datetime import date

import pytest
from peewee import IntegrityError
from playhouse.migrations import Runner

from models import (
    account,
    checking,
    clock,
    contact,
    database,
    designation,
    directive,
    figures,
    instance,
    journal,
    masking,
    member_list,
    part,
    source,
    version,
    wishes,
)
from models.access import Access, Right, Role
from models.contact import Contact, Told
from models.designation import Designation
from models.directive import Directive
from models.document import Document
from models.draft import Draft
from models.member_list import Filters
from models.record import Record, Shown
from models.reference.directives import Model
from models.settings import Settings
from models.signing import Protection

from ..earlier import DAY, EARLIER, made

# Someone of the office, and papers that came from elsewhere.
OFFICE = f"""
INSERT INTO account VALUES (3, 'bureau@exemple.invalid', 'Bureau Fictif', '', 1, '{DAY}');
INSERT INTO document (uid, record_id, title, title_key, category, dated, author, author_key,
    depositor_name, depositor_role, deposited_at, sending, masked, masking_rank, unannounced,
    from_representatives, wish, apart, beside, content, filename, media_type, size, sha256,
    protected)
SELECT 'hhhhhhhhhhhhhhhh', record_id, title, title_key, category, dated, author, author_key,
    'Laboratoire Fictif', 'source', deposited_at, '', 0, 0, 0, 0, 0, 0, '', '4567', filename,
    media_type, 0, '01', 0 FROM document WHERE id = 1;
"""


@pytest.fixture(params=EARLIER)
def old(request, tmp_path):
    """An instance of an earlier schema, not opened yet."""
    settings = Settings(instance=tmp_path / "ancienne")
    made(settings, request.param)
    return settings


@pytest.fixture
def migrated(old):
    instance.open_instance(old)
    return Access.get()


def rows(table):
    found = database.database.execute_sql(f"SELECT * FROM {table}")
    return [dict(zip([one[0] for one in found.description], row, strict=True)) for row in found]


KEPT = (
    *("account", "record", "access", "document", "masking", "entry", "draft"),
    *("contact", "designation", "directive", "folder", "invitation", "exclusion", "professional"),
    *("consultation", "block", "report", "chain", "notice", "job", "letter_run", "telling"),
    *("roll", "roll_line", "objection", "source", "source_use", "ledger", "visit"),
    *("part", "stray", "share", "moving", "moving_item"),
    *("factor", "recovery_code", "challenge", "device", "session", "email_change", "rescue"),
    "identity_link",
)
RENAMED = {"emergency_allowed": "emergency_others"}
# Of an account: it says of more than the office now.
GONE = {"office"}
# Column of a record → what it is for one that was there before it.
ADDED = {
    "birthplace": "",
    "ins": "",
    "ins_system": "",
    "wishes_shown": "emergency",
    "organs_read_at": None,
    "emergency_others": 1,
    "emergency_samu": 1,
    "emergency_masked": 0,
    "email_own": 0,
    "used_apart": 0,
    "sort_key": "exemple alice",
    "told_how": "",
    "closing_how": "",
    **dict.fromkeys(
        (
            *("email_failed_at", "told_at", "opens_at", "read_at", "closing_at", "closes_at"),
            *("archived_until", "erased_at", "died_on"),
        )
    ),
}

# What the sixth schema adds to what was there.
EXCHANGED = {
    "document": {
        **dict.fromkeys(("source_id", "replaces_id", "replaced_at")),
        **dict.fromkeys(("identifier", "header", "type_code"), ""),
        "parts_size": 0,
    },
    "source": {"unmatched": "queue", "mailbox": ""},
}


def kept():
    """Of each table that has rows, its rows."""
    known = database.database.get_tables()
    found = {table: rows(table) for table in KEPT if table in known}
    return {table: rows for table, rows in found.items() if rows}


def test_no_row_is_lost_nor_changed_and_new_columns_have_their_defaults(old):
    before = kept()
    instance.open_instance(old)
    assert database.integrity() == []
    for table, rows_before in before.items():
        after = rows(table)
        assert len(after) == len(rows_before), table
        for one, now in zip(rows_before, after, strict=True):
            assert {name: now[RENAMED.get(name, name)] for name in one if name not in GONE} == {
                name: value for name, value in one.items() if name not in GONE
            }, table
    (record,), (was,) = rows("record"), before["record"]
    assert {name: record[name] for name in record if name not in was} == {
        name: value for name, value in ADDED.items() if name not in was
    }
    assert [(row["wish"], row["apart"]) for row in rows("document")] == [(0, 0)]
    assert {row["chain"] for row in rows("entry")} == {""}
    for table, columns in EXCHANGED.items():
        for row in [] if "part" in before else rows(table):
            assert {name: row[name] for name in columns} == columns


def test_every_table_that_the_last_schemas_made_has_a_row_that_is_kept():
    """Or nothing would be tried with data in it."""
    made = re.findall(r"INSERT INTO (\w+)", "".join(EARLIER.values()))
    assert set(KEPT) == set(made)


def test_the_chain_of_before_holds_and_goes_on(migrated):
    assert journal.broken(Record.get()) is None
    masking.choose_all(migrated, True)
    record = Record.get()
    assert (record.journal_length, journal.broken(record)) == (4, None)
    database.database.execute_sql("DROP TRIGGER entry_is_never_changed")
    database.database.execute_sql("UPDATE entry SET actor = 'Autre' WHERE number = 2")
    assert journal.broken(record) == "l'entrée 2 a été modifiée"


@pytest.mark.parametrize("statement", ["UPDATE entry SET act = 'read'", "DELETE FROM entry"])
def test_the_journal_of_before_is_append_only_still(migrated, statement):
    with pytest.raises(IntegrityError, match="append-only"):
        database.database.execute_sql(statement)


def test_a_carer_of_before_keeps_what_he_could_do(migrated):
    carer = Access.get(Access.role == Role.CARER)
    assert carer.given == "read deposit"
    assert carer.rights == {Right.READ, Right.DEPOSIT, Right.LEAVE}
    assert len(carer.uid) == 16 and carer.uid != migrated.uid
    assert [one.title for one in carer.documents()] == ["Bilan"]


@pytest.mark.parametrize("old", list(EARLIER)[:3], indirect=True)
def test_whoever_activated_a_child_s_record_holds_it_as_a_parent_until_he_is_18(old):
    born = date(clock.today().year - 10, 2, 1)
    database.database.execute_sql("UPDATE record SET birth_date = ?", (born.isoformat(),))
    instance.open_instance(old)
    made, carer = Access.select().order_by(Access.id)
    assert (made.role, made.measure) == (Role.REPRESENTATIVE, "parent")
    assert made.ends_at == clock.midnight(born.replace(year=born.year + 18))
    assert (carer.role, carer.measure) == (Role.CARER, "")


def test_an_adult_s_record_is_her_own_still(migrated):
    assert (migrated.role, migrated.measure, migrated.ends_at) == (Role.HOLDER, "", None)


def test_it_has_the_schema_of_a_new_one(migrated, settings):
    def schema():
        asked = "SELECT type, name, tbl_name FROM sqlite_master ORDER BY type, name"
        tables = list(database.database.execute_sql(asked))
        columns = [
            (name, *column[1:])
            for kind, name, _ in tables
            if kind == "table" and not name.startswith(("sqlite", "search"))
            for column in database.database.execute_sql(f"PRAGMA table_info({name})")
        ]
        return tables, columns

    old_schema = schema()
    instance.open_instance(settings)
    assert old_schema == schema()


def test_opening_it_twice_changes_nothing(old):
    instance.open_instance(old)
    before = kept()
    instance.open_instance(old)
    assert kept() == before


def test_what_was_masked_is_masked_still_and_the_choice_can_be_taken_back(migrated):
    (document,) = migrated.documents()
    document.record = migrated.record
    assert masking.is_masked(document) and not document.wish
    masking.undo(migrated, 1)
    assert not masking.is_masked(Document.get())


def test_a_draft_of_the_second_schema_is_there_still(old):
    drafts = rows("draft") if "draft" in database.database.get_tables() else []
    instance.open_instance(old)
    assert [one.typed for one in Draft.select()] == [row["typed"] for row in drafts]


def test_the_wishes_of_the_third_schema_are_there_still(old, request):
    third = "contact" in database.database.get_tables()
    instance.open_instance(old)
    told = wishes.look(Access.get())
    assert [one.name for one in told.people] == (["Paule Imaginaire"] if third else [])
    if not third:
        return
    assert told.valid_designation.contact.name == "Paule Imaginaire"
    assert told.valid_designation.paper.title == "Bilan"
    (answer,) = told.directive_in_preparation.given_answers
    assert answer.words == "La mer."
    assert Record.get().birthplace == "Paris"
    assert Record.get().wishes_shown == Shown.ACCESS


def test_an_old_record_takes_people_designations_and_directives(migrated):
    for table in (Designation, Directive, Contact):
        table.delete().execute()
    person = contact.add(
        migrated, Told("Paule", "Imaginaire", "daughter", birth_date=date(1980, 2, 1))
    )
    one = designation.begin(migrated, Protection.NONE, False)
    designation.choose(migrated, one, person)
    designation.prepare(migrated, one, [])
    written = directive.begin(migrated, Model.HEALTH)
    directive.answer(migrated, written, "valeurs", "", "La mer.")
    directive.finish(migrated, written, "Rennes, France", Protection.NONE, witnessed=False)
    wishes.choose_readers(migrated, Shown.NOBODY)
    answers = wishes.look(migrated)
    assert answers.unsigned_designation and answers.directive_in_preparation
    assert Record.get().wishes_shown == Shown.NOBODY
    assert journal.broken(Record.get()) is None
    assert database.integrity() == []
    assert account.Account.get().name == "Alice Exemple"


def test_check_finds_nothing_but_the_content_that_these_rows_never_had(migrated):
    found = list(checking.faults())
    assert found and all(one.startswith("document dddddddddddddddd") for one in found)


def test_the_office_of_the_fourth_schema_keeps_its_duty_and_all_is_counted(tmp_path):
    settings = Settings(instance=tmp_path / "ancienne")
    instance.create(settings)
    told = bytes.fromhex((settings.instance / "key").read_text())
    key = instance.Instance(settings.instance, told)
    database.connect(settings.instance / "carnet.db", key.derived("carnet-database"))
    for name in ("0001_initial", "0002_draft", "0003_wishes", "0004_who_may_enter"):
        Runner(database.database, str(database.MIGRATIONS)).up(name)
        for statement in (EARLIER | {"0004_who_may_enter": OFFICE})[name].strip().split(";\n"):
            database.database.execute_sql(statement)
    instance.open_instance(settings)
    assert [one.name for one in account.Account.of_office()] == ["Bureau Fictif"]
    assert not account.Account.get(account.Account.name == "Alice Exemple").office
    assert [one.origin for one in Document.select().order_by(Document.id)] == ["person", "other"]
    assert figures.drifted() == []
    assert [one.uid for one in member_list.browse(Filters("exemple")).members] == [Record.get().uid]


@pytest.mark.parametrize("old", ["0005_office"], indirect=True)
def test_what_the_office_kept_is_there_still_and_its_software_goes_on(old):
    instance.open_instance(old)
    one = source.find("ssssssssssssssss")
    assert one.live and one.unmatched == source.Unmatched.QUEUE and not one.mailbox
    source.admit(one)
    assert [row.number for row in source.Use.select().order_by(source.Use.day)] == [3, 1]
    assert figures.drifted() == []
    carer = Access.get(Access.role == Role.CARER)
    assert [one.name for one in carer.folders()] == []
    (document,) = Document.select()
    assert (document.origin, document.type_label, document.weight) == ("laboratory", "", 3)
    assert version.all_of(document) == [document] and part.shown(document) == part.Parts()
    assert [row["act"] for row in rows("ledger")] == ["registered-source"]
