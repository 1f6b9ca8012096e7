"""The floor: what any Flask program pays, however little it does. Same server, nothing of Carnet.

One signed session cookie, plain SQLite, one indexed query for 50 of 1,000 rows, one Jinja table;
FTS5 for the search. `python -m tests.bench.floor PORT` serves it."""

import os
import sqlite3
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

from flask import Flask, abort, request, session

PAGE = """<!doctype html><html lang="fr"><head><title>Documents</title></head><body>
<table>{% for one in rows %}
<tr><td><a href="/d/{{ one[0] }}">{{ one[1] }}</a></td><td>{{ one[2] }}</td><td>{{ one[3] }}</td>
</tr>{% endfor %}</table></body></html>"""
SCHEMA = """
CREATE TABLE document (id INTEGER PRIMARY KEY, record_id INTEGER, title TEXT, dated TEXT,
    author TEXT);
CREATE INDEX document_dated ON document (record_id, dated, id);
CREATE VIRTUAL TABLE search USING fts5
    (words, content = '', detail = none, tokenize = 'unicode61 remove_diacritics 2');
"""
LIST = "SELECT id, title, dated, author FROM document WHERE record_id = ? ORDER BY dated DESC, id"
SEARCH = """SELECT id, title, dated, author FROM document WHERE record_id = ? AND id IN
    (SELECT rowid FROM search WHERE search MATCH ?) ORDER BY dated DESC, id"""


def fill(file: Path, rows: Iterable[tuple[str, str, str, str]]) -> None:
    """Rows of (title, day, author, text)."""
    file.unlink(missing_ok=True)
    database = sqlite3.connect(file)
    database.executescript(SCHEMA)
    for title, dated, author, text in rows:
        made = database.execute(
            "INSERT INTO document (record_id, title, dated, author) VALUES (1, ?, ?, ?)",
            (title, dated, author),
        )
        database.execute(
            "INSERT INTO search (rowid, words) VALUES (?, ?)", (made.lastrowid, f"{title} {text}")
        )
    database.commit()
    database.close()


def create_app() -> Flask:
    app = Flask("floor", static_folder=None)
    app.secret_key = "not a secret: a floor"
    table, kept, constant = app.jinja_env.from_string(PAGE), threading.local(), {}

    def drawn(query, *values):
        if "account" not in session:
            abort(403)
        if not hasattr(kept, "database"):
            kept.database = sqlite3.connect(os.environ["FLOOR_DATABASE"])
        return table.render(rows=kept.database.execute(f"{query} LIMIT 50", values).fetchall())

    @app.get("/in")
    def sign_in():
        session["account"] = 1
        return ""

    @app.get("/list")
    def listed():
        return drawn(LIST, session["account"])

    @app.get("/search")
    def found():
        return drawn(SEARCH, session["account"], request.args["q"])

    @app.get("/bare")
    def bare():
        return "Bonjour"

    @app.get("/bare/<int:size>")
    def bare_of(size):
        return constant.setdefault(size, "x" * size)

    return app


def serve(port: int) -> None:
    """As app.py does."""
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "tests.bench.floor:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address="127.0.0.1",
        port=port,
        workers=1,
        blocking_threads=4,
        websockets=False,
    ).serve()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
