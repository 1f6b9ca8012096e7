"""A file sent twice is one document; its title is proposed from its name."""

import os
from dataclasses import replace

import pytest

from models import bin, deposit, folder, vault
from models.access import Role
from models.deposit import file_name, proposed_title
from models.document import Document
from models.refusal import Refusal

from ..world import LIMITS, spooled
from .test_deposit import TOLD, put, why_refused


def test_the_same_file_again_says_where_it_is(world):
    one = put(world, b"bilan", title="Mon bilan")
    assert "« Mon bilan », sans dossier" in why_refused(world, b"bilan", "autre.txt")
    kept = world.folder("Analyses")
    Document.update(folder=kept).where(Document.id == one.id).execute()
    assert "« Mon bilan », dans le dossier « Analyses »" in why_refused(world, b"bilan")
    bin.discard(world.access("alice"), [one])
    assert "« Mon bilan », dans la corbeille" in why_refused(world, b"bilan")
    assert put(world, b"bilan", access=world.access("carole"))


def test_the_same_file_again_tells_nothing_of_what_one_may_not_see(world):
    doctor = world.let_in("bruno", Role.PROFESSIONAL)
    kept = world.folder("Mon cancer")
    put(world, b"bilan", title="Marqueurs", folder=kept, masked=True)
    sentence = why_refused(world, b"bilan", access=doctor)
    assert "déjà" in sentence
    assert "Marqueurs" not in sentence and "cancer" not in sentence


def test_the_same_form_sent_twice_is_one_deposit(world):
    one = put(world, b"bilan", sending="jeton")
    assert put(world, b"bilan", sending="jeton") == one
    assert Document.select().count() == len(list(vault.names())) == 1
    assert "déjà" in why_refused(world, b"bilan", sending="autre")


@pytest.mark.parametrize(
    "sent, name, title",
    [
        ("resultats_sang-2024.pdf", "resultats_sang-2024.pdf", "resultats sang-2024"),
        ("/home/alice/Mes papiers/IRM_d'épaule.pdf", "IRM_d'épaule.pdf", "IRM d'épaule"),
        ("C:\\fakepath\\scan.2024.jpg", "scan.2024.jpg", "scan.2024"),
        ("a/b\\c.pdf", "c.pdf", "c"),
        ("../../etc/passwd", "passwd", "passwd"),
        ("e\u0301cho\u202efdp.pdf", "écho fdp.pdf", "écho fdp"),
        (".pdf", ".pdf", ".pdf"),
        ("nul\0ici.txt", "nul ici.txt", "nul ici"),
        ("___.txt", "___.txt", "Document sans titre"),
        ("", "", "Document sans titre"),
        ("x" * 300 + ".pdf", "x" * 200, "x" * 200),
    ],
)
def test_a_title_is_proposed_from_the_name_whatever_the_path_before_it(sent, name, title):
    assert (file_name(sent), proposed_title(sent)) == (name, title)


def test_a_folder_that_went_meanwhile_refuses_the_file_and_keeps_nothing(world):
    gone = world.folder("Analyses")
    folder.delete(world.access("alice"), gone)
    spool = spooled(os.urandom(10).hex().encode())
    with pytest.raises(Refusal, match="dossier"):
        deposit.by_access(world.access("alice"), spool, "a.txt", replace(TOLD, folder=gone), LIMITS)
    assert Document.select().count() == 0
