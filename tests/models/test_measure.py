"""A judge's measure: to represent acts for the person, to assist waits for her agreement."""

from datetime import timedelta

import pytest

from models import access, admission, clock, entrance, handover, invitation, measure
from models.access import DELEGABLE, Forbidden, Measure, Right, Role, Why
from models.invitation import Invitation, State
from models.journal import Act, Entry
from models.measure import Told
from models.notice import Notice
from models.record import Record
from models.refusal import Refusal

from ..minors import activated, address
from ..world import enrolled

REPRESENTATION, ASSISTANCE = Measure.REPRESENTATION, Measure.ASSISTANCE
JUDGMENT = "TJ de Ville-Exemple, 3 mai 2026, n° 26/00012"


def later(years, days=0):
    return clock.months_later(clock.today(), 12 * years) + timedelta(days=days)


def enter(world, kind, of="alice", record=None, **changes):
    told = {
        "name": "Bruno Fictif",
        "email": "bruno@exemple.invalid",
        "kind": kind,
        "until": later(3),
        "reference": JUDGMENT,
    }
    return measure.enter(
        world.office, record or world.record(of), Told(**told | changes), "Carnet", address
    )


def fresh(one):
    return Invitation.get_by_id(one.id)


def represented(world, of="alice"):
    one = fresh(enter(world, REPRESENTATION, of))
    invitation.certify(one, True)
    return invitation.accept(one, world.account("bruno"))


def assisted(world):
    one = enter(world, ASSISTANCE)
    invitation.agree(world.access("alice"), one, "Carnet", address)
    return invitation.accept(fresh(one), world.account("bruno"))


def last_entry(record, act):
    query = Entry.select().where((Entry.record == record) & (Entry.act == act.value))
    return query.order_by(Entry.id.desc()).first()


# Representation


def test_the_link_goes_by_e_mail_and_the_code_stays_with_the_office(world):
    one = fresh(enter(world, REPRESENTATION))
    assert (one.role, one.state, one.reference) == (Role.REPRESENTATIVE, State.PENDING, JUDGMENT)
    letter = Notice.select().order_by(Notice.id.desc()).get()
    assert letter.recipient == "bruno@exemple.invalid"
    assert one.code not in letter.body and "Alice" not in letter.body
    assert last_entry(one.record, Act.INVITED).actor == "Diane Modèle"


def test_whoever_represents_her_decides_for_her_but_of_no_will(world):
    made = represented(world)
    assert made.rights == access.RIGHTS[Role.REPRESENTATIVE]
    assert made.can(Right.GRANT) and not made.can(Right.WILL)
    assert made.ends_at == clock.midnight(later(3, days=1))
    assert world.access("alice").own


def test_neither_she_nor_another_of_hers_ends_it_nor_renews_it(world):
    made, alice = represented(world), world.access("alice")
    with pytest.raises(Refusal, match="mesure de"):
        admission.end(alice, made)
    with pytest.raises(Refusal):
        admission.renew(alice, made)
    assert not admission.may_end(alice, made)


def test_the_invitation_is_the_office_s_to_cancel_or_send_again(world):
    one, alice = enter(world, REPRESENTATION), world.access("alice")
    for verb in (
        lambda: invitation.cancel(alice, one),
        lambda: invitation.send_again(alice, one, "Carnet", address),
    ):
        with pytest.raises(Refusal, match="jugement"):
            verb()
    before = fresh(one).code
    again = measure.send_again(world.office, one, "Carnet", address)
    assert again.code and again.code != before
    measure.cancel(world.office, one)
    assert fresh(one).state is State.CANCELLED
    assert last_entry(one.record, Act.CANCELLED_INVITATION).role == "office"


def test_the_office_ends_it_and_so_does_its_date(world):
    made = represented(world)
    measure.end(world.office, made)
    assert (
        entrance.WHYS[Why.OFFICE]
        in entrance.Over(access.ended(made.account, made.record.uid)).sentence
    )
    assert last_entry(made.record, Act.ENDED_ACCESS).actor == "Diane Modèle"
    with pytest.raises(Refusal):
        measure.end(world.office, made)
    again = represented(world)
    with clock.moved(timedelta(days=3 * 366)):
        assert access.find(again.account, again.record.uid) is None
        assert admission.expire_due() == 1
    assert last_entry(again.record, Act.ACCESS_EXPIRED)


def test_a_record_she_never_activated_is_confided_anew_once_nobody_represents_her(world):
    record = enrolled().record
    one = fresh(enter(world, REPRESENTATION, record=record))
    invitation.certify(one, True)
    made = invitation.accept(one, world.account("bruno"))
    assert Record.get_by_id(record.id).activated_at and not handover.waiting()
    measure.end(world.office, made)
    assert [each.uid for each in handover.waiting()] == [record.uid]
    assert handover.address_of(Record.get_by_id(record.id)) == ""


def test_where_she_holds_it_herself_it_stays_hers(world):
    measure.end(world.office, represented(world))
    assert world.record("alice").activated_at and world.access("alice").own
    assert handover.waiting() == []


# Assistance


def test_it_waits_for_her_agreement_and_she_alone_is_told(world):
    before = Notice.select().count()
    one = fresh(enter(world, ASSISTANCE))
    assert (one.role, one.state, one.code) == (Role.CARER, State.TO_AGREE, "")
    (letter,) = Notice.select().offset(before)
    assert letter.recipient == "alice@exemple.invalid" and "accord" in letter.body
    with pytest.raises(Refusal):
        invitation.accept(one, world.account("bruno"))


def test_once_she_agrees_he_may_what_may_be_delegated_and_no_more(world):
    made = assisted(world)
    assert made.rights == DELEGABLE | {Right.LEAVE}
    assert (made.role, made.measure) == (Role.CARER, ASSISTANCE)
    with pytest.raises(Forbidden):
        made.require(Right.GRANT)


def test_she_ends_it_at_any_time_and_cannot_stretch_it(world):
    made, alice = assisted(world), world.access("alice")
    assert admission.renewable(made) is None
    admission.end(alice, made)
    assert access.find(made.account, made.record.uid) is None


def test_she_refuses_it_or_the_office_withdraws_it(world):
    one = enter(world, ASSISTANCE)
    invitation.cancel(world.access("alice"), one)
    assert measure.waiting(one.record) == []
    other = enter(world, ASSISTANCE)
    measure.cancel(world.office, other)
    with pytest.raises(Refusal):
        invitation.agree(world.access("alice"), other, "Carnet", address)


def test_it_needs_her_to_have_an_account(world):
    record = enrolled().record
    with pytest.raises(Refusal, match="accord"):
        enter(world, ASSISTANCE, record=record)


# What the office writes


@pytest.mark.parametrize(
    "field, changes",
    [
        ("name", {"name": " "}),
        ("email", {"email": ""}),
        ("email", {"email": "bruno"}),
        ("email", {"email": "Alice@exemple.invalid"}),
        ("kind", {"kind": ""}),
        ("kind", {"kind": "parent"}),
        ("until", {"until": None}),
        ("until", {"until": later(0)}),
        ("until", {"until": later(20, days=1)}),
        ("until", {"kind": ASSISTANCE, "until": later(5, days=1)}),
        ("reference", {"reference": ""}),
        ("reference", {"reference": "x" * 101}),
    ],
)
def test_what_is_wrong_is_said_at_its_field(world, field, changes):
    with pytest.raises(Refusal) as refused:
        enter(world, **{"kind": REPRESENTATION} | changes)
    assert refused.value.field == field
    assert measure.waiting(world.record("alice")) == []


@pytest.mark.parametrize("kind, years", [(REPRESENTATION, 20), (ASSISTANCE, 5)])
def test_the_longest_measure_is_taken(world, kind, years):
    assert enter(world, kind, until=later(years)).ends_on == later(years)


def test_nobody_is_invited_twice_nor_who_is_in_already(world):
    enter(world, REPRESENTATION)
    with pytest.raises(Refusal, match="attend déjà"):
        enter(world, ASSISTANCE)
    world.let_in("carole", Role.CARER)
    with pytest.raises(Refusal, match="entre déjà"):
        enter(world, REPRESENTATION, email="carole@exemple.invalid")


def test_a_child_has_parents_and_a_closed_record_nobody(world):
    child = activated(world, "carole").record
    with pytest.raises(Refusal, match="18 ans"):
        enter(world, REPRESENTATION, record=child)
    Record.update(closed_at=clock.now()).where(Record.id == world.record("alice").id).execute()
    with pytest.raises(Refusal, match="fermé"):
        enter(world, REPRESENTATION)


def test_a_member_is_known_by_her_number_only(world):
    assert measure.member(" A-1 ") == world.record("alice")
    for number in ("", None, "Alice", world.record("alice").uid):
        with pytest.raises(Refusal):
            measure.member(number)


def test_the_office_finds_those_who_act_by_law_and_no_one_else(world):
    made = represented(world)
    carer = world.let_in("carole", Role.CARER)
    parent = activated(world, "carole")
    assert [one.id for one in measure.standing(world.record("alice"))] == [made.id]
    assert measure.find(made.uid) and measure.find(parent.uid)
    assert measure.find(carer.uid) is None
    assert measure.find(world.access("alice").uid) is None
    assert measure.find("AAAAAAAAAAAAAAAA") is None
    assert not measure.is_last(made) and measure.is_last(parent)
