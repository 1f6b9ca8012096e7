"""The headers of every answer, errors included (tests/headers.py). What each person of the matrix
is answered, at each address, is judged in test_access_matrix.py; a real server is asked in
journeys."""

from dataclasses import replace

import pytest

from models.notice import Notice
from models.settings import Settings
from views import assets, crowd, files, headers

from ..headers import judge
from .test_guards import ID, PUBLIC, address, rules

NAME = "carnet.exemple.invalid"
HTTPS = f"https://{NAME}"
METHODS = ("GET", "OPTIONS", "POST", "PUT")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def encrypted(opened, settings, apps):
    """The application as it is behind a proxy that holds the certificate."""
    lent = apps.lend(replace(settings, base_url=HTTPS, proxies=1), opened)
    yield lent
    apps.take_back(lent)


def test_what_pages_may_load_is_said_exactly():
    assert headers.policy() == (
        f"default-src 'none';script-src 'self';style-src 'self' '{assets.style_hash()}';"
        "img-src 'self';connect-src 'self';form-action 'self';base-uri 'none';"
        "frame-ancestors 'none'"
    )
    alone = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    inside = "default-src 'none'; style-src 'unsafe-inline'"
    assert f"{inside}; {alone}; sandbox" == files.CONTENT_POLICY
    assert f"{inside}; object-src 'self'; {alone}" == files.PDF_POLICY


@pytest.mark.parametrize("method", METHODS)
def test_every_address_answers_any_method_so_over_https(encrypted, method):
    for rule in rules(encrypted):
        client = encrypted.test_client()
        answer = client.open(address(rule, token=ID * 2), method=method, base_url=HTTPS)
        judge(answer, secure=True)
        assert answer.status_code < 500, rule


def test_a_public_page_gives_a_cookie_only_if_it_has_a_form(app):
    """Whose token is tied to it."""
    given = set()
    for rule in rules(app):
        if rule.endpoint in PUBLIC and "GET" in rule.methods and not rule.arguments:
            answer = app.test_client().get(str(rule))
            if answer.status_code != 200:
                continue
            has_form = "csrf_token" in answer.get_data(as_text=True)
            assert bool(answer.headers.getlist("Set-Cookie")) == has_form, rule
            given.add(has_form)
    assert given == {True, False}


def too_heavy(_visitor):
    return {"data": b"a" * 900_000, "headers": FORM, "path": "/connexion", "method": "POST"}


def forged(_visitor):
    return {"data": {"email": "x"}, "path": "/connexion", "method": "POST"}


def without_a_field(visitor):
    token = visitor.get("/connexion").soup.select_one("[name=csrf_token]")["value"]
    return {"data": {"csrf_token": token}, "path": "/connexion", "method": "POST"}


def nameless(_visitor):
    part = b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    return {"data": part, "headers": kind, "path": "/connexion", "method": "POST"}


def xml(_visitor):
    told = {"Content-Type": "application/fhir+xml"}
    return {"data": b"<a/>", "headers": told, "path": "/fhir", "method": "POST"}


ERRORS = {
    303: forged,
    400: nameless,
    401: xml,
    404: lambda _: {"path": "/nulle-part"},
    405: lambda _: {"path": "/aide", "method": "POST"},
    413: too_heavy,
    422: without_a_field,
}


@pytest.mark.parametrize("status", ERRORS)
def test_every_error_has_them_too(visit, status):
    visitor = visit()
    asked = ERRORS[status](visitor)
    answer = visitor.client.open(**asked)
    assert answer.status_code == status
    judge(answer)


def test_what_breaks_what_is_full_and_what_is_not_hers_has_them_too(app, visit, world, monkeypatch):
    alice, carole = visit("alice"), visit("carole")
    answers = [alice.client.get("/association"), carole.client.get(f"/espaces/{ID}/documents")]
    monkeypatch.setattr("views.home.page", lambda *_: 1 / 0)
    answers.append(alice.client.get("/aide"))
    monkeypatch.setattr("models.checking.writable", lambda: False)
    answers.append(alice.client.get("/etat"))
    assert [answer.status_code for answer in answers] == [403, 404, 500, 503]
    for answer in answers:
        judge(answer)


def test_who_finds_no_room_is_told_so_with_them(app):
    for path in ("/", "/fhir/metadata"):
        told = crowd.busy(app, {"PATH_INFO": path, "REQUEST_METHOD": "GET", "wsgi.url_scheme": ""})
        told.request = app.test_request_context(path).request
        assert told.status_code == 503 and told.headers["Retry-After"]
        judge(told)


def test_static_files_are_kept_for_ever_and_give_nothing_else(encrypted):
    for path in assets.addresses().values():
        answer = encrypted.test_client().get(path, base_url=HTTPS)
        told = answer.headers
        assert answer.status_code == 200 and not told.getlist("Set-Cookie")
        assert told["Cache-Control"] == "max-age=315360000, public, immutable"
        assert told["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert told["X-Content-Type-Options"] == "nosniff" and told["Server"] == "Carnet"
        assert told["Cross-Origin-Resource-Policy"] == "same-origin"
        assert told["Strict-Transport-Security"] == assets.ENCRYPTED
        assert "Access-Control-Allow-Origin" not in told
        kinds = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
        assert told["Content-Type"].partition(";")[0] == kinds[path.rpartition(".")[2]]


def test_leaving_clears_what_the_browser_keeps_and_not_that_it_is_known(visit):
    alice = visit("alice")
    token = alice.get("/compte").soup.select_one("[name=csrf_token]")["value"]
    for more in ({}, {"HX-Request": "true"}):
        answer = alice.client.post("/deconnexion", data={"csrf_token": token}, headers=more)
        assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert "Clear-Site-Data" not in alice.client.get("/").headers


HOSTS = ("mechant.invalid", f"{NAME}.mechant.invalid", f"x.{NAME}", "a@b", "", f"{NAME}:0x1")


@pytest.mark.parametrize("host", HOSTS)
def test_under_another_name_nothing_is_answered(encrypted, host):
    for method, path in (
        ("GET", "/connexion"),
        ("POST", "/mot-de-passe"),
        ("GET", "/fhir/metadata"),
    ):
        answer = encrypted.test_client().open(path, method=method, headers={"Host": host})
        assert answer.status_code == 400
        judge(answer, secure=True)
        assert "mechant" not in answer.get_data(as_text=True)
    told = {"X-Forwarded-Host": host or "mechant.invalid"}
    answer = encrypted.test_client().get("/connexion", base_url=HTTPS, headers=told)
    assert answer.status_code == 400


def test_no_name_that_is_given_reaches_a_letter_or_an_address(app, visit):
    """Even where none is told: links are made of the settings."""
    visitor = visit()
    token = visitor.get("/mot-de-passe").soup.select_one("[name=csrf_token]")["value"]
    told = {"Host": "mechant.invalid", "X-Forwarded-Host": "mechant.invalid"}
    form = {"csrf_token": token, "email": "alice@exemple.invalid"}
    cookie = visitor.client.get_cookie("carnet").value
    other = app.test_client()
    other.set_cookie("carnet", cookie, domain="mechant.invalid")
    answer = other.post("/mot-de-passe", data=form, headers=told, base_url="http://mechant.invalid")
    assert answer.status_code in (200, 303)
    letter = Notice.select().order_by(Notice.id.desc()).get()
    assert letter.recipient == "alice@exemple.invalid"
    assert "mechant" not in letter.body and app.config["SETTINGS"].address in letter.body


def test_the_names_of_a_site_are_its_own_and_those_of_its_machine():
    told = Settings(base_url="https://carnet.exemple.invalid:8443/", host="10.0.0.1")
    assert told.hosts == [NAME, "10.0.0.1", "localhost", "127.0.0.1"]
    assert Settings().hosts is None
