"""What goes for every answer, beside its headers (test_headers.py) and cookies: what a visitor says
of the way she came, how she leaves, and where the values of a form come from."""

from dataclasses import replace

import pytest

from models import attempt
from models.attempt import Attempt
from tests.world import PASSWORD

from .test_guards import rules

SAID, REAL = "198.51.100.6", "203.0.113.9"


def tried_from(app, said):
    """A wrong password from REAL, through whatever `said` says: which addresses are held to it."""
    client = app.test_client()
    page = client.get("/connexion").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    sent = {"csrf_token": token, "email": "alice@exemple.invalid", "password": "faux faux faux"}
    peer = {"REMOTE_ADDR": REAL if app.config["SETTINGS"].proxies == 0 else "127.0.0.1"}
    headers = {"X-Forwarded-For": said, "X-Real-IP": SAID, "Forwarded": f"for={SAID}"}
    answer = client.post("/connexion", data=sent, headers=headers, environ_base=peer)
    assert answer.status_code == 422
    kept = {row.key for row in Attempt.select()}
    return {one for one in (SAID, REAL) if attempt._key(f"sign-in-from:{one}") in kept}


@pytest.fixture
def behind_one(opened, settings, apps):
    lent = apps.lend(replace(settings, proxies=1), opened)
    yield lent
    apps.take_back(lent)


def test_what_a_visitor_says_of_proxies_is_not_believed(app):
    assert tried_from(app, SAID) == {REAL}


def test_behind_one_proxy_the_address_that_it_saw_is_the_one(behind_one):
    assert tried_from(behind_one, f"{SAID}, {REAL}") == {REAL}


def test_every_page_of_someone_signed_in_lets_her_out(app, visit):
    """Hers, those anyone may see, and those that say no."""
    alice, seen = visit("alice").client, 0
    for rule in rules(app):
        if "GET" not in rule.methods or rule.arguments:
            continue
        answer = alice.get(str(rule))
        if answer.mimetype == "text/html" and answer.status_code in (200, 403, 404):
            assert 'action="/deconnexion"' in answer.text, rule
            seen += 1
    assert seen > 30


def test_a_field_in_the_address_is_not_one_of_the_form(visit):
    visitor = visit()
    token = visitor.get("/connexion").soup.select_one("[name=csrf_token]")["value"]
    sent = {"email": "alice@exemple.invalid", "password": PASSWORD}
    answer = visitor.client.post("/connexion", query_string=sent, data={"csrf_token": token})
    assert answer.status_code == 422 and "Écrivez votre mot de passe" in answer.text
    twice = {"csrf_token": token, "email": sent["email"], "password": ["faux faux faux", PASSWORD]}
    assert visitor.client.post("/connexion", data=twice).status_code == 422


def test_a_fault_shows_no_trace_even_where_someone_left_debugging_on(app, visit, monkeypatch):
    """FLASK_DEBUG, in the environment of the service."""
    monkeypatch.setattr(app, "debug", True)
    monkeypatch.setattr("views.home.page", lambda *_: 1 / 0)
    page = visit().get("/aide", 500)
    assert "cassé chez nous" in page.text
    assert "ZeroDivisionError" not in page.html and "Traceback" not in page.html
