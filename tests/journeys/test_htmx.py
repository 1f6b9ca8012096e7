"""What a swap must not take away: focus, announcements, the title, history, one deposit a click."""

import re

import pytest
from playwright.sync_api import expect

from . import papers
from .members import HEART, PASSWORD, WALK
from .moves import give_code
from .words import begins

MARK = "window.mark = 'the same document'"
MARKED = "window.mark === 'the same document'"


@pytest.fixture
def page(at_documents_js):
    """The list of documents, marked: a page loaded anew would lose the mark."""
    at_documents_js.evaluate(MARK)
    return at_documents_js


@pytest.fixture
def deposit_page(at_deposit_js):
    at_deposit_js.evaluate(MARK)
    return at_deposit_js


def press(button):
    """With the keyboard, which shows where the focus is."""
    button.focus()
    button.press("Enter")


def search(page, words):
    page.get_by_role("searchbox").fill(words)
    press(page.get_by_role("button", name="Chercher", exact=True))


def announced(page):
    return page.get_by_role("status")


def told(page):
    """Where everyone sees it."""
    return page.locator("#notices .fault")


def at_form(page):
    """Beside the button, where files are sent."""
    return page.locator("#progress.fault")


def titles(page):
    return page.locator("#documents li a")


def test_a_search_keeps_the_page_and_the_focus_and_says_the_number(page):
    search(page, "coeur")
    expect(announced(page)).to_have_text("1 document pour coeur")
    expect(titles(page)).to_have_text([HEART])
    expect(page.get_by_role("button", name="Chercher", exact=True)).to_be_focused()
    expect(page).to_have_title(begins("1 document pour « coeur »"))
    expect(page).to_have_url(re.compile(r"/documents\?q=coeur$"))
    assert page.evaluate(MARKED)


def test_back_and_forward(page):
    search(page, "coeur")
    expect(titles(page)).to_have_text([HEART])
    page.go_back()
    expect(titles(page)).to_have_count(3)
    expect(page).to_have_title(begins("Mes documents"))
    expect(page.get_by_role("searchbox")).to_have_value("")
    page.go_forward()
    expect(titles(page)).to_have_text([HEART])
    expect(page).to_have_title(begins("1 document pour « coeur »"))
    expect(page.get_by_role("searchbox")).to_have_value("coeur")


def test_after_an_act_the_focus_is_on_the_notice(page):
    page.get_by_label(f"Choisir {WALK}").check()
    page.get_by_label("Avec les documents cochés").select_option(label="Les mettre à la corbeille")
    press(page.get_by_role("button", name="Faire", exact=True))
    told = page.locator("#notices .notice")
    expect(told).to_be_focused()
    expect(told).to_contain_text("1 document mis à la corbeille")
    expect(titles(page)).to_have_count(2)
    assert page.evaluate(MARKED)


def test_two_acts_one_after_the_other(page):
    for act, told in (("masquer aux prof", "1 document masqué"), ("rendre", "1 document visible")):
        page.get_by_label(f"Choisir {WALK}").check()
        label = page.get_by_role("option", name=re.compile(f"^Les {act}")).inner_text()
        page.get_by_label("Avec les documents cochés").select_option(label=label)
        press(page.get_by_role("button", name="Faire", exact=True))
        expect(page.locator("#notices .notice")).to_have_count(1)
        expect(page.locator("#notices .notice")).to_contain_text(told)
    assert page.evaluate(MARKED)


def test_a_refused_deposit_is_swapped_and_its_summary_focused(deposit_page):
    page = deposit_page
    page.get_by_label("Titre").fill("Sans fichier")
    press(page.get_by_role("button", name="Ajouter", exact=True))
    expect(page.locator("#notices .fault")).to_be_focused()
    expect(page).to_have_title(begins("Erreur :"))
    expect(page.get_by_label("Titre")).to_have_value("Sans fichier")
    assert page.evaluate(MARKED)
    page.get_by_role("alert").get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.matches('input, select, fieldset *')")


def test_a_taken_deposit_opens_the_list_and_says_so(deposit_page):
    page = deposit_page
    page.get_by_label("Fichiers à ajouter").set_input_files(papers.note("Marche", "Cent pas."))
    page.get_by_label("Catégorie").select_option(label="Comptes rendus")
    press(page.get_by_role("button", name="Ajouter", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes documents")
    expect(page.locator("#notices .notice")).to_contain_text("« Marche » est ajouté.")
    expect(page.locator("#notices .notice")).to_be_focused()


def test_three_clicks_deposit_once(deposit_page):
    page = deposit_page
    sent = []

    def note(request):
        if request.method == "POST":
            sent.append(request.url)

    page.on("request", note)
    page.get_by_label("Fichiers à ajouter").set_input_files(papers.pdf())
    page.get_by_label("Catégorie").select_option(label="Comptes rendus")
    button = page.get_by_role("button", name="Ajouter", exact=True)
    button.evaluate("button => { button.click(); button.click(); button.click(); }")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes documents")
    expect(titles(page)).to_have_count(4)
    page.remove_listener("request", note)
    assert len(sent) == 1, sent


def test_a_failing_network_is_said_and_nothing_is_lost(page):
    page.context.set_offline(True)
    search(page, "coeur")
    expect(told(page)).to_contain_text("La page ne répond pas")
    expect(page.get_by_role("searchbox")).to_have_value("coeur")
    page.context.set_offline(False)
    search(page, "coeur")
    expect(titles(page)).to_have_text([HEART])


def test_a_failing_server_is_said(deposit_page):
    page = deposit_page
    page.route("**/depot", lambda route: route.fulfill(status=500, body="broken"))
    page.get_by_label("Titre").fill("Gardé")
    press(page.get_by_role("button", name="Ajouter", exact=True))
    expect(at_form(page)).to_contain_text("L'envoi s'est arrêté")
    expect(page.get_by_label("Titre")).to_have_value("Gardé")
    expect(page.get_by_role("button", name="Ajouter", exact=True)).to_be_enabled()


def test_a_crowd_is_said_with_the_time_to_come_back(deposit_page):
    page = deposit_page
    crowd = {"status": 503, "headers": {"Retry-After": "17"}, "body": "crowded"}
    page.route("**/depot", lambda route: route.fulfill(**crowd))
    page.get_by_label("Titre").fill("Gardé")
    press(page.get_by_role("button", name="Ajouter", exact=True))
    expect(at_form(page)).to_contain_text("Recommencez dans 17 secondes")
    expect(at_form(page)).to_be_focused()
    expect(page.get_by_label("Titre")).to_have_value("Gardé")


def test_a_session_ended_meanwhile_asks_to_sign_in_then_goes_on(page, member):
    page.context.clear_cookies()
    search(page, "coeur")
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter")
    page.get_by_label("Adresse e-mail").fill(member.email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirmer ma connexion")
    give_code(page, {"email": member.email})
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes documents")
    expect(titles(page)).to_have_text([HEART])
    assert page.evaluate("!document.querySelector('main main') && !!document.querySelector('nav')")


def test_nothing_is_kept_in_the_browser(page):
    search(page, "coeur")
    expect(titles(page)).to_have_text([HEART])
    titles(page).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(HEART)
    page.go_back()
    expect(titles(page)).to_have_text([HEART])
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert kept == "[{},{}]"
    assert page.evaluate("indexedDB.databases().then(found => found.length)") == 0
    assert page.evaluate("caches.keys().then(found => found.length)") == 0


def test_a_password_can_be_shown(page_js):
    page = page_js
    page.goto("/connexion")
    field = page.get_by_label("Mot de passe", exact=True)
    field.fill("girafe")
    page.get_by_role("button", name="Afficher le mot de passe").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Cacher le mot de passe").click()
    expect(field).to_have_attribute("type", "password")


def test_the_skip_link_is_the_first_stop_and_lands_in_the_content(page):
    page.goto(page.url)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Aller au contenu")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
