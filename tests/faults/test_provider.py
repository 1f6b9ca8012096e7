"""Signing in through a provider of identities: a certified one, run by Node on this machine."""

import re
import socket
from contextlib import closing
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from models import identity_link, totp
from models.factor import Factor
from models.identity_link import IdentityLink
from models.ledger import Act, Line
from models.notice import Notice
from models.session import Session
from models.settings import Settings, WrongSetting

from ..client import letter_code, totp_code
from ..tools import provider

CLIENT, SECRET = "carnet", "un secret fictif, long de quarante signes !"
BACK = "http://localhost/connexion/fournisseur/retour"
ALICE = "alice@exemple.invalid"


@pytest.fixture(scope="module")
def issuer():
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with provider.running(port, BACK, CLIENT, SECRET) as address:
        yield address


@pytest.fixture
def provided(app, issuer):
    """The instance has this provider, whose second level is believed."""
    app.extensions.pop("openid", None)
    before = app.config["SETTINGS"]
    told = {"oidc_client_id": CLIENT, "oidc_client_secret": SECRET, "oidc_name": "Fictif Connect"}
    app.config["SETTINGS"] = replace(
        before, base_url="http://localhost", oidc_issuer=issuer, oidc_acr="eidas2", **told
    )
    yield app
    app.config["SETTINGS"] = before
    app.extensions.pop("openid", None)


def at_the_provider(visitor, answer, where="/connexion/fournisseur"):
    """She leaves for it, answers, and is sent back: the address that she comes back to."""
    left = visitor.client.get(where)
    assert left.status_code in (302, 303), left.get_data(as_text=True)
    hers = requests.Session()
    asked = hers.get(left.location, timeout=10)
    assert "<form>" in asked.text, asked.text
    sent = hers.get(asked.url, params=answer, timeout=10, allow_redirects=False)
    while not sent.headers["Location"].startswith(BACK):
        sent = hers.get(sent.headers["Location"], timeout=10, allow_redirects=False)
    return sent.headers["Location"].removeprefix("http://localhost")


def come_back(visitor, answer, status=200, where="/connexion/fournisseur"):
    return visitor.get(at_the_provider(visitor, answer, where), status)


def linking(visitor):
    """The address of the button in « Mon compte », whether it is shown or not."""
    token = visitor.get("/compte").soup.select_one("[name=csrf_token]")["value"]
    return f"/compte/fournisseur?jeton={token}"


@pytest.fixture
def linked(provided, world):
    identity_link.make(world.account("alice"), provided.config["SETTINGS"].oidc_issuer, "alice", "")
    return provided


def test_linked_from_the_account_it_signs_in_in_the_place_of_the_password(provided, visit, world):
    alice = visit("alice")
    page = come_back(alice, {"as": "alice"}, where=linking(alice))
    assert "vous connecter avec Fictif Connect" in page.notices[0]
    told = Notice.select().where(Notice.recipient == ALICE).order_by(Notice.id.desc()).get()
    assert "Fictif Connect" in told.body
    other = visit()
    page = other.get("/connexion")
    assert "Fictif Connect" in page.text
    page = come_back(other, {"as": "alice"})
    # It stands for the password: the second factor is asked for on a new device.
    assert page.address == "/connexion/code"
    other.submit("Entrer", code=letter_code(ALICE))
    assert "Bonjour" in other.page.text and IdentityLink.get().used_at


def test_a_level_that_is_believed_is_enough(linked, visit):
    alice = visit()
    page = come_back(alice, {"as": "alice", "level": "eidas2"})
    assert "Bonjour" in page.text
    assert Session.select().order_by(Session.id.desc()).get().sure


def test_one_goes_on_where_she_was_going(linked, visit, world):
    alice, there = visit(), f"/espaces/{world.record('alice').uid}/corbeille"
    page = come_back(
        alice, {"as": "alice", "level": "eidas2"}, where=f"/connexion/fournisseur?suite={there}"
    )
    assert page.address == there
    alice = visit()
    where = "/connexion/fournisseur?suite=//ailleurs.invalid"
    assert come_back(alice, {"as": "alice", "level": "eidas2"}, where=where).address != where
    assert alice.page.address.startswith("/espaces")


def test_the_association_s_ledger_says_who_came_in_so(provided, visit, world):
    issuer = provided.config["SETTINGS"].oidc_issuer
    identity_link.make(world.account("diane"), issuer, "diane", "")
    come_back(visit(), {"as": "diane", "level": "eidas2"})
    line = Line.select().order_by(Line.id.desc()).get()
    assert (line.name, line.act) == ("Diane Modèle", Act.SIGNED_IN)


def test_another_site_links_nobody_to_its_own_identity(provided, visit):
    """It signs her in there as someone else, and sends her to our address of linking."""
    alice, carole = visit("alice"), visit("carole")
    for forged in ("/compte/fournisseur", "/compte/fournisseur?jeton=x", linking(carole)):
        left = alice.client.get(forged)
        assert (left.status_code, left.location) == (303, "/compte"), forged


def test_an_application_that_she_chose_is_asked_for(linked, visit, world):
    one = totp.begin(world.account("alice"))
    totp.prove(world.account("alice"), totp_code(one.secret))
    Factor.update(counter=0).execute()
    alice = visit()
    assert come_back(alice, {"as": "alice"}).address == "/connexion/code"
    assert "Bonjour" in alice.submit("Entrer", code=totp_code(one.secret)).text


def test_whoever_is_not_linked_is_nobody_whatever_her_name(provided, visit):
    """No account is guessed from an address: whoever has that one elsewhere may not be her."""
    page = come_back(visit(), {"as": ALICE}, 403)
    assert "pas encore reliée" in page.text and not IdentityLink.select().exists()
    assert not Session.select().exists()


def test_an_identity_serves_one_account_only(linked, visit):
    carole, alice = visit("carole"), visit("alice")
    page = come_back(carole, {"as": "alice"}, where=linking(carole))
    assert page.notices == [identity_link.TAKEN]
    page = come_back(alice, {"as": "another"}, where=linking(alice))
    assert page.notices == [identity_link.HAS_ONE]
    assert IdentityLink.select().count() == 1


def test_it_is_taken_back(linked, visit):
    alice = visit("alice")
    alice.get("/compte")
    page = alice.submit("Ne plus me connecter ainsi")
    assert "n'ouvre plus votre compte" in page.notices[0]
    assert "pas encore reliée" in come_back(visit(), {"as": "alice"}, 403).text


def test_refused_there_or_forged_here_nobody_comes_in(linked, visit):
    alice = visit()
    assert "n'a pas abouti" in come_back(alice, {"refuse": "1"}, 400).text
    good = at_the_provider(alice, {"as": "alice"})
    for forged in (
        "/connexion/fournisseur/retour",
        "/connexion/fournisseur/retour?code=x&state=y",
        good.replace("state=", "state=x"),
        re.sub("code=[^&]+", "code=x", good),
        re.sub("iss=[^&]+", "iss=http://ailleurs.invalid", good),
    ):
        alice.client.get("/connexion/fournisseur")
        assert "n'a pas abouti" in alice.get(forged, 400).text, forged
    assert not Session.select().exists()


def test_what_another_brought_back_does_not_serve(linked, visit):
    """A thief leaves for the provider, and gives his way back to someone to open."""
    theirs = at_the_provider(visit(), {"as": "alice", "level": "eidas2"})
    victim = visit()
    assert "n'a pas abouti" in victim.get(theirs, 400).text
    victim.client.get("/connexion/fournisseur")
    assert "n'a pas abouti" in victim.get(theirs, 400).text


def test_the_way_back_serves_once(linked, visit):
    alice = visit()
    back = at_the_provider(alice, {"as": "alice", "level": "eidas2"})
    cookie = alice.client.get_cookie("carnet").value
    assert "Bonjour" in alice.get(back).text
    again = visit()
    again.client.set_cookie("carnet", cookie)
    assert "n'a pas abouti" in again.get(back, 400).text


def test_linking_is_for_the_session_that_asked(provided, visit):
    alice = visit("alice")
    back = at_the_provider(alice, {"as": "alice"}, linking(alice))
    alice.get("/compte")
    alice.submit("Se déconnecter")
    alice.come_in("carole@exemple.invalid")
    assert "n'a pas abouti" in alice.get(back, 400).text
    assert not IdentityLink.select().exists()


def test_it_is_asked_with_a_proof_a_nonce_and_the_level(provided, visit):
    asked = parse_qs(urlsplit(visit().client.get("/connexion/fournisseur").location).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["acr_values"] == ["eidas2"]
    assert asked["nonce"] and asked["state"] and asked["redirect_uri"] == [BACK]


def test_a_provider_that_does_not_answer_is_said(provided, visit):
    site = provided.config["SETTINGS"]
    provided.config["SETTINGS"] = replace(site, oidc_issuer="http://127.0.0.1:9")
    assert "n'a pas abouti" in visit().get("/connexion/fournisseur", 503).text
    provided.extensions.pop("openid", None)
    provided.config["SETTINGS"] = replace(site, oidc_issuer=site.oidc_issuer + "/ailleurs")
    assert "n'a pas abouti" in visit().get("/connexion/fournisseur", 503).text


def test_a_provider_that_sends_elsewhere_is_not_followed(provided, visit):
    """It may send anywhere, and to this machine too."""
    asked = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", "/ailleurs")
            self.end_headers()

        def log_message(self, *_told):
            pass

    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    Thread(target=server.serve_forever, daemon=True).start()
    site = provided.config["SETTINGS"]
    told = replace(site, oidc_issuer=f"http://127.0.0.1:{server.server_port}")
    provided.config["SETTINGS"] = told
    try:
        assert "n'a pas abouti" in visit().get("/connexion/fournisseur", 503).text
        assert asked == ["/.well-known/openid-configuration"]
    finally:
        server.shutdown()
        server.server_close()


def test_without_a_provider_there_is_no_such_page(visit):
    alice = visit("alice")
    for path in ("/connexion/fournisseur", "/connexion/fournisseur/retour", "/compte/fournisseur"):
        assert "n'existe pas" in alice.get(path, 404).text
    assert "Relier" not in alice.get("/compte").text
    assert "avec" not in visit().get("/connexion").buttons()


@pytest.mark.parametrize(
    "told",
    [
        {"oidc_issuer": "http://ailleurs.invalid"},
        {"oidc_issuer": "x"},
        {"oidc_issuer": "https://a.invalid", "oidc_client_id": "x"},
        {"oidc_client_id": "x", "oidc_client_secret": "y"},
        {"oidc_scope": "profile"},
    ],
)
def test_a_wrong_setting_is_said(told):
    with pytest.raises(WrongSetting, match="CARNET_OIDC"):
        Settings(**told).checked()
