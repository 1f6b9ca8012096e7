"""Activation: the code proves, the answers are kept, and nothing said tells who is a member."""

from datetime import date

import pytest

from models import activation
from models.access import Role, find
from models.account import Account
from models.activation import Activation, Step
from models.document import Document
from models.record import Record, State
from models.refusal import Refusal

from ..world import PASSWORD, enrolled

BORN = date(1960, 1, 31)


def begin(code, born=BORN, address="192.0.2.1"):
    return activation.begin(code, born, address)


def answer_all(answers, email="nadia@exemple.invalid", masked=False, emergency=False):
    answers.confirm()
    answers.choose_credentials(email, PASSWORD)
    answers.accept_terms()
    answers.choose_visibility(masked=masked)
    return answers.choose_emergency(allowed=emergency)


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


@pytest.mark.parametrize("allowed", [True, False])
def test_one_answer_about_emergencies_is_for_everyone_and_never_for_what_is_masked(world, allowed):
    one = enrolled()
    answer_all(begin(one.code), emergency=allowed)
    record = Record.get_by_id(one.record.id)
    assert record.emergency_samu is record.emergency_others is allowed
    assert record.emergency_masked is False


def test_choosing_to_mask_masks_what_was_there_before_and_what_comes(world):
    one = enrolled()
    account = answer_all(begin(one.code), masked=True)
    access = find(account, one.record.uid)
    assert access.record.masked_by_default
    assert access.documents().where(Document.masked).count() == 0


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
