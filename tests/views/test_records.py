"""Whose record: said on every page, in every title; and passing from one to another."""

import pytest

from models import admission, document, masking
from models.access import READY, Role

from ..invited import carer

BOX = "Vous êtes dans l'espace d'Alice Exemple, comme"


def home(world, name="alice"):
    return f"/espaces/{world.record(name).uid}"


@pytest.fixture
def carole(visit, world):
    """She holds a record, and helps Alice with everything that can be given."""
    carer(world, "carole", email="carole@exemple.invalid", given=READY["gerer"])
    return visit("carole")


def switches(page):
    nav = page.soup.select_one('nav[aria-label="Changer d\'espace"]')
    return {a.get_text(): a["href"].rstrip("/") for a in nav.select("a")} if nav else {}


def test_in_another_s_record_every_page_says_whose_and_as_what(carole, world):
    paper = world.paper("Bilan")
    folder = world.folder("Cœur")
    for path in (
        "",
        "/documents",
        f"/documents/{paper.uid}",
        f"/documents/{paper.uid}/modification",
        "/documents/depot",
        "/documents/filtres",
        "/dossiers",
        f"/dossiers/{folder.uid}",
        f"/dossiers/{folder.uid}/nom",
        f"/dossiers/{folder.uid}/suppression",
        "/corbeille",
        "/entourage-et-volontes",
        "/activite",
        "/acces/mon-acces",
        "/acces/mon-acces/fin",
    ):
        page = carole.get(home(world) + path)
        assert page.text.startswith(f"Changer d'espace : Mon espace {BOX} aidant."), path
        assert page.title.endswith(" – Alice Exemple – Carnet"), path
        (menu,) = [nav for nav in page.soup.select("nav") if "Espace" in nav["aria-label"]]
        assert menu["aria-label"] == "Espace d'Alice Exemple"
        # Nothing there is called « mine » but the way back to one's own.
        said = page.soup.main.get_text(" ").replace("Mon espace", "", 1)
        assert "Mes documents" not in said and "mes documents" not in said, path


def test_in_one_s_own_nothing_says_so(carole, world):
    page = carole.get(home(world, "carole"))
    assert "Vous êtes dans l'espace" not in page.text
    assert page.title == "Mon espace de santé – Carnet"


@pytest.mark.parametrize("role, what", [(Role.CARER, "aidant"), (Role.REPRESENTATIVE, "parent")])
def test_as_what_one_is_there_is_said(visit, world, role, what):
    world.let_in("bruno", role)
    assert f"{BOX} {what}." in visit("bruno").get(home(world)).text


def test_from_one_record_to_another_in_one_step(carole, world):
    own, other = home(world, "carole"), home(world)
    assert switches(carole.get(f"{other}/documents")) == {"Mon espace": own}
    assert switches(carole.follow("Mon espace")) == {"Alice Exemple": other}
    page = carole.follow("Alice Exemple")
    assert page.title == "Accueil – Alice Exemple – Carnet"


def test_with_one_record_there_is_nowhere_to_pass_to(visit, world):
    assert switches(visit("alice").get(home(world))) == {}


def at_home(visitor):
    """The record whose home is drawn at /espaces: no second journey to it."""
    page = visitor.get("/espaces")
    assert page.address == "/espaces"
    return page.soup.select_one("nav a[aria-current]")["href"].rstrip("/")


def test_a_record_that_has_closed_to_her_is_no_longer_offered(carole, world):
    admission.end(world.access("alice"), world.access("carole", "alice"))
    assert switches(carole.get(home(world, "carole"))) == {}
    assert at_home(carole) == home(world, "carole")


def test_the_list_of_records_says_what_one_is_in_each(carole):
    text = carole.get("/espaces").text
    assert "Mon espace Espace d'Alice Exemple Aidant · jusqu'au" in text


def test_what_is_mine_is_never_said_of_another_s(carole, world):
    carole.get(f"{home(world)}/acces/mon-acces")
    assert "Ce que je peux faire ici" in carole.page.text
    heading = carole.get(f"{home(world)}/documents").soup.h1.get_text()
    assert heading == "Documents"
    assert carole.get(f"{home(world, 'carole')}/documents").soup.h1.get_text() == "Mes documents"


def test_two_tabs_on_two_records_each_act_in_their_own(carole, world):
    """Both pages were open before either form was sent."""
    hers = world.paper("À Carole", of="carole")
    alices = world.paper("À Alice")
    in_alices = carole.get(f"{home(world)}/documents")
    in_hers = carole.get(f"{home(world, 'carole')}/documents")
    carole.page = in_alices
    page = carole.submit("Faire", document=[alices.uid], geste="jeter")
    assert page.title.endswith("Alice Exemple – Carnet") and len(page.notices) == 1
    carole.page = in_hers
    page = carole.submit("Faire", document=[hers.uid], geste="masquer")
    assert page.title == "Mes documents – Carnet"
    assert world.titles(world.access("alice")) == set()
    assert world.titles(world.access("carole")) == {"À Carole"}
    assert masking.is_masked(document.find(world.access("carole"), hers.uid))


def test_the_document_of_one_record_is_not_acted_upon_from_the_other(carole, world):
    hers, alices = world.paper("À Carole", of="carole"), world.paper("À Alice")
    carole.get(f"{home(world)}/documents")
    page = carole.page
    token = page.soup.select_one("[name=csrf_token]")["value"]
    sent = {"csrf_token": token, "document": [hers.uid], "geste": "jeter"}
    carole.client.post(f"{home(world)}/documents/selection", data=sent)
    carole.get(f"{home(world)}/documents/{hers.uid}", 404)
    carole.get(f"{home(world, 'carole')}/documents/{alices.uid}", 404)
    assert world.titles(world.access("carole")) == {"À Carole"}
    assert world.titles(world.access("alice")) == {"À Alice"}


def test_each_act_is_traced_by_whom_as_what_and_in_which_record(carole, world):
    paper = world.paper("Bilan")
    before = world.record("carole").journal_length
    carole.get(f"{home(world)}/documents/{paper.uid}")
    carole.submit("Mettre à la corbeille")
    (entry,) = [one for one in world.record("alice").entries if one.act == "binned"]
    assert (entry.actor, entry.role) == ("Carole Inventée", "carer")
    assert world.record("carole").journal_length == before
    from_holder = carole.get("/compte")  # her own pages are not Alice's
    assert "Alice" not in from_holder.text


def test_the_home_of_the_visitor_is_her_own_record_or_the_list(visit, world):
    assert at_home(visit("alice")) == home(world)
    bruno = visit("bruno")
    assert "Aucun espace de santé" in bruno.get("/espaces").text
    world.let_in("bruno", Role.CARER)
    assert at_home(bruno) == home(world)
