"""A death, declared by the office: what will happen said first, and an error taken back."""

from datetime import timedelta

import pytest

from models import clock
from models.office import Duty
from models.record import Record

from ..world import PASSWORD


@pytest.fixture
def diane(visit):
    return visit("diane")


def path(world):
    return f"/association/adherents/{world.record('alice').uid}/deces"


def declare(diane, world, status=200, **told):
    diane.get(path(world))
    today = f"{clock.today():%d/%m/%Y}"
    return diane.submit("Noter ce décès", status, **{"died_on": today, "paper": "notary"} | told)


def test_declared_and_taken_back(diane, visit, world):
    world.paper("Nodule")
    page = diane.get(path(world))
    assert "archivé dix ans" in page.text and "Nodule" not in page.html
    page = declare(diane, world)
    assert "Plus personne n'entre" in page.notices[0] and "archivé jusqu'au" in page.text
    alice = visit("alice")
    assert alice.page.address == "/archives"
    assert "C'est une erreur ?" in alice.page.text and "Rouvrir" not in alice.page.text
    page = diane.submit("Annuler ce décès")
    assert page.notices == ["C'est corrigé. L'espace est comme avant."]
    assert visit("alice").page.address == "/espaces"


@pytest.mark.parametrize(
    "told, field",
    [
        ({"died_on": ""}, "died_on"),
        ({"died_on": "31/02/2024"}, "died_on"),
        ({"died_on": "13/03/1951"}, "died_on"),
        ({"died_on": "14/03/2951"}, "died_on"),
        ({"paper": "rumeur"}, "paper"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(diane, world, told, field):
    page = declare(diane, world, 422, **told)
    assert page.soup.select_one(f"#{field}-fault")
    if "died_on" in told:
        assert page.soup.select_one("#died_on")["value"] == told["died_on"]
        assert page.soup.select_one("[name=paper][checked]")["value"] == "notary"
    assert Record.get_by_id(world.record("alice").id).died_on is None


def test_tomorrow_is_refused(diane, world):
    tomorrow = clock.today() + timedelta(days=1)
    page = declare(diane, world, 422, died_on=f"{tomorrow:%d/%m/%Y}")
    assert "dans le futur" in page.text


def test_looking_declares_nothing_and_twice_is_once(diane, world):
    told = {"died_on": f"{clock.today():%d/%m/%Y}", "paper": "notary"}
    for method in ("HEAD", "GET"):
        diane.client.open(path(world), method=method, query_string=told, data=told)
    assert diane.client.get(path(world) + "/annulation").status_code == 405
    assert world.record("alice").died_on is None
    token = diane.get(path(world)).soup.select_one("[name=csrf_token]")["value"]
    answers = [diane.client.post(path(world), data=told | {"csrf_token": token}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 422]


def test_neither_help_nor_figures_declare_it(visit, world):
    account = world.account("diane")
    for duty in (Duty.SUPPORT, Duty.FIGURES):
        account.duty = duty
        account.save()
        diane = visit("diane")
        diane.get(path(world), 403)
        token = diane.get("/compte").soup.select_one("[name=csrf_token]")["value"]
        for end in ("", "/annulation"):
            answer = diane.client.post(path(world) + end, data={"csrf_token": token})
            assert answer.status_code == 403


def test_an_address_of_nobody_is_not_there(diane):
    diane.get("/association/adherents/AAAAAAAAAAAAAAAA/deces", 404)


def test_the_help_tells_the_relatives_what_they_may_ask(visit):
    page = visit().get("/aide")
    for words in (
        *("connaître les causes du décès", "défendre la mémoire", "faire valoir leurs propres"),
        *("s'y était opposée de son vivant", "L1110-4 et L1111-7", "personne de confiance"),
    ):
        assert words in page.text
    assert page.soup.select_one("#deces") and PASSWORD not in page.html
