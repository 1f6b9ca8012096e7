"""A parent activates the record of a child, without JavaScript."""

import pytest

from models import access, activation
from models.access import Role
from models.record import Record
from tests.minors import enrolled_child
from tests.world import PASSWORD


@pytest.fixture
def child(app):
    return enrolled_child()


def begin(visitor, child):
    visitor.get("/activation")
    born = child.record.birth_date.strftime("%d/%m/%Y")
    return visitor.submit("Continuer", code=child.code, birth_date=born)


def certify(visitor, child):
    begin(visitor, child)
    return visitor.submit("Continuer", certified="oui")


def finish(visitor):
    visitor.submit("Continuer", accepted="oui")
    page = visitor.submit("Continuer", masked="non")
    assert "Noé" in page.text and "votre vie" not in page.text
    return visitor.submit("Activer cet espace", allowed="oui")


def test_the_whole_way(visit, child):
    visitor = visit()
    page = begin(visitor, child)
    assert "Est-ce bien votre enfant ?" in page.title
    assert "Je certifie être parent ou représentant légal de Noé Fictif" in page.text
    page = certify(visitor, child)
    assert "Mon prénom et mon nom" in page.text
    answers = {"email": "claire@exemple.invalid", "password": PASSWORD}
    visitor.submit("Continuer", name="Claire Imaginaire", **answers)
    page = finish(visitor)
    assert page.notices == ["L'espace de Noé Fictif est activé. Vous le tenez jusqu'à ses 18 ans."]
    assert "comme parent" in page.text
    assert "claire@exemple.invalid" in visitor.get("/compte").text


def test_whoever_certifies_nothing_goes_no_further(visit, child):
    visitor = visit()
    begin(visitor, child)
    page = visitor.submit("Continuer", status=422)
    assert "cochez la case" in page.text
    assert "Est-ce bien votre enfant" in visitor.get("/activation/identifiants").title


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(visit, child):
    visitor = visit()
    certify(visitor, child)
    page = visitor.submit("Continuer", 422, name="", email="claire", password=PASSWORD)
    assert "Écrivez votre prénom et votre nom." in page.text
    page = visitor.submit("Continuer", 422, name="Claire", email="claire", password=PASSWORD)
    assert page.soup.select_one("#name")["value"] == "Claire"
    assert page.soup.select_one("#email")["value"] == "claire"


def test_she_may_sign_in_first_and_uses_her_account_in_one_click(visit, world, child):
    visitor = visit()
    page = certify(visitor, child)
    visitor.follow("Me connecter d'abord")
    page = visitor.enter("carole@exemple.invalid", PASSWORD)
    button = "Ouvrir cet espace avec mon compte, carole@exemple.invalid"
    assert button in page.buttons()
    visitor.submit(button)
    page = finish(visitor)
    assert "Vous le tenez jusqu'à ses 18 ans." in page.notices[0]
    made = access.find(world.account("carole"), child.record.uid)
    assert made.role == Role.REPRESENTATIVE
    assert not visitor.client.get("/activation/urgence").location.endswith("urgence")


def test_signing_in_for_anything_else_forgets_what_was_begun_on_this_computer(visit, child):
    visitor = visit()
    certify(visitor, child)
    visitor.sign_in("carole@exemple.invalid", PASSWORD)
    assert "Votre code" in visitor.get("/activation/identifiants").title


def test_signing_in_keeps_the_activation_and_nothing_else(visit, child):
    visitor = visit()
    certify(visitor, child)
    with visitor.client.session_transaction() as cookie:
        cookie["invitation"] = "someone else's"
    visitor.get("/connexion?suite=/activation/identifiants")
    visitor.enter("carole@exemple.invalid", PASSWORD)
    with visitor.client.session_transaction() as cookie:
        assert "activation" in cookie and "invitation" not in cookie


def test_whoever_goes_on_elsewhere_with_the_code_is_not_signed_in_as_her(visit, world, child):
    signed_in = visit("carole")
    certify(signed_in, child)
    signed_in.submit("Ouvrir cet espace avec mon compte, carole@exemple.invalid")
    elsewhere = visit()
    begin(elsewhere, child)
    page = finish(elsewhere)
    assert "Se connecter" in page.title
    assert access.find(world.account("carole"), child.record.uid)
    assert elsewhere.client.get("/compte").status_code == 303


def test_nobody_uses_an_account_without_being_signed_in(visit, child):
    visitor = visit()
    page = certify(visitor, child)
    token = page.soup.select_one("[name=csrf_token]")["value"]
    answer = visitor.client.post("/activation/compte", data={"csrf_token": token})
    assert answer.location.endswith("/activation/identifiants")
    assert activation.Activation.get().account is None


def test_the_one_click_serves_no_adult(visit, world):
    one = enrolled_child(Record.get(Record.email == "alice@exemple.invalid").birth_date)
    visitor = visit("carole")
    begin(visitor, one)
    page = visitor.submit("Oui, c'est moi")
    assert not [words for words in page.buttons() if "mon compte" in words]
    token = page.soup.select_one("[name=csrf_token]")["value"]
    visitor.client.post("/activation/compte", data={"csrf_token": token})
    assert activation.Activation.get().account is None
