"""A code by e-mail: without it, on a device that is not known, the password opens nothing."""

import re
from datetime import timedelta
from threading import Thread

import pytest

from models import clock, factor, mail_code, reset, session
from models.attempt import TooMany
from models.database import database
from models.mail_code import SignInCode
from models.notice import Notice
from models.refusal import Refusal
from models.session import Session

from ..world import PASSWORD, RESET_LINK

IDLE = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)
ALICE = "alice@exemple.invalid"
OTHER = "lanterne-abricot-vélo-31"


def begin(email=ALICE, secret=PASSWORD):
    """The half session, and its token."""
    token = session.sign_in(email, secret, "Firefox sur Linux", "192.0.2.1")
    return session.half(token, IDLE), token


def again(world):
    """The same without its password, which takes time to verify."""
    token = session.begin(world.account("alice"), "Firefox sur Linux")
    return session.half(token, IDLE), token


def code():
    letters = Notice.select().where(Notice.subject == mail_code.SUBJECT)
    letter = letters.order_by(Notice.id.desc()).get()
    assert (letter.recipient, letter.bulk) == (ALICE, False)
    return re.search(r"\d{3} \d{3}", letter.body)[0]


def wrong(right):
    return f"{(int(right.replace(' ', '')) + 1) % 10**6:06}"


def refused(half, token, typed):
    with pytest.raises(Refusal) as told:
        factor.give(half, token, typed)
    return told.value.sentence


def test_the_password_alone_opens_nothing(world):
    half, token = begin()
    assert half.account.name == "Alice Exemple" and not half.whole
    assert session.find(token, IDLE) is None
    assert session.of(half.account, IDLE) == []
    assert session.half(session.start(world.account("carole"), "x"), IDLE) is None


def test_the_code_makes_it_whole_once_under_another_token(world):
    half, token = begin()
    right = code()
    renewed = factor.give(half, token, right)
    assert renewed != token and session.find(token, IDLE) is session.half(token, IDLE) is None
    whole = session.find(renewed, IDLE)
    assert whole.id == half.id and whole.whole and session.half(renewed, IDLE) is None
    assert [one.uid for one in session.of(whole.account, IDLE)] == [half.uid]
    for each in (token, renewed):
        assert refused(half, each, right) == mail_code.NONE
    assert world.account("alice").email_proved_at


def test_neither_the_code_nor_the_token_is_kept(world):
    half, token = begin()
    kept = str([*SignInCode.select().tuples(), *Session.select().tuples()])
    assert token not in kept and code().replace(" ", "") not in kept
    assert half.device in Notice.get(Notice.subject == mail_code.SUBJECT).body


@pytest.mark.parametrize("shape", ["{}", " {} ", "{0[0]}\u00a0{0[1]}", "{0[0]}{0[1]}"])
def test_it_is_typed_with_or_without_spaces(world, shape):
    half, token = again(world)
    assert factor.give(half, token, shape.format(code().split() if "0" in shape else code()))


@pytest.mark.parametrize("typed", ["", "x", "é\u0301", "\x00", "12345", "١٢٣٤٥٦", "-1"])
def test_what_is_no_code_is_a_wrong_one(world, typed):
    half, token = again(world)
    assert refused(half, token, typed) == mail_code.WRONG


def test_five_wrong_tries_void_it_and_the_right_one_comes_too_late(world):
    half, token = again(world)
    right = code()
    said = [refused(half, token, wrong(right)) for _ in range(5)]
    assert said == [mail_code.WRONG] * 4 + [mail_code.VOID]
    assert refused(half, token, right) == mail_code.VOID
    mail_code.send(half, token)
    assert factor.give(half, token, code())


def test_it_serves_for_ten_minutes(world):
    half, token = again(world)
    right = code()
    with clock.moved(10 * MINUTE):
        assert refused(half, token, right) == mail_code.OLD
    with clock.moved(9 * MINUTE):
        assert factor.give(half, token, right)


def test_a_new_one_voids_the_one_before(world):
    half, token = again(world)
    first = code()
    mail_code.send(half, token)
    second = code()
    if first != second:
        assert refused(half, token, first) == mail_code.WRONG
    assert SignInCode.select().count() == 1
    assert factor.give(half, token, second)


def test_the_code_of_one_session_is_not_that_of_another(world):
    """Of the same person, sent a second before: each browser has its own."""
    mine, my_token = again(world)
    my_code = code()
    theirs, their_token = again(world)
    their_code = code()
    assert my_code == their_code or refused(theirs, their_token, my_code) == mail_code.WRONG
    # Nor is a row of the table good for whoever has another token.
    assert refused(mine, their_token, my_code) == mail_code.WRONG
    assert factor.give(mine, my_token, my_code)
    assert session.half(their_token, IDLE)


def test_many_sessions_give_no_more_tries(world):
    """Whoever has the password opens as many as she likes: ten wrong codes a day, then waits."""
    tried = 0
    with pytest.raises(TooMany):
        while True:
            half, token = again(world)
            right = code()
            for _ in range(3):
                with pytest.raises(Refusal) as told:
                    factor.give(half, token, wrong(right))
                if isinstance(told.value, TooMany):
                    raise told.value
                tried += 1
    assert tried == 10
    assert isinstance_too_many(half, token, right)
    with clock.moved(2 * MINUTE):
        assert factor.give(half, token, right)
        # Its owner coming in gives no ten more.
        half, token = again(world)
        right = code()
        assert refused(half, token, wrong(right)) == mail_code.WRONG
        assert isinstance_too_many(half, token, right)


def isinstance_too_many(half, token, typed):
    with pytest.raises(TooMany):
        factor.give(half, token, typed)
    return True


def test_letters_are_not_sent_without_end(world):
    half, token = again(world)
    for _ in range(9):
        mail_code.send(half, token)
    before = SignInCode.get().code_hash, Notice.select().count(), Session.select().count()
    with pytest.raises(TooMany):
        mail_code.send(half, token)
    with pytest.raises(TooMany):
        again(world)
    now = SignInCode.get().code_hash, Notice.select().count(), Session.select().count()
    assert now == before
    factor.give(half, token, code())
    assert again(world)


def test_two_tabs_at_once_make_one_session_and_six_tries_at_once_are_five(world):
    half, token = again(world)
    right = code()
    assert sorted(at_once(half, token, [right] * 4)) == sorted(["", *[mail_code.NONE] * 3])
    half, token = again(world)
    right = code()
    said = at_once(half, token, [wrong(right)] * 8)
    assert said.count(mail_code.WRONG) == 4 and said.count(mail_code.VOID) == 4
    assert SignInCode.get().tries == 5


def at_once(half, token, codes):
    told = []

    def confirm(typed):
        database.connect(reuse_if_open=True)
        try:
            factor.give(half, token, typed)
            told.append("")
        except Refusal as refusal:
            told.append(refusal.sentence)
        finally:
            database.close()

    threads = [Thread(target=confirm, args=(typed,)) for typed in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def test_a_half_session_ends_as_others_do(world):
    half, token = again(world)
    with clock.moved(IDLE):
        assert session.half(token, IDLE) is None
    half.end()
    assert session.half(token, IDLE) is None
    assert refused(half, token, code()) == session.OVER
    assert SignInCode.select().count() == 1


def test_changing_the_password_does_not_spare_the_second_factor(world):
    half, token = again(world)
    alice = world.account("alice")
    reset.ask(ALICE, "192.0.2.1", lambda given: f"{RESET_LINK}/{given}")
    letter = Notice.select().order_by(Notice.id.desc()).get()
    for _ in range(5):
        refused(half, token, "x")
    mail_code.send(half, token)
    for _ in range(4):
        refused(half, token, "x")
    reset.use(letter.body.split(f"{RESET_LINK}/")[1].split()[0], OTHER)
    assert session.half(token, IDLE) is None
    half, token = begin(secret=OTHER)
    assert session.find(token, IDLE) is None and session.of(alice, IDLE) == []
    for _ in range(4):  # the wrong tries of before are forgiven
        assert refused(half, token, "x") == mail_code.WRONG


def test_before_what_matters_most_it_is_asked_again_and_the_token_changes(world):
    token = session.start(world.account("alice"), "Firefox sur Linux")
    assert session.find(token, IDLE).sure
    with clock.moved(session.SURE_FOR):
        one = session.find(token, IDLE)
        assert one.whole and not one.sure
        factor.ask(one, token)
        factor.ask(one, token)  # one that serves is on its way
        assert Notice.select().where(Notice.subject == mail_code.SUBJECT).count() == 1
        renewed = factor.give(one, token, code())
        assert session.find(token, IDLE) is None and session.find(renewed, IDLE).sure


def test_codes_of_old_are_forgotten(world):
    again(world)
    assert mail_code.forget_old() == 0
    with clock.moved(21 * MINUTE):
        assert mail_code.forget_old() == 1
