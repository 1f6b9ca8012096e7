"""Queries are written quickly, and as Peewee writes them."""

import pytest
from peewee import Context, fn

from models.access import Access
from models.account import Account
from models.database import Table, Writing, database
from models.document import Document
from models.instance import Mark
from models.record import Record


def written(query, kind):
    return kind(**database.get_context_options()).sql(query).query()


def of_each_kind():
    another = Access.alias()
    held = another.select(fn.COUNT(another.id)).where(another.account == Access.account)
    seen = Document.select(Document.id).where(Document.record == Record.id)
    yield Access.select(Access, Record, Account).join(Record).switch(Access).join(Account)
    yield Access.select(Access, held.alias("held")).where(Access.live()).order_by(Access.id.desc())
    yield Record.select(Record, fn.COUNT(Document.id)).join(Document).group_by(Record.id)
    yield Record.select().where(Record.id.in_(seen) & ~fn.EXISTS(seen))
    yield Document.update(title=Document.filename, pinned_at=None).where(Document.record.in_(seen))
    yield Document.delete().where(Document.title == "Masqué")
    yield Mark.insert(name="essai", value="1")
    yield (Record.select(Record.uid) | Access.select(Access.uid)).order_by(Record.uid)


@pytest.mark.parametrize("query", [*of_each_kind()], ids=range(8))
def test_each_kind_of_query(opened, query):
    assert written(query, Writing) == written(query, Context)


def test_every_table(opened):
    tables = Table.__subclasses__()
    assert len(tables) > 30
    for table in tables:
        fields = table._meta.sorted_fields
        query = table.select().where(*(field.is_null() for field in fields)).order_by(*fields)
        assert written(query, Writing) == written(query, Context), table
