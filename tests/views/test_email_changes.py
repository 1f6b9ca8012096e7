"""My address: the pages where it is proved, changed, and put back."""

import re
from datetime import timedelta

import pytest

from models import clock, email_change, email_undo
from models.account import Account
from models.email_change import EmailChange
from models.session import Session
from tests.readability import EASY, LONGEST_SENTENCE, _page, reading

from ..rescued import letters, token
from ..world import PASSWORD

PATH = "/compte/adresse"
ALICE, NEW = "alice@exemple.invalid", "neuve@exemple.invalid"
SEND = "Recevoir un code à cette adresse"
UNPROVED = "Votre adresse e-mail n'est pas confirmée."


@pytest.fixture
def alice(visit):
    return visit("alice")


def code(address):
    return re.search(r"\b\d{3} \d{3}\b", letters(address)[0].body)[0]


def change(visitor, email=NEW):
    visitor.get(PATH)
    visitor.follow("Changer d'adresse e-mail")
    visitor.submit("Recevoir un code", email=email)
    return visitor.submit("Confirmer cette adresse", code=code(email))


def test_from_the_quiet_line_to_a_proved_address(alice):
    page = alice.get("/espaces")
    assert UNPROVED in page.text
    alice.follow("Confirmer mon adresse")
    page = alice.submit(SEND)
    assert ALICE in page.text
    page = alice.submit("Confirmer cette adresse", code=code(ALICE))
    assert page.notices == ["Votre adresse est confirmée. Merci."]
    assert SEND not in page.buttons()
    assert UNPROVED not in alice.get("/espaces").text


def test_nobody_else_sees_that_an_address_is_not_proved(visit, world):
    record = world.record("alice").uid
    for path in ("/association/adherents/", "/association/aide-aux-adherents/"):
        assert "confirm" not in visit("diane").get(path + record).text.lower()


def test_from_my_account_to_another_address_and_back(alice, visit):
    alice.get("/compte")
    alice.follow("changer mon adresse e-mail")
    page = change(alice)
    assert page.notices[0].startswith("Votre adresse est changée.") and NEW in page.text
    here = token(ALICE, "adresse")
    stranger = visit()
    page = stranger.get(f"/adresse/{here}")
    assert ALICE in page.text and NEW not in page.text and Account.named(NEW)
    page = stranger.submit("Ce n'est pas moi, annuler")
    assert "annulé" in page.title and Account.named(ALICE)
    stranger.get(f"/adresse/{here}", 410)
    assert "Se connecter" in alice.get("/compte").title
    stranger.get(f"/mot-de-passe/{token(ALICE, 'mot-de-passe')}")


def test_she_signs_in_with_the_new_one(alice, visit):
    change(alice)
    other = visit()
    other.sign_in(NEW, PASSWORD)
    assert "Bonjour" in other.page.text


@pytest.mark.parametrize("email", ["", "faux", ALICE])
def test_what_is_wrong_is_said_at_its_field_and_kept(alice, email):
    Account.update(email_proved_at=clock.now()).execute()
    alice.get(f"{PATH}/changement")
    page = alice.submit("Recevoir un code", 422, email=email)
    assert page.soup.select_one("#email-fault")
    assert page.soup.select_one("#email")["value"] == email
    assert not EmailChange.select().exists()


def test_a_wrong_code_is_said_at_its_field(alice):
    alice.get(f"{PATH}/changement")
    alice.submit("Recevoir un code", email=NEW)
    alice.submit("Confirmer cette adresse", 422, code="")
    page = alice.submit("Confirmer cette adresse", 422, code="00000a")
    assert page.soup.select_one("#code-fault").get_text().endswith(email_change.WRONG)


def test_a_taken_address_gets_the_same_pages(alice):
    said = []
    for email in (NEW, "carole@exemple.invalid"):
        alice.get(f"{PATH}/changement")
        page = alice.submit("Recevoir un code", email=email)
        said.append(page.html.replace(email, "x"))
        page = alice.submit("Confirmer cette adresse", 422, code="00000a")
        said.append(page.text.replace(email, "x"))
    hidden = [re.sub(r'value="[^"]{40,}"', "", html) for html in (said[0], said[2])]
    assert hidden[0] == hidden[1] and said[1] == said[3]


def test_before_changing_it_a_second_factor_is_asked_again(alice):
    Session.update(factor_at=clock.now() - timedelta(minutes=16)).execute()
    assert alice.get(f"{PATH}/changement").address.startswith("/connexion/code")
    alice.get(PATH)
    assert SEND in alice.page.buttons()


def test_the_code_page_without_a_code_goes_back(alice, visit):
    assert alice.get(f"{PATH}/code").address == PATH
    alice.submit(SEND)
    elsewhere = visit("alice")
    assert elsewhere.get(f"{PATH}/code").address == PATH


def test_too_many_letters_is_said(alice):
    for _ in range(10):
        alice.get(PATH)
        alice.submit(SEND)
    alice.get(PATH)
    assert "Trop d'essais" in alice.submit(SEND).notices[0]
    alice.get(f"{PATH}/changement")
    assert "Trop d'essais" in alice.submit("Recevoir un code", 422, email=NEW).text


def test_its_pages_and_letters_are_easy_to_read(alice, visit):
    read = {path: _page(alice, path) for path in (PATH, f"{PATH}/changement")}
    alice.submit("Recevoir un code", email=NEW)
    read["code"] = _page(alice, f"{PATH}/code")
    alice.submit("Confirmer cette adresse", code=code(NEW))
    stranger = visit()
    read["undo?"] = _page(stranger, f"/adresse/{token(ALICE, 'adresse')}")
    texts = (email_change.LETTER, email_change.TRIED, email_change.TO_OLD, email_change.TO_NEW)
    for number, text in enumerate((*texts, email_undo.LETTER, email_undo.TO_OTHER)):
        said = re.sub(r"{\w+}", "ici", text)
        read[number] = [part.replace("\n", " ") for part in said.split("\n\n")]
    for name, blocks in read.items():
        found = reading([one for one in blocks if one])
        assert found.ease >= EASY and found.longest_words <= LONGEST_SENTENCE, (name, found)
