"""Devices: known by a token that they keep, trusted for a while, forgotten."""

from datetime import timedelta

import pytest

from models import clock, device, session
from models.device import Device
from models.notice import Notice

IDLE = timedelta(minutes=30)
NAME = "Firefox sur Windows"


@pytest.fixture
def alice(world):
    return world.account("alice")


def learned(account, name=NAME):
    return device.learn(account, name)


def at(account, tokens=(), trusted=False):
    """A session on the device that keeps these tokens, and the token to keep there."""
    one = session.find(session.start(account, NAME), IDLE)
    kept = session.recognise(one, trusted, tokens)
    return session.Session.get_by_id(one.id), kept


def test_a_device_is_known_by_its_token_and_to_its_account_alone(alice, world):
    made, token = learned(alice)
    assert device.known(alice, [token]) == device.known(alice, ["x", token, ""]) == made
    assert device.known(alice, []) is device.known(alice, ["x"]) is None
    assert device.known(world.account("carole"), [token]) is None
    assert token not in str(list(Device.select().tuples()))


def test_a_new_one_is_told_once(alice):
    def told():
        return Notice.select().where(Notice.subject.startswith("Une connexion depuis")).count()

    one, token = at(alice)
    assert token and one.known_device.name == NAME and told() == 1
    again, more = at(alice, [token])
    assert more is None and again.known_device == one.known_device and told() == 1


def test_a_trusted_one_is_for_ninety_days(alice):
    one, token = at(alice, trusted=True)
    for days, whole in ((0, True), (89, True), (91, False)):
        with clock.moved(timedelta(days=days)):
            begun = session.begin(alice, NAME, [token])
            assert (session.find(begun, IDLE) is not None) is whole, days
    _, token = at(alice)
    assert session.find(session.begin(alice, NAME, [token]), IDLE) is None  # known, not trusted


def test_a_trusted_one_is_not_sure_for_what_matters_most(alice):
    _, token = at(alice, trusted=True)
    assert not session.find(session.begin(alice, NAME, [token]), IDLE).sure


def test_the_office_trusts_none(world):
    diane = world.account("diane")
    _, token = at(diane, trusted=True)
    assert session.find(session.begin(diane, NAME, [token]), IDLE) is None


def test_a_forgotten_one_is_signed_out_and_a_stranger(alice, world):
    one, token = at(alice, trusted=True)
    other, _ = at(alice)
    uid = one.known_device.uid
    assert device.forget(world.account("carole"), uid) is None
    assert device.forget(alice, uid).name == NAME
    assert device.forget(alice, uid) is None
    assert [live.id for live in session.of(alice, IDLE)] == [other.id]
    assert device.known(alice, [token]) is None
    assert session.find(session.begin(alice, NAME, [token]), IDLE) is None


def test_all_are_forgotten_and_no_one_else_s(alice, world):
    at(alice), at(alice), at(world.account("carole"))
    device.forget_all(alice)
    assert device.of(alice) == [] and len(device.of(world.account("carole"))) == 1


def test_the_latest_seen_comes_first(alice):
    first, token = at(alice)
    with clock.moved(timedelta(minutes=1)):
        second, _ = at(alice)
    assert [one.id for one in device.of(alice)] == [second.device_id, first.device_id]
    with clock.moved(timedelta(minutes=2)):
        at(alice, [token])
    assert device.of(alice)[0].id == first.device_id


def test_one_unused_for_a_year_is_forgotten(alice):
    made, token = learned(alice, "x" * 500)
    assert len(made.name) == device.LONGEST_NAME
    with clock.moved(timedelta(days=364)):
        assert device.forget_old() == 0 and device.known(alice, [token])
    with clock.moved(timedelta(days=366)):
        assert device.known(alice, [token]) is None and device.forget_old() == 1
