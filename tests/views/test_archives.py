"""The closed records of whoever is signed in; and those that the office hands back."""

from datetime import timedelta

import pytest

from models import archive, clock, closing
from models.closing import How
from models.record import Record

from .. import minors
from ..world import PASSWORD

MONTH = timedelta(days=31, hours=2)


@pytest.fixture
def closed(app, world):
    closing.ask(world.access("alice"), How.ARCHIVE, PASSWORD)
    with clock.moved(MONTH):
        closing.close_due()
    return world.record("alice")


def test_reopened_with_her_password(visit, world, closed):
    alice = visit("alice")
    alice.get("/archives")
    alice.follow("Rouvrir")
    page = alice.submit("Rouvrir cet espace", 422, password="faux")
    assert page.soup.select_one("#password-fault")
    page = alice.submit("Rouvrir cet espace", password=PASSWORD)
    assert page.address.startswith(f"/espaces/{closed.uid}/") and page.notices
    alice.get(f"/archives/{closed.uid}/reouverture", 404)


def test_erased_she_is_signed_out_and_told(visit, world, closed):
    alice = visit("alice")
    alice.get("/archives")
    alice.follow("Effacer pour toujours")
    page = alice.submit("Effacer pour toujours", 422, password=PASSWORD)
    assert "Cochez cette case" in page.text and not Record.get_by_id(closed.id).erased_at
    page = alice.submit("Effacer pour toujours", password=PASSWORD, sure="oui")
    assert page.address == "/" and page.notices == ["L'espace est effacé, pour toujours."]
    assert Record.get_by_id(closed.id).erased_at
    assert alice.get("/compte").address.startswith("/connexion")


def test_looking_neither_opens_nor_erases(visit, closed):
    alice = visit("alice")
    told = {"password": PASSWORD, "sure": "oui"}
    for end in ("reouverture", "effacement"):
        for method in ("HEAD", "GET"):
            path = f"/archives/{closed.uid}/{end}"
            answer = alice.client.open(path, method=method, query_string=told, data=told)
            assert answer.status_code == 200
        alice.client.post(f"/archives/{closed.uid}/{end}", data=told)
    now = Record.get_by_id(closed.id)
    assert now.closed_at and not now.erased_at


@pytest.mark.parametrize("name", ["carole", "bruno", "diane"])
def test_nobody_else_knows_that_it_is_there(visit, closed, name):
    other = visit(name)
    assert "Vous n'avez aucun espace fermé" in other.get("/archives").text
    token = other.get("/compte").soup.select_one("[name=csrf_token]")["value"]
    told = {"csrf_token": token, "password": PASSWORD, "sure": "oui"}
    for end in ("reouverture", "effacement"):
        path = f"/archives/{closed.uid}/{end}"
        assert other.client.get(path).status_code == 404
        assert other.client.post(path, data=told).status_code == 404
    assert Record.get_by_id(closed.id).closed_at


def test_the_old_address_says_that_it_is_closed(visit, closed):
    page = visit("alice").get(f"/espaces/{closed.uid}/documents", 403)
    assert "L'espace est fermé." in page.text
    assert visit("carole").client.get(f"/espaces/{closed.uid}/documents").status_code == 404


def test_the_office_hands_a_child_s_back_at_18_and_reads_nothing(visit, world):
    carole = minors.activated(world)
    closing.ask(carole, How.ARCHIVE, PASSWORD)
    with clock.moved(MONTH):
        closing.close_due()
    record = carole.record
    page = visit("diane").get("/association/espaces-a-confier")
    assert "Archivés, sans personne" not in page.text
    with clock.moved(record.majority - clock.now() + timedelta(days=1)):
        diane = visit("diane")
        diane.get("/association/espaces-a-confier")
        page = diane.submit("Rouvrir l'espace de Noé Fictif")
        assert page.address.startswith(f"/association/espaces-a-confier/{record.uid}")
        assert "Préparer un code" in page.buttons()
        assert archive.unheld() == []
        assert visit("carole").client.get(f"/espaces/{record.uid}/").status_code == 403
