"""`python -m tests.bench.generate FOLDER --records 1000000 --documents 100000`: the association of
`flask demo`, with so many members, and so many documents in the record of Odette Exemple.

The rows are written at once, for the database alone: every constraint, counter and chain of the
journal holds (`flask check` finds nothing), but nobody deposited anything. Two hundred files are
kept in the vault, and every document of the mass names one of them; its sha256 is drawn."""

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from models import instance
from models.account import Account
from models.database import database
from models.document import Document
from models.record import Record
from models.settings import Settings

from . import generated
from .generated import Rows
from .instances import BUILD, ROOT, Made, digest, environment

TOGETHER = 5_000
# Not durable: whatever stops it, the folder is made again. Memory enough for all the indexes.
FAST = {"journal_mode": "off", "synchronous": "off", "cache_size": -3_000_000, "foreign_keys": 0}
INDEXES = ("search_label", "search_text", "member_search")
# Bytes of words that FTS5 sorts in memory before it writes them; its own default after that.
SORTED, USUAL = 64_000_000, 1_048_576
# What decides what is in it.
SOURCES = ("models/migrations", "models/demonstration", "tests/bench/generate*.py")


def made(records: int, documents: int) -> Made:
    """From the last run, or made now."""
    folder = BUILD / f"association-{records}-{documents}-{digest(SOURCES)}"
    if not (folder / "made.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
        # In a process of its own: it must not keep what it took of memory, nor bind the models.
        command = [sys.executable, "-m", "tests.bench.generate", str(folder)]
        command += ["--records", str(records), "--documents", str(documents)]
        subprocess.run(command, cwd=ROOT, check=True)
    return Made(folder, documents, **json.loads((folder / "made.json").read_text()))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--records", type=int, default=1_000)
    asked.add_argument("--documents", type=int, default=100)
    asked = asked.parse_args()
    asked.folder.parent.mkdir(parents=True, exist_ok=True)
    told = _demonstration(asked.folder)
    start = time.monotonic()
    settings = Settings(instance=asked.folder)
    instance.open_instance(settings)
    counted = fill(asked.records, asked.documents)
    database.close_all()
    told["seconds"] = round(time.monotonic() - start, 1)
    (asked.folder / "made.json").write_text(json.dumps(told))
    print(json.dumps(told | counted), file=sys.stderr)


def fill(records: int, documents: int) -> dict[str, int]:
    """Until there are so many; how many rows were added to each table."""
    connection = _fast()
    counted = {}
    maker = generated.Maker(generated.contents())
    holder = Record.get(Record.member_number == generated.HOLDER)
    account = Account.named(generated.EMAIL)
    more = documents - holder.documents.where(Document.binned_at.is_null()).count()
    database.begin()
    pieces = [maker.papers(holder, account, more)] if more > 0 else []
    there = Record.select().count()
    for rows in chain(pieces, _members(maker, there, records)):
        for table, added in rows.tables():
            _insert(connection, table, added)
            counted[table] = counted.get(table, 0) + len(added)
        _follow(connection, rows)
    database.commit()
    for table in INDEXES:
        _fts(connection, table, "hashsize", USUAL)
    return counted


def _demonstration(folder):
    done = subprocess.run(
        [sys.executable, "-m", "flask", "demo", "--json"],
        cwd=ROOT,
        env=environment(folder),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    accounts = json.loads(done.stdout.splitlines()[-1])["accounts"]
    them = {one["role"]: {name: one[name] for name in ("email", "password")} for one in accounts}
    return them.pop("holder") | {"others": them}


def _fast():
    connection = database.connection()
    for name, value in FAST.items():
        connection.execute(f"PRAGMA {name} = {value}").fetchall()
    for table in INDEXES:
        _fts(connection, table, "hashsize", SORTED)
    return connection


def _members(maker, there, records) -> Iterator[Rows]:
    numbers = iter(range(there, records))
    while piece := list(islice(numbers, TOGETHER)):
        yield maker.members(piece)


def _insert(connection, table, added):
    if added:
        columns = ", ".join(added[0])
        places = ", ".join(["?"] * len(added[0]))
        order = f"INSERT INTO {table} ({columns}) VALUES ({places})"
        connection.executemany(order, [tuple(row.values()) for row in added])


def _follow(connection, rows):
    """What a record that was there already counts of itself."""
    connection.executemany(
        "UPDATE record SET used = used + ?, journal_length = ?, journal_head = ? WHERE id = ?",
        rows.followed,
    )


def _fts(connection, table, setting, value):
    connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES (?, ?)", (setting, value))


if __name__ == "__main__":
    main()
