"""Attempts: ten are free, then one waits, longer and longer; the database remembers."""

from datetime import timedelta

import pytest

from models import attempt, clock
from models.attempt import Attempt, TooMany
from models.database import database

MINUTE = timedelta(minutes=1)


def fail(times, door="sign-in:alice@exemple.invalid"):
    for _ in range(times):
        attempt.failed(door)


def is_slowed(door="sign-in:alice@exemple.invalid"):
    try:
        attempt.allow(door)
    except TooMany:
        return True
    return False


def test_ten_failures_are_free_and_the_eleventh_try_waits(world):
    fail(9)
    assert not is_slowed()
    fail(1)
    assert is_slowed()
    with pytest.raises(TooMany, match="attendez 1 minute puis"):
        attempt.allow("sign-in:alice@exemple.invalid")


@pytest.mark.parametrize("more, minutes", [(0, 1), (1, 2), (2, 4), (5, 32), (6, 60), (300, 60)])
def test_the_wait_doubles_up_to_an_hour(world, more, minutes):
    fail(10 + more)
    with clock.moved(minutes * MINUTE - timedelta(seconds=5)):
        assert is_slowed()
    with clock.moved(minutes * MINUTE + timedelta(seconds=1)):
        assert not is_slowed()


def test_a_new_connection_forgets_nothing(world):
    fail(10)
    database.close()
    assert is_slowed()


def test_a_door_is_the_same_whatever_the_case_and_no_other_is_slowed(world):
    fail(10, "sign-in:ALICE@exemple.invalid")
    assert is_slowed()
    assert not is_slowed("sign-in:carole@exemple.invalid")


def test_any_slowed_door_is_enough(world):
    fail(50, "sign-in-from:192.0.2.1")
    with pytest.raises(TooMany):
        attempt.allow("sign-in:alice@exemple.invalid", "sign-in-from:192.0.2.1")


def test_succeeding_opens_this_door_only(world):
    fail(10)
    fail(50, "sign-in-from:192.0.2.1")
    attempt.succeeded("sign-in:alice@exemple.invalid")
    assert not is_slowed()
    assert is_slowed("sign-in-from:192.0.2.1")


def test_after_a_day_nothing_is_held_against_anyone(world):
    fail(300)
    with clock.moved(timedelta(hours=24, seconds=1)):
        assert not is_slowed()
        assert attempt.forget_old() >= 300
    assert Attempt.select().count() == 0


def test_the_database_does_not_keep_who_was_tried(world):
    fail(1)
    assert "alice" not in Attempt.select().order_by(Attempt.id.desc()).get().key
