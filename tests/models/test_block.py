"""A block: she is out at once, stays out whatever she tries, and is not told."""

from datetime import timedelta

import pytest

from models import (
    access,
    admission,
    block,
    consultation,
    emergency,
    entrance,
    journal,
    session,
)
from models.access import Access, Forbidden, Role
from models.consultation import Until
from models.journal import Act, Entry
from models.notice import Notice
from models.refusal import Refusal

IDLE = timedelta(minutes=30)


@pytest.fixture
def hugo(world):
    return world.professional("hugo")


def visit(world, hugo):
    row = session.find(session.start(hugo.account, "Navigateur fictif"), IDLE)
    return entrance.enter(row, world.record("alice").uid)


def acts():
    return [entry.act for entry in Entry.select().order_by(Entry.id)]


def test_an_access_ends_at_once_and_the_record_does_not_exist_any_more(world, hugo):
    alice = world.access("alice")
    theirs = admission.let_in(alice, hugo, None)
    assert visit(world, hugo) == theirs
    assert block.block(alice, hugo.account) is True
    assert visit(world, hugo) is None
    assert Access.get_by_id(theirs.id).ended_why == "holder"


def test_to_whoever_is_not_blocked_an_ended_access_is_said_to_be_over(world, hugo):
    alice = world.access("alice")
    admission.end(alice, admission.let_in(alice, hugo, None))
    with pytest.raises(entrance.Over):
        visit(world, hugo)
    block.block(alice, hugo.account)
    assert visit(world, hugo) is None


def test_she_is_not_told_and_the_others_who_decide_are(world, hugo):
    alice = world.access("alice")
    world.let_in("bruno", Role.REPRESENTATIVE)
    admission.let_in(alice, hugo, None)
    last = Notice.select().order_by(Notice.id.desc()).get().id
    block.block(alice, hugo.account)
    told = {row.recipient for row in Notice.select().where(Notice.id > last)}
    assert told == {"alice@exemple.invalid", "bruno@exemple.invalid"}


def test_it_works_in_advance_against_an_access_a_code_and_an_emergency(world, hugo):
    alice = world.access("alice")
    assert block.block(alice, hugo.account) is False
    with pytest.raises(Refusal, match="bloquée"):
        admission.let_in(alice, hugo, None)
    code = consultation.make(alice, Until.TODAY)
    with pytest.raises(Refusal) as refused:
        consultation.use(hugo, code, "192.0.2.1")
    assert refused.value.sentence == consultation.WRONG
    asked = emergency.Identity("Exemple", "Alice", alice.record.birth_date)
    with pytest.raises(Refusal) as refused:
        emergency.declare(hugo, asked, "Personne inconsciente.", "192.0.2.1")
    assert refused.value.sentence == emergency.CLOSED
    assert world.access("hugo", "alice") is None


@pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.EMERGENCY])
def test_no_other_way_grants_an_access_to_whoever_is_blocked(world, hugo, role):
    block.block(world.access("alice"), hugo.account)
    with pytest.raises(Refusal):
        access.grant(hugo.account, world.record("alice"), role, profession="doctor")


def test_an_emergency_under_way_ends_too(world, hugo):
    world.let_in("hugo", Role.EMERGENCY)
    assert block.block(world.access("alice"), hugo.account)
    assert visit(world, hugo) is None


def test_it_stops_one_person_in_one_record(world, hugo):
    other = world.professional("irma")
    block.block(world.access("alice"), hugo.account)
    assert admission.let_in(world.access("carole"), hugo, None)
    assert admission.let_in(world.access("alice"), other, None)


def test_what_she_deposited_is_still_there_for_the_holder(world, hugo):
    alice = world.access("alice")
    theirs = admission.let_in(alice, hugo, None)
    world.paper("Bilan", by=theirs)
    block.block(alice, hugo.account)
    assert world.titles(alice) == {"Bilan"}


def test_lifting_it_gives_nothing_back_but_lets_her_be_let_in(world, hugo):
    alice = world.access("alice")
    admission.let_in(alice, hugo, None)
    block.block(alice, hugo.account)
    block.lift(alice, hugo.account)
    assert world.access("hugo", "alice") is None
    assert block.all_in(alice.record) == []
    assert admission.let_in(alice, hugo, None)


def test_blocking_or_lifting_twice_is_told_once(world, hugo):
    alice = world.access("alice")
    block.block(alice, hugo.account)
    block.block(alice, hugo.account)
    (one,) = block.all_in(alice.record)
    assert (one.account, one.account.professional) == (hugo.account, hugo)
    block.lift(alice, hugo.account)
    with pytest.raises(Refusal):
        block.lift(alice, hugo.account)
    assert acts().count(Act.BLOCKED) == acts().count(Act.UNBLOCKED) == 1
    assert journal.broken(world.record("alice")) is None


@pytest.mark.parametrize("role", [Role.HOLDER, Role.REPRESENTATIVE])
def test_whoever_keeps_the_record_is_not_blocked_there(world, role):
    if role == Role.REPRESENTATIVE:
        world.let_in("bruno", role)
    keeper = world.account("bruno" if role == Role.REPRESENTATIVE else "alice")
    with pytest.raises(Refusal) as refused:
        block.block(world.access("alice"), keeper)
    assert refused.value.sentence == block.KEEPER
    assert block.standing(world.record("alice"), keeper) is None


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL, Role.EMERGENCY])
def test_only_who_decides_blocks_or_lifts(world, hugo, role):
    other = world.let_in("bruno", role)
    for verb in (block.block, block.lift):
        with pytest.raises(Forbidden):
            verb(other, hugo.account)
