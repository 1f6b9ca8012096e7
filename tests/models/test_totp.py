"""Codes of an application: each serves once, about when it is shown."""

from datetime import datetime, timedelta

import pyotp
import pytest

from models import clock, factor, totp
from models.factor import Factor, Kind
from models.notice import Notice
from models.refusal import Refusal

STEP = timedelta(seconds=30)


@pytest.fixture
def alice(world):
    return world.account("alice")


@pytest.fixture(autouse=True)
def still():
    """In the middle of a step: the time that a test takes changes nothing."""
    seconds = clock.now().timestamp()
    with clock.moved(timedelta(seconds=15 - seconds % 30)):
        yield


def code(one, steps=0):
    return pyotp.TOTP(one.secret).at(clock.now() + steps * STEP)


def proved(account):
    return totp.prove(account, code(totp.begin(account)))


def test_the_values_of_the_standard(alice):
    """RFC 6238, appendix B, in six figures: those that applications show."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    one = Factor.create(account=alice, kind=Kind.TOTP, name=totp.NAME, secret=secret)
    for seconds, told in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        moment = datetime.fromtimestamp(seconds, clock.PARIS)
        with clock.moved(moment - clock.now()):
            assert totp.shown(one) == told


def test_it_serves_once_its_first_code_is_given(alice):
    one = totp.begin(alice)
    assert factor.kinds(alice) == {Kind.MAIL}
    assert totp.begin(alice) == one  # the page read again shows the same square
    with pytest.raises(Refusal) as refused:
        totp.prove(alice, "000000")
    assert refused.value.field == "code" and factor.kinds(alice) == {Kind.MAIL}
    shown = code(one)
    totp.prove(alice, f"{shown[:3]} {shown[3:]}")
    assert factor.kinds(alice) == {Kind.TOTP}
    assert Notice.select().order_by(Notice.id.desc()).get().subject.endswith("a été ajoutée")


def test_a_code_serves_once_and_none_before_it(alice):
    one = proved(alice)
    assert totp.fault(alice, code(one)) == totp.WRONG  # it has proved the application
    assert totp.fault(alice, code(one, 1)) is None
    assert totp.fault(alice, code(one, 1)) == totp.WRONG
    assert totp.fault(alice, code(one)) == totp.WRONG


def test_a_clock_half_a_minute_away_serves_and_no_further(alice):
    one = proved(alice)
    with clock.moved(timedelta(minutes=5)):
        assert totp.fault(alice, code(one, -2)) == totp.WRONG
        assert totp.fault(alice, code(one, 2)) == totp.WRONG
        assert totp.fault(alice, code(one, -1)) is None
        assert totp.fault(alice, code(one, 1)) is None


def test_another_application_takes_its_place(alice):
    old = proved(alice)
    with clock.moved(timedelta(minutes=1)):
        new = proved(alice)
        assert factor.of(alice) == [new] and new.secret != old.secret
        assert totp.fault(alice, code(old, 1)) == totp.WRONG
        assert totp.fault(alice, code(new, 1)) is None


def test_what_is_no_code_is_refused(alice, world):
    one = proved(alice)
    for typed in ("", "é", "１２３４５６", "12345", "1234567", code(one, 1) + " "):
        assert totp.fault(alice, typed) == totp.WRONG, typed
    assert totp.fault(world.account("carole"), code(one, 1)) == totp.WRONG


def test_its_address_is_what_applications_read(alice):
    one = totp.begin(alice)
    read = pyotp.parse_uri(totp.address(one, "Carnet des Exemples"))
    assert (read.secret, read.issuer) == (one.secret, "Carnet des Exemples")
    assert read.name == "alice@exemple.invalid" and (read.digits, read.interval) == (6, 30)


def test_one_begun_and_left_is_forgotten(alice):
    totp.begin(alice)
    with clock.moved(timedelta(hours=11)):
        assert factor.forget_unproved() == 0
    with clock.moved(timedelta(hours=13)):
        assert factor.forget_unproved() == 1
    proved(alice)
    with clock.moved(timedelta(days=400)):
        assert factor.forget_unproved() == 0


def test_one_installed_at_once_serves(alice):
    one = totp.install(alice)
    assert totp.fault(alice, code(one)) is None and totp.shown(one) == code(one)
