"""The office registers the software that deposits; its token is shown once."""

import re

import pytest

from models import source
from models.ledger import Line
from models.source import Source

PATH = "/association/logiciels"
ANSWERS = {"name": "Laboratoire Fictif", "kind": "laboratory"}


@pytest.fixture
def diane(visit):
    return visit("diane")


def added(diane, **answers):
    diane.get(PATH + "/ajout")
    return diane.submit("Ajouter ce logiciel", **ANSWERS | answers)


def token_of(page):
    return re.search(r"carnet_[\w-]+", page.text).group()


def test_a_token_is_shown_once_and_never_in_an_address(diane):
    diane.get("/association")
    diane.follow("Logiciels qui déposent")
    diane.follow("Ajouter un logiciel")
    shown = diane.submit("Ajouter ce logiciel", **ANSWERS, per_day="20", last_day="31/12/2099")
    token = token_of(shown)
    assert source.proven(token) == Source.get()
    assert token not in shown.address
    assert shown.response.headers["Cache-Control"] == "no-store"
    listed = diane.follow("C'est fait, revenir")
    assert "carnet_" not in listed.html
    assert "Aujourd'hui : 0 sur 20 · jusqu'au 31 décembre 2099" in listed.text
    assert "N'a encore rien déposé" in listed.text
    assert "carnet_" not in diane.follow("Laboratoire Fictif").html
    assert Line.select().where(Line.act == "registered-source").get().name == "Diane Modèle"


def test_a_wrong_answer_is_said_at_its_field_and_nothing_is_lost(diane):
    diane.get(PATH + "/ajout")
    wrong = {"name": "Hôpital Fictif", "kind": "", "per_day": "beaucoup", "last_day": "31/02/2099"}
    refused = diane.submit("Ajouter ce logiciel", 422, **wrong)
    assert "Choisissez qui dépose" in refused.text
    assert "Cette date ne se lit pas" in refused.text
    assert "un nombre de 1 à" in refused.text
    assert refused.soup.select_one("#name")["value"] == "Hôpital Fictif"
    assert refused.soup.select_one("#per_day")["value"] == "beaucoup"
    again = diane.submit("Ajouter ce logiciel", 422, kind="establishment", last_day="")
    assert "un nombre de 1 à" in again.text
    assert not Source.select().exists()


def test_its_limits_change_its_token_is_renewed_and_it_ends(diane):
    first = token_of(added(diane))
    diane.get(PATH)
    diane.follow("Laboratoire Fictif")
    diane.submit("Enregistrer", per_day="7")
    assert Source.get().per_day == 7
    diane.follow("Laboratoire Fictif")
    second = token_of(diane.submit("Faire un autre jeton"))
    assert source.proven(first) is None and source.proven(second)
    diane.get(PATH)
    diane.follow("Laboratoire Fictif")
    diane.follow("Arrêter ce logiciel")
    assert source.proven(second)
    ended = diane.submit("Arrêter ce logiciel")
    assert "Terminé depuis le" in ended.text
    assert source.proven(second) is None
    shown = diane.follow("Laboratoire Fictif")
    assert "Faire un autre jeton" not in shown.buttons()


def test_a_head_request_ends_nothing(diane, app):
    token = token_of(added(diane))
    diane.client.head(f"{PATH}/{Source.get().uid}/fin")
    assert source.proven(token)


def test_its_page_tells_what_to_give_to_whoever_installs_it(diane):
    added(diane)
    diane.get(PATH)
    page = diane.follow("Laboratoire Fictif")
    assert "http://127.0.0.1:8000/fhir" in page.text and "Aucune" in page.text
    page = diane.submit("Lui donner une adresse de dépôt")
    first = Source.get().mailbox
    assert f"{first}@127.0.0.1" in page.text
    page = diane.submit("Changer cette adresse de dépôt")
    assert first not in page.html and f"{Source.get().mailbox}@" in page.text
    page = diane.submit("Retirer cette adresse")
    assert not Source.get().mailbox and "ne sert plus" in page.text


def test_what_becomes_of_an_uncertain_document_is_chosen(diane):
    added(diane)
    assert Source.get().unmatched == "queue"
    diane.get(PATH)
    diane.follow("Laboratoire Fictif")
    diane.submit("Enregistrer", unmatched="refuse")
    assert Source.get().unmatched == "refuse"
    page = diane.follow("Laboratoire Fictif")
    assert page.soup.select_one("[name=unmatched][checked]")["value"] == "refuse"
    wrong = diane.submit("Enregistrer", 422, unmatched="autre")
    assert "Choisissez ce que devient" in wrong.text
