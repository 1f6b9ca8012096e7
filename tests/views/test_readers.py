"""« Qui l'a vu », page by page."""

import pytest

from models import document
from models.access import Role

from ..world import SURGERY


@pytest.fixture
def alice(visit):
    return visit("alice")


@pytest.fixture
def record(world):
    return f"/espaces/{world.record('alice').uid}"


def said(element):
    return " ".join(element.get_text().split())


def test_on_a_document(alice, world, record):
    paper = world.paper("Bilan", by=SURGERY)
    bruno = world.let_in("bruno", Role.CARER)
    for _ in range(2):
        document.download(bruno, paper)
    alice.get(f"{record}/documents/{paper.uid}")
    page = alice.follow("Qui l'a lu ?")
    assert said(page.soup.h1) == "Qui a lu « Bilan »"
    assert "Moi 1 fois, la dernière le " in page.text
    assert "Bruno Fictif , aidant, pour Alice Exemple 2 fois, la dernière le" in page.text
    can = page.soup.select("main h2 + ul li")
    assert [one.get_text() for one in can][:2] == ["Moi", "Bruno Fictif"]


def test_on_a_document_that_nobody_read(alice, world, record):
    paper = world.paper("Bilan", by=SURGERY)
    page = alice.get(f"{record}/documents/{paper.uid}/lectures")
    assert "Personne ne l'a encore lu." in page.text


SECTIONS = {
    "/documents/filtres": ("Qui a regardé mes documents", "Qui a regardé les documents"),
    "/entourage-et-volontes": (
        "Qui a regardé cette page",
        "Qui a regardé « Entourage et volontés »",
    ),
    "/activite": ("Qui a regardé cette page", "Qui a regardé l'activité"),
}


@pytest.mark.parametrize("section", SECTIONS)
def test_on_a_section(alice, world, record, section):
    link, heading = SECTIONS[section]
    world.let_in("bruno", Role.CARER, given="read wishes trace")
    alice.get(record + "/documents")
    alice.get(record + section)
    page = alice.follow(link)
    assert said(page.soup.h1) == heading
    assert "Moi 1 fois, la dernière le " in page.text
    assert "Bruno Fictif, aidant" in page.text
    assert ("Les professionnels de santé, en cas d'urgence" in page.text) == (
        section != "/activite"
    )
    page = alice.follow("Revenir ")
    assert page.status == 200


def test_a_carer_without_the_section_is_told_so(visit, world, record):
    world.let_in("bruno", Role.CARER, given="read trace")
    bruno = visit("bruno")
    bruno.get(record + "/activite/sections/documents")
    bruno.get(record + "/activite/sections/entourage-et-volontes", 403)
    assert "Qui a regardé" not in bruno.get(record + "/documents").text


def test_without_the_journal_there_is_no_link(visit, world, record):
    world.let_in("bruno", Role.CARER, given="read wishes")
    paper = world.paper("Bilan", by=SURGERY)
    bruno = visit("bruno")
    for path in (f"/documents/{paper.uid}", "/documents/filtres", "/entourage-et-volontes"):
        text = bruno.get(record + path).text
        assert "Qui l'a lu" not in text and "Qui a regardé" not in text
    bruno.get(f"{record}/documents/{paper.uid}/lectures", 403)
    bruno.get(f"{record}/activite/sections/activite", 403)


def test_a_hidden_document_has_no_such_page(visit, world, record):
    world.professional("hugo")
    doctor = world.let_in("hugo", Role.PROFESSIONAL)
    hidden = world.paper("Caché", by=doctor, unannounced=True)
    visit("alice").get(f"{record}/documents/{hidden.uid}/lectures", 404)
