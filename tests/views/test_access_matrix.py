"""Who may open what: access_matrix.txt says it, line by line, and each cell is tried here."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from models import block, clock
from models.access import READY, Access, Right, Role, written
from models.account import Account
from models.record import Record

from .. import minors
from ..client import Visitor
from ..world import PASSWORD
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


@pytest.mark.parametrize("who", COLUMNS)
def test_each_gets_what_the_table_says(app, world, who):
    person = Person(app, world, who)
    wrong = []
    for key, rule in routes(app).items():
        expected, got = table()[key][who], person.asks(*key, rule)
        if got != expected:
            wrong.append(f"{' '.join(key)}: {got}, not {expected}")
    assert not wrong, "\n".join([who, *wrong])


class Person(Visitor):
    """One column of the table: signed in, with her access, and the record she asks about."""

    def __init__(self, app, world, who):
        super().__init__(app)
        self.app, self.world, self.who, self.of = app, world, who, "alice"
        self._looked_at = {}
        self.name = self._enter()
        self._sign_in()
        self._kept = {one.id: one.__data__.copy() for one in Access.select()}

    def asks(self, method, address, rule) -> str:
        """What she is answered, in a letter of the table."""
        path = self._path(rule, method)
        data = {"csrf_token": self.token} if method == "POST" else None
        answer = self.client.open(path, method=method, data=data)
        letter = _letter(answer)
        if method == "POST":
            self._as_before(rule)
        return letter

    def _path(self, rule, method):
        given = {"record": self._record().uid, "token": "x" * 32, "device": things.NOTHING}
        if "one" in rule.arguments:
            given["one"] = self._one(rule, method)
        path = str(rule)
        for name, value in given.items():
            path = re.sub(rf"<(?:\w+:)?{name}>", value, path)
        return path

    def _one(self, rule, method):
        """Looked at, it is there still for the act that follows, which may use it up."""
        made = self._looked_at.pop(rule.endpoint, None)
        made = made or things.uid_for(self.world, rule, self.of, self._access())
        if method == "GET":
            self._looked_at[rule.endpoint] = made
        return made

    def _enter(self):
        known = {"anonymous": None, "stranger": "carole", "holder": "alice", "office": "diane"}
        if self.who in known:
            return known[self.who]
        if self.who in ("parent", "second"):
            return self._enter_as_parent()
        if self.who in TREATING:
            return self._enter_as_professional()
        _account(self.who)
        role, terms = LET_IN[self.who]
        self.world.let_in(self.who, role, **terms)
        return self.who

    def _enter_as_parent(self):
        self.of = "famille"
        _account("parent")
        _account("second")
        parent = minors.activated(self.world, "parent")
        minors.second(self.world, parent, "second")
        return self.who

    def _enter_as_professional(self):
        one = self.world.professional(self.who)
        if self.who == "blocked":
            block.block(self.world.access("alice"), one.account)
        else:
            role, terms = TREATING[self.who]
            self.world.let_in(self.who, role, **terms)
        return self.who

    def _sign_in(self):
        if self.name:
            self.sign_in(f"{self.name}@exemple.invalid", PASSWORD)
        page = self.get("/compte" if self.name else "/connexion")
        self.token = page.soup.select_one("[name=csrf_token]")["value"]

    def _record(self) -> Record:
        return self.world.record(self.of)

    def _access(self):
        return self.name and self.world.access(self.name, self.of)

    def _as_before(self, rule):
        """The accesses are as they were, and she is signed in."""
        for number, kept in self._kept.items():
            Access.update(**kept).where(Access.id == number).execute()
        if rule.endpoint == "sessions.delete":
            self._sign_in()


def _account(name):
    like = Account.named("bruno@exemple.invalid").password_hash
    Account.create(email=f"{name}@exemple.invalid", name=f"{name} Fictif", password_hash=like)


def _letter(answer):
    """o open, x without the right, . no such page, > to the sign-in page, or the status."""
    if answer.status_code in (302, 303):
        return ">" if answer.location.startswith("/connexion") else "o"
    known = {200: "o", 400: "o", 410: "o", 422: "o", 403: "x", 404: "."}
    return known.get(answer.status_code, str(answer.status_code))
