"""The office: its pages, the professionals it verifies, and nothing of anyone's health."""

import pytest

from models import admission
from models.access import Role
from models.notice import Notice
from models.professional import Professional

from ..world import PASSWORD

GIVEN = {"name": "Dr Zoé Fictive", "email": "zoe@exemple.invalid", "profession": "midwife"}
OTHER = "lanterne-abricot-vélo-31"


@pytest.fixture
def diane(visit):
    return visit("diane")


def add(diane, status=200, **answers):
    diane.get("/association/professionnels/ajout")
    return diane.submit("Ajouter ce professionnel", status, **GIVEN | answers)


def test_a_professional_added_chooses_a_password_and_reaches_her_desk(diane, visit):
    diane.get("/association")
    diane.follow("Professionnels de santé")
    page = add(diane, organisation="Maternité Imaginaire")
    assert page.notices == ["Dr Zoé Fictive est dans la liste. Un e-mail lui est envoyé."]
    assert "Vérifié le" in page.text and "par Diane Modèle" in page.text
    letter = Notice.get(Notice.recipient == "zoe@exemple.invalid")
    address = next(word for word in letter.body.split() if "/mot-de-passe/" in word)
    zoe = visit()
    zoe.get(address[address.index("/mot-de-passe") :])
    field = zoe.page.soup.select_one("main form")
    zoe.submit(" ".join(field.button.get_text().split()), password=OTHER)
    page = zoe.sign_in("zoe@exemple.invalid", OTHER)
    assert page.address == "/professionnel"


@pytest.mark.parametrize(
    "field, typed, said",
    [
        ("name", "", "Écrivez le prénom"),
        ("email", "", "Écrivez son adresse"),
        ("email", "zoe@", "n'est pas complète"),
        ("email", "alice@exemple.invalid", "sous un autre nom"),
        ("profession", "", "Choisissez la profession"),
        ("rpps", "123", "onze chiffres"),
        ("organisation", "x" * 101, "100 lettres"),
    ],
)
def test_a_wrong_answer_is_said_at_its_field_and_what_was_typed_stays(diane, field, typed, said):
    page = add(diane, 422, **{"organisation": "Cabinet", "samu": "oui", field: typed})
    assert said in page.soup.select_one(f"#{field}-fault").get_text()
    assert page.soup.select_one(f".fault a[href='#{field}']")
    assert page.soup.select_one("#samu").has_attr("checked")
    expected = GIVEN | {"organisation": "Cabinet", field: typed}
    for name in ("name", "email", "organisation"):
        assert page.soup.select_one(f"#{name}")["value"] == expected[name]
    assert Professional.select().count() == 0


def test_a_number_that_fails_its_check_is_kept_with_a_warning(diane):
    page = add(diane, rpps="1000 3461 033")
    assert "dernier chiffre étonne" in page.notices[1]
    assert Professional.get().rpps == "10003461033"
    page = diane.follow("Dr Zoé Fictive")
    assert "dernier chiffre" in page.text
    assert page.soup.select_one("#rpps")["value"] == "10003461033"


def test_a_card_is_corrected(diane, world):
    add(diane)
    diane.follow("Dr Zoé Fictive")
    page = diane.submit("Enregistrer", name="Dr Zoé Corrigée", profession="nurse", samu="oui")
    assert page.notices == ["La fiche de Dr Zoé Corrigée est à jour."]
    assert "Infirmier ou infirmière" in page.text and "SAMU" in page.text
    assert world.account("zoe").name == "Dr Zoé Corrigée"


def test_a_card_wrongly_corrected_keeps_what_was_typed(diane):
    add(diane)
    diane.follow("Dr Zoé Fictive")
    page = diane.submit("Enregistrer", 422, rpps="12", organisation="Ailleurs")
    assert page.soup.select_one("#rpps")["value"] == "12"
    assert page.soup.select_one("#organisation")["value"] == "Ailleurs"
    assert Professional.get().organisation == ""


def test_the_name_of_a_member_is_not_the_office_s_to_change(diane, world):
    add(diane, name="Alice Exemple", email="alice@exemple.invalid")
    page = diane.follow("Alice Exemple")
    assert not page.soup.select("#name")
    diane.submit("Enregistrer", organisation="Cabinet")
    assert Professional.get().organisation == "Cabinet"
    assert world.account("alice").name == "Alice Exemple"


def test_suspending_asks_first_closes_and_is_taken_back(diane, visit, world):
    hugo = world.professional("hugo")
    admission.let_in(world.access("alice"), hugo, None)
    diane.get(f"/association/professionnels/{hugo.uid}")
    page = diane.follow("Suspendre ce compte")
    assert "prennent fin tout de suite" in page.text
    assert world.access("hugo", "alice")
    page = diane.submit("Suspendre ce compte")
    assert "Suspendu" in page.text
    assert world.access("hugo", "alice") is None
    diane.follow("Hugo Fictif")
    page = diane.submit("Rouvrir ce compte")
    assert "Suspendu" not in page.text
    assert world.access("hugo", "alice") is None
    assert visit("hugo").page.address == "/professionnel"


def test_looking_in_the_list(diane, world):
    world.professional("hugo")
    world.professional("irma", "dentist")
    page = diane.get("/association/professionnels?q=dentiste")
    assert "Irma Fictif" in page.text and "Hugo" not in page.text
    assert page.soup.select_one("#q")["value"] == "dentiste"


def test_no_page_of_the_office_names_a_record_or_a_document(diane, world, app):
    hugo = world.professional("hugo")
    admission.let_in(world.access("alice"), hugo, None)
    world.paper("Nodule")
    for address in ("", "/professionnels", f"/professionnels/{hugo.uid}"):
        page = diane.get(f"/association{address}")
        assert "Alice" not in page.html and "Nodule" not in page.html
        assert world.record("alice").uid not in page.html


OFFICE = ("", "/professionnels", "/professionnels/ajout")


@pytest.mark.parametrize("name", ["alice", "bruno", "hugo"])
def test_nobody_else_enters_the_office(visit, world, name):
    hugo = world.professional("hugo")
    world.let_in("bruno", Role.REPRESENTATIVE)
    visitor = visit(name)
    for end in (*OFFICE, f"/professionnels/{hugo.uid}", f"/professionnels/{hugo.uid}/suspension"):
        visitor.get(f"/association{end}", 403)
    token = visitor.get("/compte").soup.select_one("[name=csrf_token]")["value"]
    values = {"csrf_token": token} | GIVEN
    for end in ("/ajout", f"/{hugo.uid}/suspension", f"/{hugo.uid}/suspension/levee"):
        answer = visitor.client.post(f"/association/professionnels{end}", data=values)
        assert answer.status_code == 403
    assert Professional.get().suspended_at is None and Professional.select().count() == 1


def test_someone_unknown_is_not_there(diane):
    diane.get("/association/professionnels/AAAAAAAAAAAAAAAA", 404)
    diane.get("/association/professionnels/AAAAAAAAAAAAAAAA/suspension", 404)


def test_the_office_is_where_its_account_lands_and_is_offered(diane):
    assert diane.page.address == "/association"
    assert diane.get("/espaces").link("Aller au bureau de l'association") == "/association"


def test_the_password_of_the_world_is_hers(visit, world):
    world.professional("hugo")
    assert visit().sign_in("hugo@exemple.invalid", PASSWORD).address == "/professionnel"
