"""The database: SQLCipher through Peewee. What only SQLite knows is in this file (D1, D12)."""

import fcntl
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from peewee import (
    SCOPE_VALUES,
    Context,
    DatabaseError,
    DatabaseProxy,
    Field,
    FieldAlias,
    Model,
    OperationalError,
    PeeweeException,
    TextField,
)
from playhouse.migrations import Runner
from playhouse.pool import MaxConnectionsExceeded, PooledDatabase
from playhouse.sqlcipher_ext import SqlCipherDatabase
from sqlcipher3 import dbapi2 as sqlcipher

from .turns import Writers

MIGRATIONS = Path(__file__).parent / "migrations"
PRAGMAS = {
    "journal_mode": "wal",
    # FULL: an act that was acknowledged survives a power cut.
    "synchronous": "full",
    "foreign_keys": 1,
    # REPLACE deletes: the journal's triggers must see it.
    "recursive_triggers": 1,
    "busy_timeout": 10_000,
    "cache_size": -2_000,
    "temp_store": "memory",
}

# Codes of errors, for whatever keeps it from being written (storage.py).
FULL, READ_ONLY, FAILING, CLOSED = 13, 8, 10, 14
# What a damaged file raises: from a query, or from a row of its answer.
UNREADABLE = (DatabaseError, sqlcipher.DatabaseError)

CHANGES = ("INSERT", "UPDATE", "DELETE", "REPLACE")

database = DatabaseProxy()
_writers: Writers


class Writing(Context):
    """Names the column of a table at once: Peewee does so in a dozen calls, for each of the thirty
    that a query reads, and took longer to write most queries than SQLite to answer them."""

    __slots__ = ()

    def sql(self, obj):
        if isinstance(obj, Field) and not isinstance(obj, FieldAlias):
            table = obj.model._meta.table
            if self.state.scope != SCOPE_VALUES and not table._alias:
                return self.literal(f'"{self.alias_manager[table]}"."{obj.column_name}"')
        return super().sql(obj)


class Pool(PooledDatabase, SqlCipherDatabase):
    """Connections outlive the threads that use them: granian ends idle threads, and freeing an
    SQLCipher connection with its thread aborts the process."""

    context_class = Writing

    def execute_sql(self, sql, params=None):
        """A change out of any transaction waits for its turn too."""
        if self.in_transaction() or not sql.startswith(CHANGES):
            return super().execute_sql(sql, params)
        with _writers.turn():
            return super().execute_sql(sql, params)


class MomentField(TextField):
    """An instant, aware, in UTC; sorts as text."""

    def db_value(self, value):
        return value and value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")

    def python_value(self, value):
        return value and datetime.fromisoformat(value).replace(tzinfo=UTC)


class DayField(TextField):
    def db_value(self, value):
        return value and value.isoformat()

    def python_value(self, value):
        return value and date.fromisoformat(value)


class Table(Model):
    class Meta:
        database = database
        legacy_table_names = False


def connect(path: Path, key: bytes) -> None:
    """Bind the models to the file; a raw key, because deriving one costs 120 ms a connection."""
    global _writers
    if database.obj is not None:
        database.close_all()
    _writers = Writers(path.with_suffix(".turn"))
    database.initialize(
        Pool(
            str(path),
            passphrase=f"x'{key.hex()}'",
            pragmas=PRAGMAS,
            check_same_thread=False,
            max_connections=100,
        )
    )


def migrate(path: Path) -> list[str]:
    """Bring the schema up to date, one process at a time; the names of what was applied."""
    with open(path.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return Runner(database, str(MIGRATIONS)).up()


def schema() -> str:
    """The last migration that this database has had; `newest` is that of this version of Carnet."""
    return database.execute_sql("SELECT MAX(name) FROM schema_migration").fetchone()[0]


def newest() -> str:
    return max(file.stem for file in MIGRATIONS.glob("0*.py"))


def is_busy(error: BaseException) -> bool:
    """Whether others held it for too long: what was asked was not done, and may be asked again."""
    locked = isinstance(error, OperationalError) and "is locked" in str(error)
    return locked or isinstance(error, MaxConnectionsExceeded)


def path() -> str:
    """The file that the models are bound to."""
    return database.database


def code(error: BaseException) -> int | None:
    """The primary code of SQLite's that this error bears, 0 where it bears none; None where it is
    no error of a database."""
    if not isinstance(error, PeeweeException | sqlcipher.Error):
        return None
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


@contextmanager
def transaction():
    """Immediate: what is read inside cannot change before it is written."""
    if database.in_transaction():
        with database.atomic():
            yield
    else:
        with _writers.turn(), database.atomic("IMMEDIATE"):
            yield


def references(table: str) -> list[tuple[str, str, bool]]:
    """Who names the rows of this table: table, column, and whether it may live without."""
    asked = """
        SELECT child.name, key."from",
            NOT (column."notnull" OR column.pk OR key.on_delete = 'CASCADE')
        FROM sqlite_master AS child
        JOIN pragma_foreign_key_list(child.name) AS key
        JOIN pragma_table_info(child.name) AS column ON column.name = key."from"
        WHERE child.type = 'table' AND key."table" = ? ORDER BY 1, 2
    """
    return [(name, key, bool(empty)) for name, key, empty in database.execute_sql(asked, (table,))]


def integrity() -> list[str]:
    """What SQLite itself finds wrong, nothing when all is well."""
    faults = [row[0] for row in _told("integrity_check") + _told("cipher_integrity_check")]
    faults += [" ".join(map(str, row)) for row in _told("foreign_key_check")]
    return [fault for fault in faults if fault != "ok"]


def _told(pragma):
    try:
        return database.execute_sql(f"PRAGMA {pragma}").fetchall()
    except UNREADABLE as error:
        return [(str(error),)]
