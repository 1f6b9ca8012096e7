"""The activation code: good once, for a while, and never told to who guesses."""

from datetime import timedelta

import pytest

from models import activation_code, clock
from models.activation import Step
from models.activation_code import ALPHABET
from models.attempt import TooMany
from models.database import database
from models.notice import Notice
from models.record import Record
from models.refusal import Refusal

from ..world import LINK, PASSWORD, enrolled
from .test_activation import BORN, answer_all, begin

DAY = timedelta(days=1)


def refusal(code, born=BORN, address="192.0.2.1"):
    with pytest.raises(Refusal) as refused:
        begin(code, born, address)
    return refused.value.sentence


def latest_code():
    letter = Notice.select().order_by(Notice.id.desc()).get()
    (line,) = [line for line in letter.body.splitlines() if line.startswith("    ")]
    return line.strip()


def test_a_code_has_twelve_characters_that_cannot_be_mistaken(world):
    code = enrolled().code
    assert len(code) == 12
    assert set(code) <= set(ALPHABET)
    assert not set(ALPHABET) & set("01OIL2Z5S8BUV")
    assert len(set(ALPHABET)) == len(ALPHABET) == 23


def test_the_database_keeps_no_code(world):
    code = enrolled(email="").code
    for table in database.get_tables():
        for row in database.execute_sql(f'SELECT * FROM "{table}"'):
            assert code not in str(row)


@pytest.mark.parametrize(
    "written", [str.lower, activation_code.spaced, lambda c: f" {c[:6]}-{c[6:]} "]
)
def test_a_code_is_good_however_it_is_copied(world, written):
    assert begin(written(enrolled().code)).step is Step.IDENTITY


def test_wrong_expired_and_used_codes_have_their_own_words(world):
    one, used = enrolled(), enrolled("other")
    answer_all(begin(used.code))
    assert refusal("A" * 12) == refusal(one.code, BORN + DAY) == activation_code.WRONG
    assert refusal(used.code) == activation_code.USED
    with clock.moved(42 * DAY):
        assert refusal(one.code) == activation_code.EXPIRED
        assert refusal(used.code) == activation_code.USED
    with clock.moved(41 * DAY):
        assert begin(one.code)


def test_a_record_that_was_objected_to_is_not_activated(world):
    one = enrolled()
    Record.update(objected_at=clock.now()).where(Record.id == one.record.id).execute()
    assert refusal(one.code) == activation_code.OBJECTED


def test_another_code_ends_the_one_before_and_keeps_the_answers(world):
    one = enrolled()
    answers = begin(one.code)
    answers.confirm()
    answers.choose_credentials("nadia@exemple.invalid", PASSWORD)
    activation_code.ask_again(one.record.member_number, BORN, "192.0.2.1", LINK, 42)
    assert refusal(one.code) == activation_code.EXPIRED
    resumed = begin(latest_code())
    assert (resumed.step, resumed.email) == (Step.TERMS, "nadia@exemple.invalid")


def test_asking_for_a_code_does_the_same_for_a_member_and_for_nobody(world):
    one = enrolled()
    before = Notice.select().count()
    told = [
        activation_code.ask_again(number, born, "192.0.2.1", LINK, 42)
        for number, born in (
            ("nobody", BORN),
            (one.record.member_number, BORN + DAY),
            ("A-1", BORN),
        )
    ]
    assert told == [None, None, None]
    assert Notice.select().count() == before
    assert activation_code.ask_again(one.record.member_number, BORN, "192.0.2.1", LINK, 42) is None
    assert Notice.select().count() == before + 1


def test_asking_is_slowed_however_the_number_is_written(world):
    one = enrolled()
    with pytest.raises(TooMany):
        for number in range(11):
            written = one.record.member_number + " " * number
            activation_code.ask_again(written, BORN, f"192.0.2.{number}", LINK, 42)


def test_ten_failures_slow_the_code_down_from_any_address(world):
    one = enrolled()
    for number in range(10):
        assert refusal(one.code, BORN + DAY, f"192.0.2.{number}") == activation_code.WRONG
    assert "Trop d'essais" in refusal(one.code, BORN, "192.0.2.99")
    with clock.moved(timedelta(seconds=61)):
        assert begin(one.code, BORN, "192.0.2.99")


def test_ten_failures_slow_the_address_down_for_any_code(world):
    for number in range(10):
        assert refusal(f"{number:A>12}") == activation_code.WRONG
    assert "Trop d'essais" in refusal(enrolled().code)
    assert begin(enrolled("other").code, BORN, "192.0.2.2")
