"""The cookies: what a browser is told of them, and how they are signed."""

from dataclasses import replace
from http.cookies import SimpleCookie

import pytest
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from tests.world import PASSWORD
from views import assets

HTTPS = "https://carnet.exemple.invalid"
LARGEST = 4096


@pytest.fixture
def encrypted(opened, settings, apps):
    """The application as it is behind a proxy that holds the certificate."""
    lent = apps.lend(replace(settings, base_url=HTTPS, proxies=1), opened)
    yield lent
    apps.take_back(lent)


def set_by(answer):
    """Each cookie that it sets, its attributes in small letters."""
    return {
        name: morsel
        for line in answer.headers.getlist("Set-Cookie")
        for name, morsel in SimpleCookie(line).items()
    }


def test_over_https_no_other_host_can_write_it_and_no_script_read_it(encrypted):
    answer = encrypted.test_client().get("/connexion", base_url=HTTPS)
    cookies = set_by(answer)
    assert cookies
    for name, cookie in cookies.items():
        assert name.startswith("__Host-")
        assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax"
        assert cookie["path"] == "/" and not cookie["domain"]


def test_over_https_every_answer_keeps_browsers_there_for_a_year(encrypted):
    """Pages, errors, software's answers and files; whatever the proxy says of its own side."""
    for path in ("/", "/nulle/part", "/fhir/metadata", "/etat", *assets.addresses().values()):
        answer = encrypted.test_client().get(path)
        said = answer.headers["Strict-Transport-Security"]
        assert said == "max-age=31536000; includeSubDomains", path


def test_over_http_on_one_s_own_machine_it_has_a_plain_name(visit):
    cookies = set_by(visit().client.get("/connexion"))
    assert list(cookies) == ["carnet"] and cookies["carnet"]["httponly"]


def test_it_fits_in_a_browser(visit):
    visitor = visit()
    visitor.sign_in("alice@exemple.invalid", PASSWORD)
    assert len("carnet" + visitor.client.get_cookie("carnet").value) < LARGEST


def test_one_that_is_signed_by_sha_1_is_nobody_s(app, visit):
    """With the right key: Flask's own way is not taken any more."""
    alice, thief = visit("alice"), visit()
    ours = app.session_interface.get_signing_serializer(app)
    theirs = SecureCookieSessionInterface().get_signing_serializer(app)
    kept = ours.loads(alice.client.get_cookie("carnet").value)
    thief.client.set_cookie("carnet", theirs.dumps(kept))
    assert thief.client.get("/compte").status_code == 303
    thief.client.set_cookie("carnet", ours.dumps(kept))
    assert thief.client.get("/compte").status_code == 200


def test_the_token_of_a_form_is_no_cookie_nor_the_other_way_round(app, visit):
    """One key, and a purpose sealed with each."""
    alice, thief = visit("alice"), visit()
    ours = app.session_interface.get_signing_serializer(app)
    kept = ours.loads(alice.client.get_cookie("carnet").value)
    as_form = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token")
    thief.client.set_cookie("carnet", as_form.dumps(kept))
    assert thief.client.get("/compte").status_code == 303
    form = {"csrf_token": alice.client.get_cookie("carnet").value}
    alice.client.post("/deconnexion", data=form)
    assert alice.client.get("/compte").status_code == 200
