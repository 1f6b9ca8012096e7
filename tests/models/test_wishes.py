"""Who reads « Entourage et volontés »: the person's own choice, apart from the masking."""

from datetime import date, timedelta

import pytest

from models import (
    bin,
    browsing,
    clock,
    contact,
    deposit,
    designation,
    directive,
    document,
    filing,
    journal,
    masking,
    organs,
    signing,
    visibility,
    wishes,
)
from models.access import Forbidden, Right, Role
from models.account import Account
from models.browsing import Filters
from models.deposit import Description
from models.document import Document
from models.journal import Act, Entry
from models.record import Shown
from models.refusal import Refusal
from models.signing import Papers

from ..world import LIMITS, picture, spooled

DAY = date(2025, 3, 1)
OTHERS = {
    "representative": (Role.REPRESENTATIVE, False),
    "carer": (Role.CARER, False),
    "professional": (Role.PROFESSIONAL, False),
    "administrator": (Role.PROFESSIONAL, True),
    "emergency": (Role.EMERGENCY, False),
}
# Who reads the section, and its papers, beside the holder.
READ_BY = {
    Shown.EMERGENCY: {"representative", "professional", "administrator", "emergency"},
    Shown.ACCESS: {"representative", "professional", "administrator"},
    Shown.NOBODY: {"representative"},
}
MASKINGS = pytest.mark.parametrize("masked", [None, True, False])
CHOICES = pytest.mark.parametrize("shown", list(Shown))


@pytest.fixture
def people(world):
    for name in OTHERS:
        Account.create(email=f"{name}@exemple.invalid", name=f"{name} Fictif", password_hash="-")
    for name, (role, administrator) in OTHERS.items():
        world.let_in(name, role, administrator=administrator)
    return lambda: {name: world.access(name, "alice") for name in OTHERS}


def chosen(world, shown, masked):
    wishes.choose_readers(world.access("alice"), shown)
    if masked is not None:
        masking.choose_all(world.access("alice"), masked)


def titles_seen(world, access):
    return world.titles(access) & {"Personne de confiance : désignation signée le 1er mars 2025"}


def readers(people):
    return {name for name, access in people().items() if access.can(Right.WISHES)}


@CHOICES
@MASKINGS
def test_each_role_reads_the_section_as_the_person_chose_whatever_is_masked(
    world, people, shown, masked
):
    world.directive(signed_on=DAY)
    chosen(world, shown, masked)
    assert readers(people) == READ_BY[shown]
    for name, access in people().items():
        if name in READ_BY[shown]:
            assert wishes.answers(access).valid_directive
        else:
            with pytest.raises(Forbidden):
                wishes.look(access)
            with pytest.raises(Forbidden):
                wishes.look_at_care(access)
            with pytest.raises(Forbidden):
                wishes.print_out(access, "Feuille")


@CHOICES
@MASKINGS
def test_its_signed_papers_are_seen_by_the_same_people_in_hand_and_in_the_database(
    world, people, shown, masked
):
    paper = world.designation(signed_on=DAY).paper
    chosen(world, shown, masked)
    seen = {name for name, access in people().items() if document.find(access, paper.uid)}
    assert seen == READ_BY[shown]
    for name, access in people().items():
        one = Document.get_by_id(paper.id)
        one.record = access.record
        assert visibility.sees(access, one) == (name in READ_BY[shown])
        assert bool(titles_seen(world, access)) == (name in READ_BY[shown])
    assert document.find(world.access("alice"), paper.uid)


@CHOICES
def test_masking_one_by_one_leaves_the_papers_of_the_section_as_they_are(world, people, shown):
    paper, other = world.directive(signed_on=DAY).paper, world.paper("Bilan")
    chosen(world, shown, None)
    alice = world.access("alice")
    both = document.find_all(alice, [paper.uid, other.uid])
    for masked in (True, False):
        assert masking.choose(alice, both, masked) == 1
        seen = {name for name, access in people().items() if document.find(access, paper.uid)}
        assert seen == READ_BY[shown]


@CHOICES
def test_masking_all_and_undoing_it_leaves_them_too(world, people, shown):
    paper = world.directive(signed_on=DAY).paper
    world.paper("Bilan")
    chosen(world, shown, None)
    made = masking.choose_all(world.access("alice"), True)
    masking.undo(world.access("alice"), made.id)
    seen = {name for name, access in people().items() if document.find(access, paper.uid)}
    assert seen == READ_BY[shown]
    assert world.masked() == ({paper.title} if shown == Shown.NOBODY else set())


def test_masking_all_hides_the_documents_and_shows_the_wishes(world, people):
    paper = world.directive(signed_on=DAY).paper
    world.paper("Bilan")
    masking.choose_all(world.access("alice"), True)
    for name in ("professional", "administrator", "emergency"):
        shown = {paper.title} | ({"Bilan"} if name == "administrator" else set())
        assert world.titles(people()[name]) == shown, name


def test_a_carer_meets_them_nowhere(world):
    paper = world.directive(signed_on=DAY).paper
    carer = world.let_in("bruno", Role.CARER)
    assert document.find(carer, paper.uid) is None
    assert browsing.browse(carer, Filters()).documents == []
    assert browsing.browse(carer, Filters(words="signé")).documents == []
    assert browsing.browse(carer, Filters(words="directives")).documents == []
    assert browsing.browse(world.access("alice"), Filters(words="directives")).documents == [paper]
    for verb in (contact.all_of, designation.history, directive.history):
        with pytest.raises(Forbidden):
            verb(carer)


def test_a_carer_does_not_see_a_document_that_became_one_of_its_papers(world):
    known = world.paper("Scan", scan="Papier.")
    carer = world.let_in("bruno", Role.CARER)
    assert document.find(carer, known.uid)
    papers = Papers(((spooled(picture("Papier.")), "scan.png"),))
    signing.sign(world.access("alice"), world.designation(), DAY, papers, LIMITS)
    assert document.find(carer, known.uid) is None


def test_a_carer_who_sends_the_same_file_learns_only_that_it_is_there(world):
    one = world.directive(signed_on=DAY)
    content = b"".join(document.download(world.access("alice"), one.paper))
    carer, told = world.let_in("bruno", Role.CARER), Description("AUTR_DOC", DAY)
    with pytest.raises(Refusal) as refused:
        deposit.by_access(carer, spooled(content), "a.png", told, LIMITS)
    assert refused.value.sentence == "Ce fichier est déjà dans cet espace."


TO_COME = "Les professionnels de santé à qui l'accès sera donné"
URGENT = "Les professionnels de santé, en cas d'urgence"


@pytest.mark.parametrize(
    "shown, coming",
    [(Shown.EMERGENCY, {TO_COME, URGENT}), (Shown.ACCESS, {TO_COME}), (Shown.NOBODY, set())],
)
@MASKINGS
def test_the_page_of_a_paper_tells_the_truth_of_who_sees_it(world, people, shown, coming, masked):
    paper = world.directive(signed_on=DAY).paper
    chosen(world, shown, masked)
    alice = world.access("alice")
    told = {one.name for one in visibility.viewers(alice, document.find(alice, paper.uid))}
    assert told == {"Moi"} | coming | {f"{name} Fictif" for name in READ_BY[shown]}


def test_without_emergency_access_nobody_is_said_to_come_in_an_emergency(world):
    paper, alice = world.directive(signed_on=DAY).paper, world.access("alice")
    alice.record.emergency_samu = alice.record.emergency_others = False
    alice.record.save()
    alice = world.access("alice")
    told = {one.name for one in visibility.viewers(alice, document.find(alice, paper.uid))}
    assert told == {"Moi", TO_COME}


def test_its_papers_are_neither_binned_nor_corrected_among_the_documents(world):
    paper, alice = world.directive(signed_on=DAY).paper, world.access("alice")
    number, (sentence,) = bin.discard(alice, document.find_all(alice, [paper.uid]))
    assert number == 0 and "fait partie de « Entourage et volontés »" in sentence
    with pytest.raises(Refusal, match="le changer là-bas"):
        filing.correct(
            alice,
            document.find(alice, paper.uid),
            title="Autre",
            category="AUTR_DOC",
            dated=DAY,
            author="",
        )
    with pytest.raises(Refusal, match="le changer là-bas"):
        bin.erase(alice, document.find(alice, paper.uid))
    assert document.find(alice, paper.uid).title == paper.title
    assert b"".join(paper.content_chunks())


def test_its_papers_may_be_filed_and_pinned(world):
    paper, alice = world.directive(signed_on=DAY).paper, world.access("alice")
    folder = world.folder("Mes papiers")
    assert filing.move(alice, [paper], folder) == 1
    filing.pin(alice, document.find(alice, paper.uid), True)
    kept = document.find(alice, paper.uid)
    assert kept.folder == folder and kept.pinned_at and kept.wish


def test_its_papers_count_in_the_room_of_the_record(world):
    before = world.record("alice").used
    paper = world.directive(signed_on=DAY).paper
    assert world.record("alice").used == before + paper.size > before


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.HOLDER])
def test_only_the_holder_chooses_who_reads(world, role):
    other = world.let_in("bruno", role)
    with pytest.raises(Forbidden):
        wishes.choose_readers(other, Shown.NOBODY)
    assert world.record("alice").wishes_shown == Shown.EMERGENCY


@pytest.mark.parametrize("shown", ["", "everybody", "EMERGENCY"])
def test_an_answer_that_is_not_offered_changes_nothing(world, shown):
    with pytest.raises(Refusal) as refused:
        wishes.choose_readers(world.access("alice"), shown)
    assert refused.value.field == "shown"
    assert world.record("alice").wishes_shown == Shown.EMERGENCY


def test_the_choice_is_one_record_s_and_is_told(world):
    wishes.choose_readers(world.access("alice"), Shown.NOBODY)
    assert world.record("carole").wishes_shown == Shown.EMERGENCY
    last = Entry.select().order_by(Entry.id.desc()).get()
    assert (last.act, last.details) == (Act.CHOSE_READERS, {"shown": "nobody"})


def test_looking_is_told_once_an_hour_and_by_whom(world):
    doctor = world.let_in("bruno", Role.PROFESSIONAL)
    for _ in range(3):
        wishes.look(doctor)
        wishes.look_at_care(doctor)
    told = [(one.act, one.actor) for one in Entry.select() if one.actor == "Bruno Fictif"]
    assert told == [
        (Act.LOOKED_AT_WISHES, "Bruno Fictif"),
        (Act.LOOKED_AT_CARE, "Bruno Fictif"),
    ]
    with clock.moved(timedelta(hours=2)):
        wishes.look_at_care(doctor)
    assert Entry.select().where(Entry.act == Act.LOOKED_AT_CARE).count() == 2
    assert journal.broken(world.record("alice")) is None


def test_nothing_is_answered_in_a_new_record(world):
    answers = wishes.answers(world.access("alice"))
    assert (answers.people, answers.designations, answers.directives) == ([], [], [])
    assert answers.trusted is answers.valid_designation is answers.unsigned_designation is None
    assert answers.directive is answers.directive_in_preparation is None
    assert answers.why_read_again == ""


def test_the_valid_one_and_the_one_in_preparation_are_told_apart(world):
    valid = world.designation(signed_on=DAY)
    prepared = world.designation()
    answers = wishes.answers(world.access("alice"))
    assert answers.valid_designation.uid == answers.trusted.uid == valid.uid
    assert answers.unsigned_designation.uid == answers.trusted_in_preparation.uid == prepared.uid


def test_that_the_page_on_organs_was_read_is_all_that_is_kept(world):
    before = world.record("alice").__data__
    organs.mark_read(world.access("alice"))
    after = world.record("alice").__data__
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"organs_read_at", "journal_length", "journal_head"}


@pytest.mark.parametrize("years, may", [(12, False), (14, True), (75, True)])
def test_a_refusal_may_be_registered_from_thirteen(world, years, may):
    world.born(clock.today() - timedelta(days=years * 366))
    assert organs.may_refuse(world.record("alice")) is may
