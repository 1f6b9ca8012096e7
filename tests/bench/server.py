"""What a page, a file or an act costs one worker: against the floor, against bare Flask and against
a file from the disk, each asked just after the other, on the same server, in the same rounds."""

import re
import shutil
from dataclasses import dataclass, field
from datetime import date

from models.demonstration import papers

from . import floor, serving
from .instances import BUILD
from .load import Seen
from .memory import CHECK_UP
from .pdfs import pdf
from .report import Group, at_least, at_most, number, told
from .serving import Server
from .visitor import Visitor
from .weight import DOCUMENT, a_document

FLOORS, BARE_SHARE, AIM = 3, 1 / 4, 1 / 3
ROUNDS = 3
# One in seventeen notes, and nearly every one of them.
RARE, COMMON = "search, a rare word", "search, a common word"
WORDS = {RARE: "ophtalmologie", COMMON: "glycemie"}
SIGN_IN, LIST, FOLDER_LIST = "sign-in page", "documents list, 20 of 1,000", "a folder"
FLOOR_OF = {LIST: "/list"} | {name: f"/search?q={word}" for name, word in WORDS.items()}
REFERENCES = {"/list": "the floor: list", "/lean": "the leanest floor: list", "/bare": "bare Flask"}
FOLDER = re.compile(r'href="(/espaces/[\w-]{16}/dossiers/[\w-]{16})"')
LIGHT, HEAVY = 100_000, 25_000_000
HEADS = ["", "bytes", "CPU ms", "spread", "requests/s", "p50 ms"]
HEADS += ["÷ floor", "÷ bare Flask", "÷ a file"]
NOTE = (
    "One worker, four pages at work at once; eight connections (two for 25 MB) that send the next "
    "request when the answer is whole. CPU of the server and of all that it starts, a request; the "
    "least of {} rounds, and how far the rounds went. The ratios are of CPU, each with "
    "what was asked just before and after it: the floor of design.md §6 (its search for a search, "
    "its list for the rest), bare Flask answering a constant string of the same size (for the "
    "deposit, taking the same form and forgetting it), a file of the same size from the disk "
    "(WhiteNoise)."
)


@dataclass
class Asked:
    """What is asked of ours, how, and of whom; and its neighbours at the floor."""

    name: str
    who: Visitor
    path: str
    floor: str = "/list"
    bare: str = ""
    how: dict = field(default_factory=dict)
    size: int = 0


def groups(ours: Server, visitor: Visitor, other: Visitor, documents: int) -> list[Group]:
    """`other` has a record of her own, where what is deposited goes."""
    asked, files = _asked(visitor, other), BUILD / "files"
    _weigh(ours, asked, files)
    floor.fill(BUILD / "floor.db", _notes(documents))
    with serving.floor(BUILD / "floor.db", files) as server:
        rounds = [_round(ours, server, asked) for _ in range(ROUNDS)]
    seen = {name: [each[name] for each in rounds] for name in rounds[0]}
    lines = [_line(one, seen) for one in asked]
    lines += [_reference(path, seen[path]) for path in REFERENCES]
    figures = {name: _least(each) for name, each in seen.items()}
    figures |= {
        f"{name}: per second": max(o.per_second for o in each) for name, each in seen.items()
    }
    figures |= {f"{one.name}: size": one.size for one in asked}
    return [
        Group("Server: the budgets", _budgets(seen)),
        Group("Server", [], NOTE.format(ROUNDS), HEADS, lines, figures),
    ]


def _asked(visitor, other) -> list[Asked]:
    listed = f"{visitor.record}/documents"
    light, heavy = (_deposited(other, size) for size in (LIGHT, HEAVY))
    document = a_document(visitor)
    token = visitor.form(document)["csrf_token"]
    masks = [{"csrf_token": token, "masque": masked} for masked in ("oui", "non")]
    form = other.form(f"{other.record}/documents/depot") | CHECK_UP
    few = {"connections": 2, "seconds": 3}
    return [
        Asked(SIGN_IN, Visitor(visitor.port), "/connexion"),
        Asked(LIST, visitor, listed),
        *(
            Asked(name, visitor, f"{listed}?q={word}", FLOOR_OF[name])
            for name, word in WORDS.items()
        ),
        Asked(FOLDER_LIST, visitor, _first_folder(visitor)),
        Asked("one document's page", visitor, document),
        Asked("its content, 100 kB", other, f"{light}/contenu"),
        Asked("its content, 25 MB", other, f"{heavy}/contenu", how=few),
        Asked(
            "deposit, 100 kB",
            other,
            f"{other.record}/documents/depot",
            bare="/take",
            how={"forms": [form], "file": LIGHT, "seconds": 3},
            size=LIGHT,
        ),
        Asked("mask one", visitor, f"{document}/masquage", how={"forms": masks}),
    ]


def _first_folder(visitor):
    return FOLDER.search(visitor.get(f"{visitor.record}/dossiers").text)[1]


def _deposited(other, size):
    """The address of a new document of so many bytes."""
    name = f"essai-{size}"
    answer = other.deposit(f"{name}.pdf", pdf(size), CHECK_UP)
    assert answer.status == 303, f"the deposit of {size} bytes answered {answer.status}"
    for path in DOCUMENT.findall(other.get(f"{other.record}/documents").text):
        if name in other.get(path).text:
            return path
    raise SystemExit(f"The document of {size} bytes is not in the list.")


def _weigh(ours, asked, files):
    """What each answers weighs: its neighbours answer as much."""
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir(parents=True)
    for one in asked:
        once = {**one.how, "connections": 1, "seconds": 0, "warm_up": 0}
        one.size = one.size or ours.bear(one.who, one.path, **once).size
        (files / str(one.size)).write_bytes(b"x" * one.size)


def _round(ours, server, asked) -> dict[str, Seen]:
    guest, seen = Visitor(server.port), {}
    guest.get("/in")
    for one in asked:
        few = {name: value for name, value in one.how.items() if name not in ("forms", "file")}
        bare = one.how if one.bare else few
        seen[one.name] = ours.bear(one.who, one.path, **one.how)
        if one.floor not in seen:
            seen[one.floor] = server.bear(guest, one.floor)
        seen[f"bare: {one.name}"] = server.bear(guest, one.bare or f"/bare/{one.size}", **bare)
        seen[f"file: {one.name}"] = server.bear(guest, f"/files/{one.size}", **few)
    for path in REFERENCES:
        seen.setdefault(path, server.bear(guest, path))
    return seen


def _notes(documents):
    today = date.today()
    for each in range(documents):
        one = papers.note(each, today)
        yield one.title, one.dated.isoformat(), one.author, one.content.decode()


def _least(rounds):
    return min(one.cpu for one in rounds)


def _line(one, seen):
    cpu = _least(seen[one.name])
    others = (seen[one.floor], seen[f"bare: {one.name}"], seen[f"file: {one.name}"])
    return _figures(one.name, seen[one.name], one.size) + [
        f"{number(cpu / _least(other))} ×" for other in others
    ]


def _reference(path, rounds):
    return _figures(REFERENCES[path], rounds, rounds[0].size) + ["", "", ""]


def _figures(name, rounds, size):
    cpu, most = _least(rounds), max(one.cpu for one in rounds)
    rate = max(one.per_second for one in rounds)
    wait = min(one.p50 for one in rounds)
    spread = f"{100 * (most / cpu - 1):.0f} %"
    return [name, f"{size:,}", number(cpu), spread, number(rate), number(wait)]


def _budgets(seen):
    of_list, bare = (max(o.per_second for o in seen[name]) for name in (LIST, f"bare: {LIST}"))
    note = f"{of_list:.0f} ÷ {bare:.0f}"
    rows = [
        *(_against(*one, seen) for one in FLOOR_OF.items()),
        at_least("requests/s of the list ÷ bare Flask's", of_list / bare, BARE_SHARE, "", note),
        at_least("the same, as issue 8 aims at it", of_list / bare, AIM, "", note),
    ]
    for path in ("/list", "/lean"):
        rate = max(one.per_second for one in seen[path])
        name = f"the same, of {REFERENCES[path]} (no access rule, no page around it)"
        rows.append(told(name, f"{rate / bare:.2f} ({rate:.0f} ÷ {bare:.0f})"))
    ours, lean = _least(seen[LIST]), _least(seen["/lean"])
    words = f"{ours / lean:.1f} × ({ours:.2f} ÷ {lean:.2f} ms)"
    return [*rows, told("CPU: list ÷ the leanest floor", words)]


def _against(name, path, seen):
    ours, theirs = _least(seen[name]), _least(seen[path])
    note = f"{ours:.2f} ÷ {theirs:.2f} ms"
    return at_most(f"CPU: {name} ÷ the floor's", ours / theirs, FLOORS, "×", note)
