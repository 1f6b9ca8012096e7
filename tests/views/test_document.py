"""One document: its page, its content, its text, and what may be done with it."""

from datetime import date

import pytest

from models.access import Actor, Role
from models.journal import Act, Entry

LABORATORY = Actor(None, "Laboratoire Fictif", "source")


@pytest.fixture
def alice(visit):
    return visit("alice")


@pytest.fixture
def open_(alice, world):
    def page(paper, more="", status=200):
        return alice.get(
            f"/espaces/{world.record('alice').uid}/documents/{paper.uid}{more}", status
        )

    return page


def acts(paper):
    query = Entry.select(Entry.act).where(Entry.document_uid == paper.uid).order_by(Entry.id)
    return [act for (act,) in query.tuples()]


def test_it_says_what_it_is(open_, world):
    folder = world.folder("Cœur")
    paper = world.paper("Résultats", text="Tout va bien.", by=LABORATORY, folder=folder)
    text = open_(paper).text
    for words in ("Résultats", "12 mars 2024", "Comptes rendus", "Laboratoire Fictif", "Cœur"):
        assert words in text
    assert "Tout va bien." in text
    assert "Vous ne pouvez ni le modifier ni le jeter" in text


def test_who_can_see_it(open_, world):
    paper = world.paper("A", by=LABORATORY)
    visible = open_(paper).text
    assert "Les professionnels de santé à qui l'accès sera donné" in visible
    world.let_in("carole", Role.PROFESSIONAL, administrator=True)
    masked = _press(open_, paper, "Masquer ce document").text
    assert "Les professionnels de santé à qui" not in masked
    assert "Carole Inventée (parce que vous l'avez choisie comme « administrateur »)" in masked
    assert "Laboratoire Fictif (parce que le document vient de là)" in masked
    assert world.masked() == {"A"}
    assert "Visible" in _press(open_, paper, "Rendre ce document visible").text


def _press(open_, paper, button):
    page = open_(paper)
    form = page.buttons()[button].find_parent("form")
    visitor = open_.__closure__[0].cell_contents
    visitor.page = page
    assert form
    return visitor.submit(button)


def test_the_content_is_served_whole_and_harmless(open_, alice, world):
    paper = world.paper("Compte rendu d'IRM / é", text="Voici : <b>é</b>")
    answer = open_(paper, "/contenu").response
    assert answer.get_data() == "Voici : <b>é</b>".encode()
    assert answer.mimetype == "text/plain"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Disposition"].startswith("inline")
    saved = open_(paper, "/contenu?telecharger=oui").response.headers["Content-Disposition"]
    assert saved.startswith("attachment")
    assert "IRM%20-%20%C3%A9.txt" in saved


def test_every_reading_is_told_once(open_, world):
    paper = world.paper("A")
    open_(paper)
    open_(paper, "/contenu")
    open_(paper, "/texte")
    open_(paper, "/contenu?telecharger=oui")
    assert acts(paper) == [Act.DEPOSITED, Act.READ, Act.READ_TEXT, Act.DOWNLOADED]


def test_the_content_alone_is_a_reading_too(open_, world):
    paper = world.paper("A")
    open_(paper, "/contenu")
    assert acts(paper) == [Act.DEPOSITED, Act.READ]


def test_correct_one_s_own(open_, alice, world):
    paper = world.paper("Avant")
    open_(paper, "/modification")
    page = alice.submit("Enregistrer", status=422, title=" ", dated="hier", category="BIOLOGIE")
    assert "Donnez un titre" in page.text
    assert page.soup.select_one("#dated")["value"] == "hier"
    page = alice.submit(
        "Enregistrer", title="Après", dated="2 1 2020", category="BIOLOGIE", author=""
    )
    assert page.notices == ["Le document est modifié."]
    assert "2 janvier 2020" in page.text and "Après" in page.title


def test_another_s_document_cannot_be_corrected_nor_binned(open_, alice, world):
    paper = world.paper("Du labo", by=LABORATORY)
    assert "pas le modifier" in open_(paper, "/modification").notices[0]
    token = alice.page.soup.select_one("[name=csrf_token]")["value"]
    alice.client.post(
        f"/espaces/{world.record('alice').uid}/documents/{paper.uid}/suppression",
        data={"csrf_token": token},
    )
    assert world.titles(world.access("alice")) == {"Du labo"}


def test_pin_and_file(open_, alice, world):
    folder = world.folder("Cœur")
    paper = world.paper("A", by=LABORATORY)
    open_(paper)
    alice.submit("L'épingler à l'accueil")
    assert "Épinglés" in alice.get(f"/espaces/{world.record('alice').uid}/").text
    open_(paper)
    page = alice.submit("Ranger", dossier=folder.uid)
    assert page.notices == ["Rangé dans « Cœur »."]


def test_bin_restore_erase(open_, alice, world):
    paper = world.paper("A", dated=date(2020, 1, 1))
    open_(paper)
    page = alice.submit("Mettre à la corbeille")
    assert "« A » est à la corbeille" in page.notices[0]
    assert open_(paper, status=404)
    alice.get(f"/espaces/{world.record('alice').uid}/corbeille")
    assert "encore 30 jours" in alice.page.text
    assert "de nouveau" in alice.submit("Remettre A").notices[0]
    alice.submit("Mettre à la corbeille")
    alice.get(f"/espaces/{world.record('alice').uid}/corbeille")
    alice.follow("Effacer A")
    assert "effacé pour toujours" in alice.submit("Effacer pour toujours").notices[0]
    assert "La corbeille est vide" in alice.page.text


def test_undo_in_the_notice(open_, alice, world):
    paper = world.paper("A")
    open_(paper)
    alice.submit("Mettre à la corbeille")
    assert "de nouveau" in alice.submit("Annuler").notices[0]


def test_a_title_is_only_text(open_, alice, world):
    paper = world.paper("<script>alert(1)</script> & « é »")
    page = open_(paper)
    assert page.soup.h1.get_text() == "<script>alert(1)</script> & « é »"
    alice.get(f"/espaces/{world.record('alice').uid}/documents?q=<script>alert")
    alice.get(f"/espaces/{world.record('alice').uid}/activite")
    assert not alice.page.soup.select("script:not([src])")


def test_damage_is_said(open_, world, settings):
    paper = world.paper("A")
    file = settings.instance / "vault" / paper.content[:2] / paper.content[2:]
    file.unlink()
    assert open_(paper, "/contenu", status=500)


def test_a_stranger_learns_nothing(visit, world):
    paper = world.paper("A")
    carole = visit("carole")
    own = world.record("carole").uid
    real = carole.get(f"/espaces/{own}/documents/{paper.uid}", 404)
    invented = carole.get(f"/espaces/{own}/documents/{'x' * 16}", 404)
    elsewhere = carole.get(f"/espaces/{world.record('alice').uid}/documents/{paper.uid}", 404)
    nowhere = carole.get(f"/espaces/{'x' * 16}/documents/{paper.uid}", 404)
    assert real.text == invented.text == elsewhere.text == nowhere.text


def test_a_pdf_opens_in_the_browser_s_own_viewer(open_, world, alice):
    """Which no browser starts in a sandbox (tried in Chromium)."""
    from fpdf import FPDF

    made = FPDF()
    made.add_page()
    record = world.record("alice").uid
    alice.get(f"/espaces/{record}/documents/depot")
    files = [("Mon bilan.pdf", bytes(made.output()))]
    alice.submit("Ajouter", files=files, category="BIOLOGIE", dated="12/03/2024")
    alice.get(f"/espaces/{record}/documents")
    page = alice.follow("Mon bilan")
    headers = alice.client.get(page.link("Ouvrir")).headers
    assert headers["Content-Disposition"].startswith("inline")
    assert "sandbox" not in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
