"""What is left out of a carer's access does not exist for him, wherever he looks."""

import pytest

from models import access as accesses
from models import (
    admission,
    bin,
    browsing,
    clock,
    deposit,
    document,
    exclusion,
    filing,
    folder,
    journal,
    visibility,
)
from models.access import DELEGABLE, READY, Forbidden, Role
from models.browsing import Filters
from models.deposit import Description
from models.document import Document
from models.exclusion import Exclusion
from models.journal import Act, Entry
from models.refusal import Refusal

from ..invited import carer, invited, opened
from ..world import LIMITS, SURGERY, spooled

ALL = DELEGABLE


@pytest.fixture
def secret(world):
    return world.folder("Mes secrets")


@pytest.fixture
def paper(world, secret):
    return world.paper("Bilan caché", text="Le mot perdrix.", folder=secret, author="Dr Imaginaire")


@pytest.fixture
def bruno(world, paper, secret):
    """He may do all that can be given, but for a folder; and sees one other document."""
    world.paper("Ordonnance", text="Le mot caille.")
    return carer(world, given=ALL, folders=(secret,))


def fresh(world):
    return world.access("bruno", "alice")


def found(access, **filters):
    return [one.title for one in browsing.browse(access, Filters(**filters)).documents]


def test_the_lists_the_counts_and_the_search_know_nothing_of_it(bruno, secret, paper):
    assert found(bruno) == ["Ordonnance"] and browsing.browse(bruno, Filters()).count == 1
    assert found(bruno, words="perdrix") == found(bruno, words="secrets") == []
    assert found(bruno, words="imaginaire") == found(bruno, words="papier-1") == []
    assert found(bruno, folder=secret.uid) == found(bruno, author=paper.author_key) == []
    assert browsing.unseen_count(bruno) == 1
    assert [one.title for one in browsing.newest(bruno, 5)] == ["Ordonnance"]
    assert [name for _, name in browsing.authors(bruno)] == ["Alice Exemple"]
    assert document.find(bruno, paper.uid) is None
    assert document.find_all(bruno, [paper.uid]) == []
    assert list(bruno.folders()) == folder.counted(bruno) == []
    assert folder.find(bruno, secret.uid) is None
    assert not visibility.sees(bruno, paper)


def test_the_years_and_the_pins_neither(world, bruno, secret):
    old = world.paper("Vieux", folder=secret, dated=clock.today().replace(year=1990, day=1))
    filing.pin(world.access("alice"), old, True)
    assert browsing.years(bruno) == [2024] and browsing.pinned(bruno) == []


def test_the_bin_neither(world, bruno, paper):
    bin.discard(world.access("alice"), [paper])
    assert bin.content(bruno) == [] and document.find_binned(bruno, paper.uid) is None


def test_the_journal_neither(world, bruno, paper, secret):
    alice = world.access("alice")
    document.read(alice, paper)
    folder.rename(alice, secret, "Autre nom")
    shown = journal.entries(bruno, journal.Filters())
    assert not [one for one in shown if one.document_uid == paper.uid]
    assert "ecrets" not in "".join(one.detail for one in shown)
    assert journal.titles(bruno, list(Entry.select())).get(paper.uid) is None
    assert any(one.document_uid == paper.uid for one in journal.entries(alice, journal.Filters()))


def test_its_page_says_to_the_holder_that_he_does_not_see_it(world, bruno, paper):
    alice = world.access("alice")
    names = [one.name for one in visibility.viewers(alice, paper)]
    assert "Bruno Fictif" not in names and "Moi" in names
    other = document.find_all(alice, [one.uid for one in Document.select()])
    (seen,) = [one for one in other if one.title == "Ordonnance"]
    assert "Bruno Fictif" in [one.name for one in visibility.viewers(alice, seen)]


def test_a_document_moved_there_vanishes_and_one_taken_out_appears(world, bruno, secret, paper):
    alice = world.access("alice")
    (seen,) = document.loaded(bruno, bruno.documents())
    filing.move(alice, [seen], secret)
    assert found(fresh(world)) == []
    filing.move(alice, [paper], None)
    assert found(fresh(world)) == ["Bilan caché"]


def test_what_another_carer_takes_out_of_it_stays_left_out(world, bruno, secret, paper):
    """Who reads what is decided by the holder: nobody else opens it by tidying up."""
    carole = carer(world, "carole", given=ALL, email="carole@exemple.invalid")
    filing.move(carole, document.find_all(carole, [paper.uid]), None)
    assert Document.get_by_id(paper.id).folder_id is None
    assert found(fresh(world)) == ["Ordonnance"]
    assert exclusion.documents_of(world.access("alice"), bruno.invitation) == [paper]


@pytest.mark.parametrize("by", ["alice", "carole"])
def test_the_folder_deleted_what_it_held_stays_left_out(world, bruno, secret, paper, by):
    if by == "carole":
        carer(world, "carole", given=ALL, email="carole@exemple.invalid")
    folder.delete(world.access(by, "alice"), secret)
    assert Exclusion.get().document_id == paper.id
    assert found(fresh(world)) == ["Ordonnance"]
    exclusion.take_back(world.access("alice"), bruno.invitation, paper)
    assert sorted(found(fresh(world))) == ["Bilan caché", "Ordonnance"]


def test_renamed_it_is_still_left_out(world, bruno, secret):
    folder.rename(world.access("alice"), secret, "Autre nom")
    assert list(fresh(world).folders()) == [] and found(fresh(world)) == ["Ordonnance"]


def test_one_document_left_out_then_taken_back(world, bruno):
    alice, one = world.access("alice"), bruno.invitation
    (seen,) = document.loaded(bruno, bruno.documents())
    for _ in range(2):  # the second changes nothing, and writes nothing
        exclusion.leave_out(alice, one, seen)
    assert found(fresh(world)) == []
    assert [e.act for e in Entry.select().where(Entry.act == Act.LEFT_OUT)] == [Act.LEFT_OUT]
    for _ in range(2):
        exclusion.take_back(alice, one, seen)
    assert found(fresh(world)) == ["Ordonnance"]
    (entry,) = Entry.select().where(Entry.act == Act.TOOK_BACK)
    assert entry.document_uid == seen.uid and entry.details["name"] == "Bruno Fictif"


def test_it_holds_from_the_invitation_on(world, paper, secret):
    made = invited(world, folders=(secret,), documents=(world.paper("À part"),))
    alice = world.access("alice")
    later = world.paper("Après")
    exclusion.leave_out(alice, made.one, later)
    from models import invitation

    invitation.accept(opened(made), world.account("bruno"))
    assert found(fresh(world)) == []


def test_each_carer_has_his_own(world, bruno):
    carole = carer(world, "carole", email="carole@exemple.invalid")
    assert sorted(found(carole)) == ["Bilan caché", "Ordonnance"]


def test_changing_the_rights_keeps_the_documents_left_out(world, bruno, secret):
    alice = world.access("alice")
    (seen,) = document.loaded(bruno, bruno.documents())
    exclusion.leave_out(alice, bruno.invitation, seen)
    admission.change(alice, bruno, READY["voir"], [])
    assert exclusion.folders_of(bruno.invitation) == []
    assert exclusion.documents_of(alice, bruno.invitation) == [seen]
    assert found(fresh(world)) == ["Bilan caché"]
    admission.change(alice, bruno, READY["voir"], [secret], [])
    assert found(fresh(world)) == ["Ordonnance"]


def test_what_a_minor_keeps_from_her_parents_is_not_told_to_them_as_left_out(world, bruno):
    alice = world.access("alice")
    (seen,) = document.loaded(bruno, bruno.documents())
    exclusion.leave_out(alice, bruno.invitation, seen)
    mother = world.let_in("carole", Role.REPRESENTATIVE)
    assert exclusion.documents_of(mother, bruno.invitation) == [seen]
    Document.update(from_representatives=True).where(Document.id == seen.id).execute()
    assert exclusion.documents_of(mother, bruno.invitation) == []
    admission.change(mother, bruno, ALL, [])
    assert exclusion.documents_of(alice, bruno.invitation) == [seen]


@pytest.mark.parametrize("name", ["Mes secrets", "mes SECRETS", "Mès secrets"])
def test_a_name_taken_by_a_folder_left_out_is_free_for_him(world, bruno, secret, name):
    """« Vous avez déjà un dossier « VIH » » would tell that there is one."""
    made = folder.make(bruno, name)
    assert made.uid != secret.uid and made.name == name
    assert [one.name for one in bruno.folders()] == [name]
    other = folder.make(bruno, "Autre")
    with pytest.raises(Refusal):
        folder.rename(bruno, other, name)
    folder.rename(bruno, made, "Encore autre")
    folder.rename(bruno, other, name)
    alice = world.access("alice")
    assert sorted(one.name for one in alice.folders()).count(name) == (
        2 if name == secret.name else 1
    )
    with pytest.raises(Refusal):
        folder.make(alice, name)


def test_a_folder_may_keep_its_own_name(world, secret):
    folder.rename(world.access("alice"), secret, "MES SECRETS")
    assert folder.find(world.access("alice"), secret.uid).name == "MES SECRETS"


def test_the_same_file_as_one_left_out_is_taken_as_if_there_were_none(world, bruno, paper):
    content = b"Le mot perdrix."
    spool = spooled(content)
    told = Description(category="CPT_REND", dated=clock.today(), title="Le mien")
    made = deposit.by_access(bruno, spool, "perdrix.txt", told, LIMITS)
    assert made.title == "Le mien" and made.id != paper.id
    assert sorted(found(bruno)) == ["Le mien", "Ordonnance"]
    spool = spooled(content)
    with pytest.raises(Refusal) as refusal:
        deposit.by_access(bruno, spool, "perdrix.txt", told, LIMITS)
    assert "« Le mien »" in refusal.value.sentence
    assert "Bilan" not in refusal.value.sentence
    bin.discard(bruno, [document.find(bruno, made.uid)])
    bin.restore(bruno, document.find_binned(bruno, made.uid))
    assert document.find(bruno, made.uid)


def test_he_deposits_into_no_folder_that_is_left_out(world, bruno, secret):
    assert folder.find(bruno, secret.uid) is None
    world.paper("De Bruno", by=bruno)
    assert "De Bruno" in found(bruno)
    assert Document.get(Document.title == "De Bruno").folder_id is None


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL])
def test_only_who_decides_leaves_out_or_takes_back(world, bruno, paper, role):
    carole = world.let_in("carole", role)
    for verb in (exclusion.leave_out, exclusion.take_back):
        with pytest.raises(Forbidden):
            verb(carole, bruno.invitation, paper)


def test_erased_it_is_forgotten(world, bruno, secret, paper):
    alice = world.access("alice")
    exclusion.leave_out(alice, bruno.invitation, paper)
    bin.discard(alice, [paper])
    bin.erase(alice, document.find_binned(alice, paper.uid))
    assert Exclusion.select().where(Exclusion.document.is_null(False)).count() == 0
    assert found(bruno) == ["Ordonnance"]


def test_of_a_professional_nothing_is_left_out_this_way(world, bruno, secret):
    world.paper("Vu", by=SURGERY, folder=secret)
    doctor = world.let_in("carole", Role.PROFESSIONAL)
    assert doctor.invitation_id is None
    assert "Vu" in world.titles(doctor)
    assert accesses.all_in(doctor.record)
