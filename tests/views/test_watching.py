"""What is refused is told to the log: where, to which account, from where; and of nobody."""

import re

import pytest

from models import log
from tests.world import PASSWORD

LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ WARNING .+ at (GET|POST) /[\w/<>:-]*, "
    r"from [0-9a-f]{8}, account (None|\d+)"
)


@pytest.fixture
def told(caplog):
    """The lines written since the last time, as they are written."""

    def lines():
        written = [log.Placed().format(one) for one in caplog.records if one.name == "carnet"]
        caplog.clear()
        for line in written:
            assert LINE.fullmatch(line), line
        return [line.split(" WARNING ")[1] for line in written]

    return lines


def posted(visitor, path, **sent):
    page = visitor.get("/compte" if visitor.client.get_cookie("carnet") else "/connexion")
    token = page.soup.select_one("[name=csrf_token]")["value"]
    return visitor.client.post(path, data={"csrf_token": token, **sent})


def test_a_wrong_password_or_code_is_told_without_whose(visit, told):
    visitor = visit()
    visitor.get("/connexion")
    visitor.submit("Se connecter", 422, email="alice@exemple.invalid", password="faux faux faux")
    visitor.get("/activation")
    visitor.submit("Continuer", 422, code="AAAABBBBCCCC", birth_date="14/03/1951")
    first, second = told()
    assert first.startswith("secret refused (422) at POST /connexion, from ")
    assert first.endswith("account None")
    assert second.startswith("secret refused (422) at POST /activation, from ")


def test_what_someone_signed_in_may_not_open_is_told_with_her_number(visit, world, told):
    carole, number = visit("carole"), world.account("carole").id
    told()
    carole.client.get(f"/espaces/{world.record('alice').uid}/documents")
    carole.client.get("/association")
    missing, forbidden = told()
    assert missing.startswith("not there (404) at GET /espaces/<uid:record>/documents, from ")
    assert forbidden.startswith("not allowed (403) at GET /association, from ")
    assert missing.endswith(f"account {number}") and forbidden.endswith(f"account {number}")


def test_a_form_without_its_token_and_software_without_one(visit, told):
    alice = visit("alice")
    alice.client.post("/compte/mot-de-passe", data={"current": PASSWORD, "password": "x"})
    alice.client.post("/fhir", json={"resourceType": "Bundle"})
    form, software = told()
    assert form.startswith("form of another session refused at POST /compte/mot-de-passe")
    assert software.startswith("not allowed (401) at POST /fhir")


def test_nothing_that_was_typed_or_addressed_is_in_it(visit, world, told):
    uid = world.record("alice").uid
    carole = visit("carole")
    carole.client.get(f"/espaces/{uid}/documents?cherche=secret%0Ad%27hier")
    carole.client.get("/mot-de-passe/" + "jeton" * 6)
    written = "\n".join(told())
    assert written and "secret" not in written and "jeton" not in written and uid not in written


def test_what_goes_well_or_is_only_mistyped_is_not_told(visit, told):
    visitor = visit()
    visitor.sign_in("alice@exemple.invalid", PASSWORD)
    told()
    visitor.get("/espaces")
    visitor.get("/nulle/part", 404)
    visit().get("/compte")
    assert told() == []
