"""The bin: thirty days to change one's mind, then nothing is left."""

from datetime import timedelta

import pytest

from models import bin, browsing, clock, document, journal, masking, vault
from models.access import Forbidden, Role
from models.browsing import Filters
from models.database import database
from models.document import Document, DocumentSeen, DocumentText
from models.journal import Act, Entry
from models.refusal import Refusal

from ..world import SURGERY

DAY = timedelta(days=1)
KEPT = (
    *("title", "category", "dated", "author", "folder_id", "pinned_at", "masked", "masking_rank"),
    *("content", "sha256", "filename", "depositor_id", "deposited_at"),
)


def discard(world, *papers):
    return bin.discard(world.access("alice"), list(papers))


def binned(world):
    return {one.title for one in bin.content(world.access("alice"))}


def test_what_is_binned_leaves_the_list_and_search_and_waits_in_the_bin(world):
    paper = world.paper("Ordonnance", "cortisone")
    assert discard(world, paper) == (1, [])
    alice = world.access("alice")
    assert browsing.browse(alice, Filters()).documents == []
    assert browsing.browse(alice, Filters(words="cortisone")).documents == []
    assert document.find(alice, paper.uid) is None
    assert document.find_binned(alice, paper.uid) == paper
    assert binned(world) == {"Ordonnance"}


def test_restoring_brings_it_back_whole_where_it_was(world):
    paper = world.paper("Ordonnance", folder=world.folder("Mes soins"), masked=True)
    before = {name: getattr(paper, name) for name in KEPT}
    content = b"".join(paper.content_chunks())
    discard(world, paper)
    bin.restore(world.access("alice"), paper)
    back = Document.get_by_id(paper.id)
    assert {name: getattr(back, name) for name in KEPT} == before
    assert b"".join(back.content_chunks()) == content
    assert world.masked() == {"Ordonnance"}
    assert binned(world) == set()


def test_what_someone_else_deposited_may_not_be_binned_and_the_others_are(world):
    theirs, mine = world.paper("Bilan", by=SURGERY), world.paper("Ordonnance")
    number, sentences = discard(world, theirs, mine)
    assert number == 1
    assert sentences == [
        "« Bilan » a été déposé par Cabinet Fictif : vous pouvez le ranger et le masquer, "
        "mais pas le modifier ni le jeter."
    ]
    assert binned(world) == {"Ordonnance"}


def test_what_her_carer_deposited_for_her_may_be_binned(world):
    paper = world.paper("Facture", by=world.let_in("bruno", Role.CARER))
    assert discard(world, paper) == (1, [])


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL, Role.EMERGENCY])
def test_only_the_holder_bins_restores_and_erases(world, role):
    bruno, paper = world.let_in("bruno", role), world.paper()
    for verb in (
        lambda: bin.discard(bruno, [paper]),
        lambda: bin.restore(bruno, paper),
        lambda: bin.erase(bruno, paper),
    ):
        with pytest.raises(Forbidden):
            verb()
    assert vault.read(paper.content)


def test_erasing_leaves_nothing_of_it_but_that_it_was_done(world):
    paper, alice = world.paper("Sérologie", "positif"), world.access("alice")
    document.read(alice, paper)
    discard(world, paper)
    bin.erase(alice, paper)
    assert Document.select().count() == DocumentText.select().count() == 0
    assert DocumentSeen.select().count() == 0
    for table in ("search_label", "search_text"):
        assert list(database.execute_sql(f"SELECT rowid FROM {table}")) == []
    assert list(vault.names()) == []
    with pytest.raises(vault.Damaged):
        b"".join(paper.content_chunks())
    last = Entry.select().order_by(Entry.id.desc()).get()
    assert (last.act, last.document_uid) == (Act.ERASED, paper.uid)
    assert journal.titles(alice, [last]) == {}


def test_what_is_someone_else_s_is_not_erased_even_when_asked(world):
    paper = world.paper("Bilan", by=SURGERY)
    with pytest.raises(Refusal, match="Cabinet Fictif"):
        bin.erase(world.access("alice"), paper)
    assert b"".join(paper.content_chunks())


def test_after_thirty_days_it_is_erased_by_carnet(world):
    paper = world.paper("Ordonnance")
    world.paper("Gardé")
    discard(world, paper)
    with clock.moved(30 * DAY - timedelta(minutes=1)):
        assert bin.empty_old() == 0
    with clock.moved(30 * DAY + timedelta(minutes=1)):
        assert bin.empty_old() == 1
    assert [one.title for one in Document.select()] == ["Gardé"]
    assert list(vault.names()) == [Document.get().content]
    last = Entry.select().order_by(Entry.id.desc()).get()
    assert (last.actor, last.act) == ("Carnet", Act.ERASED)


def test_the_days_left_are_told(world):
    paper = world.paper()
    discard(world, paper)
    assert bin.days_left(paper) == 30
    with clock.moved(29 * DAY + timedelta(hours=1)):
        assert bin.days_left(paper) == 1
    with clock.moved(40 * DAY):
        assert bin.days_left(paper) == 0


def test_the_bin_shows_each_one_what_they_may_see(world):
    paper = world.paper("Ordonnance")
    masking.choose(world.access("alice"), document.find_all(world.access("alice"), [paper.uid]), 1)
    discard(world, paper)
    assert bin.content(world.let_in("bruno", Role.PROFESSIONAL)) == []
    assert bin.content(world.access("carole")) == []


def test_a_file_deposited_again_meanwhile_is_not_restored_twice(world):
    paper, twin = world.paper("Ordonnance"), world.paper("La même")
    discard(world, paper)
    Document.update(sha256=paper.sha256).where(Document.id == twin.id).execute()
    with pytest.raises(Refusal, match="« Ordonnance » est déjà dans vos documents"):
        bin.restore(world.access("alice"), paper)
    assert binned(world) == {"Ordonnance"}
