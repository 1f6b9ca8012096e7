"""Documents: deposited, filed, searched, read, masked, thrown away and taken back."""

import re

import pytest
from playwright.sync_api import expect

from . import papers
from .members import BLOOD, HEART, WALK
from .words import begins


@pytest.fixture
def page(at_documents):
    return at_documents


def open_documents(page):
    page.get_by_role("link", name="Documents", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes documents")
    page.wait_for_load_state()  # with JavaScript, the forms are htmx's from then on


def open_document(page, title):
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def deposit(page, *files, title="", together=False):
    page.get_by_role("link", name="Ajouter des documents").click()
    page.wait_for_load_state()
    page.get_by_label("Fichiers à ajouter").set_input_files(list(files))
    page.get_by_label("Catégorie").select_option(label="Ordonnances et soins")
    if title:
        page.get_by_label("Titre").fill(title)
    page.get_by_label("Réunir ces photos").set_checked(together)
    page.get_by_role("button", name="Ajouter", exact=True).click()


def notice(page):
    return page.locator("#notices")


def listed(page):
    """The titles, in their order."""
    links = page.get_by_role("main").get_by_role("listitem").get_by_role("link")
    return [link.inner_text() for link in links.all()]


def expect_number(page, words):
    expect(page.get_by_role("main").get_by_role("heading", level=2).first).to_have_text(words)


def choose(page, act, *titles):
    for title in titles:
        page.get_by_label(f"Choisir {title}").check()
    page.get_by_label("Avec les documents cochés").select_option(label=act)
    page.get_by_role("button", name="Faire", exact=True).click()


def test_deposit_a_pdf(page):
    deposit(page, papers.pdf(), title="Fond d'œil")
    expect(notice(page)).to_contain_text("« Fond d'œil » est ajouté.")
    expect_number(page, "4 documents")
    page.get_by_role("link", name="Fond d'œil").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("Ordonnances et soins")
    expect(main).to_contain_text("PDF")
    expect(main).to_contain_text("Moi, le")


def test_deposit_several_photos(page):
    deposit(page, papers.photo(1), papers.photo(2))
    expect(notice(page)).to_contain_text("2 documents ajoutés : « IMG 1 », « IMG 2 ».")
    expect_number(page, "5 documents")


def test_deposit_the_photos_of_one_paper_as_one_document(page):
    deposit(page, papers.photo(1), papers.photo(2), title="Ordonnance pliée", together=True)
    expect(notice(page)).to_contain_text("« Ordonnance pliée » est ajouté.")
    page.get_by_role("link", name="Ordonnance pliée").click()
    expect(page.get_by_role("main")).to_contain_text("2 pages")


def test_a_refused_file_beside_a_taken_one(page):
    deposit(page, papers.pdf(), papers.program())
    expect(page).to_have_title(begins("Erreur : Ajouter des documents"))
    expect(page.get_by_role("alert")).to_contain_text("« photo.exe » n'est pas accepté")
    expect(notice(page)).to_contain_text("« compte rendu-fictif » est ajouté.")
    expect(page.get_by_label("Catégorie")).to_have_value("ORD_SOIN")
    open_documents(page)
    expect_number(page, "4 documents")


def test_what_is_missing_is_said_and_what_was_typed_is_kept(page):
    page.get_by_role("link", name="Ajouter des documents").click()
    page.get_by_label("Titre").fill("Sans fichier")
    page.get_by_label("Date du document").fill("hier")
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page).to_have_title(begins("Erreur :"))
    expect(page.get_by_label("Titre")).to_have_value("Sans fichier")
    expect(page.get_by_label("Date du document")).to_have_value("hier")


def test_make_a_folder_and_file_into_it(page):
    page.get_by_role("link", name="Dossiers", exact=True).click()
    page.get_by_label("Nom du dossier").fill("Mon cœur")
    page.get_by_role("button", name="Créer le dossier").click()
    expect(notice(page)).to_contain_text("Le dossier « Mon cœur » est créé.")
    open_documents(page)
    choose(page, "Les ranger dans « Mon cœur »", HEART, BLOOD)
    expect(notice(page)).to_contain_text("2 documents rangés dans « Mon cœur ».")
    page.get_by_role("link", name="Dossiers", exact=True).click()
    page.get_by_role("link", name="Mon cœur").click()
    expect_number(page, "2 documents")
    assert listed(page) == [HEART, BLOOD]


def test_an_act_without_a_choice_says_what_to_do(page):
    choose(page, "Les mettre à la corbeille")
    expect(notice(page)).to_contain_text("Cochez d'abord un document")
    choose(page, "Choisir…", WALK)
    expect(notice(page)).to_contain_text("Choisissez ce qu'il faut faire")
    expect_number(page, "3 documents")


def test_search_whatever_the_accents(page):
    page.get_by_role("searchbox", name="Chercher dans mes documents").fill("coeur")
    page.get_by_role("button", name="Chercher", exact=True).click()
    expect_number(page, "1 document pour « coeur »")
    expect(page).to_have_title(begins("1 document pour « coeur »"))
    expect(page).to_have_url(re.compile(r"\?q=coeur"))
    assert listed(page) == [HEART]
    expect(page.locator("mark").first).to_have_text("cœur")


def test_search_that_finds_nothing(page):
    page.get_by_role("searchbox", name="Chercher dans mes documents").fill("zyx")
    page.get_by_role("button", name="Chercher", exact=True).click()
    expect_number(page, "0 document pour « zyx »")
    expect(page.get_by_role("main")).to_contain_text("Aucun document ne correspond")
    page.get_by_role("link", name="Enlever « zyx »").click()
    expect_number(page, "3 documents")


def test_filter_and_sort(page):
    page.get_by_role("link", name="Filtrer et trier").click()
    page.get_by_label("Ordre").select_option(label="Par titre, de Z à A")
    page.get_by_role("button", name="Voir les documents").click()
    expect_number(page, "3 documents")
    assert listed(page) == [WALK, HEART, BLOOD]


def test_read_a_document(page):
    open_document(page, HEART)
    main = page.get_by_role("main")
    expect(main).to_contain_text("Le cœur bat bien, à son rythme.")
    address = page.get_by_role("link", name=re.compile(r"^Télécharger \(")).get_attribute("href")
    answer = page.request.get(address)
    assert answer.ok and answer.headers["content-disposition"].startswith("attachment")
    assert answer.text() == "Le cœur bat bien, à son rythme. Document fictif."
    page.get_by_role("link", name="Activité").click()
    expect(page.get_by_role("main")).to_contain_text(f"a ouvert « {HEART} »")
    expect(page.get_by_role("main")).to_contain_text(f"a téléchargé « {HEART} »")


def test_read_the_text_of_a_pdf(page):
    deposit(page, papers.pdf("Compte rendu fictif", "La rétine est intacte."), title="Rétine")
    page.get_by_role("link", name="Rétine").click()
    main = page.get_by_role("main")
    opened = page.request.get(main.get_by_role("link", name="Ouvrir").get_attribute("href"))
    assert opened.headers["content-type"] == "application/pdf"
    assert opened.body().startswith(b"%PDF")
    if (link := page.get_by_role("link", name="Lire le texte")).count():
        link.click()
    expect(main).to_contain_text("La rétine est intacte.")


def test_mask_all_then_undo(page):
    choose(page, "Les masquer aux professionnels", WALK)
    expect(page.get_by_role("main").get_by_text("Masqué", exact=True)).to_have_count(1)
    page.get_by_role("button", name="Masquer tous mes documents").click()
    expect(notice(page)).to_contain_text("Tous vos documents sont masqués")
    expect(page.get_by_role("main").get_by_text("Masqué", exact=True)).to_have_count(3)
    notice(page).get_by_role("button", name="Annuler").click()
    expect(notice(page)).to_contain_text("C'est annulé")
    expect(page.get_by_role("main").get_by_text("Masqué", exact=True)).to_have_count(1)
    masked = page.get_by_role("listitem").filter(has_text="Masqué")
    expect(masked.get_by_role("link", name=WALK)).to_be_visible()


def test_mask_one_document(page):
    open_document(page, HEART)
    page.get_by_role("button", name="Masquer ce document").click()
    expect(notice(page)).to_contain_text("Ce document est masqué")
    page.get_by_role("button", name="Rendre ce document visible").click()
    expect(notice(page)).to_contain_text("Ce document est visible")


def test_bin_then_undo(page):
    open_document(page, WALK)
    page.get_by_role("button", name="Mettre à la corbeille").click()
    expect(notice(page)).to_contain_text(f"« {WALK} » est à la corbeille")
    expect_number(page, "2 documents")
    notice(page).get_by_role("button", name="Annuler").click()
    expect(notice(page)).to_contain_text("est de nouveau dans vos documents")
    open_documents(page)
    expect_number(page, "3 documents")


def test_bin_then_restore(page):
    choose(page, "Les mettre à la corbeille", WALK, BLOOD)
    expect(notice(page)).to_contain_text("1 document mis à la corbeille")
    expect(notice(page)).to_contain_text("Laboratoire Fictif")
    expect_number(page, "2 documents")
    page.get_by_role("link", name="Corbeille", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("encore 30 jours")
    page.get_by_role("button", name=f"Remettre {WALK}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WALK)
    open_documents(page)
    expect_number(page, "3 documents")


def test_bin_then_erase(page):
    choose(page, "Les mettre à la corbeille", WALK)
    page.get_by_role("link", name="Corbeille", exact=True).click()
    page.get_by_role("link", name=f"Effacer {WALK}").click()
    page.get_by_role("button", name="Effacer pour toujours").click()
    expect(notice(page)).to_contain_text("est effacé pour toujours")
    expect(page.get_by_role("main")).to_contain_text("La corbeille est vide.")


def test_correct_a_document(page):
    open_document(page, WALK)
    page.get_by_role("link", name="Modifier le titre").click()
    page.get_by_label("Titre").fill("Ordonnance de marche, été")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ordonnance de marche, été")


def test_the_same_file_twice_is_refused_with_where_the_first_is(page):
    deposit(page, papers.note("Note fictive", "Une seule fois."))
    expect(notice(page)).to_contain_text("« Note fictive » est ajouté.")
    deposit(page, papers.note("Note fictive", "Une seule fois."))
    expect(page.get_by_role("alert")).to_contain_text("est déjà dans l'espace : « Note fictive »")
