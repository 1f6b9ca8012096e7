"""Ours beside the best of those that do this job, line by line, and beside the targets set.

Theirs were measured once, on 22 November 2026, on a machine of two processors like this one, 1,000
documents, one worker, eight connections (MediKeep, Paperless-ngx 3.0.5, Papra); they are not
measured again here. What compares across machines is the multiple of the floor."""

from collections.abc import Callable
from dataclasses import dataclass

from models.formats.kinds import KINDS
from models.settings import Settings

from .report import Group, Row, at_least, at_most, number, told
from .server import FLOOR_OF, FOLDER_LIST, LIST, RARE, SIGN_IN

ROWS, MIB = 20, 1.048576
SHOWN, ALL = 50, 1_000
HEADS = ["", "the best of them", "theirs", "ours", "", "why, and what would get us there"]
NOTE = (
    "Their figures were measured on 22 November 2026 on two processors, one worker, eight "
    "connections, 1,000 documents, and are not measured again here; the multiple of the floor (the "
    "same bare program, on each server) is what compares. Their list is JSON of 50 rows, which a "
    "program of the browser must still draw; ours is the whole page, with 20 rows: the cost of a "
    "row is told too."
)


@dataclass(frozen=True)
class Line:
    """The less, the better."""

    what: str
    rival: str
    theirs: float
    unit: str
    ours: Callable[[dict], float]
    why: str = ""


def _of(name, scale=1.0):
    return lambda seen: seen[name] / scale


def _floors(name, floor="/list", share=1):
    return lambda seen: seen[name] / seen[floor] / share


PAGE = "They send figures, not a page: ours draws all of it. A row costs what its template costs."
SHELL = (
    "Theirs is a file that shows nothing before 1.1 MB of script has come; ours is the form "
    "itself, with its token. A page for strangers that is drawn once and then only "
    "signed would get there."
)
UNREAD = (
    "MediKeep keeps the file and reads nothing of it: no word of it is ever found. Ours is read, "
    "checked apart from the server, and found at once."
)
MEMORY = (
    "The process that starts the worker, the worker and `flask work` each hold the whole program. "
    "A first one without it (27 MB rather than 79), which also sent the notices, would halve it."
)
PACKAGES = (
    "PDF, photographs, spreadsheets, FHIR, passkeys and letters are read and made here, each with "
    "its library."
)

LINES = (
    Line("list: CPU, in floors", "Papra", 4.2, "×", _floors(LIST)),
    Line("list: CPU of a row, in floors", "Papra (50 rows)", 4.2 / SHOWN, "×",
         _floors(LIST, share=ROWS), PAGE),
    Line("list: CPU", "Papra", 6.3, "ms", _of(LIST)),
    Line("list: bytes of an answer", "Paperless", 4183, "bytes", _of(f"{LIST}: size"),
         "Theirs are figures alone, after 729 kB of program; ours holds the page, its style and "
         "its menu."),
    Line("list of all 1,000: CPU", "MediKeep (Papra 82, ten pages)", 72, "ms",
         lambda seen: seen[LIST] * ALL / ROWS,
         "Fifty pages of ours, each whole: nobody reads them all. « Tout emporter » gives them at "
         "once."),
    Line("a folder: CPU", "Paperless", 72, "ms", _of(FOLDER_LIST)),
    Line("search: CPU, in floors", "Papra", 8, "×", _floors(RARE, FLOOR_OF[RARE])),
    Line("search: CPU", "Papra", 11, "ms", _of(RARE)),
    Line("search: bytes of an answer", "Paperless", 4775, "bytes", _of(f"{RARE}: size"),
         "As for the list."),
    Line("sign-in page, in floors", "Papra (a shell)", 0.4, "×", _floors(SIGN_IN), SHELL),
    Line("log in, page and password", "Papra", 143, "ms", _of("sign in: page and password")),
    Line("deposit a small PDF, until the answer", "MediKeep", 12, "ms",
         _of("deposit of a small PDF, until the answer"), UNREAD),
    Line("the same, until found by a word of it", "Paperless", 600, "ms",
         _of("the same, until a word of it is found")),
    Line("search, alone", "Papra", 18, "ms", _of("search")),
    Line("first view of the list: requests", "Papra", 20, "", _of("list: requests")),
    Line("first view of the list: bytes", "Paperless", 729_000, "bytes", _of("list: bytes")),
    Line("of which script", "Paperless", 619_000, "bytes", _of("list: script")),
    Line("first view of the sign-in page: bytes", "Paperless", 92_000, "bytes",
         _of("sign-in: bytes")),
    Line("first title, this machine", "Papra", 700, "ms", _of("list: time")),
    Line("first title, CPU / 4, 1.6 Mbit/s, 150 ms", "Paperless", 6_900, "ms", _of("list: slow")),
    Line("elements of the list", "Papra", 595, "", _of("list: elements")),
    Line("memory at rest, resident", "Papra", 238, "MiB", _of("rss", MIB), MEMORY),
    Line("memory at rest, PSS", "MediKeep (app and PostgreSQL)", 212, "MiB", _of("pss", MIB),
         MEMORY),
    Line("memory after load, resident", "Papra", 244, "MiB", _of("rss after", MIB), MEMORY),
    Line("memory after load, PSS", "Papra", 240, "MiB", _of("pss after", MIB), MEMORY),
    Line("processes", "Papra", 1, "", _of("processes"),
         "The server, its worker, what reads files apart from it for safety, and what sends "
         "notices."),
    Line("installed", "MediKeep", 261, "MB", _of("installed"), PACKAGES),
    Line("list: faults of accessibility", "Papra", 54, "", _of("list: faults")),
    Line("sign-in page: faults of accessibility", "Paperless, Papra", 0, "",
         _of("sign-in: faults")),
)  # fmt: skip

TARGETS = (
    ("target 1: list, requests/s of one worker", at_least, f"{LIST}: per second", 330, "", 1),
    ("target 2: search, requests/s of one worker", at_least, f"{RARE}: per second", 200, "", 1),
    ("target 3: first view of the list", at_most, "list: bytes", 30_000, "bytes", 1),
    ("target 3: first view of the list", at_most, "list: requests", 3, "requests", 1),
    ("target 3: sign-in page", at_most, "sign-in: bytes", 15_000, "bytes", 1),
    ("target 4: first title on a slow phone", at_most, "list: slow", 1_000, "ms", 1),
    ("target 5: everything at rest", at_most, "rss", 120, "MiB resident", MIB),
    ("target 5: everything at rest", at_most, "processes", 2, "processes", 1),
    ("target 6: packages of Python", at_most, "packages", 25, "", 1),
    ("target 6: installed in", at_most, "install seconds", 60, "s", 1),
    ("target 7: list, faults of accessibility", at_most, "list: faults", 0, "", 1),
    ("target 7: sign-in page, faults of accessibility", at_most, "sign-in: faults", 0, "", 1),
    ("target 11: formats taken", at_least, "formats", 10, "", 1),
    ("target 11: a document, at most", at_least, "largest", 20, "MB", 1),
)


def groups(seen: dict[str, float]) -> list[Group]:
    """`seen`: the figures of all the other parts."""
    seen = {"formats": len(KINDS), "largest": Settings.max_document_mb, **seen}
    lines = [_line(one, seen) for one in LINES]
    beside = Group("Beside the others", [], NOTE, HEADS, lines)
    return [beside, Group("The targets of rivals.md §E that are figures", _targets(seen))]


def _line(one, seen):
    theirs = f"{number(one.theirs)} {one.unit}".strip()
    try:
        ours = one.ours(seen)
    except KeyError:
        return [one.what, one.rival, theirs, "not measured", "", ""]
    ahead = ours < one.theirs or ours == one.theirs == 0
    words = f"{number(ours)} {one.unit}".strip()
    return [
        one.what,
        one.rival,
        theirs,
        words,
        *(("ahead", "") if ahead else ("**behind**", one.why)),
    ]


def _targets(seen) -> list[Row]:
    return [_target(*one, seen) for one in TARGETS]


def _target(what, judge, name, limit, unit, scale, seen):
    if name not in seen:
        return told(what, "not measured")
    return judge(what, seen[name] / scale, limit, unit)
