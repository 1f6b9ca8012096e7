"""Who may open what: access_matrix.txt says it, line by line, and each cell is tried here; the
headers of every answer are judged by the way (tests/headers.py).

All columns live in one world, made once: what an address is about is made once too, and asked for
by each in turn. Whatever an answer changed is put back before the next one asks."""

import re
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from models import block, clock, instance, statement
from models.access import READY, Right, Role, written
from models.account import Account
from models.database import database
from models.settings import Settings

from .. import headers, minors
from ..client import Visitor
from ..world import LIMITS, World
from . import things

FILE = Path(__file__).with_name("access_matrix.txt")
NEVER = clock.now() - timedelta(days=1)
# Column → as whom she enters Alice's record, and on which terms.
LET_IN = {
    "sees": (Role.CARER, {"given": written(READY["voir"])}),
    "adds": (Role.CARER, {"given": written(READY["ajouter"])}),
    "manages": (Role.CARER, {"given": written(READY["gerer"])}),
    "elsewhere": (Role.CARER, {"given": written({Right.WISHES})}),
    "ended": (Role.CARER, {"given": "read", "revoked_at": NEVER, "ended_why": "holder"}),
    "expired": (Role.CARER, {"given": "read", "ends_at": NEVER}),
}
TREATING = {
    "allowed": (Role.PROFESSIONAL, {}),
    "blocked": None,
    "emergency": (Role.EMERGENCY, {}),
    "administrator": (Role.PROFESSIONAL, {"administrator": True}),
}
COLUMNS = (
    *("anonymous", "stranger", "holder", "parent", "second"),
    *(*LET_IN, *TREATING, "office"),
)


def table() -> dict[tuple[str, str], dict[str, str]]:
    """(method, address) → column → the answer expected."""
    lines = [line for line in FILE.read_text().splitlines() if line and line[0] != "#"]
    assert tuple(lines[0].split()) == COLUMNS
    rows = {}
    for line in lines[1:]:
        method, *cells, address = line.split()
        assert len(cells) == len(COLUMNS), line
        assert (method, address) not in rows, f"twice: {line}"
        rows[method, address] = dict(zip(COLUMNS, cells, strict=True))
    return rows


def routes(app):
    rules = sorted(app.url_map.iter_rules(), key=str)
    return {
        (method, str(rule)): rule
        for rule in rules
        for method in sorted(rule.methods & {"GET", "POST"})
    }


def test_every_route_is_in_the_table(app):
    assert set(table()) == set(routes(app))


def addresses():
    return sorted({address for _, address in table()})


@dataclass(frozen=True)
class Person:
    """One column of the table, signed in, and the record she asks about."""

    column: str
    name: str
    of: str
    cookie: str
    token: str

    def access(self, world):
        return self.name and world.access(self.name, self.of)

    def asks(self, app, method, path) -> str:
        """What she is answered, in a letter of the table."""
        client = app.test_client()
        client.set_cookie("carnet", self.cookie)
        data = {"csrf_token": self.token} if method == "POST" else None
        answer = client.open(path, method=method, data=data)
        headers.judge(answer)
        return _letter(answer)


@dataclass(frozen=True)
class Crowd:
    folder: Path
    people: list[Person]


@pytest.fixture(scope="session")
def crowd(tmp_path_factory, template_folder, apps):
    """Everyone of the table in one instance, which each test takes a copy of."""
    folder = tmp_path_factory.mktemp("crowd") / "instance"
    shutil.copytree(template_folder, folder)
    settings = Settings(instance=folder)
    app, world = apps.lend(settings, instance.open_instance(settings)), World()
    _let_parents_in(world)
    for name in LET_IN:
        _let_carer_in(world, name)
    for name in TREATING:
        _let_professional_in(world, name)
    people = [_signed_in(app, column) for column in COLUMNS]
    people.sort(key=lambda person: person.of)
    statement.file_due(LIMITS)  # or whoever ends one access would also file all that are due
    database.close_all()
    return Crowd(folder, people)


@pytest.fixture
def settings(copied, crowd):
    return copied(crowd.folder)


@pytest.mark.parametrize("address", addresses())
def test_each_gets_what_the_table_says(app, world, settings, crowd, address):
    wrong, rules, as_it_was = [], routes(app), Kept(settings.instance)
    for method in ("GET", "POST"):
        if expected := table().get((method, address)):
            asking = Asking(app, world, rules[method, address], method, as_it_was)
            for person in crowd.people:
                got, right = asking.by(person), expected[person.column]
                if got != right:
                    wrong.append(f"{method} {address}, {person.column}: {got}, not {right}")
    assert not wrong, "\n".join(wrong)


class Asking:
    """One address and method: what it is about is there, for each who asks, as if nobody had."""

    def __init__(self, app, world, rule, method, as_it_was):
        self.app, self.world, self.rule, self.method = app, world, rule, method
        self.empty = self.full = as_it_was
        self.made_for = self.one = None

    def by(self, person):
        if "one" in self.rule.arguments:
            self._make_for(person)
        path, before = self._path(person), _changes()
        letter = person.asks(self.app, self.method, path)
        if self.method == "POST" and _changes() != before:
            self.full.put_back()
        return letter

    def _make_for(self, person):
        hers = things.depends_on_who_asks(self.rule)
        if self.made_for != (key := person if hers else person.of):
            self.empty.put_back()
            who = person.access(self.world) if hers else None
            self.one = things.uid_for(self.world, self.rule, person.of, who)
            self.made_for, self.full = key, Kept(self.empty.folder)

    def _path(self, person):
        record = self.world.record(person.of).uid
        given = {
            "record": record,
            "one": self.one,
            "her": record,
            "token": "x" * 32,
            "device": things.NOTHING,
            "factor_uid": things.NOTHING,
            "part": things.PART,
        }
        path = str(self.rule)
        for name in self.rule.arguments & given.keys():
            path = re.sub(rf"<(?:\w+:)?{name}>", given[name], path)
        return path


class Kept:
    """The files of an instance, to be put back as they are now."""

    def __init__(self, folder):
        database.close_all()
        self.folder = folder
        self._contents = {file: file.read_bytes() for file in _files(folder)}

    def put_back(self):
        database.close_all()
        for file in _files(self.folder):
            if file not in self._contents:
                file.unlink()
        for file, content in self._contents.items():
            if file.suffix == ".db" or not file.exists():
                file.write_bytes(content)


def _files(folder):
    return [file for file in folder.rglob("*") if file.is_file()]


def _changes():
    """How many rows were written, by whom."""
    connection = database.connection()
    return id(connection), connection.total_changes


def _signed_in(app, column):
    known = {"anonymous": None, "stranger": "carole", "holder": "alice", "office": "diane"}
    name, visitor = known.get(column, column), Visitor(app)
    if name:
        visitor.come_in(f"{name}@exemple.invalid")
    page = visitor.get("/compte" if name else "/connexion")
    token = page.soup.select_one("[name=csrf_token]")["value"]
    of = "famille" if column in ("parent", "second") else "alice"
    return Person(column, name, of, visitor.client.get_cookie("carnet").value, token)


def _let_parents_in(world):
    for name in ("parent", "second"):
        _account(name)
    minors.second(world, minors.activated(world, "parent"), "second")


def _let_carer_in(world, name):
    _account(name)
    role, terms = LET_IN[name]
    world.let_in(name, role, **terms)


def _let_professional_in(world, name):
    one = world.professional(name)
    if name == "blocked":
        block.block(world.access("alice"), one.account)
    else:
        role, terms = TREATING[name]
        world.let_in(name, role, **terms)


def _account(name):
    like = Account.named("bruno@exemple.invalid").password_hash
    Account.create(email=f"{name}@exemple.invalid", name=f"{name} Fictif", password_hash=like)


def _letter(answer):
    """o open, x without the right, . no such page, > to the sign-in page, or the status."""
    if answer.status_code in (302, 303):
        return ">" if answer.location.startswith("/connexion") else "o"
    known = {200: "o", 400: "o", 410: "o", 422: "o", 403: "x", 404: "."}
    return known.get(answer.status_code, str(answer.status_code))
