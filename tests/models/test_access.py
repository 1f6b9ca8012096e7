"""Accesses: one live at most for an account and a record, found by the account, ended for good."""

from datetime import timedelta

import pytest

from models import access as accesses
from models import admission, block, clock, entrance, journal, session
from models.access import DELEGABLE, Access, Measure, Right, Role, Why
from models.entrance import Over
from models.record import Record
from models.refusal import Refusal

DAY = timedelta(days=1)
IDLE = timedelta(minutes=30)


def visit(world, name):
    """A session of theirs, as the door has it."""
    return session.find(session.start(world.account(name), "Navigateur fictif"), IDLE)


def enter(world, name, of="alice"):
    return entrance.enter(visit(world, name), world.record(of).uid)


def over(world, name, of="alice"):
    with pytest.raises(Over) as raised:
        enter(world, name, of)
    return raised.value.sentence


def test_never_two_at_once(world):
    world.let_in("bruno", Role.CARER)
    for role in (Role.CARER, Role.PROFESSIONAL, Role.REPRESENTATIVE):
        with pytest.raises(Refusal) as refusal:
            world.let_in("bruno", role)
        assert refusal.value.sentence == accesses.KNOWN
    with pytest.raises(Refusal):
        world.let_in("alice", Role.CARER)
    assert world.let_in("bruno", Role.CARER, "carole")


def test_once_ended_another_may_be_given(world):
    first = world.let_in("bruno", Role.CARER)
    admission.end(world.access("alice"), first)
    second = world.let_in("bruno", Role.CARER, given="wishes")
    assert world.access("bruno", "alice") == second != first


@pytest.mark.parametrize("role", set(Role) - {Role.HOLDER})
def test_whoever_is_kept_out_is_given_nothing(world, role):
    doctor = world.professional("camille")
    block.block(world.access("alice"), doctor.account)
    with pytest.raises(Refusal) as refusal:
        accesses.grant(doctor.account, world.record("alice"), role)
    assert refusal.value.sentence == accesses.KEPT_OUT
    assert accesses.grant(doctor.account, world.record("carole"), role)


def test_it_lasts_the_days_it_was_given_for(world):
    given = {"ends_at": clock.now() + timedelta(days=30, minutes=1)}
    assert world.let_in("bruno", Role.CARER, **given).lasts == 30
    assert world.let_in("bruno", Role.CARER, "carole").lasts is None


def test_it_is_found_as_long_as_it_lives(world):
    bruno = world.let_in("bruno", Role.CARER, ends_at=clock.now() + DAY)
    assert world.access("bruno", "alice") == bruno
    with clock.moved(DAY + timedelta(seconds=1)):
        assert world.access("bruno", "alice") is None
    later = world.let_in("carole", Role.CARER, starts_at=clock.now() + DAY)
    assert later is None
    with clock.moved(DAY + timedelta(seconds=1)):
        assert world.access("carole", "alice")


def test_of_a_closed_record_there_is_none(world):
    world.let_in("bruno", Role.CARER)
    Record.update(closed_at=clock.now()).execute()
    for name in ("bruno", "alice"):
        assert world.access(name, "alice") is None
        assert enter(world, name) is None
    assert accesses.all_in(world.record("alice")) == []
    assert accesses.of(world.account("bruno")) == []


def test_it_is_one_s_own_and_of_one_record(world):
    world.let_in("bruno", Role.CARER)
    assert world.access("bruno", "alice").account == world.account("bruno")
    assert world.access("bruno", "carole") is None
    assert accesses.find(world.account("bruno"), "A" * 16) is None


def test_those_of_an_account_hers_first(world):
    world.let_in("carole", Role.CARER)
    world.let_in("bruno", Role.CARER)
    records = [one.record.name for one in accesses.of(world.account("carole"))]
    assert records == ["Carole Inventée", "Alice Exemple"]
    assert [one.record.name for one in accesses.of(world.account("bruno"))] == ["Alice Exemple"]


def others(world, name, of):
    return [one.record.name for one in accesses.others(world.access(name, of))]


def test_the_other_records_to_pass_to(world):
    assert others(world, "carole", "carole") == []
    carer = world.let_in("carole", Role.CARER)
    assert others(world, "carole", "carole") == ["Alice Exemple"]
    assert others(world, "carole", "alice") == ["Carole Inventée"]
    admission.end(world.access("alice"), carer)
    assert others(world, "carole", "carole") == []
    world.let_in("bruno", Role.CARER, ends_at=clock.now() + DAY)
    world.let_in("bruno", Role.CARER, "carole")
    with clock.moved(2 * DAY):
        assert others(world, "bruno", "carole") == []


def test_on_a_professional_s_screen_a_patient_reads_no_other_s_name(world):
    world.professional("camille", full_name="Camille Fictive")
    world.let_in("camille", Role.PROFESSIONAL)
    world.let_in("camille", Role.PROFESSIONAL, "carole")
    assert others(world, "camille", "alice") == []
    admission.leave(world.access("camille", "carole"))
    world.let_in("camille", Role.CARER, "carole")
    # Nor whom she helps in her own life; where she helps, her patients are not named.
    assert others(world, "camille", "alice") == []
    assert others(world, "camille", "carole") == []


def test_those_in_a_record_and_those_who_decide(world):
    bruno = world.let_in("bruno", Role.CARER)
    ended = world.let_in("carole", Role.CARER)
    admission.end(world.access("alice"), ended)
    alice = world.access("alice")
    assert accesses.all_in(alice.record) == [alice, bruno]
    assert accesses.one_in(alice.record, bruno.uid) == bruno
    assert accesses.one_in(alice.record, ended.uid) is None
    assert accesses.one_in(world.record("carole"), bruno.uid) is None
    assert accesses.deciders(alice.record) == [world.account("alice")]
    assert accesses.holder_of(alice.record) == world.account("alice")
    Access.update(revoked_at=clock.now()).where(Access.id == alice.id).execute()
    assert accesses.deciders(alice.record) == [] and accesses.holder_of(alice.record) is None


def test_the_rights_chosen_are_written_and_read_back(world):
    for rights in (frozenset(), frozenset({Right.READ}), DELEGABLE):
        assert accesses.chosen(accesses.written(rights)) == rights
    assert accesses.chosen("grant mask will read nonsense READ") == {Right.READ}


def test_forged_rights_in_the_database_give_no_more_than_can_be_delegated(world):
    bruno = world.let_in("bruno", Role.CARER, given=" ".join(Right))
    assert bruno.rights == DELEGABLE | {Right.LEAVE}


ENDS = {
    Why.HOLDER: "La personne qui décide de cet espace y a mis fin.",
    Why.ONESELF: "Vous y avez renoncé.",
    Why.OFFICE: "L'association y a mis fin.",
    Why.DATE: "La date prévue est passée.",
}


@pytest.mark.parametrize("why", ENDS)
def test_whoever_had_one_is_told_when_and_why_it_ended_and_nothing_else(world, why):
    bruno = world.let_in("bruno", Role.CARER, ends_at=clock.now() + DAY)
    assert enter(world, "bruno") == bruno
    ends = {
        Why.HOLDER: lambda: admission.end(world.access("alice"), bruno),
        Why.ONESELF: lambda: admission.leave(bruno),
        Why.OFFICE: lambda: admission.end_by_office(world.office, bruno),
        Why.DATE: lambda: None,
    }
    ends[why]()
    with clock.moved(2 * DAY if why is Why.DATE else timedelta()):
        sentence = over(world, "bruno")
        assert sentence.startswith("Votre accès à cet espace a pris fin le ")
        assert sentence.endswith(ENDS[why])
        for words in ("Alice", "Exemple", world.record("alice").uid):
            assert words not in sentence
        # Told once more after the task has closed it, in the same words.
        admission.expire_due()
        assert over(world, "bruno").endswith(ENDS[why])


def test_a_parent_is_told_that_the_child_is_18_even_before_the_task_says_so(world):
    measure = {"measure": Measure.PARENT.value, "ends_at": clock.now() + DAY}
    world.let_in("bruno", Role.REPRESENTATIVE, **measure)
    with clock.moved(2 * DAY):
        before = over(world, "bruno")
        admission.expire_due()
        assert "18 ans" in before and "18 ans" in over(world, "bruno")


def test_to_a_stranger_and_to_whoever_is_kept_out_there_is_no_record(world):
    doctor = world.professional("camille")
    world.let_in("camille", Role.PROFESSIONAL)
    assert enter(world, "camille")
    block.block(world.access("alice"), doctor.account)
    assert enter(world, "camille") is enter(world, "carole") is None
    assert entrance.enter(visit(world, "bruno"), "A" * 16) is None


def test_entering_is_told_once_an_hour_and_who_decides_the_first_time_only(world):
    world.let_in("bruno", Role.CARER)
    here = visit(world, "bruno")
    uid = world.record("alice").uid
    for _ in range(3):
        entrance.enter(here, uid)
    told = [one for one in world.record("alice").entries if one.act == journal.Act.ENTERED]
    assert [one.account_id for one in told] == [world.account("bruno").id]
    assert world.access("bruno", "alice").first_entered_at
