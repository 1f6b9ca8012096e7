"""One document: its page, its content, its text, and what may be done with it."""

from datetime import date

import pytest

from models import source
from models.access import Actor, Role
from models.document import Document
from models.formats import narrative
from models.formats.kinds import CDA, FHIR
from models.header import Header
from models.journal import Act, Entry
from models.part import Part, PartRole

from .. import parts

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


# --- What software wrote -------------------------------------------------------------------------


@pytest.fixture
def sent(world):
    """A document that says this of itself, with these parts."""

    def make(title="Compte rendu", header=None, blocks=(), body=False, **told):
        made = world.paper(title, by=LABORATORY, header=header or Header(), **told)
        if blocks:
            parts.draw(made, *blocks)
        if body:
            parts.add(made, PartRole.BODY, b"%PDF-1.4 le corps", name="Document")
        return made

    return make


def test_a_document_that_holds_a_pdf_opens_it_and_offers_the_original(open_, alice, world, sent):
    paper = sent("Bilan / du sang", body=True)
    page = open_(paper)
    assert page.soup.find("a", string="Ouvrir")["href"].endswith(Part.get().uid)
    words = [" ".join(link.get_text().split()) for link in page.soup.select("a.button")]
    assert "Télécharger (PDF, 17 octets)" in words
    assert any(one.startswith("Fichier d'origine (texte, ") for one in words)
    answer = alice.follow("Ouvrir").response
    assert answer.get_data() == b"%PDF-1.4 le corps" and answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "object-src 'self'" in answer.headers["Content-Security-Policy"]
    kept = open_(paper, f"/parties/{Part.get().uid}?telecharger=oui").response
    assert 'attachment; filename="bilan - du sang.pdf"' in kept.headers["Content-Disposition"]
    assert acts(paper) == [Act.DEPOSITED, Act.READ, Act.DOWNLOADED]


def test_a_part_alone_is_a_reading_of_its_document(open_, sent):
    paper = sent(body=True)
    open_(paper, f"/parties/{Part.get().uid}")
    assert acts(paper) == [Act.DEPOSITED, Act.READ]


@pytest.mark.parametrize(
    ("role", "media_type"),
    [(PartRole.SIGNATURE, "application/xml"), (PartRole.PAGE, "application/json")],
)
def test_a_signature_is_never_shown_nor_a_page_served_as_a_file(open_, sent, role, media_type):
    paper = sent()
    hidden = parts.add(paper, role, b'[{"kind": "facts", "pairs": []}]', media_type, name="Secret")
    assert open_(paper, f"/parties/{hidden.uid}", status=404)
    assert "Secret" not in open_(paper).text and hidden.uid not in open_(paper).text


def test_a_part_of_another_document_is_not_there(open_, sent):
    one, other = sent("Un", body=True), sent("Autre")
    open_(other, f"/parties/{Part.get(Part.document == one).uid}", status=404)


def test_what_is_no_picture_nor_pdf_is_only_downloaded(open_, sent):
    paper = sent()
    made = parts.add(paper, content=b"{\\rtf1 x}", media_type="application/rtf")
    answer = open_(paper, f"/parties/{made.uid}").response
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Télécharger Pièce jointe 1" in open_(paper).text


@pytest.mark.parametrize(("media_type", "ending"), [(CDA, ".xml"), (FHIR, ".json")])
def test_an_original_of_software_is_never_run_nor_shown(open_, world, media_type, ending):
    paper = world.paper("A")
    Document.update(media_type=media_type).where(Document.id == paper.id).execute()
    for more in ("/contenu", "/contenu?telecharger=oui"):
        headers = open_(paper, more).response.headers
        assert headers["Content-Disposition"].startswith("attachment")
        assert headers["Content-Disposition"].endswith(ending)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in headers["Content-Security-Policy"]
    assert open_(paper).soup.find("a", string="Ouvrir") is None


def test_what_it_tells_is_drawn_in_its_page_with_its_files(open_, alice, sent):
    blocks = [
        narrative.heading("Résultats"),
        narrative.paragraph("Tout va <b>bien</b>."),
        narrative.part("Pièce jointe 1", "Voir l'image", image=False),
    ]
    paper = sent(blocks=blocks)
    made = parts.add(paper)
    page = open_(paper)
    assert [one.get_text() for one in page.soup.select("h2")][:2] == [
        "Résultats",
        "Fichiers joints",
    ]
    assert "Tout va <b>bien</b>." in page.text and page.soup.select("link[href*=narrative]")
    assert page.soup.find("a", string="Voir l'image")["href"].endswith(f"/parties/{made.uid}")
    assert "Lire le texte" not in page.text and "Fichier d'origine" in page.text
    alice.page = page
    assert alice.follow("Ouvrir Pièce jointe 1").response.mimetype == "application/pdf"


def test_a_page_that_was_damaged_leaves_the_rest(open_, sent, settings):
    paper = sent(blocks=[narrative.paragraph("Texte.")])
    name = Part.get().content
    (file,) = settings.instance.glob(f"**/{name[:2]}/{name[2:]}")
    file.write_bytes(file.read_bytes()[:-5])
    page = open_(paper)
    assert "ne peut pas être montré" in page.text and "Qui peut voir ce document" in page.text


def test_what_came_with_it_is_told_in_words(open_, sent):
    header = Header(
        type_code="11502-2",
        organisation="Laboratoire Modèle",
        author="Dr Fictif",
        act_on=date(2024, 3, 1),
        warnings=("Le numéro INS de ce document est faux.",),
    )
    text = open_(sent(header=header)).text.replace("\u00a0", " ")
    for words in ("1er mars 2024", "Laboratoire Modèle", "Dr Fictif", "INS de ce document"):
        assert words in text
    assert "Compte rendu d'examens biologiques" in text and "11502-2" not in text


def test_a_type_that_we_do_not_know_is_named_as_it_names_itself(open_, sent):
    header = Header(type_code="99999-9", type_label="Papier rare")
    assert "Papier rare" in open_(sent(header=header)).text


def test_its_versions_lead_to_each_other(open_, alice, world, sent):
    made = source.register(world.office, source.Told("Laboratoire Fictif", "laboratory"))[0]
    first = sent("Premier", Header(identifier="1.1"), source=made)
    sent("Dernier", Header(identifier="1.2", replaces=("1.1",)), source=made)
    page = open_(first)
    assert "Une version plus récente existe" in page.text
    assert "Versions précédentes" not in page.text
    assert alice.follow("Dernier").title.startswith("Dernier")
    assert "Versions précédentes" in alice.page.text
    assert "plus récente" not in alice.page.text
    assert alice.follow("Premier").title.startswith("Premier")
    alice.get(f"/espaces/{world.record('alice').uid}/documents")
    assert "Dernier" in alice.page.text and "Premier" not in alice.page.text
    alice.get(f"/espaces/{world.record('alice').uid}/activite")
    assert "nouvelle version d'un document" in alice.page.text


def test_its_page_asks_little_of_the_database(open_, world, sent, caplog):
    def queries(paper):
        open_(paper)
        caplog.clear()
        with caplog.at_level("DEBUG", logger="peewee"):
            open_(paper)
        return len(caplog.records)

    made = source.register(world.office, source.Told("Laboratoire Fictif", "laboratory"))[0]
    plain = world.paper("Simple")
    full = sent("Premier", Header(identifier="1.1"), source=made)
    for number in range(3):
        parts.add(full, name=f"Pièce jointe {number}")
        newer = Header(identifier=f"1.{number + 2}", replaces=("1.1",))
        sent(f"Version {number}", newer, source=made)
    few = queries(plain)
    assert queries(full) <= few + 2 <= 16


# --- Wishes that come from elsewhere -------------------------------------------------------------


def test_directives_from_elsewhere_follow_her_choice_and_are_not_said_to_be_signed(
    open_, world, sent
):
    paper = sent("Mes volontés", Header(type_code="EXPPAT_3"))
    text = open_(paper).text
    assert "suit le choix fait pour" in text and "ne vaut pas directives" in text
    assert "Masquer ce document" not in text and "Vous ne pouvez ni le modifier" in text


def test_directives_that_came_masked_are_shown_again_from_their_page(open_, alice, sent):
    told = Header(type_code="EXPPAT_3", confidentiality=frozenset({"MASQUE_PS"}))
    assert "Masqué aux professionnels" in open_(sent("Mes volontés", told)).text
    shown = alice.submit("Rendre ce document visible")
    assert "Visible par les professionnels" in shown.text
    assert "Masqué aux professionnels" in alice.submit("Masquer ce document").text


def test_directives_that_she_imported_are_hers_to_correct_and_to_bin(open_, alice, world):
    paper = world.paper("Mes volontés", header=Header(type_code="EXPPAT_3"), category="")
    open_(paper, "/modification")
    chosen = alice.page.soup.select_one("option[selected]")
    assert chosen["value"] == "DIR_ANT"
    assert alice.submit("Enregistrer", title="Autrement").notices == ["Le document est modifié."]
    alice.submit("Mettre à la corbeille")
    assert "est à la corbeille" in alice.page.notices[0]


def test_the_page_of_directives_tells_of_them_and_takes_them_for_nothing_signed(
    open_, alice, world, sent
):
    directives = f"{world.section()}/directives"
    assert "Dans mes documents" not in alice.get(directives).text
    paper = sent("Mes volontés", Header(type_code="EXPPAT_3"))
    sent("Mes droits", Header(type_code="EXPPAT_1"))
    page = alice.get(directives)
    assert "Carnet ne sait pas si c'est signé" in page.text and "Ma version" not in page.text
    assert "Mes droits" not in page.text
    assert alice.follow("Mes volontés").title.startswith(paper.title)
