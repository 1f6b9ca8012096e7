"""The second step of signing in: its page, and all that stays shut before it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from models import clock, device, mail_code
from models.account import Account
from models.database import database
from models.ledger import Act, Line
from models.notice import Notice
from models.session import Session

from ..client import letter_code, totp_code
from ..world import PASSWORD
from .test_guards import PUBLIC, address, rules

ALICE = "alice@exemple.invalid"
DIANE = "diane@exemple.invalid"
# What half a session may do, beside what anyone may.
HERS = {"factor.confirm", "factor.send", "sessions.delete", "totp.enrol"}


@pytest.fixture
def half(visit):
    """Alice's password is given, on a device that is not known, and no more."""
    visitor = visit()
    visitor.get("/connexion")
    visitor.submit("Se connecter", email=ALICE, password=PASSWORD)
    assert visitor.page.address == "/connexion/code"
    return visitor


def test_the_mail_of_a_demonstration_leads_back_to_the_step(app, half):
    app.config["INSTANCE"] = replace(app.config["INSTANCE"], demonstration=True)
    half.get("/connexion/code?suite=/compte")
    mail = half.client.get(half.page.link("Lire ce code")).get_data(as_text=True)
    assert 'href="/connexion/code?suite=/compte">Revenir écrire le code' in mail
    half.submit("Entrer", code=letter_code(ALICE))
    assert half.page.address == "/compte"
    mail = half.client.get("/demonstration/courrier").get_data(as_text=True)
    assert "Revenir écrire" not in mail


def test_the_code_received_leads_where_one_was_going(visit):
    alice = visit()
    alice.get("/espaces?a=1")
    page = alice.submit("Se connecter", email=ALICE, password=PASSWORD)
    assert "dans la minute" in page.text and ALICE in page.text
    assert page.soup.select_one("#code")["autocomplete"] == "one-time-code"
    assert "courrier de la démonstration" not in page.text.lower()
    page = alice.submit("Entrer", 422, code="000 00")
    assert "pas le bon code" in page.soup.select_one("#code-fault").get_text()
    assert page.soup.select_one("#code")["value"] == "000 00"
    page = alice.submit("Entrer", 422, code=" ")
    assert "Écrivez le code" in page.soup.select_one("#code-fault").get_text()
    page = alice.submit("Recevoir un autre code")
    assert page.notices == ["Un nouveau code part. Celui d'avant ne sert plus."]
    page = alice.submit("Entrer", code=letter_code(ALICE))
    assert page.address.startswith("/espaces")
    assert alice.get("/connexion/code").address.startswith("/espaces")


def test_in_a_demonstration_the_page_says_where_the_letter_is(app, half):
    app.config["INSTANCE"] = replace(app.config["INSTANCE"], demonstration=True)
    half.get("/connexion/code")
    # Its letters hold addresses of this very site, in full: no page to be judged as others are.
    mail = half.client.get(half.page.link("courrier de la démonstration"))
    shown = mail.get_data(as_text=True)
    assert mail_code.SUBJECT in shown and letter_code(ALICE) in shown


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
            assert ALICE not in answers[0].get_data(as_text=True), rule
            assert "Alice" not in answers[0].get_data(as_text=True), rule


def state():
    """Every row, but the letters and what signing in itself keeps."""
    apart = ("session", "sign_in_code", "sqlite_", "document_search", "member_search")
    tables = [name for name in database.get_tables() if not name.startswith(apart)]
    return {
        name: database.execute_sql(f'SELECT COUNT(*) FROM "{name}"').fetchone() for name in tables
    }


def test_half_a_session_is_no_device(half, visit):
    page = visit("alice").get("/compte")
    assert len(page.soup.select("main li form[action*=appareils]")) == 1
    uid = Session.get(Session.confirmed_at.is_null()).uid
    assert uid not in page.html


def test_signing_out_ends_it(half):
    cookie = half.client.get_cookie("carnet").value
    page = half.submit("Arrêter la connexion")
    assert "fermée sur cet appareil" in page.notices[0]
    half.client.set_cookie("carnet", cookie)
    assert half.get("/connexion/code").address == "/connexion"
    assert half.get("/espaces").address.startswith("/connexion?")


def test_beginning_again_in_the_same_browser_ends_the_first_half(half):
    first = Session.get()
    for email in (ALICE, "carole@exemple.invalid"):
        half.get("/connexion")
        half.submit("Se connecter", email=email, password=PASSWORD)
        assert Session.get_by_id(first.id).ended_at
        first = Session.select().order_by(Session.id.desc()).get()
    assert first.ended_at is None and "carole@" in half.page.text


def test_the_cookie_is_another_one_afterwards_and_the_one_before_is_nothing(half):
    before = half.client.get_cookie("carnet").value
    half.submit("Entrer", code=letter_code(ALICE))
    after = half.client.get_cookie("carnet").value
    assert before != after
    half.client.set_cookie("carnet", before)
    assert half.get("/espaces").address.startswith("/connexion?")
    half.client.set_cookie("carnet", after)
    assert half.get("/espaces").address.startswith("/espaces")


def test_the_same_code_twice_in_two_tabs(app, half):
    """The second tab was answered in the meantime: it goes on, and signs nobody out."""
    page, right = half.page, letter_code(ALICE)
    fields = {"code": right, "csrf_token": page.soup.select_one("[name=csrf_token]")["value"]}
    stale = app.test_client()
    stale.set_cookie("carnet", half.client.get_cookie("carnet").value)
    half.submit("Entrer", code=right)
    late = stale.post("/connexion/code", data=fields)
    assert late.status_code == 410 and "Continuer" in late.get_data(as_text=True)
    assert "Set-Cookie" not in late.headers
    assert half.get("/espaces").address.startswith("/espaces")


def test_the_code_of_another_browser_does_not_serve(visit):
    browsers = []
    for _ in range(2):
        browser = visit()
        browser.get("/connexion")
        browser.submit("Se connecter", email=ALICE, password=PASSWORD)
        browsers.append((browser, letter_code(ALICE)))
    (first, _), (second, code) = browsers
    if browsers[0][1] != code:
        assert "pas le bon code" in first.submit("Entrer", 422, code=code).text
    assert second.submit("Entrer", code=code).address.startswith("/espaces")


def test_too_many_tries_are_said_in_words(half):
    for _ in range(4):
        half.submit("Entrer", 422, code="x")
    assert "cinq essais" in half.submit("Entrer", 422, code="x").text
    assert "cinq essais" in half.submit("Entrer", 422, code=letter_code(ALICE)).text
    for _ in range(9):
        half.submit("Recevoir un autre code")
    page = half.submit("Recevoir un autre code", 422)
    assert "Trop d'essais" in page.text
    assert half.submit("Entrer", code=letter_code(ALICE)).address.startswith("/espaces")


def test_after_ten_minutes_or_an_idle_half_hour(half):
    right = letter_code(ALICE)
    with clock.moved(timedelta(minutes=11)):
        assert "dix minutes ont passé" in half.submit("Entrer", 422, code=right).text
        half.submit("Recevoir un autre code")
    with clock.moved(timedelta(minutes=31)):
        page = half.submit("Entrer", 410, code=letter_code(ALICE))
        assert "trop de temps" in page.text
        assert half.follow("Continuer").address == "/connexion"


def test_a_device_that_is_trusted_is_asked_no_more_for_three_months(half, visit):
    assert half.get("/connexion/code").soup.select_one("#trusted").get("checked") is None
    half.submit("Entrer", code=letter_code(ALICE), trusted="oui")
    sent = Notice.select().where(Notice.subject == mail_code.SUBJECT)
    told = Notice.select().where(Notice.subject.contains("nouvel appareil"))
    assert sent.count() == told.count() == 1
    half.submit("Se déconnecter")
    half.get("/connexion")
    assert "Bonjour" in half.submit("Se connecter", email=ALICE, password=PASSWORD).text
    assert sent.count() == told.count() == 1
    with clock.moved(device.TRUSTED_FOR + timedelta(minutes=1)):
        half.get("/connexion")
        page = half.submit("Se connecter", email=ALICE, password=PASSWORD)
        assert page.address == "/connexion/code"
        half.submit("Entrer", code=letter_code(ALICE))
    assert sent.count() == 2 and told.count() == 1  # it is no new one


def test_wrong_passwords_typed_elsewhere_keep_nobody_out_of_her_own_device(half, visit):
    half.submit("Entrer", code=letter_code(ALICE), trusted="oui")
    half.submit("Se déconnecter")
    for _ in range(10):
        stranger = visit()
        stranger.get("/connexion")
        stranger.submit("Se connecter", 422, email=ALICE, password="faux faux faux")
    stranger.get("/connexion")
    told = stranger.submit("Se connecter", 422, email=ALICE, password=PASSWORD)
    assert "Trop d'essais" in told.text
    half.get("/connexion")
    assert "Bonjour" in half.submit("Se connecter", email=ALICE, password=PASSWORD).text


def test_a_new_password_ends_the_trust(half):
    half.submit("Entrer", code=letter_code(ALICE), trusted="oui")
    half.get("/compte")
    other = "balançoire-pivoine-tunnel-91"
    half.submit("Changer mon mot de passe", current=PASSWORD, password=other)
    half.submit("Se déconnecter")
    half.get("/connexion")
    page = half.submit("Se connecter", email=ALICE, password=other)
    assert page.address == "/connexion/code"


def test_signing_in_again_ends_the_session_of_before(half, app):
    half.submit("Entrer", code=letter_code(ALICE))
    copied = half.client.get_cookie("carnet").value
    link = half.client.get("/connexion").location  # whoever is signed in has nothing to do there
    assert link == "/espaces"
    page = half.get("/mot-de-passe")
    token = page.soup.select_one("[name=csrf_token]")["value"]
    given = {"email": ALICE, "password": PASSWORD, "csrf_token": token}
    half.client.post("/connexion", data=given)
    thief = app.test_client()
    thief.set_cookie("carnet", copied)
    assert thief.get("/espaces").location.startswith("/connexion")


def test_a_device_is_trusted_for_one_account_only(half):
    half.submit("Entrer", code=letter_code(ALICE), trusted="oui")
    half.submit("Se déconnecter")
    half.get("/connexion")
    page = half.submit("Se connecter", email="carole@exemple.invalid", password=PASSWORD)
    assert page.address == "/connexion/code"


def test_before_what_matters_most_she_is_asked_again_and_loses_nothing(visit, world):
    alice, record = visit("alice"), world.record("alice").uid
    there = f"/espaces/{record}/acces/invitations/nouvelle"
    alice.get(there)
    with clock.moved(timedelta(minutes=20)):
        page = alice.submit(
            "Préparer l'invitation", name="Paul Fictif", email="paul@exemple.invalid"
        )
        assert page.address.startswith("/connexion/code") and "important" in page.text
        assert page.soup.select_one("#trusted") is None
        page = alice.submit("Continuer", 422, code="x")
        page = alice.submit("Continuer", code=letter_code(ALICE))
        assert page.address == there
        assert page.soup.select_one("#name")["value"] == "Paul Fictif"
        assert alice.get(f"/espaces/{record}/cloture").address.endswith("/cloture")
    with clock.moved(timedelta(minutes=40)):
        page = alice.get(f"/espaces/{record}/cloture")
        assert page.address.startswith("/connexion/code")


# What matters most: letting someone in, taking everything, closing, changing how one signs in.
SURE = {
    *("invitations.create", "invitations.send", "invitations.agree", "accesses.change"),
    *("accesses.renew", "children.invite", "professionals.show", "professionals.administer"),
    *("consultations.index", "rights.show", "closing.ask", "archives.reopen", "archives.erase"),
    *("shares.create", "members.export", "handovers.prepare", "handovers.note"),
    # And what the office gives: a duty, a representative's access, a professional's, a token.
    *("colleagues.create", "colleagues.edit", "measures.create", "measures.send"),
    *("sources.create", "sources.renew", "directory.create", "directory.reinstate", "totp.add"),
    "archives.hand_back",
}


def test_each_is_asked_for_by_an_act_sent_at_once(app, visit, world):
    """Whatever the record: it is asked before anything is looked at, but whose record it is."""
    marked = {name for name, view in app.view_functions.items() if getattr(view, "sure", False)}
    assert marked >= SURE
    alice = visit("alice")
    Session.update(factor_at=None).execute()
    token = alice.get("/compte").soup.select_one("[name=csrf_token]")["value"]
    before = state()
    for name in ("invitations.create", "closing.ask", "consultations.index", "rights.show"):
        path = address(next(app.url_map.iter_rules(name)), record=world.record("alice").uid)
        answer = alice.client.post(path, data={"csrf_token": token})
        assert answer.status_code == 303 and answer.location.startswith("/connexion/code"), name
    changed = {name for name in before if before[name] != state()[name]}
    assert changed == {"notice", "attempt", "entry", "tally", "visit"}  # that she came, and a code


def test_whoever_works_for_the_association_installs_an_application(visit):
    diane = visit()
    diane.get("/association/signalements?a=1")
    page = diane.enter(DIANE, PASSWORD)
    assert page.address == "/association/signalements?a=1"
    line = Line.select().order_by(Line.id.desc()).get()
    assert (line.name, line.act) == ("Diane Modèle", Act.SIGNED_IN) and line.details["device"]
    diane.submit("Se déconnecter")
    diane.get("/connexion")
    page = diane.submit("Se connecter", email=DIANE, password=PASSWORD)
    assert "application" in page.text and page.soup.select_one("#trusted") is None
    with pytest.raises(AssertionError):
        diane.submit("Recevoir un autre code")
    sent = Notice.select().where(Notice.subject == mail_code.SUBJECT)
    assert sent.count() == 1  # that of the very first time


def test_until_it_is_installed_nothing_opens(app, visit):
    diane = visit()
    diane.get("/connexion")
    diane.submit("Se connecter", email=DIANE, password=PASSWORD)
    page = diane.submit("Entrer", code=letter_code(DIANE))
    assert page.address == "/connexion/application"
    for path in ("/association", "/compte", "/espaces", "/compte/application"):
        answer = diane.client.get(path)
        assert answer.location.startswith("/connexion/code"), path
    page = diane.submit("Installer cette application", 422, code="000000")
    assert "pas le bon code" in page.text
    secret = re.search(r"(?:[A-Z2-7]{4} ?){8}", page.text)[0]
    page = diane.submit("Installer cette application", code=totp_code("".join(secret.split())))
    assert page.address.startswith("/compte/connexion/codes-de-secours")
    assert diane.follow("Continuer sans codes").address == "/association"


def test_a_member_has_no_application_to_install_by_that_address(half):
    assert half.get("/connexion/application").address.startswith("/connexion/code")


def test_what_was_typed_when_the_session_ended_is_there_after_the_code(visit):
    diane = visit("diane")
    diane.get("/association/professionnels/ajout")
    Session.update(ended_at=clock.now()).execute()
    page = diane.submit("Ajouter ce professionnel", name="Zoé Fictive", organisation="Ici")
    assert "ce que vous avez écrit est gardé" in page.notices[0]
    page = diane.enter(DIANE, PASSWORD)
    assert page.address.startswith("/association/professionnels/ajout")
    assert page.soup.select_one("#name")["value"] == "Zoé Fictive"


def test_the_letter_and_the_pages_say_no_more_than_needed(half):
    letter = Notice.get(Notice.subject == mail_code.SUBJECT)
    assert "association" in letter.body and not re.search(r"https?://", letter.body)
    assert "Alice" not in half.page.text
    assert Account.named(ALICE).name not in letter.body
