"""Sessions: rows that end, idle or old, one by one or all at once."""

from datetime import timedelta

import pytest

from models import account, clock, factor, session
from models.attempt import TooMany
from models.refusal import Refusal
from models.session import Session

from ..client import letter_code
from ..world import PASSWORD

IDLE = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)
OTHER = "lanterne-abricot-vélo-31"


def sign_in(email="alice@exemple.invalid", secret=PASSWORD, address="192.0.2.1"):
    """By her password, and the code that she received."""
    token = session.sign_in(email, secret, "Navigateur fictif", address)
    return factor.give(session.half(token, IDLE), token, letter_code(email.strip().lower()))


def refusal(*told):
    with pytest.raises(Refusal) as refused:
        email, secret, address = (*told, "192.0.2.1")[:3]
        session.sign_in(email, secret, "Navigateur fictif", address)
    return refused.value.sentence


def test_the_right_password_opens_a_session_whose_secret_is_not_kept(world):
    token = sign_in(" Alice@Exemple.invalid ")
    found = session.find(token, IDLE)
    assert found.account.name == "Alice Exemple"
    assert token not in str(list(Session.select().tuples()))


def test_the_words_are_the_same_whatever_was_wrong(world):
    wrong = refusal("alice@exemple.invalid", "mauvais mot de passe")
    assert wrong == refusal("nobody@exemple.invalid", PASSWORD) == session.WRONG


def test_a_token_that_was_never_given_opens_nothing(world):
    assert session.find("", IDLE) is None
    assert session.find("x" * 43, IDLE) is None


def test_an_idle_session_ends(world):
    token = sign_in()
    with clock.moved(IDLE - MINUTE):
        assert session.find(token, IDLE)  # which counts as being there
    with clock.moved(2 * IDLE - 2 * MINUTE):
        assert session.find(token, IDLE)
    with clock.moved(3 * IDLE):
        assert session.find(token, IDLE) is None


def test_a_session_ends_after_twelve_hours_even_when_it_is_used(world):
    token = sign_in()
    for quarters in range(48):
        with clock.moved(quarters * 15 * MINUTE):
            assert session.find(token, IDLE)
    with clock.moved(timedelta(hours=12, seconds=1)):
        assert session.find(token, IDLE) is None


def test_being_there_is_written_at_most_once_a_minute(world):
    token = sign_in()
    started = session.find(token, IDLE).seen_at
    with clock.moved(timedelta(seconds=50)):
        assert session.find(token, IDLE).seen_at == started
    with clock.moved(timedelta(seconds=70)):
        assert session.find(token, IDLE).seen_at > started


def test_an_ended_session_stays_ended(world):
    token = sign_in()
    session.find(token, IDLE).end()
    assert session.find(token, IDLE) is None
    assert session.of(world.account("alice"), IDLE) == []


def test_a_session_is_known_whatever_became_of_it(world):
    mine = session.find(sign_in(), IDLE)
    mine.end()
    with clock.moved(timedelta(days=30)):
        assert session.known(mine.uid).account.name == "Alice Exemple"
    assert session.known("A" * 16) is None


def test_one_ends_one_s_own_sessions_only(world):
    mine = session.find(sign_in(), IDLE)
    assert session.end_one(world.account("carole"), mine.uid) is None
    assert [one.uid for one in session.of(world.account("alice"), IDLE)] == [mine.uid]
    assert session.end_one(world.account("alice"), mine.uid) == mine
    assert session.of(world.account("alice"), IDLE) == []


def test_changing_the_password_signs_the_other_devices_out(world):
    here, there, carole = sign_in(), sign_in(), sign_in("carole@exemple.invalid")
    session.change_password(session.find(here, IDLE), PASSWORD, OTHER)
    assert session.find(here, IDLE)
    assert session.find(there, IDLE) is None
    assert session.find(carole, IDLE)
    assert refusal("alice@exemple.invalid", PASSWORD) == session.WRONG
    assert sign_in(secret=OTHER)


def test_changing_the_password_asks_for_the_present_one_ten_times_at_most(world):
    mine = session.find(sign_in(), IDLE)
    for _ in range(10):
        with pytest.raises(Refusal) as refused:
            session.change_password(mine, "pas le bon", OTHER)
        assert refused.value.field == "current"
    with pytest.raises(TooMany):
        session.change_password(mine, PASSWORD, OTHER)
    assert account.Account.proving("alice@exemple.invalid", PASSWORD)


def test_ten_failures_slow_the_account_down_however_the_address_is_written(world):
    for number in range(10):
        written = " " * number + "Alice@exemple.invalid"
        assert refusal(written, "mauvais", f"192.0.2.{number}") == session.WRONG
    assert "Trop d'essais" in refusal("alice@exemple.invalid", PASSWORD, "192.0.2.99")
    with clock.moved(61 * timedelta(seconds=1)):
        assert sign_in(address="192.0.2.99")


def test_signing_in_from_elsewhere_does_not_open_an_address_that_guesses(world):
    for number in range(50):
        refusal(f"nobody-{number}@exemple.invalid", "mauvais", "192.0.2.1")
    assert "Trop d'essais" in refusal("alice@exemple.invalid", PASSWORD, "192.0.2.1")
    assert sign_in(address="192.0.2.2")


def test_old_sessions_are_forgotten_after_a_year(world):
    sign_in()
    assert session.forget_old() == 0
    with clock.moved(timedelta(days=366)):
        assert session.forget_old() == 1
