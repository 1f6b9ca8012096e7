"""What is told once an hour, and who reads what is told."""

from datetime import timedelta

import pytest

from models import browsing, clock, document, entrance, journal, session
from models.access import Forbidden, Role
from models.journal import Act, Entry, Filters, Group

from ..world import SURGERY

IDLE = timedelta(minutes=30)


def signed_in(world, name="alice"):
    token = session.start(world.account(name), "Navigateur fictif")
    return entrance.enter(session.find(token, IDLE), world.record(name).uid)


def count(act):
    return Entry.select().where(Entry.act == act).count()


def test_looking_at_the_documents_is_told_once_an_hour_and_a_session(world):
    alice = signed_in(world)
    for _ in range(3):
        browsing.browse(alice, browsing.Filters())
        journal._looked.clear()  # as a restart does, or another worker
    browsing.browse(alice, browsing.Filters())
    browsing.browse(alice, browsing.Filters())
    assert count(Act.LOOKED) == 1
    browsing.browse(signed_in(world), browsing.Filters())
    assert count(Act.LOOKED) == 2
    with clock.moved(timedelta(minutes=61)):
        browsing.browse(alice, browsing.Filters())
    assert count(Act.LOOKED) == 3


def test_entering_is_told_once_an_hour_and_a_stranger_enters_nothing(world):
    alice = signed_in(world)
    journal._looked.clear()
    same = session.Session.get_by_id(alice.session_id)
    assert entrance.enter(same, alice.record.uid)
    assert count(Act.ENTERED) == 1
    assert entrance.enter(same, world.record("carole").uid) is None
    assert count(Act.ENTERED) == 1


def test_showing_an_image_in_its_page_is_not_told_twice(world):
    alice, paper = signed_in(world), world.paper()
    document.read(alice, paper)
    document.show(alice, paper)
    assert count(Act.READ) == 1
    with clock.moved(timedelta(minutes=6)):
        document.show(alice, paper)
    assert count(Act.READ) == 2


@pytest.mark.parametrize(
    "name, role, limit",
    [
        ("bruno", Role.REPRESENTATIVE, "from_representatives"),
        ("alice", Role.HOLDER, "unannounced"),
    ],
)
def test_what_is_told_of_a_document_one_may_not_see_is_not_shown(world, name, role, limit):
    if name == "bruno":
        world.let_in("bruno", role)
    seen = world.paper("Vu", by=SURGERY)
    unseen = world.paper("Non vu", by=SURGERY)
    setattr(unseen, limit, True)
    unseen.save()
    access = world.access(name, "alice")
    found = journal.entries(access, Filters(what=Group.ADDING))
    assert [entry.document_uid for entry in found] == [seen.uid]
    every = list(Entry.select().where(Entry.document_uid.is_null(False)))
    assert journal.titles(access, every) == {seen.uid: "Vu"}


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL, Role.EMERGENCY])
def test_reading_the_journal_needs_its_right(world, role):
    with pytest.raises(Forbidden) as refused:
        journal.entries(world.let_in("bruno", role), Filters())
    assert "Seule la personne concernée, Alice Exemple" in refused.value.sentence
