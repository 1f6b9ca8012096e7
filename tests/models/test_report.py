"""Reports: an entry that seems wrong is told to the office, which answers and closes."""

import pytest

from models import account, announcement, document, journal, report
from models.access import Forbidden, Role
from models.journal import Act, Entry, Filters
from models.notice import Notice
from models.refusal import Refusal
from models.report import Report

from ..world import PASSWORD

WORDS = "Je ne connais pas cette personne."


@pytest.fixture
def alice(world):
    return world.access("alice")


@pytest.fixture
def read(world):
    """Bruno, a carer, has read a paper."""
    document.read(world.let_in("bruno", Role.CARER), world.paper("Sérologie"))
    return Entry.get(Entry.act == Act.READ)


@pytest.fixture
def made(alice, read):
    return report.make(alice, read, WORDS)


def refused(act, *given):
    with pytest.raises(Refusal) as refusal:
        act(*given)
    return refusal.value


def letters(subject):
    query = Notice.select().where(Notice.subject == subject).order_by(Notice.id)
    return {one.recipient: one.body for one in query}


def test_it_is_kept_told_and_written_to_every_office_account(world, alice, read):
    account.make_office("second@exemple.invalid", "Second Bureau", PASSWORD)
    made = report.make(alice, read, f"  {WORDS}\r\n\r\n\r\nNi ce jour-là. ")
    assert Report.get().words == f"{WORDS}\n\nNi ce jour-là."
    last, *_ = journal.entries(alice, Filters())
    assert (last.act, last.actor) == (Act.REPORTED, "Alice Exemple")
    assert last.details == {"report": made.uid}
    sent = letters("Un signalement vous attend")
    assert sent.keys() == {"diane@exemple.invalid", "second@exemple.invalid"}
    for body in sent.values():
        assert "A-1" in body and "vous attend" in body
        for secret in ("Sérologie", "Alice", "Bruno", WORDS):
            assert secret not in body


@pytest.mark.parametrize("words", ["", "  \n ", None, "a" * 2001])
def test_its_words_are_required_and_short(alice, read, words):
    assert refused(report.make, alice, read, words).field == "words"
    assert not Report.select().exists() and not letters("Un signalement vous attend")


def test_nobody_reports_herself(alice, world):
    document.read(alice, world.paper())
    own = Entry.get(Entry.act == Act.READ)
    assert report.entry_of(alice, own.uid) is None
    refused(report.make, alice, own, WORDS)


def test_only_what_one_may_read_is_reported(world, alice, read):
    assert report.entry_of(alice, read.uid) == read
    assert report.entry_of(world.access("carole"), read.uid) is None
    assert report.entry_of(alice, "0" * 16) is None


@pytest.mark.parametrize("given", ["read trace", "read deposit trace wishes"])
def test_a_carer_reports_nothing(world, alice, given):
    world.professional("hugo")
    document.read(world.let_in("hugo", Role.PROFESSIONAL), world.paper())
    read = Entry.get(Entry.act == Act.READ)
    with pytest.raises(Forbidden):
        report.make(world.let_in("bruno", Role.CARER, given=given), read, WORDS)


def test_sent_twice_it_is_one_and_other_words_wait_for_the_end_of_the_first(
    world, alice, read, made
):
    assert report.make(alice, read, WORDS) == made
    assert refused(report.make, alice, read, "Autre chose").sentence == report.KNOWN
    assert Report.select().count() == 1
    report.answer(world.office, made, "Nous avons cherché.")
    report.close(world.office, made)
    again = report.make(alice, read, "Encore")
    assert again != made and report.of_entry(alice, read) == again


def test_only_its_author_finds_it(world, alice, made):
    assert report.find(alice, made.uid).words == WORDS
    assert report.find(world.access("carole"), made.uid) is None
    second = world.let_in("carole", Role.REPRESENTATIVE)
    assert report.find(second, made.uid) is None
    assert report.find_for_office(made.uid) == made
    assert report.find_for_office("0" * 16) is None


def test_the_answer_waits_in_the_record_and_the_letter_says_only_that(world, alice, made):
    report.answer(world.office, made, "Cette personne s'est trompée.")
    assert report.find(alice, made.uid).answer == "Cette personne s'est trompée."
    (body,) = letters("Une réponse vous attend").values()
    assert "attend" in body and "trompée" not in body and "Bruno" not in body
    last, *_ = journal.entries(alice, Filters())
    assert (last.act, last.role) == (Act.ANSWERED_REPORT, "office")
    assert refused(report.answer, world.office, made, "Autre").sentence == report.ANSWERED
    assert len(letters("Une réponse vous attend")) == 1


@pytest.mark.parametrize("words", ["", "a" * 2001])
def test_an_answer_says_something_and_is_short(world, made, words):
    assert refused(report.answer, world.office, made, words).field == "answer"


def test_it_is_closed_once_answered_and_then_changes_no_more(world, alice, made):
    assert refused(report.close, world.office, made).sentence == report.NO_ANSWER
    report.answer(world.office, made, "C'est expliqué.")
    report.close(world.office, made)
    kept = report.find(alice, made.uid)
    assert kept.closed_at and kept.closed_by == "Diane Modèle"
    assert journal.entries(alice, Filters())[0].act == Act.CLOSED_REPORT
    for act, *given in ((report.close,), (report.answer, "Autre")):
        assert refused(act, world.office, made, *given).sentence == report.CLOSED
    assert journal.broken(world.record("alice")) is None


def test_the_open_ones_come_first_the_oldest_on_top(world, alice, made, read):
    carole = world.access("carole")
    entries = list(journal.seen(carole).where(Entry.role == "office"))
    other = report.make(carole, entries[0], WORDS)
    assert report.all_for_office() == [made, other]
    report.answer(world.office, made, "C'est expliqué.")
    report.close(world.office, made)
    assert report.all_for_office() == [other, made]


def test_a_report_on_what_is_hidden_from_a_parent_is_hidden_from_him(world, alice):
    """It is told in the chain of the document."""
    world.born(alice.record.birth_date.replace(year=2011))
    world.professional("hugo")
    doctor = world.let_in("hugo", Role.PROFESSIONAL)
    parent = world.let_in("bruno", Role.REPRESENTATIVE)
    hidden = world.paper("Caché", by=doctor, from_representatives=True)
    read = Entry.get(Entry.document_uid == hidden.uid)
    made = report.make(world.access("alice"), read, WORDS)
    report.answer(world.office, made, "C'est expliqué.")
    acts = {Act.REPORTED, Act.ANSWERED_REPORT}
    assert acts <= {entry.act for entry in journal.seen(world.access("alice"))}
    assert not acts & {entry.act for entry in journal.seen(parent)}
    assert journal.broken(world.record("alice")) is None


def test_who_may_no_longer_read_the_entry_no_longer_reads_her_report(world):
    world.born(world.record("alice").birth_date.replace(year=2011))
    world.professional("hugo")
    doctor = world.let_in("hugo", Role.PROFESSIONAL)
    parent = world.let_in("bruno", Role.REPRESENTATIVE)
    shown = world.paper("Montré", by=doctor, unannounced=True)
    announcement.announce(doctor, shown)
    made = report.make(parent, Entry.get(Entry.act == Act.ANNOUNCED_DOCUMENT), WORDS)
    assert report.find(parent, made.uid) == made
    shown.from_representatives = True
    shown.save()
    assert report.find(parent, made.uid) is None
