"""A record that has nobody is confided by the office, to the right person and to no other."""

from datetime import timedelta

import pytest

from models import access, activation, activation_code, admission, clock, handover, majority
from models.access import Role
from models.activation_code import EXPIRED
from models.journal import Act, Entry
from models.notice import Notice
from models.record import Record
from models.refusal import Refusal

from ..minors import EMAIL, activated, aged, enrolled_child, invited_parent, second
from ..world import LINK, enrolled

DAY = timedelta(days=1)


def born_to_be_18_in(days):
    return clock.months_later(clock.today(), -216) + days * DAY


def uids(records):
    return [one.uid for one in records]


@pytest.fixture
def left(world):
    """A child's record that its last parent has left."""
    parent = activated(world)
    admission.leave(parent)
    return Record.get_by_id(parent.record_id)


def test_an_ordinary_member_who_has_not_activated_yet_is_not_among_them(world):
    enrolled()
    enrolled_child()
    assert handover.waiting() == handover.soon() == []


def test_the_code_is_shown_and_written_to_nobody(world, left):
    before = Notice.select().count()
    code = handover.prepare(world.office, left, LINK, 42)
    assert len(code) == 12 and Notice.select().count() == before
    assert Entry.select().where(Entry.act == Act.MADE_ACTIVATION_CODE.value).get().role == "office"


def test_another_parent_activates_it_and_is_asked_everything_again(world, left):
    answers = activation.begin(
        handover.prepare(world.office, left, LINK, 42), left.birth_date, "test"
    )
    assert answers.step is activation.Step.IDENTITY
    answers.confirm()
    answers.choose_account(world.account("bruno"))
    answers.accept_terms()
    answers.choose_visibility(masked=True)
    answers.choose_emergency(allowed=False)
    made = access.find(world.account("bruno"), left.uid)
    assert made.role == Role.REPRESENTATIVE and made.record.masked_by_default
    assert handover.waiting() == []
    with pytest.raises(Refusal):
        handover.prepare(world.office, left, LINK, 42)


def test_each_code_ends_the_one_before(world, left):
    first = handover.prepare(world.office, left, LINK, 42)
    handover.prepare(world.office, left, LINK, 42)
    with pytest.raises(Refusal, match=EXPIRED[:20]):
        activation.begin(first, left.birth_date, "test")


def test_a_record_that_someone_holds_or_that_is_closed_is_confided_to_nobody(world, left):
    parent = activated(world, member_number="other")
    with pytest.raises(Refusal):
        handover.prepare(world.office, parent.record, LINK, 42)
    assert handover.find(parent.record.uid) is None
    Record.update(closed_at=clock.now()).where(Record.id == left.id).execute()
    assert handover.find(left.uid) is None
    with pytest.raises(Refusal):
        handover.prepare(world.office, left, LINK, 42)


def test_those_who_will_be_18_within_three_months_are_told_of(world):
    parent = activated(world, born=born_to_be_18_in(80))
    activated(world, "alice", born=aged(16), member_number="younger")
    second(world, parent)
    assert uids(handover.soon()) == [parent.record.uid]
    assert handover.find(parent.record.uid)


@pytest.mark.parametrize("email", ["", "noe", "carole@exemple.invalid", "Bruno@exemple.invalid"])
def test_an_address_that_is_not_one_or_is_a_parent_s_is_refused(world, email):
    parent = activated(world, born=born_to_be_18_in(80))
    invited_parent(parent)
    with pytest.raises(Refusal) as refused:
        handover.note_address(world.office, parent.record, email, LINK, 42)
    assert refused.value.field == "email"


def test_the_address_of_a_child_is_not_taken_years_before(world):
    parent = activated(world)
    with pytest.raises(Refusal, match="trop tôt"):
        handover.note_address(world.office, parent.record, "noe@exemple.invalid", LINK, 42)


def test_a_parent_who_comes_by_that_address_later_gets_no_code_there(world):
    parent = activated(world, born=born_to_be_18_in(10))
    handover.note_address(world.office, parent.record, "bruno@exemple.invalid", LINK, 42)
    second(world, parent)
    before = Notice.select().count()
    with clock.moved(11 * DAY):
        majority.come_of_age(LINK, 42)
    told = [one.body for one in Notice.select().offset(before)]
    assert not [body for body in told if LINK in body]


def test_an_address_noted_afterwards_gets_a_code_at_once(world):
    parent = activated(world, born=born_to_be_18_in(10))
    with clock.moved(11 * DAY):
        majority.come_of_age(LINK, 42)
        record = handover.find(parent.record.uid)
        assert handover.note_address(world.office, record, "noe@exemple.invalid", LINK, 42)
        letter = Notice.select().order_by(Notice.id.desc()).get()
    assert letter.recipient == "noe@exemple.invalid" and LINK in letter.body


def test_a_code_asked_for_goes_to_no_one_s_address_but_her_own(world):
    assert handover.address_of(enrolled_child(member_number="other").record) == EMAIL
    parent = activated(world, born=born_to_be_18_in(10))
    with clock.moved(11 * DAY):
        majority.come_of_age(LINK, 42)
        record = Record.get_by_id(parent.record_id)
        assert handover.address_of(record) == ""
        handover.note_address(world.office, record, "noe@exemple.invalid", LINK, 42)
        assert handover.address_of(record) == "noe@exemple.invalid"
    assert handover.address_of(enrolled().record) == "newcomer@exemple.invalid"


def test_whoever_was_put_out_by_a_judge_does_not_come_back_with_another_code(world):
    parent = activated(world)
    admission.end_by_office(world.office, parent)
    before = Notice.select().count()
    activation_code.ask_again("noe", parent.record.birth_date, "192.0.2.1", LINK, 42)
    assert Notice.select().count() == before
