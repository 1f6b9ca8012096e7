"""A forgotten password: one link, one hour, once; and silence on who has an account."""

import re
from datetime import timedelta

import pytest

from models import clock, reset, session
from models.account import Account
from models.attempt import TooMany
from models.notice import Notice
from models.refusal import Refusal
from models.reset import Reset

from ..world import PASSWORD

OTHER = "lanterne-abricot-vélo-31"
IDLE = timedelta(minutes=30)
HOUR = timedelta(hours=1)


def ask(email="alice@exemple.invalid", address="192.0.2.1"):
    return reset.ask(email, address, lambda token: f"https://carnet.invalid/mot-de-passe/{token}")


def token_sent():
    letters = Notice.select().where(Notice.subject == reset.SUBJECT)
    return re.search(r"mot-de-passe/(\S+)", letters.order_by(Notice.id.desc()).get().body)[1]


def test_the_link_changes_the_password_and_ends_every_session(world):
    here = session.start(world.account("alice"), "Navigateur fictif")
    ask(" Alice@exemple.invalid")
    assert reset.use(token_sent(), OTHER) == world.account("alice")
    assert Account.proving("alice@exemple.invalid", OTHER)
    assert not Account.proving("alice@exemple.invalid", PASSWORD)
    assert session.find(here, IDLE) is None


def test_the_link_serves_once_and_ends_the_others(world):
    ask()
    first = token_sent()
    ask()
    reset.use(token_sent(), OTHER)
    for spent in (first, token_sent()):
        with pytest.raises(Refusal, match="bon une seule fois"):
            reset.use(spent, PASSWORD)


def test_the_link_is_good_for_an_hour(world):
    ask()
    with clock.moved(HOUR - timedelta(seconds=5)):
        assert reset.usable(token_sent())
    with clock.moved(HOUR + timedelta(seconds=5)), pytest.raises(Refusal):
        reset.use(token_sent(), OTHER)
    assert Account.proving("alice@exemple.invalid", PASSWORD)


@pytest.mark.parametrize("token", ["", "x" * 32])
def test_a_link_that_was_never_sent_opens_nothing(world, token):
    with pytest.raises(Refusal):
        reset.usable(token)


def test_a_weak_password_is_refused_and_the_link_still_serves(world):
    ask()
    with pytest.raises(Refusal) as refused:
        reset.use(token_sent(), "AliceExemple")
    assert refused.value.field == "password"
    assert reset.use(token_sent(), OTHER)


def test_asking_says_and_keeps_the_same_without_an_account_but_writes_no_letter(world):
    before = Notice.select().count()
    assert ask("nobody@exemple.invalid") is None
    assert Notice.select().count() == before
    assert ask() is None
    assert Notice.select().count() == before + 1


def test_the_token_is_not_in_the_row_that_waits_for_it(world):
    ask()
    assert token_sent() not in str(list(Reset.select().tuples()))


def test_asking_is_slowed_however_the_address_is_written(world):
    with pytest.raises(TooMany):
        for number in range(11):
            ask("alice@exemple.invalid" + " " * number, f"192.0.2.{number}")
