"""Passkeys, by a browser and its virtual authenticator: added, alone, after the password, before
what matters most; and what is said when none answers."""

import re

import pytest
from playwright.sync_api import expect

from .members import PASSWORD
from .moves import come_in, follow, press
from .test_sign_in import give_password, greeted

ALONE = "Me connecter avec ma clé d'accès"
ANSWER = "Me servir de ma clé d'accès"
NOTHING = "La clé d'accès n'a pas servi"
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Phone:
    """What recognises a finger: one that the browser makes up."""

    def __init__(self, page):
        self._session = page.context.new_cdp_session(page)
        self._send("enable")
        self._id = self._send("addVirtualAuthenticator", options=PHONE)["authenticatorId"]

    def knows(self, finger: bool):
        self._send("setUserVerified", authenticatorId=self._id, isUserVerified=finger)

    def keys(self):
        return self._send("getCredentials", authenticatorId=self._id)["credentials"]

    def forget(self):
        self._send("clearCredentials", authenticatorId=self._id)

    def away(self):
        self._send("removeVirtualAuthenticator", authenticatorId=self._id)
        self._session.detach()

    def _send(self, what, **told):
        return self._session.send(f"WebAuthn.{what}", told)


@pytest.fixture
def phone(page_js):
    made = Phone(page_js)
    yield made
    made.away()


@pytest.fixture
def page(page_js, site, member, phone):
    """Of a member who has just kept a key in her telephone."""
    come_in(page_js, site, member)
    page_js.goto("/compte")
    follow(page_js, "Ma connexion")
    add(page_js)
    expect(page_js.get_by_role("main")).to_contain_text("cette clé d'accès confirme maintenant")
    return page_js


def add(page, name="Mon téléphone fictif"):
    follow(page, "Ajouter une clé d'accès")
    page.get_by_label("Nom de cette clé").fill(name)
    page.get_by_role("button", name="Ajouter cette clé").click()


def leave(page):
    page.goto("/compte")
    press(page, "Se déconnecter")
    page.goto("/connexion")


def said(page, words):
    """Beside the button, which keeps the focus; and read aloud."""
    expect(page.locator("[data-said]")).to_contain_text(words)
    expect(page.locator("#announce")).to_contain_text(words)


def test_a_key_is_kept_then_enters_alone(page, phone):
    (kept,) = phone.keys()
    assert kept["isResidentCredential"] and "@" not in kept["userHandle"]
    leave(page)
    page.get_by_role("link", name=ALONE).click()
    greeted(page)


def test_after_the_password(page, member):
    leave(page)
    give_password(page, member)
    page.get_by_role("button", name=ANSWER).click()
    greeted(page)


def test_before_what_matters_most(page, member, site):
    site.make_unsure(member.email)
    page.goto("/compte/application")
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirmer que c'est moi")
    page.get_by_role("button", name=ANSWER).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Installer une application de codes")


def test_none_here_or_a_finger_not_recognised_is_said(page, phone):
    leave(page)
    phone.knows(False)
    page.get_by_role("link", name=ALONE).click()
    said(page, NOTHING)
    button = page.get_by_role("button", name="Continuer avec ma clé d'accès")
    button.focus()
    button.press("Enter")
    expect(button).to_be_focused()
    phone.knows(True)
    phone.forget()
    page.reload()
    said(page, NOTHING)
    assert page.url.endswith("/connexion/cle-d-acces")


def test_a_second_one_in_the_same_telephone_is_refused_by_it(page):
    page.goto("/compte/connexion")
    add(page, "La même")
    said(page, "Cet appareil a déjà une clé d'accès pour ce compte.")


def test_a_key_that_was_removed_is_refused(page, phone):
    page.goto("/compte/connexion")
    page.get_by_role("link", name=re.compile("^Retirer")).click()
    press(page, "Retirer : Mon téléphone fictif")
    expect(page.get_by_role("main")).to_contain_text("Un code par e-mail")
    assert phone.keys()  # the telephone does not know
    leave(page)
    page.get_by_role("link", name=ALONE).click()
    expect(page.get_by_role("alert")).to_contain_text("Cette clé d'accès n'est pas reconnue")


def test_without_a_browser_that_knows_keys_nothing_offers_one(page_js, member):
    page = page_js
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto("/connexion")
    expect(page.get_by_role("link", name=ALONE)).to_have_count(0)
    page.goto("/connexion/cle-d-acces")
    expect(page.get_by_role("main")).to_contain_text("Ce navigateur ne sait pas se servir")
    expect(page.get_by_role("button", name="Continuer avec ma clé d'accès")).to_have_count(0)
    assert PASSWORD not in page.content()
