"""A parent invites the other one, and leaves, on the pages of the child's record."""

import pytest

from models import access, child, invitation
from models.access import Role
from models.invitation import Invitation
from models.notice import Notice
from tests.minors import activated, invited_parent, second
from tests.world import PASSWORD

INVITED = {"name": "Bruno Fictif", "link": "son père", "email": "bruno@exemple.invalid"}


@pytest.fixture
def parent(world):
    return activated(world)


def acces(parent, path=""):
    return f"/espaces/{parent.record.uid}/acces{path}"


def test_from_the_invitation_to_the_child_s_record(world, visit, parent):
    carole, bruno = visit("carole"), visit("bruno")
    carole.get(acces(parent))
    carole.follow("Inviter l'autre parent")
    page = carole.submit("Préparer l'invitation", **INVITED)
    assert "L'e-mail part pour Bruno Fictif." in page.notices[0]
    code = page.soup.select_one("strong.brand").get_text()
    letter = Notice.select().order_by(Notice.id.desc()).get()
    (link,) = [line for line in letter.body.splitlines() if "/invitation/" in line]
    bruno.get("/invitation/" + link.rpartition("/")[2])
    page = bruno.submit("Ouvrir l'invitation", code=code)
    assert "Jusqu'à ses 18 ans." in page.text
    page = bruno.submit("Accepter", 422, reponse="oui")
    assert "cochez cette case" in page.text
    page = bruno.submit("Accepter", certified="oui", reponse="oui")
    assert "comme parent" in page.text
    assert len(child.parents(parent.record)) == 2


def test_whoever_goes_around_the_box_does_not_enter(visit, parent):
    one, visitor = invited_parent(parent, "zoe"), visit()
    links = []
    invitation.send_again(parent, one, "Carnet", lambda token: links.append(token) or token)
    visitor.get(f"/invitation/{links[0]}")
    visitor.submit("Ouvrir l'invitation", code=Invitation.get_by_id(one.id).code)
    visitor.get("/invitation/compte")
    answers = {"name": "Zoé Imaginaire", "email": "zoe@exemple.invalid", "password": PASSWORD}
    page = visitor.submit("Créer mon compte et entrer", 422, **answers)
    assert "cochez cette case" in page.text
    assert len(child.parents(parent.record)) == 1


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(visit, parent):
    carole = visit("carole")
    carole.get(acces(parent, "/parent"))
    page = carole.submit("Préparer l'invitation", 422, **INVITED | {"name": "", "email": ""})
    assert "Écrivez le prénom et le nom" in page.text
    assert page.soup.select_one("#link")["value"] == "son père"
    page = carole.submit("Préparer l'invitation", 422, **INVITED | {"email": ""})
    assert "Écrivez son e-mail, ou son numéro de téléphone." in page.text


def test_a_third_is_refused(world, visit, parent):
    second(world, parent)
    carole = visit("carole")
    carole.get(acces(parent, "/parent"))
    told = {"name": "Zoé Imaginaire", "link": "sa tante", "email": "zoe@exemple.invalid"}
    page = carole.submit("Préparer l'invitation", 422, **told)
    assert "Deux parents au plus" in page.text


def test_the_page_is_for_the_parents_of_a_child_only(world, visit, parent):
    visit("alice").get(f"/espaces/{world.record('alice').uid}/acces/parent", 404)
    visit("alice").get(acces(parent, "/parent"), 404)
    access.grant(world.account("bruno"), parent.record, Role.CARER, given="read")
    visit("bruno").get(acces(parent, "/parent"), 403)
    world.let_in("carole", Role.REPRESENTATIVE, measure="representation")
    visit("carole").get(f"/espaces/{world.record('alice').uid}/acces/parent", 404)


def test_the_last_parent_reads_what_leaving_means_before_she_leaves(world, visit, parent):
    carole = visit("carole")
    page = carole.get(acces(parent, "/mon-acces/fin"))
    assert "Vous êtes le seul parent ici." in page.text
    assert "L'association sera prévenue." in page.text
    second(world, parent)
    assert "le seul parent" not in carole.get(acces(parent, "/mon-acces/fin")).text
    carole.submit("Renoncer à mon accès")
    assert len(child.parents(parent.record)) == 1
    bruno = visit("bruno")
    assert "le seul parent" in bruno.get(acces(parent, "/mon-acces/fin")).text


def test_a_parent_finds_no_way_to_evict_the_other(world, visit, parent):
    other = second(world, parent)
    carole = visit("carole")
    page = carole.get(acces(parent, f"/{other.uid}"))
    assert "Vous ne pouvez pas ôter cet accès." in page.text
    token = page.soup.select_one("[name=csrf_token]")["value"]
    carole.client.post(acces(parent, f"/{other.uid}/fin"), data={"csrf_token": token})
    assert len(child.parents(parent.record)) == 2
