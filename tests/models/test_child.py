"""A child's record has two parents at most; neither evicts the other, and either may leave."""

from datetime import timedelta

import pytest

from models import access, admission, child, clock, handover, invitation
from models.access import Forbidden, Measure, Right, Role
from models.account import Account
from models.invitation import Invitation, State
from models.journal import Act, Entry
from models.notice import Notice
from models.record import Record
from models.refusal import Refusal

from ..minors import activated, aged, invited_parent, second
from ..world import PASSWORD


@pytest.fixture
def parent(world):
    return activated(world)


def names(record):
    return {one.account.name for one in child.parents(record)}


def test_the_second_parent_has_the_same_access_until_the_same_day(world, parent):
    other = second(world, parent)
    assert names(parent.record) == {"Carole Inventée", "Bruno Fictif"}
    assert (other.role, other.measure) == (Role.REPRESENTATIVE, Measure.PARENT)
    assert (other.rights, other.ends_at) == (parent.rights, parent.ends_at)


def test_the_letter_fits_and_says_neither_who_nor_whose(world, parent):
    invited_parent(parent)
    letter = Notice.select().order_by(Notice.id.desc()).get()
    assert letter.recipient == "bruno@exemple.invalid"
    assert "Un parent vous invite" in letter.body
    assert "Noé" not in letter.body and "Carole" not in letter.body


def test_nothing_opens_before_she_has_certified(world, parent):
    one = invited_parent(parent)
    for certified in (None, False):
        with pytest.raises(Refusal) as refused:
            if certified is not None:
                invitation.certify(one, certified)
            invitation.accept(one, world.account("bruno"))
        assert refused.value.field == "certified"
    assert names(parent.record) == {"Carole Inventée"}


def test_what_the_second_parent_certified_is_in_the_journal(world, parent):
    second(world, parent)
    entry = Entry.get((Entry.record == parent.record) & (Entry.act == Act.ACCEPTED_INVITATION))
    assert entry.actor == "Bruno Fictif" and entry.details["certified"]


def test_two_at_most_those_invited_included(world, parent):
    one = invited_parent(parent)
    with pytest.raises(Refusal, match="Deux parents"):
        invited_parent(parent, "gaspard")
    with clock.moved(timedelta(days=8)):
        assert Invitation.get_by_id(one.id).state is State.EXPIRED
        with pytest.raises(Refusal, match="Deux parents"):
            invited_parent(parent, "gaspard")
    invitation.cancel(parent, one)
    second(world, parent)
    with pytest.raises(Refusal, match="Deux parents"):
        invited_parent(parent, "gaspard")


def test_a_third_who_was_invited_before_the_place_was_taken_is_refused(world, parent):
    one = invited_parent(parent)
    invitation.certify(one, True)
    access.grant(world.account("alice"), parent.record, Role.REPRESENTATIVE, measure="parent")
    with pytest.raises(Refusal, match="Deux parents"):
        invitation.accept(one, world.account("bruno"))


def test_only_a_parent_invites_one_and_only_for_a_child(world, parent):
    carer = world.let_in("bruno", Role.CARER, of="carole")
    with pytest.raises(Forbidden):
        invited_parent(carer)
    with pytest.raises(Refusal, match="Seul un parent"):
        invited_parent(world.access("alice"))
    access.grant(world.account("bruno"), parent.record, Role.CARER, given="read")
    with pytest.raises(Forbidden):
        invited_parent(access.find(world.account("bruno"), parent.record.uid))


def test_an_invitation_is_worth_nothing_once_the_child_is_18(world):
    parent = activated(world, born=clock.months_later(clock.today(), -216) + timedelta(days=3))
    one = invited_parent(parent)
    invitation.certify(one, True)
    with clock.moved(timedelta(days=4)), pytest.raises(Refusal):
        invitation.accept(one, world.account("bruno"))


def test_neither_evicts_the_other(world, parent):
    other = second(world, parent)
    for one, another in ((parent, other), (other, parent)):
        with pytest.raises(Refusal, match="un parent n'ôte pas"):
            admission.end(one, another)
    assert len(names(parent.record)) == 2


def test_either_may_leave_and_the_other_stays(world, parent):
    other = second(world, parent)
    assert not child.is_last_parent(parent)
    admission.leave(parent)
    assert names(parent.record) == {"Bruno Fictif"}
    assert child.is_last_parent(other)
    assert Record.get_by_id(parent.record_id).activated_at
    assert handover.waiting() == []


def test_the_association_is_told_when_the_last_one_leaves_and_confides_the_record(world, parent):
    before = Notice.select().count()
    assert child.is_last_parent(parent)
    admission.leave(parent)
    letters = list(Notice.select().where(Notice.id > before))
    assert {one.recipient for one in letters} == {"carole@exemple.invalid", "diane@exemple.invalid"}
    told = next(one for one in letters if one.recipient == "diane@exemple.invalid")
    assert "noe" in told.body and "Noé" not in told.body
    record = Record.get_by_id(parent.record_id)
    assert [one.uid for one in handover.waiting()] == [record.uid]
    assert (record.activated_at, record.emergency_allowed) == (None, None)


def test_the_last_access_that_the_office_ends_is_the_same(world, parent):
    admission.end_by_office(world.office, parent)
    assert [one.uid for one in handover.waiting()] == [parent.record.uid]


def test_the_end_of_another_access_confides_nothing(world, parent):
    made = access.grant(world.account("bruno"), parent.record, Role.CARER, given="read")
    admission.end(parent, made)
    assert handover.waiting() == []
    assert Record.get_by_id(parent.record_id).activated_at


def test_the_other_parent_who_was_invited_before_may_still_accept(world, parent):
    one = invited_parent(parent)
    admission.leave(parent)
    invitation.certify(one, True)
    invitation.accept(one, world.account("bruno"))
    assert names(parent.record) == {"Bruno Fictif"}
    assert Record.get_by_id(parent.record_id).activated_at
    assert handover.waiting() == []


def test_the_other_parent_may_come_without_an_account(world, parent):
    one = invited_parent(parent, "zoe")
    invitation.certify(one, True)
    invitation.accept_as_newcomer(one, "Zoé Imaginaire", "zoe@exemple.invalid", PASSWORD)
    assert Account.named("zoe@exemple.invalid").name in names(parent.record)


def test_whoever_is_let_in_to_a_child_s_record_leaves_when_he_is_18(world):
    parent = activated(world, born=aged(17))
    record = parent.record
    late = clock.now() + timedelta(days=700)
    for name, ends_at in (("alice", None), ("bruno", late), ("diane", clock.now())):
        made = access.grant(world.account(name), record, Role.CARER, given="read", ends_at=ends_at)
        assert made.ends_at <= record.majority
    assert parent.can(Right.GRANT)


def test_renewing_goes_no_further_than_18(world):
    parent = activated(world, born=aged(17))
    ends_at = clock.now() + timedelta(days=400)
    given = {"given": "read", "ends_at": ends_at}
    made = access.grant(world.account("bruno"), parent.record, Role.CARER, **given)
    until = admission.renew(parent, made)
    assert clock.midnight(until + timedelta(days=1)) == parent.record.majority == made.ends_at


def test_what_a_professional_has_without_an_end_is_not_spoken_of_as_if_it_had_one(world):
    parent = activated(world, born=clock.months_later(clock.today(), -216) + timedelta(days=20))
    admission.let_in(parent, world.professional("paule"), None)
    (one,) = [each for each in access.all_in(parent.record) if each.role == Role.PROFESSIONAL]
    assert one.ends_at == parent.record.majority
    assert admission.warn() == 0 and admission.renewable(one) is None
