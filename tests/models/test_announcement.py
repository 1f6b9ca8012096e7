"""A document to be announced first, or kept from the parents: who sees it, who is written to."""

from datetime import date, timedelta

import pytest

from models import admission, announcement, clock, deposit, document, journal
from models.access import Forbidden, Role
from models.browsing import Filters, browse
from models.document import Document
from models.journal import Act, Entry
from models.notice import Notice
from models.refusal import Refusal

from ..world import LIMITS, spooled

DAY = timedelta(days=1)
CHILD = date(2020, 1, 1)


@pytest.fixture
def hugo(world):
    world.professional("hugo")
    return world.let_in("hugo", Role.PROFESSIONAL)


@pytest.fixture
def child(world):
    """Alice, six years old, with her own account, and a parent."""
    world.born(CHILD)
    return world.let_in("bruno", Role.REPRESENTATIVE)


def letters(subject, since=0):
    rows = Notice.select().where(Notice.subject.contains(subject) & (Notice.id > since))
    return sorted(row.recipient.partition("@")[0] for row in rows)


def work_after(days):
    with clock.moved(timedelta(days=days)):
        return announcement.work()


def test_the_person_sees_it_once_it_is_announced(world, hugo):
    one = world.paper("Résultat", by=hugo, unannounced=True)
    alice = world.access("alice")
    assert one.apart
    assert world.titles(alice) == set() and world.titles(hugo) == {"Résultat"}
    assert letters("document vous attend") == []
    announcement.announce(hugo, document.find(hugo, one.uid))
    assert world.titles(alice) == {"Résultat"}
    assert letters("document vous attend") == ["alice"]
    entry = Entry.select().order_by(Entry.id.desc()).get()
    assert (entry.act, entry.chain) == (Act.ANNOUNCED_DOCUMENT, one.uid)


def test_until_then_nothing_of_hers_tells_that_it_is_there(world, hugo):
    one = world.paper("Nodule suspect", text="Un nodule.", by=hugo, unannounced=True)
    alice = world.access("alice")
    assert browse(alice, Filters()).count == browse(alice, Filters(words="nodule")).count == 0
    assert one.uid not in {entry.document_uid for entry in journal.seen(alice)}
    main = Entry.select().where((Entry.record == alice.record) & (Entry.chain == ""))
    numbers = [entry.number for entry in main.order_by(Entry.id)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert journal.broken(world.record("alice")) is None


def test_only_its_depositor_announces_it_and_once(world, hugo):
    one = world.paper(by=hugo, unannounced=True)
    world.professional("irma")
    irma = world.let_in("irma", Role.PROFESSIONAL)
    assert not announcement.may_announce(irma, one) and announcement.may_announce(hugo, one)
    with pytest.raises(Refusal, match="qui a déposé"):
        announcement.announce(irma, one)
    for other in (world.access("alice"), world.let_in("bruno", Role.CARER)):
        with pytest.raises(Forbidden):
            announcement.announce(other, one)
    stale = Document.get()
    announcement.announce(hugo, one)
    with pytest.raises(Refusal, match="déjà annoncé"):
        announcement.announce(hugo, stale)
    assert [entry.act for entry in Entry.select()].count(Act.ANNOUNCED_DOCUMENT) == 1


@pytest.mark.parametrize(
    "days, written", [(13.9, []), (14.1, ["alice"]), (29.9, ["alice"]), (30.1, [])]
)
def test_after_two_weeks_she_is_told_that_something_waits(world, hugo, days, written):
    world.paper(by=hugo, unannounced=True)
    work_after(days)
    assert letters("Quelque chose vous attend") == written


def test_she_is_told_once_and_in_words_that_say_nothing_of_it(world, hugo):
    world.paper("Nodule", by=hugo, unannounced=True)
    for days in (14.1, 14.2, 20):
        work_after(days)
    assert letters("Quelque chose vous attend") == ["alice"]
    letter = Notice.get(Notice.subject == "Quelque chose vous attend")
    assert "Nodule" not in letter.body and "Hugo" not in letter.body
    assert "Parlez-en avec un professionnel" in letter.body


def test_what_was_announced_is_not_spoken_of_again(world, hugo):
    one = world.paper(by=hugo, unannounced=True)
    announcement.announce(hugo, one)
    assert work_after(15) == work_after(31) == 0
    assert letters("Quelque chose vous attend") == []
    assert Act.SHOWED_UNANNOUNCED not in [entry.act for entry in Entry.select()]


def test_after_a_month_it_shows_itself_and_she_is_told(world, hugo):
    one = world.paper("Résultat", by=hugo, unannounced=True)
    alice = world.access("alice")
    assert work_after(29.9) == 0 and world.titles(alice) == set()
    assert work_after(30.1) == 1 and world.titles(alice) == {"Résultat"}
    assert work_after(30.2) == 0
    entry = Entry.select().order_by(Entry.id.desc()).get()
    assert (entry.act, entry.role, entry.chain) == (Act.SHOWED_UNANNOUNCED, "system", one.uid)
    assert letters("document vous attend") == ["alice"]
    assert journal.broken(world.record("alice")) is None


def test_a_parent_of_a_child_is_told_as_she_is(world, hugo, child):
    world.paper("Résultat", by=hugo, unannounced=True)
    work_after(15)
    assert letters("Quelque chose vous attend") == ["alice", "bruno"]
    work_after(31)
    assert letters("document vous attend") == ["alice", "bruno"]
    assert world.titles(child) == {"Résultat"}


@pytest.mark.parametrize("unannounced", [True, False])
def test_of_what_a_minor_keeps_from_her_parents_they_are_never_told(
    world, hugo, child, unannounced
):
    before = letters("", since=0)
    one = world.paper("Secret", by=hugo, unannounced=unannounced, from_representatives=True)
    work_after(15)
    work_after(31)
    assert letters("").count("bruno") == before.count("bruno")
    assert world.titles(child) == set()
    assert browse(child, Filters(words="secret")).count == 0
    assert one.uid not in {entry.document_uid for entry in journal.seen(child)}
    assert world.titles(world.access("alice")) == {"Secret"}
    assert "alice" in letters("document vous attend")


def test_announcing_it_shows_it_to_the_minor_and_not_to_the_parent(world, hugo, child):
    one = world.paper("Secret", by=hugo, unannounced=True, from_representatives=True)
    announcement.announce(hugo, one)
    assert world.titles(world.access("alice")) == {"Secret"}
    assert world.titles(child) == set()
    assert letters("document vous attend") == ["alice"]


@pytest.mark.parametrize("flag", ["unannounced", "from_representatives"])
@pytest.mark.parametrize("role", [None, Role.CARER, Role.REPRESENTATIVE, admission.SYSTEM.role])
def test_nobody_but_a_professional_keeps_a_document_from_someone(world, flag, role):
    world.born(CHILD)
    by = admission.SYSTEM if role == admission.SYSTEM.role else role and world.let_in("bruno", role)
    with pytest.raises(Refusal) as refused:
        world.paper(by=by, **{flag: True})
    assert refused.value.sentence == deposit.NOT_A_PROFESSIONAL
    assert Document.select().count() == 0


def test_an_adult_has_no_parents_to_keep_it_from(world, hugo):
    with pytest.raises(Refusal) as refused:
        world.paper(by=hugo, from_representatives=True)
    assert refused.value.field == "from_representatives"


def put(access, **told):
    spool = spooled(b"Un texte.")
    told = deposit.Description("CPT_REND", date(2024, 3, 12), **told)
    return deposit.by_access(access, spool, "papier.txt", told, LIMITS)


def test_a_professional_s_choice_of_masking_or_folder_is_not_hers_to_make(world, hugo):
    made = put(hugo, masked=True, folder=world.folder("Cœur"))
    assert made.folder is None and not made.masked
    assert world.titles(hugo) == {"papier"}


def test_a_carer_does_not_mask_by_depositing(world):
    made = put(world.let_in("bruno", Role.CARER), masked=True, folder=world.folder("Cœur"))
    assert made.folder is None and world.masked() == set()


def test_who_deposits_for_the_person_writes_no_letter(world):
    world.paper()
    world.paper(by=world.let_in("bruno", Role.CARER))
    assert letters("document vous attend") == []


def test_the_letter_of_a_new_document_is_written_once_an_hour(world, hugo):
    for _ in range(3):
        world.paper(by=hugo)
    assert letters("document vous attend") == ["alice"]
    with clock.moved(timedelta(hours=1)):
        world.paper(by=hugo)
    assert letters("document vous attend") == ["alice", "alice"]


def test_a_carer_gets_no_letter_of_a_new_document(world, hugo):
    world.let_in("bruno", Role.CARER)
    world.paper(by=hugo)
    assert letters("document vous attend") == ["alice"]


def test_a_month_later_even_if_its_depositor_left(world, hugo):
    world.paper("Résultat", by=hugo, unannounced=True)
    admission.leave(hugo)
    assert work_after(31) == 1
    assert world.titles(world.access("alice")) == {"Résultat"}
