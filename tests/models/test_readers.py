"""« Qui l'a vu »: who looked, from the journal, and who may now."""

from datetime import timedelta

import pytest

from models import browsing, clock, document, journal, readers, wishes
from models.access import Forbidden, Role
from models.emergency import choose
from models.journal import Act, Filters
from models.readers import Section
from models.record import Shown

from ..world import SURGERY


def told(found):
    return [(one.actor, one.role, one.times) for one in found]


@pytest.fixture
def paper(world):
    return world.paper("Bilan", by=SURGERY)


def test_each_is_told_once_with_how_many_times_and_the_last(world, paper):
    alice, bruno = world.access("alice"), world.let_in("bruno", Role.CARER)
    document.read(bruno, paper)
    with clock.moved(timedelta(days=2)):
        document.download(bruno, paper)
        later = clock.now()
    with clock.moved(timedelta(days=1)):
        document.read_text(alice, paper)
    assert told(readers.of_document(alice, paper)) == [
        ("Bruno Fictif", Role.CARER, 2),
        ("Alice Exemple", Role.HOLDER, 1),
    ]
    assert abs(readers.of_document(alice, paper)[0].last - later) < timedelta(minutes=1)


def test_only_reading_counts(world, paper):
    alice = world.access("alice")
    journal.write(alice.record, alice.actor, Act.MOVED, paper, folder=None, name=None)
    document.read(alice, world.paper("Un autre"))
    assert readers.of_document(alice, paper) == []


def test_in_another_role_one_is_told_apart(world, paper):
    document.read(world.let_in("bruno", Role.CARER), paper)
    carer = world.access("bruno", "alice")
    carer.revoked_at = clock.now()
    carer.save()
    document.read(world.let_in("bruno", Role.PROFESSIONAL), paper)
    found = told(readers.of_document(world.access("alice"), paper))
    assert sorted(found) == [
        ("Bruno Fictif", Role.CARER, 1),
        ("Bruno Fictif", Role.PROFESSIONAL, 1),
    ]


def test_a_section_says_who_looked_and_who_may(world):
    bruno = world.let_in("bruno", Role.CARER, given="read trace")
    alice = world.access("alice")
    browsing.browse(bruno, browsing.Filters())
    wishes.look(alice)
    journal.look(bruno, Filters())
    assert told(readers.of_section(alice, Section.DOCUMENTS)) == [("Bruno Fictif", Role.CARER, 1)]
    assert told(readers.of_section(alice, Section.WISHES)) == [("Alice Exemple", Role.HOLDER, 1)]
    assert told(readers.of_section(alice, Section.JOURNAL)) == [("Bruno Fictif", Role.CARER, 1)]
    both, alone = {"Alice Exemple", "Bruno Fictif"}, {"Alice Exemple"}
    for section, names in zip(Section, (both, alone, both), strict=True):
        assert {one.account.name for one in readers.able(alice, section)} == names


def test_a_carer_learns_no_more_than_the_journal_shows_him(world):
    """Of the people let in, he knows of the person and himself; of the wishes, nothing."""
    bruno = world.let_in("bruno", Role.CARER, given="read trace")
    world.professional("hugo")
    world.let_in("hugo", Role.PROFESSIONAL)
    able = readers.able(bruno, Section.DOCUMENTS)
    assert {one.account.name for one in able} == {"Alice Exemple", "Bruno Fictif"}
    for ask in (readers.of_section, readers.able):
        with pytest.raises(Forbidden):
            ask(bruno, Section.WISHES)


def test_without_the_right_to_the_journal_nothing_is_told(world, paper):
    bruno = world.let_in("bruno", Role.CARER, given="read")
    with pytest.raises(Forbidden):
        readers.of_document(bruno, paper)


def test_an_emergency_is_told_where_it_is_allowed(world):
    def allowed():
        alice = world.access("alice")
        return [readers.in_emergency(alice, section) for section in Section]

    assert allowed() == [True, True, False]
    wishes.choose_readers(world.access("alice"), Shown.ACCESS)
    assert allowed() == [True, False, False]
    choose(world.access("alice"), samu=False, others=False, masked=False)
    assert allowed() == [False, False, False]
