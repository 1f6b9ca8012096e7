"""The second step of signing in: its page, and all that stays shut before it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from models import clock, factor
from models.account import Account
from models.database import database
from models.notice import Notice
from models.session import Session

from ..client import letter_code
from ..world import PASSWORD
from .test_guards import PUBLIC, address, rules

DIANE = "diane@exemple.invalid"
# What half a session may do, beside what anyone may.
HERS = {"factor.confirm", "factor.send", "sessions.delete"}


@pytest.fixture
def half(visit):
    """Diane's password is given, and no more."""
    visitor = visit()
    visitor.get("/connexion")
    visitor.submit("Se connecter", email=DIANE, password=PASSWORD)
    assert visitor.page.address == "/connexion/code"
    return visitor


def test_the_code_received_leads_where_one_was_going(visit):
    diane = visit()
    diane.get("/association/signalements?a=1")
    page = diane.submit("Se connecter", email=DIANE, password=PASSWORD)
    assert "dans la minute" in page.text and DIANE in page.text
    assert page.soup.select_one("#code")["autocomplete"] == "one-time-code"
    assert "courrier de la démonstration" not in page.text.lower()
    page = diane.submit("Entrer", 422, code="000 00")
    assert "pas le bon code" in page.soup.select_one("#code-fault").get_text()
    assert page.soup.select_one("#code")["value"] == "000 00"
    page = diane.submit("Entrer", 422, code=" ")
    assert "Écrivez le code" in page.soup.select_one("#code-fault").get_text()
    page = diane.submit("Recevoir un autre code")
    assert page.notices == ["Un nouveau code part. Celui d'avant ne sert plus."]
    page = diane.submit("Entrer", code=letter_code(DIANE))
    assert page.address == "/association/signalements?a=1"
    assert diane.get("/connexion/code").address == "/association"


def test_in_a_demonstration_the_page_says_where_the_letter_is(app, half):
    app.config["INSTANCE"] = replace(app.config["INSTANCE"], demonstration=True)
    half.get("/connexion/code")
    # Its letters hold addresses of this very site, in full: no page to be judged as others are.
    mail = half.client.get(half.page.link("courrier de la démonstration"))
    shown = mail.get_data(as_text=True)
    assert factor.SUBJECT in shown and letter_code(DIANE) in shown


def test_before_the_code_nothing_opens(app, half):
    """Each route, by GET, HEAD and POST: it leads to the code, or is what anyone may see."""
    before, tried = state(), 0
    token = half.page.soup.select_one("[name=csrf_token]")["value"]
    for rule in rules(app):
        if rule.endpoint in PUBLIC:
            continue
        for method in sorted(rule.methods & {"GET", "HEAD", "POST"}):
            data = {"csrf_token": token} if method == "POST" else None
            answer = half.client.open(address(rule), method=method, data=data)
            assert answer.status_code == 303, (rule, method)
            assert answer.location.startswith("/connexion/code"), (rule, method)
            tried += 1
    assert tried > 150
    assert state() == before
    assert "Mon compte" not in half.get("/").html


def test_what_anyone_may_see_knows_nothing_of_half_a_session(app, half, visit):
    anyone = visit()
    for rule in rules(app):
        if rule.endpoint in PUBLIC - HERS and "GET" in rule.methods:
            path = address(rule, token="x" * 32)
            answers = [each.client.get(path) for each in (half, anyone)]
            assert answers[0].status_code == answers[1].status_code, rule
            assert DIANE not in answers[0].get_data(as_text=True), rule
            assert "Diane" not in answers[0].get_data(as_text=True), rule


def state():
    """Every row, but the letters and what signing in itself keeps."""
    apart = ("session", "sign_in_code", "sqlite_", "document_search", "member_search")
    tables = [name for name in database.get_tables() if not name.startswith(apart)]
    return {
        name: database.execute_sql(f'SELECT COUNT(*) FROM "{name}"').fetchone() for name in tables
    }


def test_half_a_session_is_no_device(half, visit):
    diane = visit("diane")
    page = diane.get("/compte")
    assert len(page.soup.select("main .list li")) == 1
    uid = Session.get(Session.confirmed_at.is_null()).uid
    assert uid not in page.html


def test_signing_out_ends_it(half):
    cookie = half.client.get_cookie("carnet").value
    page = half.submit("Arrêter la connexion")
    assert "fermée sur cet appareil" in page.notices[0]
    half.client.set_cookie("carnet", cookie)
    assert half.get("/connexion/code").address == "/connexion"
    assert half.get("/association").address.startswith("/connexion?")


def test_beginning_again_in_the_same_browser_ends_the_first_half(half):
    first = Session.get()
    for email in (DIANE, "alice@exemple.invalid"):
        half.get("/connexion")
        half.submit("Se connecter", email=email, password=PASSWORD)
        assert Session.get_by_id(first.id).ended_at
        first = Session.select().order_by(Session.id.desc()).get()
    assert first.ended_at is None and "Bonjour" in half.page.text


def test_the_cookie_is_another_one_afterwards_and_the_one_before_is_nothing(half):
    before = half.client.get_cookie("carnet").value
    half.submit("Entrer", code=letter_code(DIANE))
    after = half.client.get_cookie("carnet").value
    assert before != after
    half.client.set_cookie("carnet", before)
    assert half.get("/association").address.startswith("/connexion?")
    half.client.set_cookie("carnet", after)
    assert half.get("/association").address == "/association"


def test_the_same_code_twice_in_two_tabs(app, half):
    """The second tab was answered in the meantime: it goes on, and signs nobody out."""
    page, right = half.page, letter_code(DIANE)
    fields = {"code": right, "csrf_token": page.soup.select_one("[name=csrf_token]")["value"]}
    stale = app.test_client()
    stale.set_cookie("carnet", half.client.get_cookie("carnet").value)
    half.submit("Entrer", code=right)
    late = stale.post("/connexion/code", data=fields)
    assert late.status_code == 410 and "Continuer" in late.get_data(as_text=True)
    assert "Set-Cookie" not in late.headers
    assert half.get("/association").address == "/association"


def test_the_code_of_another_browser_does_not_serve(visit):
    browsers = []
    for _ in range(2):
        browser = visit()
        browser.get("/connexion")
        browser.submit("Se connecter", email=DIANE, password=PASSWORD)
        browsers.append((browser, letter_code(DIANE)))
    (first, _), (second, code) = browsers
    if browsers[0][1] != code:
        assert "pas le bon code" in first.submit("Entrer", 422, code=code).text
    assert second.submit("Entrer", code=code).address == "/association"


def test_too_many_tries_are_said_in_words(half):
    for _ in range(4):
        half.submit("Entrer", 422, code="x")
    assert "cinq essais" in half.submit("Entrer", 422, code="x").text
    assert "cinq essais" in half.submit("Entrer", 422, code=letter_code(DIANE)).text
    for _ in range(9):
        half.submit("Recevoir un autre code")
    page = half.submit("Recevoir un autre code", 422)
    assert "Trop d'essais" in page.text
    assert half.submit("Entrer", code=letter_code(DIANE)).address == "/association"


def test_after_ten_minutes_or_an_idle_half_hour(half):
    right = letter_code(DIANE)
    with clock.moved(timedelta(minutes=11)):
        assert "dix minutes ont passé" in half.submit("Entrer", 422, code=right).text
        half.submit("Recevoir un autre code")
    with clock.moved(timedelta(minutes=31)):
        page = half.submit("Entrer", 410, code=letter_code(DIANE))
        assert "trop de temps" in page.text
        assert half.follow("Continuer").address == "/connexion"


def test_nobody_without_a_duty_is_asked(visit):
    visitor = visit()
    assert visitor.get("/connexion/code").address == "/connexion"
    visitor.submit("Se connecter", email="alice@exemple.invalid", password=PASSWORD)
    assert visitor.page.address == "/espaces" or "Bonjour" in visitor.page.text
    assert not Notice.select().where(Notice.subject == factor.SUBJECT).exists()


def test_what_was_typed_when_the_session_ended_is_there_after_the_code(visit):
    diane = visit("diane")
    diane.get("/association/professionnels/ajout")
    Session.update(ended_at=clock.now()).execute()
    page = diane.submit("Ajouter ce professionnel", name="Zoé Fictive", organisation="Ici")
    assert "ce que vous avez écrit est gardé" in page.notices[0]
    diane.submit("Se connecter", email=DIANE, password=PASSWORD)
    page = diane.submit("Entrer", code=letter_code(DIANE))
    assert page.address.startswith("/association/professionnels/ajout")
    assert page.soup.select_one("#name")["value"] == "Zoé Fictive"


def test_the_letter_and_the_pages_say_no_more_than_needed(half):
    letter = Notice.get(Notice.subject == factor.SUBJECT)
    assert "association" in letter.body and not re.search(r"https?://", letter.body)
    assert "Diane" not in half.page.text
    assert Account.named(DIANE).name not in letter.body
