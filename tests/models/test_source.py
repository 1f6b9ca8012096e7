"""Sources: software that deposits, with a token shown once, limits, and an end."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from models import clock, ledger, office, source
from models.database import database
from models.refusal import Refusal
from models.source import Source, Told, Unmatched


@pytest.fixture
def diane(world):
    return office.actor(world.account("diane"))


@pytest.fixture
def laboratory(diane):
    return source.register(diane, Told("Laboratoire Fictif", "laboratory", per_day=3))


def last_line():
    line = ledger.Line.select().order_by(ledger.Line.id.desc()).get()
    return line.name, line.act, line.about


def test_its_token_proves_it_and_is_kept_nowhere(laboratory):
    made, token = laboratory
    assert token.startswith("carnet_") and len(token) > 40
    assert source.proven(token) == made
    kept = [str(value) for value in Source.get().__data__.values()]
    assert not any(token in value or token.removeprefix("carnet_") in value for value in kept)


@pytest.mark.parametrize("wrong", ["", "carnet_", "x", "carnet_\ud800", "é" * 3000])
def test_no_other_token_proves_anything(laboratory, wrong):
    assert source.proven(wrong) is None
    assert source.proven(laboratory[1][:-1]) is None


def test_another_token_ends_the_one_before(diane, laboratory):
    made, token = laboratory
    another = source.renew(diane, made)
    assert source.proven(token) is None and source.proven(another) == made
    assert last_line() == ("Diane Modèle", "renewed-source", made.uid)


def test_it_ends_for_good(diane, laboratory):
    made, token = laboratory
    source.end(diane, made)
    assert source.proven(token) is None
    with pytest.raises(Refusal, match="pris fin"):
        source.renew(diane, made)
    with pytest.raises(Refusal, match="pris fin"):
        source.admit(made)
    assert last_line() == ("Diane Modèle", "ended-source", made.uid)


def test_its_last_day_is_included(diane):
    told = Told("Hôpital Fictif", "establishment", last_day=clock.today() + timedelta(days=1))
    made, token = source.register(diane, told)
    with clock.moved(timedelta(days=1)):
        assert source.proven(token) == made
    with clock.moved(timedelta(days=2)):
        assert source.proven(token) is None
        with pytest.raises(Refusal, match="pris fin"):
            source.admit(made)


def test_a_day_has_its_limit_and_the_next_day_its_own(laboratory):
    made, _token = laboratory
    for _ in range(3):
        source.admit(made)
    with pytest.raises(Refusal, match="3 documents aujourd'hui"):
        source.admit(made)
    assert source.used_today() == {made.id: 3}
    assert Source.get().last_used_at
    with clock.moved(timedelta(days=1)):
        source.admit(made)
        assert source.used_today() == {made.id: 1}


def test_many_at_once_do_not_pass_the_limit(laboratory):
    made, _token = laboratory
    admitted, start = [], Barrier(8)

    def deposit():
        database.connect(reuse_if_open=True)
        start.wait()
        try:
            source.admit(made)
            admitted.append(1)
        except Refusal:
            pass
        finally:
            database.close()

    threads = [Thread(target=deposit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(admitted) == source.used_today()[made.id] == 3


def test_a_limit_changed_counts_at_once(diane, laboratory):
    made, _token = laboratory
    source.change(diane, made, Told("Laboratoire Fictif", "laboratory", per_day=1))
    source.admit(made)
    with pytest.raises(Refusal, match="1 documents"):
        source.admit(made)
    assert last_line() == ("Diane Modèle", "changed-source", made.uid)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "Laboratoire Fictif"}, "name"),
        ({"kind": "hospital"}, "kind"),
        ({"contact": "pas une adresse"}, "contact"),
        ({"per_day": 0}, "per_day"),
        ({"per_day": 100_001}, "per_day"),
        ({"per_day": None}, "per_day"),
        ({"last_day": clock.today() - timedelta(days=1)}, "last_day"),
        ({"unmatched": "keep"}, "unmatched"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(diane, laboratory, changes, field):
    with pytest.raises(Refusal) as refused:
        source.register(diane, Told(**{"name": "Autre Fictif", "kind": "other"} | changes))
    assert refused.value.field == field
    assert Source.select().count() == 1


def test_a_name_may_serve_again_once_it_has_ended(diane, laboratory):
    source.end(diane, laboratory[0])
    again, _token = source.register(diane, Told("Laboratoire Fictif", "laboratory"))
    assert [one.live for one in source.listed()] == [True, False]
    assert source.listed()[0] == again


def test_it_has_an_address_on_demand_that_nobody_guesses(diane, laboratory):
    made, _token = laboratory
    assert source.of_mailbox("") is source.of_mailbox("depot-") is None
    source.open_mailbox(diane, made)
    first = Source.get().mailbox
    assert re.fullmatch(r"depot-[a-z2-7]{24}", first)
    assert source.of_mailbox(first) == source.of_mailbox(first.upper()) == made
    assert last_line() == ("Diane Modèle", "opened-mailbox", made.uid)
    source.open_mailbox(diane, made)
    second = Source.get().mailbox
    assert source.of_mailbox(first) is None and source.of_mailbox(second) == made
    source.close_mailbox(diane, made)
    assert source.of_mailbox(second) is None and Source.get().mailbox == ""
    assert last_line() == ("Diane Modèle", "closed-mailbox", made.uid)


def test_its_address_ends_with_it(diane, laboratory):
    made, _token = laboratory
    source.open_mailbox(diane, made)
    name = made.mailbox
    Source.update(last_day=clock.today() - timedelta(days=1)).execute()
    assert source.of_mailbox(name) is None
    Source.update(last_day=None).execute()
    source.end(diane, made)
    assert source.of_mailbox(name) is None and Source.get().mailbox == ""
    with pytest.raises(Refusal, match="pris fin"):
        source.open_mailbox(diane, made)


def test_what_becomes_of_an_uncertain_document_is_its_own_choice(diane, laboratory):
    made, _token = laboratory
    assert made.unmatched == Unmatched.QUEUE
    told = Told("Laboratoire Fictif", "laboratory", unmatched="refuse")
    source.change(diane, made, told)
    assert Source.get().unmatched == Unmatched.REFUSE
