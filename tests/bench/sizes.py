"""What the database weighs, by what it is for: bytes of each table with its indexes.

SQLCipher has no « dbstat »: a copy in clear is read by the sqlite3 of Python, and erased at once.
Everyone in it is fictional."""

import sqlite3
from collections import Counter
from pathlib import Path

from models.database import connect, database
from models.instance import Instance

from .instances import BUILD, Made
from .report import Group

WORDS = ("search_label", "search_text", "member_search")
NAMES = {"documents": ("document",), "their texts": ("document_text",), "search": WORDS}
NAMES |= {"journal": ("entry",), "records": ("record",), "the rest": ()}
NOTE = (
    "Bytes, with what each index weighs; a document, a record: the whole database divided by how "
    "many there are of both in it."
)


def group(title: str, counts, them: list[Made]) -> Group:
    weighed = [weights(one) for one in them]
    heads = ["", *(f"{count:,}" for count in counts)]
    lines = [[name, *(f"{one[name]:,}" for one in weighed)] for name in weighed[0]]
    return Group(title, [], NOTE, heads, lines)


def weights(one: Made) -> dict[str, int]:
    """By name; « indexes » are counted within each, and besides."""
    plain = BUILD / "weighed.db"
    plain.unlink(missing_ok=True)
    try:
        numbers = _exported(one.folder, plain)
        return _weighed(plain) | numbers
    finally:
        plain.unlink(missing_ok=True)


def _exported(folder: Path, plain: Path) -> dict[str, int]:
    key = bytes.fromhex((folder / "key").read_text())
    connect(folder / "carnet.db", Instance(folder, key).derived("carnet-database"))
    try:
        counted = {
            f"how many: {name}s": database.execute_sql(f"SELECT COUNT(*) FROM {name}").fetchone()[0]
            for name in ("record", "document", "entry")
        }
        database.execute_sql(f"ATTACH '{plain}' AS plain KEY ''")
        database.execute_sql("SELECT sqlcipher_export('plain')").fetchall()
        database.execute_sql("DETACH plain")
    finally:
        database.close_all()
    return counted


def _weighed(plain: Path) -> dict[str, int]:
    found = Counter()
    connection = sqlite3.connect(plain)
    owners = dict(connection.execute("SELECT name, tbl_name FROM sqlite_master"))
    for name, size in connection.execute("SELECT name, SUM(pgsize) FROM dbstat GROUP BY name"):
        owner = owners.get(name, name)
        found[_kind(owner)] += size
        found["of which indexes"] += size if owner != name else 0
        found["in all"] += size
    connection.close()
    return {name: found[name] for name in (*NAMES, "of which indexes", "in all")}


def _kind(table):
    for name, tables in NAMES.items():
        if table in tables or (name == "search" and table.startswith(tables)):
            return name
    return "the rest"
