"""Migrations that stop half-way, killed or by an exception, and are taken up: the same schema and
the same rows as if nothing had stopped them, whatever the schema they began from."""

import os
import shutil
import signal
from contextlib import suppress

import pytest
from playhouse import migrations

from models import database, instance
from models.settings import Settings

from ..earlier import EARLIER, content, made

# Of one migration, before it stops: shorter ones reach their end.
STATEMENTS = 6
CHANGING = {"CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE"}


@pytest.fixture(scope="module", params=EARLIER)
def earlier(request, tmp_path_factory):
    """An instance of an earlier schema, and what it becomes at once."""
    folder = tmp_path_factory.mktemp("earlier")
    old = Settings(instance=folder / "old")
    made(old, request.param)
    database.database.close_all()
    shutil.copytree(old.instance, folder / "whole")
    instance.open_instance(Settings(instance=folder / "whole"))
    return old, content()


@pytest.fixture
def pair(earlier, tmp_path):
    """A copy of it, not opened yet, and what it is to become."""
    old, whole = earlier
    shutil.copytree(old.instance, tmp_path / "stopped")
    return Settings(instance=tmp_path / "stopped"), whole


class Stopped(Exception):
    pass


class Stopping:
    """In the place of the database, for one migration: it stops at its n-th statement."""

    def __init__(self, db, statements, stop):
        self._db, self._left, self._stop = db, statements, stop

    def execute_sql(self, *told):
        self._left -= 1
        if self._left < 0:
            self._stop()
        return self._db.execute_sql(*told)

    def __getattr__(self, name):
        return getattr(self._db, name)


def stop_at(monkeypatch, statements, stop):
    """Every migration that follows stops so, just before its n-th statement."""
    real = migrations.Migration.load

    def load(migration):
        module = real(migration)
        up = module.up
        module.up = lambda migrator, db: up(migrator, Stopping(db, statements, stop))
        return module

    monkeypatch.setattr(migrations.Migration, "load", load)


def raising():
    raise Stopped


def dying():
    os.kill(os.getpid(), signal.SIGKILL)


def test_an_exception_half_way_leaves_nothing_of_its_migration(pair, monkeypatch):
    settings, whole = pair
    with monkeypatch.context() as patched:
        stop_at(patched, STATEMENTS, raising)
        with suppress(Stopped):
            instance.open_instance(settings)
    after = content()
    with monkeypatch.context() as patched:
        stop_at(patched, STATEMENTS, raising)
        # The one that stops is tried again: what it did is all taken back.
        with suppress(Stopped):
            instance.open_instance(settings)
            raise AssertionError("none of them stopped")
    assert content() == after
    instance.open_instance(settings)
    assert database.integrity() == []
    assert content() == whole


def test_killed_half_way_it_is_taken_up(pair, monkeypatch):
    settings, whole = pair
    database.database.close_all()
    child = os.fork()
    if not child:
        stop_at(monkeypatch, STATEMENTS, dying)
        try:
            instance.open_instance(settings)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    instance.open_instance(settings)
    assert database.integrity() == []
    assert content() == whole


def test_each_migration_is_one_transaction(pair, monkeypatch):
    """What the tests above rest on: the list of those applied is alone made outside of one."""
    settings, _whole = pair
    real, outside, inside = database.Pool.execute_sql, [], []

    def heard(self, sql, *given):
        if sql.split()[0].upper() in CHANGING:
            (inside if self.in_transaction() else outside).append(sql)
        return real(self, sql, *given)

    monkeypatch.setattr(database.Pool, "execute_sql", heard)
    instance.open_instance(settings)
    assert inside and all('"schema_migration' in sql for sql in outside), outside
