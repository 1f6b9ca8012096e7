"""Activation: the code proves, the answers are kept, and nothing said tells who is a member."""

from datetime import date, timedelta

import pytest

from models import activation, clock
from models.access import Role, find
from models.account import Account
from models.activation import ALPHABET, Activation, Step
from models.attempt import TooMany
from models.database import database
from models.document import Document
from models.notice import Notice
from models.record import Record, State
from models.refusal import Refusal

from ..world import LINK, PASSWORD, enrolled

BORN = date(1960, 1, 31)
DAY = timedelta(days=1)


def begin(code, born=BORN, address="192.0.2.1"):
    return activation.begin(code, born, address)


def refusal(code, born=BORN, address="192.0.2.1"):
    with pytest.raises(Refusal) as refused:
        begin(code, born, address)
    return refused.value.sentence


def answer_all(answers, email="nadia@exemple.invalid", masked=False):
    answers.confirm()
    answers.choose_credentials(email, PASSWORD)
    answers.accept_terms()
    answers.choose_visibility(masked=masked)
    return answers.choose_emergency(allowed=False)


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


@pytest.mark.parametrize("written", [str.lower, activation.spaced, lambda c: f" {c[:6]}-{c[6:]} "])
def test_a_code_is_good_however_it_is_copied(world, written):
    assert begin(written(enrolled().code)).step is Step.IDENTITY


def test_activating_makes_the_record_hers(world):
    one = enrolled()
    account = answer_all(begin(one.code), "  Nadia@Exemple.invalid ")
    record = Record.get_by_id(one.record.id)
    assert record.state is State.ACTIVATED
    assert record.opened_at and record.emergency_allowed is False
    assert account.email == "nadia@exemple.invalid"
    assert find(account, record.uid).role == Role.HOLDER
    assert Account.proving("nadia@exemple.invalid", PASSWORD) == account
    assert Activation.select().count() == 0


def test_choosing_to_mask_masks_what_was_there_before_and_what_comes(world):
    one = enrolled()
    account = answer_all(begin(one.code), masked=True)
    access = find(account, one.record.uid)
    assert access.record.masked_by_default
    assert access.documents().where(Document.masked).count() == 0


def test_wrong_expired_and_used_codes_have_their_own_words(world):
    one, used = enrolled(), enrolled("other")
    answer_all(begin(used.code))
    assert refusal("A" * 12) == refusal(one.code, BORN + DAY) == activation.WRONG
    assert refusal(used.code) == activation.USED
    with clock.moved(42 * DAY):
        assert refusal(one.code) == activation.EXPIRED
        assert refusal(used.code) == activation.USED
    with clock.moved(41 * DAY):
        assert begin(one.code)


def test_a_record_that_was_objected_to_is_not_activated(world):
    one = enrolled()
    Record.update(objected_at=clock.now()).where(Record.id == one.record.id).execute()
    assert refusal(one.code) == activation.EXPIRED


def test_another_code_ends_the_one_before_and_keeps_the_answers(world):
    one = enrolled()
    answers = begin(one.code)
    answers.confirm()
    answers.choose_credentials("nadia@exemple.invalid", PASSWORD)
    activation.ask_again(one.record.member_number, BORN, "192.0.2.1", LINK, 42)
    assert refusal(one.code) == activation.EXPIRED
    resumed = begin(latest_code())
    assert (resumed.step, resumed.email) == (Step.TERMS, "nadia@exemple.invalid")


def test_asking_for_a_code_does_the_same_for_a_member_and_for_nobody(world):
    one = enrolled()
    before = Notice.select().count()
    told = [
        activation.ask_again(number, born, "192.0.2.1", LINK, 42)
        for number, born in (
            ("nobody", BORN),
            (one.record.member_number, BORN + DAY),
            ("A-1", BORN),
        )
    ]
    assert told == [None, None, None]
    assert Notice.select().count() == before
    assert activation.ask_again(one.record.member_number, BORN, "192.0.2.1", LINK, 42) is None
    assert Notice.select().count() == before + 1


def test_asking_is_slowed_however_the_number_is_written(world):
    one = enrolled()
    with pytest.raises(TooMany):
        for number in range(11):
            written = one.record.member_number + " " * number
            activation.ask_again(written, BORN, f"192.0.2.{number}", LINK, 42)


def test_ten_failures_slow_the_code_down_from_any_address(world):
    one = enrolled()
    for number in range(10):
        assert refusal(one.code, BORN + DAY, f"192.0.2.{number}") == activation.WRONG
    assert "Trop d'essais" in refusal(one.code, BORN, "192.0.2.99")
    with clock.moved(timedelta(seconds=61)):
        assert begin(one.code, BORN, "192.0.2.99")


def test_ten_failures_slow_the_address_down_for_any_code(world):
    for number in range(10):
        assert refusal(f"{number:A>12}") == activation.WRONG
    assert "Trop d'essais" in refusal(enrolled().code)
    assert begin(enrolled("other").code, BORN, "192.0.2.2")


@pytest.mark.parametrize(
    "email", ["alice", "alice@exemple", "a@[exemple.invalid", "a b@exemple.fr"]
)
def test_an_address_no_letter_would_reach_is_refused(world, email):
    answers = begin(enrolled().code)
    with pytest.raises(Refusal) as refused:
        answers.choose_credentials(email, PASSWORD)
    assert refused.value.field == "email"
    assert answers.step is Step.IDENTITY


def test_an_address_that_is_already_someone_s_is_refused_even_at_the_last_question(world):
    first, second = enrolled(), enrolled("other")
    late = begin(second.code)
    late.confirm()
    late.choose_credentials("nadia@exemple.invalid", PASSWORD)
    answer_all(begin(first.code))
    with pytest.raises(Refusal, match="sert déjà"):
        begin(enrolled("third").code).choose_credentials(" NADIA@exemple.invalid", PASSWORD)
    late.accept_terms()
    late.choose_visibility(masked=False)
    with pytest.raises(Refusal, match="sert déjà"):
        late.choose_emergency(allowed=True)
    assert Record.get_by_id(second.record.id).state is State.ANNOUNCED


def test_a_password_made_of_who_she_is_is_refused(world):
    answers = begin(enrolled().code)
    with pytest.raises(Refusal) as refused:
        answers.choose_credentials("nadia@exemple.invalid", "NadiaFictive31011960")
    assert refused.value.field == "password"
