"""Filing: moving, pinning, and correcting what is said of one's own documents."""

from datetime import date, timedelta

import pytest

from models import browsing, clock, document, filing, journal
from models.access import Forbidden, Role
from models.document import Document
from models.journal import Act, Entry
from models.refusal import Refusal

from ..world import SURGERY

TOLD = {
    "title": "Bilan sanguin",
    "category": "BIOLOGIE",
    "dated": date(2023, 5, 4),
    "author": "Dr Paul Fictif",
}


def correct(world, paper, **changes):
    filing.correct(world.access("alice"), paper, **(TOLD | changes))


def why_refused(world, field, **changes):
    paper = world.paper()
    with pytest.raises(Refusal) as refused:
        correct(world, paper, **changes)
    assert refused.value.field == field
    assert Document.get_by_id(paper.id).title == "Compte rendu"
    return refused.value.sentence


def test_what_is_said_of_a_document_is_corrected(world):
    paper = world.paper()
    correct(world, paper, title="  Bilan \n sanguin ")
    kept = Document.get_by_id(paper.id)
    assert {name: getattr(kept, name) for name in TOLD} == TOLD
    assert kept.category_label == "Résultats de biologie"
    assert kept.download_name == "Bilan sanguin.txt"


def test_without_an_author_it_is_hers(world):
    paper = world.paper()
    correct(world, paper, author=" ")
    assert Document.get_by_id(paper.id).author == "Alice Exemple"


@pytest.mark.parametrize("title", ["", " \u200b\t"])
def test_a_title_is_needed(world, title):
    assert "Donnez un titre" in why_refused(world, "title", title=title)


def test_a_title_has_200_characters_at_most(world):
    assert "200 caractères" in why_refused(world, "title", title="a" * 201)
    correct(world, world.paper(), title="a" * 200)


@pytest.mark.parametrize("category", ["", "INCONNUE", "SYNTH_PML"])
def test_a_category_is_one_of_the_nine_a_person_may_choose(world, category):
    assert "Choisissez une catégorie" in why_refused(world, "category", category=category)


def test_a_date_is_needed_between_1900_and_today(world):
    tomorrow = clock.today() + timedelta(days=1)
    assert "jour, mois, année" in why_refused(world, "dated", dated=None)
    assert "dans le futur" in why_refused(world, "dated", dated=tomorrow)
    assert "trop ancienne" in why_refused(world, "dated", dated=date(1899, 12, 31))
    for good in (clock.today(), date(1900, 1, 1)):
        correct(world, world.paper(), dated=good)


def test_what_someone_else_deposited_is_not_corrected(world):
    paper = world.paper("Bilan", by=SURGERY)
    with pytest.raises(Refusal, match="« Bilan » a été déposé par Cabinet Fictif"):
        correct(world, paper)
    assert Document.get_by_id(paper.id).title == "Bilan"


def test_moving_says_how_many_moved_and_tells_each(world):
    analyses = world.folder("Analyses")
    papers = [world.paper(folder=analyses), world.paper(), world.paper()]
    alice = world.access("alice")
    assert filing.move(alice, papers, analyses) == 2
    assert {one.folder_id for one in Document.select()} == {analyses.id}
    moved = Entry.select().where(Entry.act == Act.MOVED)
    assert {entry.document_uid for entry in moved} == {papers[1].uid, papers[2].uid}
    assert filing.move(alice, papers, None) == 3
    assert {one.folder_id for one in Document.select()} == {None}


def test_what_someone_else_deposited_is_moved_and_pinned_all_the_same(world):
    paper, alice = world.paper("Bilan", by=SURGERY), world.access("alice")
    assert filing.move(alice, [paper], world.folder("Analyses")) == 1
    filing.pin(alice, paper, True)
    assert [one.title for one in browsing.pinned(alice)] == ["Bilan"]


def test_pinning_twice_is_pinning_once(world):
    paper, alice = world.paper(), world.access("alice")
    for _ in range(2):
        filing.pin(alice, paper, True)
    assert Entry.select().where(Entry.act == Act.PINNED).count() == 1
    filing.pin(alice, paper, False)
    assert browsing.pinned(alice) == []


def test_a_pinned_document_is_shown_to_whoever_may_see_it_only(world):
    paper = world.paper(masked=True)
    filing.pin(world.access("alice"), paper, True)
    assert browsing.pinned(world.let_in("bruno", Role.PROFESSIONAL)) == []


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL, Role.EMERGENCY])
def test_the_holder_alone_files_and_corrects(world, role):
    paper, bruno = world.paper(), world.let_in("bruno", role)
    for verb in (
        lambda: filing.move(bruno, [paper], None),
        lambda: filing.pin(bruno, paper, True),
        lambda: filing.correct(bruno, paper, **TOLD),
    ):
        with pytest.raises(Forbidden):
            verb()


def test_reading_makes_a_document_no_longer_new_to_this_one_only(world):
    paper, alice = world.paper(by=SURGERY), world.access("alice")
    bruno = world.let_in("bruno", Role.CARER)
    assert browsing.unseen_count(alice) == browsing.unseen_count(bruno) == 1
    document.read(alice, paper)
    assert (browsing.unseen_count(alice), browsing.unseen_count(bruno)) == (0, 1)
    assert journal.broken(world.record("alice")) is None
