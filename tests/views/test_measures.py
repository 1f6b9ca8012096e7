"""The office's pages on those who act for someone by law."""

import re
from datetime import timedelta

import pytest

from models import access, clock, measure
from models.access import Measure, Role
from models.invitation import Invitation
from models.notice import Notice
from tests.minors import activated

PATH = "/association/representants"
JUDGMENT = "TJ de Ville-Exemple, 3 mai 2026, n° 26/00012"


def later(years):
    return clock.months_later(clock.today(), 12 * years)


def record_it(office, kind=Measure.REPRESENTATION.value, status=200, **changes):
    told = {
        "number": "A-1",
        "kind": kind,
        "name": "Bruno Fictif",
        "email": "bruno@exemple.invalid",
        "until": later(3).strftime("%d/%m/%Y"),
        "reference": JUDGMENT,
    }
    office.get(PATH + "/nouveau")
    return office.submit("Noter cette mesure", status, **told | changes)


def link():
    """Of the last letter."""
    body = Notice.select().order_by(Notice.id.desc()).get().body
    return re.search(r"/invitation/\S+", body).group()


@pytest.fixture
def office(visit):
    return visit("diane")


@pytest.mark.parametrize("path", ["", "/nouveau"])
def test_only_the_office_comes_here(visit, path):
    assert visit("alice").get(PATH + path, status=403)


def test_from_the_judgment_to_the_record_of_the_person(world, office, visit):
    page = office.get("/association")
    page = office.follow("Parents et représentants légaux")
    assert "Alice" not in page.text
    page = office.submit("Chercher", adherent="A-1")
    assert "Alice Exemple" in page.text and "Personne n'agit pour cet adhérent." in page.text
    page = office.follow("Noter une mesure de protection")
    assert page.soup.select_one("#number")["value"] == "A-1"
    page = record_it(office)
    code = page.soup.select_one("strong.brand").get_text()
    bruno = visit("bruno")
    bruno.get(link())
    bruno.submit("Ouvrir l'invitation", code=code)
    page = bruno.submit("Accepter", certified="oui", reponse="oui")
    assert "comme représentant légal" in page.text
    page = office.get(f"{PATH}?adherent=A-1")
    assert "Bruno Fictif" in page.text and JUDGMENT in page.text


def test_the_code_is_shown_once(office):
    code = record_it(office).soup.select_one("strong.brand").get_text()
    page = office.get(f"{PATH}?adherent=A-1")
    assert "sans réponse pour l'instant" in page.text and code not in page.text
    page = office.submit("Renvoyer l'invitation de Bruno Fictif, avec un autre code")
    assert page.soup.select_one("strong.brand").get_text() != code


def test_an_assistance_waits_for_the_person_in_her_own_pages(world, office, visit):
    page = record_it(office, Measure.ASSISTANCE.value)
    assert "sans son accord, rien ne s'ouvre" in page.notices[0]
    assert "L'accord de la personne protégée est attendu." in page.text
    alice = visit("alice")
    page = alice.get(f"/espaces/{world.record('alice').uid}/acces")
    assert "Bruno Fictif demande à vous aider" in page.text
    alice.submit("Donner mon accord")
    assert Invitation.get().agreed_at


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(office):
    page = record_it(office, status=422, number="Z-9", until="hier", reference="")
    assert "Écrivez la référence du jugement" in page.text
    assert page.soup.select_one("#until")["value"] == "hier"
    page = record_it(office, status=422, number="Z-9")
    assert "Aucun adhérent n'a ce numéro." in page.text
    assert page.soup.select_one("#reference")["value"] == JUDGMENT
    page = record_it(office, status=422, kind="", email="bruno", name="", until="")
    assert len(page.soup.select(".fault p")) == 4


def test_the_same_form_sent_twice_invites_once(office):
    record_it(office)
    assert "attend déjà" in record_it(office, status=422).text
    assert Invitation.select().count() == 1


def test_it_may_be_cancelled(office):
    record_it(office)
    office.get(f"{PATH}?adherent=A-1")
    page = office.submit("Annuler l'invitation de Bruno Fictif")
    assert "ne servent plus" in page.notices[0]
    assert "Personne n'agit pour cet adhérent." in page.text


def test_an_access_is_ended_after_a_page_that_says_what_it_does(world, office, visit):
    parent = activated(world, "carole")
    page = office.get(f"{PATH}?adherent=noe")
    assert "Carole Inventée" in page.text
    page = office.follow("Mettre fin")
    assert "plus personne n'ouvre cet espace" in page.text
    page = office.submit("Mettre fin à cet accès")
    assert "Carole Inventée n'entre plus" in page.notices[0]
    assert access.find(parent.account, parent.record.uid) is None
    page = visit("carole").get(f"/espaces/{parent.record.uid}/", 403)
    assert "L'association y a mis fin." in page.text


def test_what_is_no_measure_is_not_found_here(world, office):
    carer = world.let_in("bruno", Role.CARER)
    for one in (carer.uid, world.access("alice").uid, "AAAAAAAAAAAAAAAA"):
        office.get(f"{PATH}/{one}/fin", 404)
        token = office.get("/compte").soup.select_one("[name=csrf_token]")["value"]
        for path in (f"/{one}/fin", f"/invitations/{one}/envoi", f"/invitations/{one}/annulation"):
            answer = office.client.post(PATH + path, data={"csrf_token": token})
            assert answer.status_code == 404
    assert access.one_in(world.record("alice"), carer.uid)


def test_the_pages_show_nothing_of_anyone_s_health(world, office):
    world.paper("Chimiothérapie", category="ORD_SOIN")
    world.folder("Mon cancer")
    record_it(office)
    pages = [office.get(f"{PATH}?adherent=A-1"), office.get(PATH)]
    assert not [page for page in pages if "himio" in page.html or "cancer" in page.html]


def test_an_accepted_one_is_gone_from_those_that_wait(world, office):
    record_it(office)
    Invitation.update(accepted_at=clock.now() - timedelta(days=1)).execute()
    assert measure.waiting(world.record("alice")) == []
    assert "Annuler" not in office.get(f"{PATH}?adherent=A-1").text
