"""The office's pages on the records that have nobody."""

from datetime import timedelta

import pytest

from models import admission, clock, handover, majority
from models.notice import Notice
from tests.minors import activated
from tests.world import LINK, PASSWORD

PATH = "/association/espaces-a-confier"
DAY = timedelta(days=1)


def born_to_be_18_in(days):
    return clock.months_later(clock.today(), -216) + days * DAY


@pytest.fixture
def office(visit):
    return visit("diane")


def test_only_the_office_comes_here(world, visit):
    parent = activated(world)
    admission.leave(parent)
    alice = visit("alice")
    alice.get(PATH, 403)
    alice.get(f"{PATH}/{parent.record.uid}", 403)


def test_nobody_is_in_the_list_at_first(world, office):
    activated(world)
    page = office.get(PATH)
    assert "Aucun pour l'instant." in page.text and "Noé" not in page.text


def test_a_record_left_by_its_last_parent_gets_a_code_shown_once(world, office):
    parent = activated(world)
    admission.leave(parent)
    office.get("/association")
    office.follow("Espaces à confier")
    page = office.follow("Noé Fictif")
    assert "Plus aucun parent" in page.text and "Son adresse e-mail" not in page.text
    page = office.submit("Préparer un code")
    code = page.soup.select_one("strong.brand").get_text()
    assert len(code) == 14 and "/activation" in page.text
    page = office.get(f"{PATH}/{parent.record.uid}")
    assert code not in page.html


def test_from_18_to_a_record_of_his_own(world, office, visit):
    parent = activated(world, born=born_to_be_18_in(5))
    with clock.moved(6 * DAY):
        majority.come_of_age(LINK, 42)
        office.sign_in("diane@exemple.invalid", PASSWORD)
        office.get(PATH)
        office.follow("Noé Fictif")
        code = office.submit("Préparer un code").soup.select_one("strong.brand").get_text()
        noe = visit()
        noe.get("/activation")
        born = parent.record.birth_date.strftime("%d/%m/%Y")
        page = noe.submit("Continuer", code=code, birth_date=born)
        assert "Est-ce bien vous ?" in page.title
        noe.submit("Oui, c'est moi")
        noe.submit("Continuer", email="noe@exemple.invalid", password=PASSWORD)
        noe.submit("Continuer", accepted="oui")
        noe.submit("Continuer", masked="non")
        page = noe.submit("Activer mon espace", allowed="non")
        assert page.notices == ["Votre espace est activé. Il est à vous."]
        assert "Aucun pour l'instant." in office.get(PATH).text
        carole = visit("carole")
        page = carole.get(f"/espaces/{parent.record.uid}/", 403)
        assert "18 ans" in page.text


def test_an_address_is_noted_before_and_the_code_goes_there_on_the_day(world, office):
    parent = activated(world, born=born_to_be_18_in(20))
    office.get(PATH)
    page = office.follow("Noé Fictif")
    assert "Préparer un code" not in page.buttons()
    page = office.submit("Noter cette adresse", 422, email="noe")
    assert page.soup.select_one("#email")["value"] == "noe"
    page = office.submit("Noter cette adresse", 422, email="carole@exemple.invalid")
    assert "d'un proche" in page.text
    page = office.submit("Noter cette adresse", email="noe@exemple.invalid")
    assert "adresse notée" in page.text
    with clock.moved(21 * DAY):
        majority.come_of_age(LINK, 42)
    assert Notice.select().where(Notice.recipient == "noe@exemple.invalid").count() == 1
    assert handover.find(parent.record.uid)


def test_the_code_may_be_sent_afterwards_too(world, office):
    activated(world, born=born_to_be_18_in(5))
    with clock.moved(6 * DAY):
        majority.come_of_age(LINK, 42)
        office.sign_in("diane@exemple.invalid", PASSWORD)
        office.get(PATH)
        office.follow("Noé Fictif")
        page = office.submit("Envoyer le code à cette adresse", email="noe@exemple.invalid")
    assert page.notices == ["Le code est parti à cette adresse."]


def test_the_record_of_someone_who_is_there_is_not_found(world, office):
    for record in (world.record("alice"), activated(world).record):
        office.get(f"{PATH}/{record.uid}", 404)
        token = office.get("/compte").soup.select_one("[name=csrf_token]")["value"]
        for verb in ("code", "adresse"):
            data = {"csrf_token": token, "email": "noe@exemple.invalid"}
            answer = office.client.post(f"{PATH}/{record.uid}/{verb}", data=data)
            assert answer.status_code == 404
