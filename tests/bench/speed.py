"""Processor time and requests per second, against bare Flask and the floor on the same server."""

from datetime import date
from pathlib import Path

from models.demonstration import papers

from . import floor, serving
from .load import Seen
from .report import Row, at_least, at_most, told
from .serving import Server
from .visitor import Visitor
from .weight import a_document

FLOORS, BARE_SHARE = 3, 1 / 4
ROUNDS = 2
# One in seventeen notes, and nearly every one of them.
RARE, COMMON = "ophtalmologie", "glycemie"


def rows(ours: Server, visitor: Visitor, folder: Path, documents: int) -> list[Row]:
    database = folder / "floor.db"
    floor.fill(database, _notes(documents))
    with serving.floor(database) as server:
        seen = _measured(ours, visitor, server)
    return [
        *(_against(what, seen) for what in ("list", "search", "search, a word in all")),
        _lean(seen),
        at_least(
            "requests/s of the list ÷ bare Flask's",
            seen["list"].per_second / seen["bare"].per_second,
            BARE_SHARE,
            "",
            f"{seen['list'].per_second:.0f} ÷ {seen['bare'].per_second:.0f}",
        ),
        *(told(f"  {what}", _words(one), **vars(one)) for what, one in seen.items()),
    ]


def _notes(documents):
    today = date.today()
    for number in range(documents):
        one = papers.note(number, today)
        yield one.title, one.dated.isoformat(), one.author, one.content.decode()


def _measured(ours, visitor, server) -> dict[str, Seen]:
    """The best of a few rounds: what else the machine does can only add."""
    listed = f"{visitor.record}/documents"
    size = len(visitor.get(listed).body)
    guest = Visitor(server.port)
    guest.get("/in")
    asked = {
        "list": (ours, visitor, listed),
        "search": (ours, visitor, f"{listed}?q={RARE}"),
        "search, a word in all": (ours, visitor, f"{listed}?q={COMMON}"),
        "one document": (ours, visitor, a_document(visitor)),
        "sign-in page": (ours, Visitor(visitor.port), "/connexion"),
        "floor list": (server, guest, "/list"),
        "floor search": (server, guest, f"/search?q={RARE}"),
        "floor search, a word in all": (server, guest, f"/search?q={COMMON}"),
        "floor lean": (server, guest, "/lean"),
        "bare": (server, guest, "/bare"),
        "bare, as heavy as the list": (server, guest, f"/bare/{size}"),
    }
    rounds = [_round(asked) for _ in range(ROUNDS)]
    return {what: min((one[what] for one in rounds), key=lambda seen: seen.cpu) for what in asked}


def _round(asked):
    return {what: server.bear(who, path) for what, (server, who, path) in asked.items()}


def _against(what, seen):
    ours, theirs = seen[what].cpu, seen[f"floor {what}"].cpu
    note = f"{ours:.2f} ÷ {theirs:.2f} ms"
    return at_most(f"CPU: {what} ÷ the floor's", ours / theirs, FLOORS, "×", note)


def _lean(seen):
    ours, theirs = seen["list"].cpu, seen["floor lean"].cpu
    return told(
        "CPU: list ÷ the leanest floor", f"{ours / theirs:.1f} ×  ({ours:.2f} ÷ {theirs:.2f} ms)"
    )


def _words(seen: Seen) -> str:
    return f"{seen.cpu:5.2f} ms CPU {seen.per_second:7.0f} req/s {seen.p50:6.2f} ms p50"
