"""The database at one moment, while others write: SQLite's online backup, with SQLCipher's keys."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlcipher3 import dbapi2 as sqlcipher

from .. import vault
from ..database import Pool, database
from ..refusal import Refusal
from . import durable

# Pages of 4 kB copied between two breaths, so that the disk is not ours alone.
PAGES, BREATH = 2_000, 0.001
READING = {"foreign_keys": 1, "cache_size": -8_000, "temp_store": "memory"}


@contextmanager
def held() -> Iterator[None]:
    """Queries of this block, and `copy_to`, see one moment, whatever others write. They never wait
    for it: in WAL, a reader holds up no writer; the -wal file grows meanwhile."""
    with database.atomic("DEFERRED"):
        database.execute_sql("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()  # it begins here
        yield


def copy_to(path: Path, key: bytes) -> None:
    """Inside `held`, or it would begin again at each write of others. One file, on the disk."""
    _copy(database.connection(), path, key)


def copy_under(path: Path, key: bytes, target: Path, other: bytes) -> None:
    """The same database under another key, verified, on the disk. Nobody else has it open."""
    with _opened(path, key) as source:
        _copy(source, target, other)
    with _opened(target, other) as made:
        faults = made.execute("PRAGMA cipher_integrity_check").fetchall()
    if faults:
        raise OSError(errno.EIO, "la copie de la base est abîmée", str(target))


def settle(path: Path, key: bytes) -> None:
    """All of it in its one file, nothing beside. Raises Refusal where another program, one that
    knows nothing of our locks, has it open."""
    try:
        with _opened(path, key) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            mode = connection.execute("PRAGMA journal_mode = delete").fetchone()[0]
    except sqlcipher.OperationalError:
        mode = "it is locked"
    if mode != "delete" or path.with_name(path.name + "-wal").exists():
        raise Refusal(f"Un autre programme se sert de {path} : arrêtez-le, puis recommencez.")


def opens(path: Path, key: bytes) -> bool:
    """Whether it is the key of this database."""
    try:
        with _opened(path, key) as connection:
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    except sqlcipher.DatabaseError as error:
        if "not a database" in str(error):
            return False
        raise
    return True


@contextmanager
def looked_at(path: Path, key: bytes, folder: Path, vault_key: bytes) -> Iterator[None]:
    """The models read this file, and the vault of `folder`, instead of the instance's. They can
    change neither, and leave no trace beside them."""
    before, kept = database.obj, vault.opened()
    place = f"file:{quote(str(path))}?immutable=1"
    key = f"x'{key.hex()}'"
    database.initialize(
        Pool(place, uri=True, passphrase=key, pragmas=READING, check_same_thread=False)
    )
    vault.look_in(folder, vault_key)
    try:
        yield
    finally:
        database.close_all()
        database.obj = None
        vault.look_in(*kept)
        if before is not None:
            database.initialize(before)


@contextmanager
def _opened(path, key):
    connection = sqlcipher.connect(str(path), isolation_level=None)
    try:
        # Another key is said by us, in words.
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"""PRAGMA key = "x'{key.hex()}'" """)
        yield connection
    finally:
        connection.close()


def _copy(source, path, key):
    path.unlink(missing_ok=True)
    try:
        with _opened(path, key) as target:
            source.backup(target, pages=PAGES, sleep=BREATH)
            target.execute("PRAGMA journal_mode = delete").fetchone()
    except sqlcipher.OperationalError as error:
        if "is full" in str(error):  # it bears no code
            raise OSError(errno.ENOSPC, str(error), str(path)) from error
        raise
    durable.sync(path)
