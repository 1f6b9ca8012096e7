"""The floor: what any Flask program pays, however little it does. Same server, nothing of Carnet.

One signed session cookie, plain SQLite, one indexed query for 50 of 1,000 rows, one Jinja table;
FTS5 for the search; written as Flask's own tutorial writes it (a connection in `g`, rows by name,
`url_for`). Beside it, constant strings, a form that takes a file, and files by WhiteNoise.
`python -m tests.bench.floor PORT` serves it."""

import os
import sqlite3
import sys
import threading
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from flask import Flask, abort, current_app, g, redirect, render_template, request, session
from jinja2 import DictLoader
from whitenoise import WhiteNoise

PAGE = """<!doctype html><html lang="fr"><head><title>Documents</title></head><body>
<table>{% for one in rows %}
<tr><td><a href="{{ url_for('document', number=one['id']) }}">{{ one['title'] }}</a></td>
<td>{{ one['dated'] }}</td><td>{{ one['author'] }}</td></tr>{% endfor %}
</table></body></html>"""
LEAN = PAGE.replace("{{ url_for('document', number=one['id']) }}", "/document/{{ one['id'] }}")
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
    app.jinja_loader = DictLoader({"list.html": PAGE})
    app.teardown_appcontext(_close)
    for path, view in VIEWS.items():
        app.add_url_rule(path, view.__name__, view)
    app.add_url_rule("/take", "take", take, methods=["POST"])
    app.wsgi_app = WhiteNoise(app.wsgi_app, root=os.environ["FLOOR_FILES"], prefix="files")
    return app


def sign_in():
    session["account"] = 1
    return ""


def listed():
    return _drawn(LIST, _account())


def found():
    return _drawn(SEARCH, _account(), request.args["q"])


def lean():
    """The same list with nothing that could be spared: no connection made, no address built."""
    if not hasattr(_kept, "database"):
        _kept.database = _connected()
        _kept.table = current_app.jinja_env.from_string(LEAN)
    rows = _kept.database.execute(f"{LIST} LIMIT 50", (_account(),)).fetchall()
    return _kept.table.render(rows=rows)


def document(number):
    return str(number)


def bare():
    return "Bonjour"


@cache
def bare_of(size):
    return "x" * size


def take():
    """A form and its file, read and forgotten; led to a page."""
    assert request.files["files"].filename
    return redirect("/bare", 303)


VIEWS = {
    "/in": sign_in,
    "/list": listed,
    "/search": found,
    "/lean": lean,
    "/document/<int:number>": document,
    "/bare": bare,
    "/bare/<int:size>": bare_of,
}
_kept = threading.local()


def _account():
    return session["account"] if "account" in session else abort(403)


def _drawn(query, *values):
    if "database" not in g:
        g.database = _connected()
    rows = g.database.execute(f"{query} LIMIT 50", values).fetchall()
    return render_template("list.html", rows=rows)


def _connected():
    database = sqlite3.connect(os.environ["FLOOR_DATABASE"])
    database.row_factory = sqlite3.Row
    return database


def _close(_error):
    if database := g.pop("database", None):
        database.close()


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
        blocking_threads=16,  # as app.py does
        websockets=False,
    ).serve()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
