"""Figures: the counters say what the tables hold, and what is published singles nobody out."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import access, checking, clock, document, erasure, figures
from models.access import Access, Role
from models.database import database, transaction
from models.document import Document
from models.figures import BEFORE, FEW, KEPT, NEARLY, Tally, part, parts, some, table
from models.record import Record

from ..world import enrolled

DAY = datetime(2025, 3, 31, 23, 30, tzinfo=UTC)


def value(name):
    return sum(one.value for one in Tally.select().where(Tally.name == name))


def test_the_world_is_counted(world):
    assert (value("members"), value("opened"), value("activated")) == (2, 2, 2)
    assert figures.drifted() == []


def test_each_document_is_counted_where_it_comes_from(world):
    world.paper("Un")
    world.paper("Deux", by=access.Actor(None, "Laboratoire Fictif", "source"), origin="laboratory")
    world.let_in("bruno", Role.PROFESSIONAL)
    third = world.paper("Trois", by=world.access("bruno", "alice"))
    counted = {
        name: value(f"documents-{name}") for name in ("person", "laboratory", "professional")
    }
    assert counted == {"person": 1, "laboratory": 1, "professional": 1}
    Document.delete().where(Document.id == third.id).execute()
    assert value("documents-professional") == 0
    assert figures.drifted() == []


def test_a_moment_that_moves_changes_month(world):
    Record.update(activated_at=DAY, opened_at=DAY).execute()
    assert {(one.name, one.month): one.value for one in Tally.select() if one.name == "activated"}[
        ("activated", "2025-03")
    ] == 2
    Record.update(activated_at=None).where(Record.id == world.record("alice").id).execute()
    assert value("activated") == 1
    assert figures.drifted() == []


def test_whoever_objected_is_not_among_those_open(world):
    Record.update(objected_at=clock.now()).where(Record.id == world.record("alice").id).execute()
    assert (value("objected"), value("opened")) == (1, 1)
    Record.update(objected_at=None).execute()
    assert (value("objected"), value("opened")) == (0, 2)
    assert figures.drifted() == []


def test_a_way_of_telling_that_changes_is_counted_once(world):
    Record.update(told_at=clock.now(), told_how="email").execute()
    Record.update(told_how="post").execute()
    assert (value("told-email"), value("told-post")) == (0, 2)
    Record.update(told_at=None, told_how="").execute()
    assert (value("told-email"), value("told-post")) == (0, 0)
    assert figures.drifted() == []


def test_a_carer_counts_until_his_access_ends(world):
    let_in = world.let_in("bruno", Role.CARER)
    assert value("carers") == 1
    Access.update(revoked_at=clock.now()).where(Access.id == let_in.id).execute()
    assert value("carers") == 0
    assert figures.drifted() == []


def test_erasing_a_record_uncounts_its_documents_and_not_the_member(world):
    world.paper("Un")
    with transaction():
        erasure.erase(world.record("alice"))
    assert (value("members"), value("documents-person")) == (2, 0)
    assert figures.drifted() == []


def test_a_record_is_read_once_its_holder_opens_a_document(world):
    paper = world.paper("Un", by=access.Actor(None, "Cabinet Fictif", "source"))
    assert value("read") == 0
    world.let_in("bruno", Role.CARER)
    document.read(world.access("bruno", "alice"), paper)
    assert value("read") == 0
    document.read(world.access("alice"), paper)
    first = world.record("alice").read_at
    document.read(world.access("alice"), paper)
    assert value("read") == 1 and world.record("alice").read_at == first
    assert figures.drifted() == []


def test_who_came_is_counted_once_a_month_and_then_forgotten(world):
    alice = world.access("alice")
    figures.came(alice)
    figures.came(alice)
    figures.came(world.let_in("bruno", Role.PROFESSIONAL))
    assert value("visitors") == 1
    with clock.moved(timedelta(days=32)):
        figures.came(alice)
        figures.forget_old()
        assert figures.Visit.select().count() == 1
        assert value("visitors") == 2
        assert figures.drifted() == []


def test_check_tells_a_counter_that_drifted(world):
    Tally.update(value=9).where(Tally.name == "members").execute()
    assert list(checking.faults()) == ["chiffres : « members » est mal compté"]


def test_the_page_reads_the_counters_and_no_other_table(world):
    for number in range(12):
        enrolled(f"n{number}")
    asked = []
    connection = database.connection()
    connection.set_trace_callback(asked.append)
    try:
        figures.published()
    finally:
        connection.set_trace_callback(None)
    assert len(asked) == 1 and 'FROM "tally"' in asked[0]


def test_the_last_twelve_months_end_with_this_one():
    listed = figures.months()
    assert len(listed) == 12 and listed[-1] == figures.this_month()
    assert listed == sorted(listed)


@pytest.mark.parametrize(
    ("number", "whole", "shown"),
    [
        (0, None, FEW),
        (4, None, FEW),
        (5, None, 5),
        (5, 100, 5),
        (96, 100, NEARLY),
        (95, 100, 95),
        (100, 100, 100),
        (3, 5, FEW),
    ],
)
def test_a_small_number_and_its_reverse_are_words(number, whole, shown):
    assert part(number, whole) == shown


def possible(numbers, shown):
    """Each way that the hidden parts may be, for whoever knows the total and what is shown."""
    hidden = [name for name in numbers if not isinstance(shown[name], int)]
    left = sum(numbers[name] for name in hidden)
    ranges = [range(5) if shown[name] == FEW else range(5, left + 1) for name in hidden]
    found = [way for way in product(*ranges) if sum(way) == left]
    return {name: {way[place] for way in found} for place, name in enumerate(hidden)}


@given(st.lists(st.integers(0, 12), min_size=1, max_size=5))
def test_no_hidden_part_can_be_computed_from_the_total(values):
    numbers = {str(place): number for place, number in enumerate(values)}
    total, shown = table(numbers)
    if isinstance(total, str):
        return
    for name, ways in possible(numbers, shown).items():
        few = numbers[name] < 5
        assert (shown[name] == FEW) == few
        assert not few or len(ways) > 1 or ways == {0}, (numbers, shown)


def test_a_total_that_would_tell_every_part_is_not_told():
    assert table({"a": 4, "b": 4}) == (KEPT, {"a": FEW, "b": FEW})
    assert table({"a": 4, "b": 2, "c": 1}) == (7, {"a": FEW, "b": FEW, "c": FEW})


def test_the_rest_of_a_whole_is_no_small_number_either():
    assert some({"a": 54, "b": 14, "c": 1}, 69) == {"a": 54, "b": KEPT, "c": FEW}
    assert some({"a": 54, "b": 10, "c": 1}, 69) == {"a": 54, "b": 10, "c": FEW}
    assert some({"a": 54, "b": 15}, 69) == {"a": 54, "b": 15}


def test_parts_of_five_and_more_are_all_told():
    assert parts({"a": 5, "b": 70}) == {"a": 5, "b": 70}
    assert parts({"a": 3, "b": 70, "c": 9}) == {"a": FEW, "b": 70, "c": KEPT}
    assert parts({"a": 3, "b": 70, "c": 1}) == {"a": FEW, "b": 70, "c": FEW}


@pytest.fixture
def empty(opened):
    for record in list(Record.select()):
        erasure.erase(record)
        record.delete_instance()


def members(number, **dates):
    first = Record.select().count()
    for place in range(number):
        Record.create(
            member_number=f"F-{first + place}",
            birth_name="Fictive",
            birth_given_names="Nadia",
            birth_date=date(1960, 1, 31),
            sex="F",
            birthplace_code="",
            **dates,
        )


def test_those_only_open_are_not_had_by_subtraction(empty):
    members(20, opened_at=clock.now(), activated_at=clock.now())
    members(3, opened_at=clock.now())
    members(20)
    shown = figures.published()
    assert (shown.members, shown.activated, shown.opened) == (43, 20, KEPT)
    assert shown.share == pytest.approx(20 / 43)


def test_nothing_by_month_of_a_total_that_is_not_told(empty):
    members(20, opened_at=clock.now(), activated_at=DAY)
    members(2)
    shown = figures.published()
    assert shown.activated == NEARLY and shown.share is None
    assert set(shown.activations.values()) == {KEPT}


def test_what_came_before_the_last_year_is_one_line(empty):
    members(6, opened_at=DAY, activated_at=clock.now() - timedelta(days=900))
    members(7, opened_at=DAY, activated_at=clock.now())
    members(20)
    shown = figures.published().activations
    assert shown[BEFORE] == 6 and shown[figures.this_month()] == 7
    assert list(shown)[0] == BEFORE and len(shown) == 13
