"""A link to one document: who makes it, what opens it, and when it opens nothing any more."""

from datetime import timedelta

import pytest

from models import access as accesses
from models import admission, attempt, bin, clock, masking, share
from models.access import Forbidden, Role
from models.journal import Act, Entry
from models.record import Record
from models.refusal import Refusal
from models.share import Share, State

FROM = "192.0.2.7"


@pytest.fixture
def paper(world):
    return world.paper("Bilan fictif")


@pytest.fixture
def one(world, paper):
    return share.make(world.access("alice"), paper, "Le cabinet fictif", "24h", 2)


def acts():
    return [entry.act for entry in Entry.select().order_by(Entry.id)]


def refused(one, code=None, token=None, address=FROM):
    with pytest.raises(Refusal) as refusal:
        share.open_with(token or one.token, code or one.code, address)
    assert (refusal.value.sentence, refusal.value.field) == (share.WRONG, "code")


def test_the_link_and_the_code_open_it_as_many_times_as_chosen(one, paper):
    first = share.open_with(one.token, one.code, FROM)
    assert first.document == paper
    assert share.open_with(one.token, one.written_code.lower(), FROM).left == 0
    assert Share.get().state == State.READ_OUT
    refused(one)
    assert acts().count(Act.READ_BY_LINK) == 2


def test_each_opening_names_for_whom_the_link_was(one):
    share.open_with(one.token, one.code, FROM)
    entry = Entry.get(Entry.act == Act.READ_BY_LINK.value)
    assert (entry.actor, entry.role, entry.document_uid) == (
        "Le cabinet fictif",
        share.ROLE,
        one.document.uid,
    )


@pytest.mark.parametrize("wrong", [{"code": "AAAAAAAA"}, {"token": "x" * 32}, {"code": " "}])
def test_neither_works_alone(one, wrong):
    refused(one, **wrong)
    assert Act.READ_BY_LINK not in acts()


def test_ten_wrong_codes_lock_it_for_good(one):
    for number in range(share.MOST_TRIES):
        refused(one, code="AAAAAAAA", address=f"192.0.2.{number}")
    assert Share.get().state == State.LOCKED
    refused(one)
    assert acts().count(Act.LOCKED_SHARING) == 1


def test_one_address_cannot_try_many_links(world, one):
    for _ in range(attempt.FREE_TOGETHER[share.DOOR]):
        refused(one, token="y" * 32)
    with pytest.raises(attempt.TooMany):
        share.open_with(one.token, one.code, FROM)


@pytest.mark.parametrize("lasts", share.LASTS)
def test_it_ends_at_its_hour(world, paper, lasts):
    made = share.make(world.access("alice"), paper, "Une amie fictive", lasts, 5)
    time, _words = share.LASTS[lasts]
    with clock.moved(time - timedelta(seconds=5)):
        opened = share.open_with(made.token, made.code, FROM)
        assert opened.open_until == made.expires_at
    with clock.moved(time):
        refused(made)
        assert share.under_way(made.uid) is None


def test_stopping_it_ends_even_what_was_opened(world, one):
    share.open_with(one.token, one.code, FROM)
    assert share.under_way(one.uid)
    share.stop(world.access("alice"), one)
    share.stop(world.access("alice"), one)
    assert share.under_way(one.uid) is None
    refused(one)
    assert acts().count(Act.STOPPED_SHARING) == 1


def test_the_last_reading_may_still_be_stopped_while_it_lasts(world, paper):
    made = share.make(world.access("alice"), paper, "Le cabinet fictif", "24h", 1)
    assert share.open_with(made.token, made.code, FROM).stoppable
    with clock.moved(share.READING + timedelta(seconds=1)):
        assert not Share.get().stoppable
    share.stop(world.access("alice"), Share.get())
    assert not Share.get().stoppable


def test_it_is_not_under_way_before_its_code(one):
    assert share.under_way(one.uid) is None


def test_the_bin_and_the_closing_end_it(world, one):
    holder = world.access("alice")
    bin.discard(holder, [one.document])
    refused(one)
    bin.restore(holder, one.document)
    assert share.open_with(one.token, one.code, FROM)
    Record.update(closing_at=clock.now()).where(Record.id == one.record_id).execute()
    refused(one)


def test_it_ends_with_the_access_of_who_made_it(world):
    world.born(clock.today() - timedelta(days=3000))
    parent = world.let_in("bruno", Role.REPRESENTATIVE)
    made = share.make(parent, world.paper("Bilan fictif"), "La crèche fictive", "7j", 3)
    admission.leave(parent)
    refused(made)


def test_what_its_maker_does_not_see_any_more_is_not_shown(world):
    world.born(clock.today() - timedelta(days=3000))
    parent = world.let_in("bruno", Role.REPRESENTATIVE)
    paper = world.paper("Bilan fictif")
    made = share.make(parent, paper, "La crèche fictive", "7j", 3)
    paper.from_representatives = True
    paper.save()
    refused(made)
    assert share.listed(parent) == []


def test_masking_does_not_end_it(world, one):
    """It hides from professionals; the person alone chose whom to show this to."""
    masking.choose_all(world.access("alice"), True)
    assert share.open_with(one.token, one.code, FROM)


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL])
def test_nobody_else_shares(world, paper, role):
    with pytest.raises(Forbidden):
        share.make(world.let_in("bruno", role), paper, "Quelqu'un", "24h", 1)


@pytest.mark.parametrize(
    ("field", "answers"),
    [
        ("recipient", (" ", "24h", 1)),
        ("recipient", ("a" * 101, "24h", 1)),
        ("lasts", ("Quelqu'un", "8j", 1)),
        ("lasts", ("Quelqu'un", None, 1)),
        ("readings", ("Quelqu'un", "24h", 1000)),
        ("readings", ("Quelqu'un", "24h", None)),
    ],
)
def test_what_is_not_understood_is_said_at_its_field(world, paper, field, answers):
    with pytest.raises(Refusal) as refusal:
        share.make(world.access("alice"), paper, *answers)
    assert refusal.value.field == field
    assert Share.select().count() == 0


def test_there_is_a_limit(world, paper, monkeypatch):
    monkeypatch.setattr(share, "MOST", 1)
    holder = world.access("alice")
    first = share.make(holder, paper, "Quelqu'un", "24h", 1)
    with pytest.raises(Refusal):
        share.make(holder, paper, "Quelqu'un d'autre", "24h", 1)
    share.stop(holder, first)
    assert share.make(holder, paper, "Quelqu'un d'autre", "24h", 1)


def test_old_ones_are_forgotten(one):
    assert share.forget_old() == 0
    with clock.moved(timedelta(days=32)):
        assert share.forget_old() == 1


def test_a_record_shows_its_own_links_only(world, one):
    world.account("bruno")
    assert share.find(world.access("alice"), one.uid) == one
    assert accesses.find(world.account("bruno"), one.record.uid) is None
