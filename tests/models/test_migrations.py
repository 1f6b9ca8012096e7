"""Migrations: a database of each earlier schema, with rows in it, becomes today's with them."""

from datetime import date

import pytest
from playhouse.migrations import Runner

from models import (
    account,
    checking,
    contact,
    database,
    designation,
    directive,
    instance,
    journal,
    masking,
    wishes,
)
from models.access import Access
from models.contact import Told
from models.document import Document
from models.draft import Draft
from models.record import Record, Shown
from models.reference.directives import Model
from models.settings import Settings
from models.signing import Protection

from .test_instance import DAY, OLD_ROWS

ENTRIES = """
INSERT INTO masking VALUES (1, 1, 1, '2024-01-01 00:00:00.000000', NULL, 0, 0);
UPDATE record SET masking_rank = 1, masked_by_default = 1;
"""
DRAFT = f"""
INSERT INTO draft VALUES (1, 1, '/page', '/page', '{{"title": ["Bilan"]}}', '{DAY}');
"""
# Name of the last migration applied → the rows that it may have.
EARLIER = {"0001_initial": OLD_ROWS + ENTRIES, "0002_draft": OLD_ROWS + ENTRIES + DRAFT}


@pytest.fixture(params=EARLIER)
def old(request, tmp_path):
    """An instance of an earlier schema, not opened yet."""
    settings = Settings(instance=tmp_path / "ancienne")
    instance.create(settings)
    key = instance.Instance(settings.instance, instance._key(settings))
    database.connect(settings.instance / "carnet.db", key.derived("carnet-database"))
    Runner(database.database, str(database.MIGRATIONS)).up(request.param)
    for statement in EARLIER[request.param].strip().split(";\n"):
        database.database.execute_sql(statement)
    return settings


@pytest.fixture
def migrated(old):
    instance.open_instance(old)
    return Access.get()


def rows(table):
    found = database.database.execute_sql(f"SELECT * FROM {table}")
    return [dict(zip([one[0] for one in found.description], row, strict=True)) for row in found]


KEPT = ("account", "record", "access", "document", "masking")


def test_no_row_is_lost_nor_changed_and_new_columns_have_their_defaults(old):
    before = {table: rows(table) for table in KEPT}
    instance.open_instance(old)
    assert database.integrity() == []
    for table in KEPT:
        after = rows(table)
        shared = [{name: row[name] for name in before[table][0]} for row in after]
        assert shared == before[table], table
    added = {
        name: value for name, value in rows("record")[0].items() if name not in before["record"][0]
    }
    assert added == {"birthplace": "", "wishes_shown": "emergency", "organs_read_at": None}
    assert [row["wish"] for row in rows("document")] == [0]


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
    before = {table: rows(table) for table in KEPT}
    instance.open_instance(old)
    assert {table: rows(table) for table in KEPT} == before


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


def test_an_old_record_takes_people_designations_and_directives(migrated):
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
    (fault,) = checking.faults()
    assert "Bilan" in fault or "dddddddddddddddd" in fault
