"""Erasure: nothing is left of a record but who it was for, so that it is not made again; and in the
figures, that it was.

All that hangs from the record goes, whatever table it is in: the foreign keys say which. So does
what tells of it without such a key: the letters to her, what someone was typing in its pages. The
files of its documents, named by no row any more, and the words of the indexes are swept by `flask
work`. The accounts that opened it are bidden farewell elsewhere (farewell.py)."""

from collections.abc import Iterable

from peewee import fn

from . import clock, member, search, telling
from .account import Account
from .database import database, references, transaction
from .document import Document
from .draft import Draft
from .notice import Notice
from .record import Record
from .telling import Telling

# Columns of a record that outlive it: the five traits, its states, and its number.
KEPT = frozenset(
    {
        *("id", "uid", "member_number", "birth_name", "used_name", "birth_given_names"),
        *("birth_date", "sex", "birthplace_code", "sort_key", "announced_at", "opens_at"),
        *("opened_at", "activated_at", "objected_at", "closed_at", "died_on", "told_at"),
        *("told_how", "read_at"),
    }
)
# Rows that may live without their record, and tell of her all the same.
ABOUT_HER = ("roll_line", "stray")


def erase(record: Record, keep: Iterable[str] = ()) -> None:
    """Irreversible, but for the tables to `keep`. Call it inside a transaction; what is then
    written of the record begins a new journal."""
    with transaction():
        # The journal's own guard lets its entries go from now on (migration 0005).
        Record.update(erased_at=clock.now()).where(Record.id == record.id).execute()
        # Rows that name each other go one after the other.
        database.execute_sql("PRAGMA defer_foreign_keys = ON")
        for document in Document.select(Document.id).where(Document.record == record):
            search.forget(document)
        _forget_letters(record)
        _forget_drafts(record)
        for table, column, nullable in references("record"):
            if table not in keep:
                _drop(table, column, nullable, record.id)
        _blank(record)


def _forget_letters(record):
    """Those that told her of it, and all that were written to her; whoever shares her address keeps
    the others. A letter to anyone else loses its words as it leaves."""
    told = Telling.select(Telling.notice).where(Telling.record == record)
    Notice.delete().where(Notice.id.in_(told)).execute()
    named = Notice.key.is_null(False) & Notice.key.contains(record.uid)
    Notice.delete().where(named).execute()
    if record.email:
        hers = fn.LOWER(Notice.recipient) == fn.LOWER(record.email)
        # « Marianne Exemple » has « Anne Exemple » in her name: what it holds says nothing of that.
        hers &= ~telling.of_another(record)
        if _shares_her_address(record):
            hers &= Notice.body.contains(record.name)
        Notice.delete().where(hers).execute()


def _shares_her_address(record):
    others = Record.select().where((Record.email == record.email) & (Record.id != record.id))
    return others.exists() or Account.named(record.email) is not None


def _forget_drafts(record):
    """What was typed in a page of hers, by whoever it was."""
    here = Draft.path.contains(record.uid) | Draft.action.contains(record.uid)
    Draft.delete().where(here).execute()


def _drop(table, column, nullable, number, whose="?"):
    """The rows of `table` whose `column` is one of `whose`, an SQL of row ids; and what hangs from
    them."""
    here = f"{column} IN ({whose})"
    if nullable and table not in ABOUT_HER:
        database.execute_sql(f"UPDATE {table} SET {column} = NULL WHERE {here}", (number,))
        return
    for child, key, may_be_null in references(table):
        _drop(child, key, may_be_null, number, f"SELECT id FROM {table} WHERE {here}")
    database.execute_sql(f"DELETE FROM {table} WHERE {here}", (number,))


def _blank(record):
    fresh = {
        field: field.default() if callable(field.default) else field.default
        for name, field in Record._meta.fields.items()
        if name not in KEPT
    }
    fresh[Record.erased_at] = clock.now()
    Record.update(fresh).where(Record.id == record.id).execute()
    record.__data__.update(Record.get_by_id(record.id).__data__)
    member.index(record)
    search.leave_no_word()
