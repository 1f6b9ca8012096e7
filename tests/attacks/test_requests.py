"""Whatever is sent, by whoever is signed in, to whatever address: no error of ours, nothing of hers
written raw in a page or a header, nobody sent elsewhere, no id taken from another's record.

`CARNET_REQUESTS=12000 pytest tests/attacks/test_requests.py` sends as many; a few by default."""

import hashlib
import os
import random
from urllib.parse import urlsplit

import pytest

from models.database import database

from ..views import test_access_matrix as matrix
from ..views import things
from . import requests

crowd, settings = matrix.crowd, matrix.settings
NUMBER = int(os.environ.get("CARNET_REQUESTS", 400))
SEED = int(os.environ.get("CARNET_SEED", 20261122))
SENTINEL = "Zqsentinelle"
# Who has nothing to read nor to change among Alice's documents.
OUTSIDE = {"anonymous", "stranger", "parent", "second", "ended", "expired", "blocked", "office"}
# What may be told of a record by whoever stays outside: that she asked, or tried.
TOLD = {"entry", "visit", "looked"}
STATUS = {200, 204, 206, 302, 303, 304, 308, 400, 401, 403, 404, 405, 406, 409, 410, 411, 412}
STATUS |= {413, 414, 415, 416, 422, 429}


@pytest.fixture
def filled(app, world, crowd):
    """Alice's record holds something of each kind, and one paper that nobody outside may name."""
    world.paper(SENTINEL, text=SENTINEL)
    world.paper(SENTINEL + " Carole", of="carole")
    uids = {one: world.record(one).uid for one in ("alice", "carole", "famille")}
    made = {}
    for rule in app.url_map.iter_rules():
        if "one" in rule.arguments:
            made[str(rule)] = things.uid_for(world, rule, "alice")
    return uids, made


def test_nothing_that_is_sent_breaks_anything(app, world, settings, crowd, filled):
    uids, made = filled
    draw, faults = random.Random(SEED), []
    known = [*uids.values(), *made.values(), things.NOTHING]
    rules = list(app.url_map.iter_rules())
    found = {}
    for person in crowd.people:
        # Each finds all of them in a long run, a few in a short one.
        hers = draw.sample(rules, min(len(rules), NUMBER // 12))
        found[person.column] = _found(app, person, hers, uids, made)
    as_it_was, before = matrix.Kept(settings.instance), _hers(world)
    for number in range(NUMBER):
        person = crowd.people[number % len(crowd.people)]
        one = draw.choice(found[person.column])
        path, sent = requests.spoiled(one, known, draw)
        counted = matrix._changes()
        answer = _ask(app, person, path, sent)
        told = f"{person.column} {sent['method']} {path[:200]} {sent}"
        faults += [f"{fault}: {told}" for fault in _faults(answer, person)]
        if matrix._changes() != counted:
            if _outside(person, path) and _hers(world) != before:
                faults.append(f"changed what is Alice's: {told}")
            as_it_was.put_back()
    assert not faults, "\n".join(f[:700] for f in faults[:20]) + f"\n{len(faults)} faults"


# What the office does for her: whoever represents her, what software sent without saying enough.
OFFICE_S = ("/association/representants", "/association/logiciels/a-rattacher")


def _outside(person, path):
    allowed = person.column == "office" and path.startswith(OFFICE_S)
    return person.column in OUTSIDE and not allowed


def _ask(app, person, path, sent):
    client = app.test_client()
    if person.cookie and "Cookie" not in sent["headers"]:
        client.set_cookie("carnet", person.cookie)
    if isinstance(sent.get("data"), dict):
        sent["data"]["csrf_token"] = person.token
    return client.open(path, **sent)


def _faults(answer, person):
    body = answer.get_data()
    if answer.status_code not in STATUS:
        yield f"status {answer.status_code}"
    if answer.mimetype == "text/html" and requests.RAW.search(body.decode(errors="replace")):
        yield "reflected raw"
    names = {name.lower() for name, _ in answer.headers}
    cookies = " ".join(answer.headers.getlist("Set-Cookie"))
    if "x-injected" in names or "injected=1;" in cookies:
        yield "a header was injected"
    for name in ("Location", "HX-Redirect", "Refresh"):
        to = answer.headers.get(name, "/")
        if urlsplit(to).netloc not in ("", "localhost") or to.startswith(("//", "/\\", "/%09")):
            yield f"sent elsewhere: {to}"
    if person.column in OUTSIDE - {"stranger"} and SENTINEL.encode() in body:
        yield "reads what is not hers"
    if person.column == "stranger" and f"{SENTINEL}<".encode() in body:
        yield "reads what is not hers"


def _found(app, person, rules, uids, made):
    """What she finds: each address, filled in, and the forms of the pages that open."""
    found = []
    for rule in rules:
        for record in (uids["alice"], uids["carole"]):
            path = _path(rule, record, made)
            for method in sorted(rule.methods & {"GET", "POST"}):
                found.append(requests.Found(method, path))
            if "GET" in rule.methods:
                answer = _ask(app, person, path, {"method": "GET", "headers": {}})
                if answer.status_code == 200 and answer.mimetype == "text/html":
                    found += requests.forms(path, answer.get_data(as_text=True))
            if "record" not in rule.arguments:
                break
    return [one for one in found if one.path.startswith("/") and one.path != "/deconnexion"]


def _path(rule, record, made):
    given = {"record": record, "her": record, "one": made.get(str(rule), things.NOTHING)}
    given |= {"token": "x" * 32, "device": things.NOTHING, "part": things.PART}
    path = str(rule)
    for name in rule.arguments:
        value = given.get(name, "x")
        path = matrix.re.sub(rf"<(?:\w+:)?{name}>", value, path)
    return path


def _hers(world):
    """A digest of all rows that name her record, but what tells who came by."""
    record, digest = world.record("alice").id, hashlib.sha256()
    for table in sorted(database.get_tables()):
        columns = [one.name for one in database.get_columns(table)]
        if "record_id" in columns and table not in TOLD:
            rows = database.execute_sql(f'SELECT * FROM "{table}" WHERE record_id = ?', (record,))
            digest.update(repr((table, rows.fetchall())).encode())
    return digest.hexdigest()
