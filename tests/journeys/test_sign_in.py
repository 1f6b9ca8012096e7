"""Signing in and out, being signed out, and a forgotten password."""

import re

from playwright.sync_api import expect

from .members import HEART, PASSWORD
from .moves import give_code, press
from .words import begins, holds

NEW_PASSWORD = "pastèque-violon-rivage-26"


def give_password(page, member, password=PASSWORD):
    page.get_by_label("Adresse e-mail").fill(member.email)
    page.get_by_label("Mot de passe", exact=True).fill(password)
    press(page, "Se connecter")


def sign_in(page, member, password=PASSWORD):
    """On a device that nobody knows: with the code of a letter."""
    give_password(page, member, password)
    give_code(page, {"email": member.email})


def greeted(page):
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour Jeanne")


def test_sign_in_then_out(page, member):
    page.goto("/connexion")
    sign_in(page, member)
    greeted(page)
    inside = page.url
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("main")).to_contain_text("La session est fermée sur cet appareil.")
    page.goto(inside)
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter")


def test_going_back_after_signing_out_shows_nothing(page, member):
    page.goto("/connexion")
    sign_in(page, member)
    page.get_by_role("link", name="Documents", exact=True).click()
    expect(page.get_by_role("link", name=HEART)).to_be_visible()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("main")).to_contain_text("La session est fermée sur cet appareil.")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter")
    expect(page.get_by_text(HEART)).to_have_count(0)


def test_a_wrong_password_is_said_and_the_address_kept(page, member):
    page.goto("/connexion")
    give_password(page, member, "ce-nest-pas-le-bon")
    expect(page).to_have_title(begins("Erreur : Se connecter"))
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("ne vont pas ensemble")
    expect(page.get_by_label("Adresse e-mail")).to_have_value(member.email)
    expect(page.get_by_label("Mot de passe", exact=True)).to_have_value("")
    field = page.get_by_label("Adresse e-mail")
    expect(field).to_have_accessible_description(holds("ne vont pas ensemble"))
    expect(field).to_have_attribute("aria-invalid", "true")
    alert.get_by_role("link").click()
    expect(field).to_be_focused()


def end_from(elsewhere, member):
    elsewhere.goto("/connexion")
    sign_in(elsewhere, member)
    elsewhere.get_by_role("link", name="Mon compte").click()
    elsewhere.get_by_role("button", name="Déconnecter Navigateur du test").click()
    expect(elsewhere.get_by_role("main")).to_contain_text("« Navigateur du test » est déconnecté.")


def test_a_session_ended_elsewhere_while_i_typed_loses_nothing(at_home, member, elsewhere):
    at_home.get_by_role("link", name="Documents", exact=True).click()
    at_home.get_by_role("link", name="Ajouter des documents").click()
    at_home.get_by_label("Titre").fill("IRM d'Élise 🌷")
    at_home.get_by_label("Catégorie").select_option("Ordonnances et soins")
    at_home.get_by_label("Masqué aux professionnels de santé").check()
    end_from(elsewhere, member)
    at_home.get_by_role("button", name="Ajouter", exact=True).click()
    expect(at_home.get_by_role("main")).to_contain_text("ce que vous avez écrit est gardé")
    sign_in(at_home, member)
    expect(at_home.get_by_role("main")).to_contain_text("est toujours là")
    expect(at_home.get_by_label("Titre")).to_have_value("IRM d'Élise 🌷")
    chosen = at_home.get_by_label("Catégorie").locator("option:checked")
    expect(chosen).to_have_text("Ordonnances et soins")
    expect(at_home.get_by_label("Masqué aux professionnels de santé")).to_be_checked()
    at_home.get_by_role("link", name="Repartir sans ce texte").click()
    expect(at_home.get_by_label("Titre")).to_have_value("")


def test_a_session_ended_elsewhere_then_back_where_i_was(at_home, member, elsewhere):
    end_from(elsewhere, member)
    at_home.get_by_role("link", name="Corbeille", exact=True).click()
    expect(at_home.get_by_role("heading", level=1)).to_have_text("Se connecter")
    sign_in(at_home, member)
    expect(at_home.get_by_role("heading", level=1)).to_have_text("Corbeille")


def test_a_forgotten_password(page, member):
    page.goto("/connexion")
    page.get_by_role("link", name="J'ai oublié mon mot de passe").click()
    page.get_by_label("Adresse e-mail").fill(member.email)
    page.get_by_role("button", name="Recevoir le lien").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Regardez votre courrier")
    page.get_by_role("link", name="Courrier de la démonstration").click()
    sent = page.get_by_text(re.compile(f"^À {member.email},")).first
    link = sent.locator("xpath=following-sibling::p[1]").get_by_role("link")
    address = link.get_attribute("href")
    link.click()
    page.get_by_label("Nouveau mot de passe").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Changer mon mot de passe").click()
    expect(page.get_by_role("main")).to_contain_text("Votre mot de passe est changé.")
    sign_in(page, member, NEW_PASSWORD)
    greeted(page)
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce lien ne sert plus")


def test_change_my_password(at_home, member):
    at_home.get_by_role("link", name="Mon compte").click()
    at_home.get_by_label("Mot de passe actuel").fill("ce-nest-pas-le-bon")
    at_home.get_by_label("Nouveau mot de passe").fill(NEW_PASSWORD)
    at_home.get_by_role("button", name="Changer mon mot de passe").click()
    expect(at_home.get_by_role("alert")).to_contain_text("Ce n'est pas votre mot de passe actuel")
    at_home.get_by_label("Mot de passe actuel").fill(PASSWORD)
    at_home.get_by_label("Nouveau mot de passe").fill(NEW_PASSWORD)
    at_home.get_by_role("button", name="Changer mon mot de passe").click()
    expect(at_home.get_by_role("main")).to_contain_text("Votre mot de passe est changé.")
