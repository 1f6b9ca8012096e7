"""Passkeys on the pages: the whole sign-in, the second step, a new one. The browser's part is told
by tests/authenticator.py; a real browser's is in journeys."""

import json
from dataclasses import replace

import pytest

from models import factor, passkey, session
from models.factor import Kind
from models.ledger import Act, Line
from models.notice import Notice

from ..authenticator import PRESENT, Authenticator
from ..client import letter_code
from ..world import PASSWORD

ORIGIN = "http://localhost:8000"
ALICE, DIANE = "alice@exemple.invalid", "diane@exemple.invalid"
SIGN_IN = "/connexion/cle-d-acces"


@pytest.fixture
def settings(settings):
    return replace(settings, base_url=ORIGIN)


@pytest.fixture
def key():
    return Authenticator(ORIGIN)


def asked(page):
    """What the page tells the browser."""
    return json.loads(page.soup.select_one("form[data-key]")["data-key"])


def add(visitor, key, name="Téléphone fictif"):
    page = visitor.get("/compte/cle-d-acces")
    return visitor.submit("Ajouter cette clé", name=name, answer=key.make(asked(page)))


def enter(visitor, key, status=200, **wrong):
    page = visitor.get(SIGN_IN)
    answer = key.answer(asked(page), **wrong)
    return visitor.submit("Continuer avec ma clé d'accès", status, answer=answer)


def give_password(visitor, email):
    visitor.get("/connexion")
    return visitor.submit("Se connecter", email=email, password=PASSWORD)


def test_a_key_is_added_then_enters_alone(visit, key):
    alice = visit("alice")
    page = add(alice, key)
    assert page.address == "/compte/connexion/codes-de-secours"
    assert page.notices == ["C'est fait : cette clé d'accès confirme maintenant vos connexions."]
    assert "Téléphone fictif" in alice.get("/compte/connexion").text
    page = enter(visit(), key)
    assert "Bonjour" in page.text and page.address == "/espaces"
    told = Notice.select().where(Notice.subject.startswith("Une connexion depuis")).count()
    assert told == 1  # a device that nobody knew


def test_one_goes_on_where_one_was_going(visit, key):
    add(visit("alice"), key)
    visitor = visit()
    visitor.get("/compte/connexion")
    page = visitor.follow("Me connecter avec ma clé d'accès")
    answer = key.answer(asked(page))
    page = visitor.submit("Continuer avec ma clé d'accès", answer=answer)
    assert page.address == "/compte/connexion"


def test_a_wrong_answer_is_said_and_another_is_asked_for(visit, key):
    add(visit("alice"), key)
    visitor = visit()
    before = asked(visitor.get(SIGN_IN))
    page = visitor.submit("Continuer avec ma clé d'accès", 422, answer="{")
    assert "n'a pas répondu comme il faut" in page.soup.select_one(".fault").get_text()
    assert asked(page)["challenge"] != before["challenge"]
    assert not page.soup.select_one("form[data-key]").has_attr("data-at-once")
    assert "Se connecter" in visitor.get("/compte").title
    assert "Bonjour" in enter(visitor, key).text


def test_after_the_password_it_is_the_second_step(visit, key):
    add(visit("alice"), key)
    visitor = visit()
    page = give_password(visitor, ALICE)
    assert page.address.startswith("/connexion/code")
    assert "empreinte, votre visage ou le code de votre téléphone" in page.text
    assert Notice.select().where(Notice.subject == "Votre code de connexion").count() == 0
    text = key.answer(asked(page), flags=PRESENT)
    page = visitor.submit("Me servir de ma clé d'accès", 422, answer=text)
    assert "n'a pas répondu comme il faut" in page.soup.select_one(".fault").get_text()
    page = visitor.submit("Me servir de ma clé d'accès", answer=key.answer(asked(page)))
    assert "Bonjour" in page.text


def test_a_code_by_e_mail_serves_no_more_but_one_on_paper_does(visit, key):
    alice = visit("alice")
    add(alice, key)
    page = alice.submit("Faire mes codes de secours")
    code = page.soup.select_one("ol strong").get_text()
    visitor = visit()
    give_password(visitor, ALICE)
    assert factor.NOT_BY_CODE in visitor.submit("Entrer", 422, code="123456").text
    assert "Bonjour" in visitor.submit("Entrer", code=code).text


def test_it_confirms_before_what_matters_most(visit, key, world):
    alice = visit("alice")
    add(alice, key)
    session.Session.update(factor_at=None).execute()
    page = alice.get("/compte/application")
    assert page.address.startswith("/connexion/code?suite=")
    page = alice.submit("Me servir de ma clé d'accès", answer=key.answer(asked(page)))
    assert page.address == "/compte/application"


def test_the_key_of_another_confirms_nothing(visit, key):
    add(visit("alice"), key)
    add(visit("carole"), other := Authenticator(ORIGIN))
    visitor = visit()
    page = give_password(visitor, ALICE)
    answer = other.answer(asked(page))
    page = visitor.submit("Me servir de ma clé d'accès", 422, answer=answer)
    assert passkey.UNKNOWN in page.text


def test_the_office_may_begin_with_one(visit, key, world):
    visitor = visit()
    give_password(visitor, DIANE)
    page = visitor.submit("Entrer", code=letter_code(DIANE))
    assert page.address == "/connexion/application"
    answer = key.make(asked(page), flags=PRESENT)
    page = visitor.submit("Installer une clé d'accès", 422, answer=answer)
    assert page.soup.select_one(".fault") and not passkey.of(world.account("diane"))
    answer = key.make(asked(page))
    page = visitor.submit("Installer une clé d'accès", name="Bureau fictif", answer=answer)
    assert page.address.startswith("/compte/connexion/codes-de-secours")
    assert visitor.follow("Continuer sans codes").address == "/association"
    assert factor.kinds(world.account("diane")) == {Kind.PASSKEY}
    lines = Line.select().where(Line.act == Act.SIGNED_IN)
    assert lines.count() == 1
    assert enter(visit(), key).address == "/association"
    assert lines.count() == 2


def test_a_stale_half_session_adds_nothing_once_the_account_has_one(visit, key, world):
    stale = visit()
    give_password(stale, DIANE)
    page = stale.submit("Entrer", code=letter_code(DIANE))
    add(visit("diane"), Authenticator(ORIGIN))
    answer = key.make(asked(page))
    page = stale.submit("Installer une clé d'accès", answer=answer)
    assert page.address.startswith("/connexion/code")
    assert len(passkey.of(world.account("diane"))) == 1
    assert stale.get("/connexion/application").address.startswith("/connexion/code")


def test_a_new_one_is_wrong_and_said(visit, key, world):
    alice = visit("alice")
    page = alice.get("/compte/cle-d-acces")
    answer = key.make(asked(page), origin="http://localhost:8001")
    page = alice.submit("Ajouter cette clé", 422, name="Ma clé fictive", answer=answer)
    assert page.soup.select_one("#name")["value"] == "Ma clé fictive"
    assert not passkey.of(world.account("alice"))


def test_who_is_signed_in_has_nothing_to_sign_in_to(visit):
    assert visit("alice").get(SIGN_IN).address.startswith("/espaces")


def test_without_a_question_nothing_is_answered(app, visit, world):
    for path in ("/connexion/code/cle-d-acces", "/connexion/application/cle-d-acces"):
        visitor = visit()
        token = visitor.get("/connexion").soup.select_one("[name=csrf_token]")["value"]
        answer = visitor.client.post(path, data={"csrf_token": token, "answer": "{}"})
        assert answer.status_code in (303, 410), path


def test_where_keys_cannot_serve_nothing_speaks_of_them(app, visit, settings):
    assert visit().get("/connexion").soup.select_one("p[data-key][hidden] a")
    app.config["SETTINGS"] = replace(settings, base_url="http://127.0.0.1:8000")
    assert not visit().get("/connexion").soup.select_one("[data-key]")
    assert visit().get(SIGN_IN).address == "/connexion"
    alice = visit("alice")
    assert not alice.get("/compte/connexion").soup.select("a[href='/compte/cle-d-acces']")
    assert "ne permet pas" in alice.get("/compte/cle-d-acces").text


def test_its_script_is_on_the_pages_that_need_it_alone(visit, key):
    alice = visit("alice")
    for path, needed in (
        ("/compte/cle-d-acces", True),
        ("/compte", False),
        ("/compte/connexion", False),
    ):
        scripts = [one["src"] for one in alice.get(path).soup.select("script")]
        assert any("passkeys" in one for one in scripts) is needed, path
    assert len(visit().get("/connexion").soup.select("script")) == 2
