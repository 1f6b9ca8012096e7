"""Statements: each access given, or ended, has its PDF, signed by acts of the journal."""

import hashlib
from datetime import timedelta

import pytest

from models import (
    admission,
    checking,
    clock,
    document,
    invitation,
    journal,
    majority,
    measure,
    statement,
    vault,
)
from models.access import Forbidden, Measure, Right, Role
from models.document import Document, DocumentText
from models.formats import typesetting
from models.formats.typesetting import TypesettingFailed
from models.invitation import Terms
from models.journal import Act, Entry
from models.measure import Told
from models.record import Record

from ..minors import activated, address, second
from ..world import LIMITS, LINK, SURGERY, Limits

SEE = frozenset({Right.READ, Right.DEPOSIT})


def let_in(world, name="bruno", given=SEE, days=40, **told):
    """A carer of Alice's who was invited, and has accepted."""
    alice = world.access("alice")
    until = clock.today() + timedelta(days=days)
    person = ("Bruno Fictif", "mon voisin", f"{name}@exemple.invalid", "")
    one = invitation.invite(alice, Terms(*person, given, until, **told), "Carnet", address)
    return invitation.accept(invitation.Invitation.get_by_id(one.id), world.account(name))


def filed(one, which=statement.GIVEN):
    return Document.get_or_none(Document.sending == which + one.uid)


def text(paper):
    words = DocumentText.get_by_id(paper.id).text
    return " ".join(words.replace("\u00a0", " ").replace("\u202f", " ").split())


def stated(one, which=statement.GIVEN):
    """The words of its statement, filed now."""
    statement.file_due(LIMITS)
    return text(filed(one, which))


def entry(record, act):
    query = Entry.select().where((Entry.record == record) & (Entry.act == act.value))
    return query.order_by(Entry.id.desc()).get()


def spaced(print_):
    return " ".join(print_[start : start + 16] for start in range(0, 64, 16))


# What is filed


def test_it_is_filed_once(world):
    carer = let_in(world)
    assert [statement.file_due(LIMITS), statement.file_due(LIMITS)] == [1, 0]
    paper = filed(carer)
    assert (paper.category, paper.about_id, paper.depositor_name) == ("DOC_ADM", carer.id, "Carnet")
    assert paper.title == "Attestation : accès de Bruno Fictif"
    assert paper.media_type == "application/pdf" and not paper.changeable


@pytest.mark.parametrize("drawn_alike", [True, False])
def test_two_who_file_it_at_the_same_time_file_it_once(world, monkeypatch, drawn_alike):
    carer = let_in(world)
    (due,) = statement._without(statement.GIVEN)
    assert statement._file(due, statement.GIVEN, LIMITS) == 1
    if not drawn_alike:
        draw = typesetting.pdf
        monkeypatch.setattr(typesetting, "pdf", lambda sheet: draw(sheet) + b"\n% later")
    assert statement._file(due, statement.GIVEN, LIMITS) == 0
    assert Document.select().where(Document.about == carer).count() == 1
    assert len(set(vault.names())) == Document.select().count()
    assert list(checking.faults()) == []


def test_what_a_crash_left_out_is_filed_later(world):
    carer = let_in(world)
    admission.leave(carer)
    assert statement.file_due(LIMITS) == 2
    assert filed(carer) and filed(carer, statement.ENDED)


def test_a_full_record_keeps_its_proofs(world):
    carer = let_in(world)
    statement.file_due(Limits(document=25_000_000, record=1))
    assert filed(carer)


def test_one_that_cannot_be_drawn_holds_up_no_other(world, monkeypatch):
    first, other = let_in(world), let_in(world, "carole")
    draw = typesetting.pdf

    def fails_for_the_first(sheet, large=False):
        if "Bruno Fictif, mon voisin" in str(sheet) and not failed:
            failed.append(sheet)
            raise TypesettingFailed
        return draw(sheet, large)

    failed = []
    monkeypatch.setattr(typesetting, "pdf", fails_for_the_first)
    assert statement.file_due(LIMITS) == 1
    assert not filed(first) and filed(other)
    assert statement.file_due(LIMITS) == 1 and filed(first)


def test_nothing_is_filed_of_professionals_nor_in_a_closed_record(world):
    admission.let_in(world.access("alice"), world.professional("paule"), None)
    assert statement.file_due(LIMITS) == 0
    let_in(world)
    Record.update(closed_at=clock.now()).execute()
    assert statement.file_due(LIMITS) == 0


# What it says


def test_it_says_who_for_whom_what_and_until_when(world):
    carer = let_in(world, days=40)
    words = stated(carer)
    for said in (
        "Qui entre Bruno Fictif, mon voisin",
        "À quel titre aidant",
        "Alice Exemple, née le 14 mars 1951",
        "Ce que cet accès permet • Lire les documents • Ajouter des documents Ce qu",
        "ne permet pas • Ranger les documents",
        "Ce qu'il ne permet jamais • Masquer les documents",
        "Décider de qui entre dans l'espace",
        "Fermer l'espace",
    ):
        assert said in words, said
    last = clock.today() + timedelta(days=40)
    assert f"{last.day}{'er' if last.day == 1 else ''} " in words.partition("Jusqu'à quand")[2][:8]


def test_it_names_the_acts_that_signed_it_and_their_prints(world):
    carer = let_in(world)
    words = stated(carer)
    for act, who in (
        (Act.INVITED, f"Alice Exemple (titulaire, compte n° {world.account('alice').id})"),
        (Act.ACCEPTED_INVITATION, f"Bruno Fictif (aidant, compte n° {carer.account_id})"),
    ):
        one = entry(carer.record, act)
        assert f"Acte n° {one.number} " in words
        assert who in words and spaced(one.hash) in words


def test_the_journal_seals_the_file(world):
    carer = let_in(world)
    statement.file_due(LIMITS)
    content = b"".join(filed(carer).content_chunks())
    sealed = entry(carer.record, Act.DEPOSITED)
    assert sealed.document_uid == filed(carer).uid
    assert sealed.details == {"sha256": hashlib.sha256(content).hexdigest()}
    assert journal.broken(world.record("alice")) is None


def test_no_other_deposit_leaves_its_print_in_the_journal(world):
    paper = world.paper(by=SURGERY)
    assert "sha256" not in entry(paper.record, Act.DEPOSITED).details


def test_what_is_left_out_is_named_to_nobody(world):
    kept = world.folder("Mon cancer")
    paper = world.paper("Marqueurs")
    carer = let_in(world, folders=(kept,), documents=(paper,))
    none = let_in(world, "carole")
    words = stated(carer)
    assert "cancer" not in words and "Marqueurs" not in words

    def without_acts(said):
        return said.partition("Ce que cet accès permet")[2].partition("Comment il a été")[0]

    assert without_acts(words) == without_acts(stated(none))


def test_it_says_what_was_given_then_whatever_was_changed_since(world):
    carer, alice = let_in(world), world.access("alice")
    admission.change(alice, carer, frozenset({Right.READ, Right.TRACE}), [], [])
    with clock.moved(timedelta(days=30)):
        admission.renew(alice, carer)
        words = stated(carer)
    assert "permet • Lire les documents • Ajouter des documents Ce qu" in words
    end = clock.today() + timedelta(days=40)
    assert f"{end.year} inclus" in words


@pytest.mark.parametrize(
    "end, said",
    [
        (lambda world, one: admission.end(world.access("alice"), one), "Alice Exemple (titulaire"),
        (lambda world, one: admission.leave(one), "a renoncé à l'accès"),
        (
            lambda world, one: admission.end_by_office(world.office, one),
            "au bureau de l'association",
        ),
    ],
)
def test_at_the_end_it_says_when_and_by_whom(world, end, said):
    carer = let_in(world)
    end(world, carer)
    words = stated(carer, statement.ENDED)
    assert "Bruno Fictif n'entre plus dans cet espace depuis le" in words
    assert said in words
    assert spaced(entry(carer.record, Act.INVITED).hash) in words
    paper = filed(carer, statement.ENDED)
    assert paper.title == "Attestation : fin de l'accès de Bruno Fictif"


def test_at_the_end_of_its_time_too(world):
    carer = let_in(world, days=3)
    with clock.moved(timedelta(days=4)):
        admission.expire_due()
        assert "a fermé l'accès à la date prévue" in stated(carer, statement.ENDED)


# For a child, for a protected adult


def test_of_a_parent_it_says_what_she_certified_and_until_when(world):
    parent = activated(world)
    words = stated(parent)
    assert "À quel titre parent" in words and "jusqu'aux 18 ans de l'enfant" in words
    assert "a activé l'espace avec le code de l'association" in words
    assert "a certifié, avant d'entrer, être parent" in words
    assert "Décider de la personne de confiance" in words.partition("ne permet jamais")[2]
    other = second(world, parent)
    words = stated(other)
    assert "Carole Inventée (représentant légal" in words and "a certifié" in words


def test_the_day_a_child_is_18_each_end_has_its_own(world):
    parent = activated(world, born=clock.months_later(clock.today(), -216) + timedelta(days=3))
    second(world, parent)
    statement.file_due(LIMITS)
    with clock.moved(timedelta(days=4)):
        majority.come_of_age(LINK, 42)
        assert statement.file_due(LIMITS) == 2


def test_of_a_measure_it_names_the_judgment(world):
    until = clock.months_later(clock.today(), 36)
    told = Told("Bruno Fictif", "bruno@exemple.invalid", "representation", until, "TJ, n° 26/00012")
    one = measure.enter(world.office, world.record("alice"), told, "Carnet", address)
    one = invitation.Invitation.get_by_id(one.id)
    invitation.certify(one, True)
    made = invitation.accept(one, world.account("bruno"))
    assert made.measure == Measure.REPRESENTATION
    words = stated(made)
    assert "représentant légal, par une mesure de protection" in words
    assert "Jugement TJ, n° 26/00012" in words and "au bureau de l'association" in words


# Who reads it


def test_it_is_read_by_who_decides_and_by_whom_it_is_about(world):
    carer, other = let_in(world), let_in(world, "carole")
    doctor = admission.let_in(world.access("alice"), world.professional("paule"), None)
    statement.file_due(LIMITS)
    mine = {"Attestation : accès de Bruno Fictif"}
    theirs = {filed(other).title}
    assert world.titles(world.access("alice")) == mine | theirs
    assert {one.id for one in carer.documents()} == {filed(carer).id}
    assert {one.id for one in other.documents()} == {filed(other).id}
    assert list(doctor.documents()) == []


def test_he_reads_his_own_even_if_he_reads_no_document(world):
    carer = let_in(world, given=frozenset({Right.WISHES}))
    before = statement.of(carer, carer)
    assert before.startswith(b"%PDF-")
    statement.file_due(LIMITS)
    assert document.find(carer, filed(carer).uid) is None
    content = statement.of(carer, carer)
    assert hashlib.sha256(content).hexdigest() == filed(carer).sha256
    told = entry(carer.record, Act.DOWNLOADED)
    assert (told.account_id, told.document_uid) == (carer.account_id, filed(carer).uid)


def test_nobody_else_reads_it_so(world):
    carer, other = let_in(world), let_in(world, "carole")
    statement.file_due(LIMITS)
    with pytest.raises(Forbidden):
        statement.of(other, carer)
    assert statement.of(world.access("alice"), carer).startswith(b"%PDF-")


def test_it_is_drawn_even_for_an_access_without_a_trace(world):
    made = world.let_in("bruno", Role.CARER)
    assert statement.of(made, made).startswith(b"%PDF-")
    assert statement.file_due(LIMITS) == 0
    admission.leave(made)
    assert statement.file_due(LIMITS) == 1
    assert statement.of(*[world.let_in("bruno", Role.PROFESSIONAL)] * 2) is None
