"""Signing out, by whoever holds the server."""

from datetime import timedelta

import pytest

from models import clock, device, eviction, ledger, session
from models.enrolment import OFFICE
from models.ledger import Act, Line
from models.refusal import Refusal

IDLE = timedelta(minutes=30)


def opened(world, name):
    """A session on a device that is trusted, and the token of each."""
    account = world.account(name)
    token = session.start(account, "Firefox")
    kept = session.recognise(session.find(token, IDLE), trusted=True)
    return token, kept


def knows(world, name, kept):
    return device.known(world.account(name), [kept]) is not None


def test_one_account_is_signed_out_everywhere_and_the_others_are_not(world):
    (first, kept), (second, _) = opened(world, "alice"), opened(world, "alice")
    other, others = opened(world, "carole")
    assert eviction.one(OFFICE, " ALICE@exemple.invalid ") == 2
    assert session.find(first, IDLE) is None and session.find(second, IDLE) is None
    assert not knows(world, "alice", kept)
    assert session.find(other, IDLE) and knows(world, "carole", others)


def test_everyone_is(world):
    made = {name: opened(world, name) for name in ("alice", "carole", "diane")}
    assert eviction.everyone(OFFICE) == 3
    for name, (token, kept) in made.items():
        assert session.find(token, IDLE) is None
        assert not knows(world, name, kept)


def test_what_had_ended_before_is_not_counted_nor_changed(world):
    token, _ = opened(world, "alice")
    session.find(token, IDLE).end()
    before = world.account("alice").sessions.get().ended_at
    with clock.moved(timedelta(minutes=5)):
        assert eviction.one(OFFICE, "alice@exemple.invalid") == 0
    assert world.account("alice").sessions.get().ended_at == before


def test_the_ledger_is_told_and_of_nobody_s_name(world):
    opened(world, "alice")
    eviction.one(OFFICE, "alice@exemple.invalid")
    line = Line.select().order_by(Line.id.desc()).get()
    assert line.act == Act.EVICTED and line.name == "L'association"
    assert ledger.json.loads(line.detail) == {"number": 1} and not line.about


def test_someone_unknown_is_refused_and_nothing_is_told(world):
    with pytest.raises(Refusal):
        eviction.one(OFFICE, "personne@exemple.invalid")
    assert not Line.select().where(Line.act == Act.EVICTED).exists()


@pytest.mark.parametrize(
    "words, said",
    [
        (["alice@exemple.invalid"], "1 connexions fermées"),
        (["--everyone"], "1 connexions fermées"),
        ([], "Écrivez une adresse e-mail"),
        (["alice@exemple.invalid", "--everyone"], "Écrivez une adresse e-mail"),
        (["personne@exemple.invalid"], "Aucun compte"),
    ],
)
def test_the_command_says_what_it_did(app, world, words, said):
    opened(world, "alice")
    with app.app_context():
        done = app.test_cli_runner().invoke(args=["sign-out", *words])
    assert said in done.output
    assert (done.exit_code == 0) == said.startswith("1")
