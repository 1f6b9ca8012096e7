"""The parts of a document: what is shown of them, what is opened, and what never is."""

import pytest

from models import bin, document, part, vault
from models.document import Document
from models.formats import narrative
from models.keeping import kept as keeping
from models.part import Part, PartRole

from .. import parts


@pytest.fixture
def paper(world):
    return world.paper()


def now(paper):
    return Document.get_by_id(paper.id)


def test_a_plain_file_has_none_and_asks_nothing_of_the_database(paper, caplog):
    with caplog.at_level("DEBUG", logger="peewee"):
        assert part.shown(paper) == part.Parts()
    assert not caplog.records


def test_its_page_its_body_and_its_files_are_told_apart_in_one_query(paper, caplog):
    block = narrative.paragraph("Tout va bien.")
    parts.draw(paper, block)
    body = parts.add(paper, PartRole.BODY)
    files = parts.add(paper), parts.add(paper, name="Pièce jointe 2")
    parts.add(paper, PartRole.SIGNATURE)
    known = now(paper)
    with caplog.at_level("DEBUG", logger="peewee"):
        shown = part.shown(known)
        assert [one.download_name for one in shown.files] == [
            "Compte rendu, Pièce jointe 1.pdf",
            "Compte rendu, Pièce jointe 2.pdf",
        ]
    assert len(caplog.records) == 1
    assert shown.blocks == [block] and not shown.damaged
    assert shown.body == body and shown.files == files
    assert shown.body.download_name == "Compte rendu.pdf"


@pytest.mark.parametrize("role", PartRole)
def test_only_the_body_and_the_files_open_by_themselves(world, paper, role):
    made = parts.add(paper, role)
    assert bool(part.find(paper, made.uid)) == (role in part.READABLE)
    assert part.find(world.paper(), made.uid) is None


def test_a_page_that_is_damaged_hides_nothing_else(paper, monkeypatch):
    parts.draw(paper, narrative.paragraph("Texte."))
    parts.add(paper)

    def damaged(name):
        raise vault.Damaged(name)

    monkeypatch.setattr(vault, "read", damaged)
    shown = part.shown(now(paper))
    assert shown.damaged and shown.blocks is None and len(shown.files) == 1


def test_they_are_kept_by_the_chores_and_go_with_their_document(world, paper):
    made, alice = parts.add(paper), world.access("alice")
    assert made.content in keeping.names()
    bin.discard(alice, [document.find(alice, paper.uid)])
    bin.erase(alice, document.find_binned(alice, paper.uid))
    assert not Part.select().exists()
    with pytest.raises(vault.Damaged):
        b"".join(vault.read(made.content))
