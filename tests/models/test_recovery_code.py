"""Recovery codes: ten on paper, each good once."""

from datetime import timedelta

import pytest

from models import factor, recovery_code, session, totp
from models.attempt import TooMany
from models.notice import Notice
from models.recovery_code import RecoveryCode
from models.refusal import Refusal

IDLE = timedelta(minutes=30)


@pytest.fixture
def alice(world):
    return world.account("alice")


def typed(code):
    return code.replace(" ", "")


def fault(account, code):
    return recovery_code.fault(account, recovery_code.found(account, code))


def last_letter():
    return Notice.select().order_by(Notice.id.desc()).get()


def test_ten_are_made_told_and_not_kept(alice):
    codes = recovery_code.make(alice)
    assert len(set(codes)) == 10 and recovery_code.left(alice) == 10
    assert all(len(typed(code)) == recovery_code.LENGTH for code in codes)
    kept = str(list(RecoveryCode.select().tuples()))
    assert not any(code in kept or typed(code) in kept for code in codes)
    assert last_letter().subject == "De nouveaux codes de secours"
    assert not any(code in last_letter().body for code in codes)


def test_each_serves_once_and_it_is_told(alice):
    codes = recovery_code.make(alice)
    for left, code in zip(range(9, -1, -1), codes, strict=True):
        assert fault(alice, typed(code)) is None
        assert fault(alice, typed(code)) == recovery_code.WRONG
        assert recovery_code.left(alice) == left
        assert f"Il en reste {left}." in last_letter().body
        assert ("Faites-en d'autres" in last_letter().body) == (left <= recovery_code.FEW)


def test_those_of_before_and_of_others_serve_no_more(alice, world):
    old = recovery_code.make(alice)[0]
    recovery_code.make(alice)
    other = recovery_code.make(world.account("carole"))[0]
    for code in (typed(old), typed(other), "", "A" * 11, "A" * 12, "é" * 12, "A" * 5000):
        assert fault(alice, code) == recovery_code.WRONG
    assert recovery_code.left(alice) == 10


def half(account):
    token = session.begin(account, "Navigateur fictif")
    return session.half(token, IDLE), token


def test_one_is_given_in_the_place_of_any_factor_however_it_is_typed(alice):
    by_mail, by_application = recovery_code.make(alice)[:2]
    one, token = half(alice)
    assert session.find(factor.give(one, token, by_mail.lower()), IDLE)
    totp.install(alice)
    one, token = half(alice)
    assert session.find(factor.give(one, token, by_application.replace(" ", " - ")), IDLE)


def test_ten_wrong_ones_wait(alice):
    good = recovery_code.make(alice)[0]
    one, token = half(alice)
    for _ in range(10):
        with pytest.raises(Refusal) as refused:
            factor.give(one, token, "AAAA BBBB CCCC")
        assert refused.value.sentence == recovery_code.WRONG
    with pytest.raises(TooMany):
        factor.give(one, token, good)
    assert recovery_code.left(alice) == 10
