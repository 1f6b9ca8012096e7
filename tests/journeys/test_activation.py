"""A member makes her record her own, one question a page."""

import re

import pytest
from playwright.sync_api import expect

from .words import begins, holds

PASSWORD = "girafe-comète-lavande-71"
WRONG_CODE = "AAAA AAAA AAAA"


@pytest.fixture
def newcomer(site):
    return site.newcomer()


def begin(page, newcomer, code=None):
    page.goto("/connexion")
    page.get_by_role("main").get_by_role("link", name="Activer mon espace").click()
    page.get_by_label("Code d'activation").fill(code or newcomer.code)
    page.get_by_label("Date de naissance").fill(newcomer.birth_date)
    page.get_by_role("button", name="Continuer").click()


def choose_credentials(page, password=PASSWORD):
    page.get_by_label("Mot de passe", exact=True).fill(password)
    page.get_by_role("button", name="Continuer").click()


def question(page, words):
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def test_the_whole_path(page, newcomer):
    begin(page, newcomer)
    question(page, "Est-ce bien vous ?")
    expect(page.get_by_role("main")).to_contain_text("9 avril 1962")
    page.get_by_role("button", name="Oui, c'est moi").click()
    question(page, "Comment vous connecterez-vous ?")
    expect(page.get_by_label("Adresse e-mail")).to_have_value(newcomer.email)
    choose_credentials(page)
    question(page, "Les conditions d'utilisation")
    page.get_by_label("J'accepte les conditions").check()
    page.get_by_role("button", name="Continuer").click()
    question(page, "Qui peut voir mes documents ?")
    page.get_by_label("Masqués à tous les professionnels de santé").check()
    page.get_by_role("button", name="Continuer").click()
    question(page, "Et en cas d'urgence ?")
    page.get_by_label("Non, personne").check()
    page.get_by_role("button", name="Activer mon espace").click()
    expect(page.get_by_role("main")).to_contain_text("Votre espace est activé. Il est à vous.")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour Jeanne")
    expect(page.get_by_role("main")).to_contain_text("leur sont masqués")
    expect(page.get_by_role("main")).to_contain_text("non, personne")


def test_nothing_is_chosen_beforehand_and_each_answer_is_asked_for(page, newcomer):
    begin(page, newcomer)
    page.get_by_role("button", name="Oui, c'est moi").click()
    choose_credentials(page)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("alert")).to_contain_text("cochez la case")
    page.get_by_label("J'accepte les conditions").check()
    page.get_by_role("button", name="Continuer").click()
    for answer in page.get_by_role("radio").all():
        expect(answer).not_to_be_checked()
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("alert")).to_contain_text("Choisissez l'une des deux réponses")
    expect(page).to_have_title(begins("Erreur : Qui peut voir"))


def test_a_wrong_code_is_named_and_kept(page, newcomer):
    begin(page, newcomer, code=WRONG_CODE)
    expect(page).to_have_title(begins("Erreur :"))
    expect(page.get_by_role("alert")).to_contain_text("ne vont pas ensemble")
    expect(page.get_by_label("Code d'activation")).to_have_value(WRONG_CODE)
    expect(page.get_by_label("Date de naissance")).to_have_value(newcomer.birth_date)
    described = page.get_by_label("Code d'activation")
    expect(described).to_have_accessible_description(holds("ne vont pas ensemble"))


def test_a_weak_password_keeps_the_address_typed(page, newcomer):
    begin(page, newcomer)
    page.get_by_role("button", name="Oui, c'est moi").click()
    page.get_by_label("Adresse e-mail").fill("autre-adresse@exemple.invalid")
    choose_credentials(page, "court")
    expect(page.get_by_role("alert")).to_contain_text("trop court")
    expect(page.get_by_label("Adresse e-mail")).to_have_value("autre-adresse@exemple.invalid")
    choose_credentials(page, "motdepasse123456")
    expect(page.get_by_role("alert")).to_contain_text("se devine trop facilement")
    choose_credentials(page)
    question(page, "Les conditions d'utilisation")


def test_leaving_midway_and_coming_back_with_the_code(page, newcomer, elsewhere):
    begin(page, newcomer)
    page.get_by_role("button", name="Oui, c'est moi").click()
    choose_credentials(page)
    question(page, "Les conditions d'utilisation")
    begin(elsewhere, newcomer)
    question(elsewhere, "Les conditions d'utilisation")


def test_no_question_can_be_jumped(page, newcomer):
    begin(page, newcomer)
    page.goto("/activation/urgence")
    question(page, "Est-ce bien vous ?")


def test_another_code_can_be_asked_for(page, newcomer):
    page.goto("/activation")
    page.get_by_role("link", name="Demander un autre code").click()
    page.get_by_label("Numéro d'adhérent").fill(newcomer.number)
    page.get_by_label("Date de naissance").fill(newcomer.birth_date)
    page.get_by_role("button", name="Recevoir un autre code").click()
    question(page, "Votre demande est faite")
    page.goto("/demonstration/courrier")
    sent_to = page.get_by_text(re.compile(f"^À {newcomer.email},"))
    # The page shows the latest letters of all: the first one to her may be there no more.
    expect(sent_to.first).to_be_visible()
    letter = sent_to.first.locator("xpath=following-sibling::p[1]")
    code = re.search(r"(?:[3-9A-Y]{4} ){2}[3-9A-Y]{4}", letter.inner_text()).group()
    assert code != newcomer.code
    begin(page, newcomer, code)
    question(page, "Est-ce bien vous ?")
