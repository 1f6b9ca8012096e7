"""A professional's desk: where she lands, whom she may see, what she deposits and announces."""

from datetime import date, timedelta
from io import BytesIO

import pytest

from models import admission, clock, consultation, document, professional
from models.access import Role
from models.document import Document


@pytest.fixture
def hugo(world):
    return world.professional("hugo")


@pytest.fixture
def inside(world, hugo):
    """Hugo's access to Alice's record."""
    return admission.let_in(world.access("alice"), hugo, None)


def record(world):
    return f"/espaces/{world.record('alice').uid}"


def test_after_signing_in_a_professional_is_at_her_desk(visit, hugo):
    page = visit("hugo").page
    assert page.address == "/professionnel"
    assert "Hugo Fictif, Médecin" in page.text
    assert "Aucun espace ne vous est ouvert" in page.text


@pytest.mark.parametrize("name, address", [("alice", "/espaces"), ("diane", "/association")])
def test_the_others_are_where_they_were(visit, name, address):
    assert visit(name).page.address.startswith(address)


def test_whoever_was_going_somewhere_goes_on(visit, world, inside):
    doctor = visit()
    doctor.get(f"{record(world)}/documents")
    page = doctor.enter("hugo@exemple.invalid", "rivière-tambour-citron-58")
    assert page.address == f"{record(world)}/documents"


def test_the_desk_lists_who_let_her_in_and_until_when(visit, world, hugo):
    admission.let_in(world.access("alice"), hugo, clock.today() + timedelta(days=40))
    world.let_in("hugo", Role.EMERGENCY, of="carole")
    page = visit("hugo").page
    assert "Jusqu'au" in page.text and "Urgence" in page.text
    page = visit("hugo").follow("Alice Exemple")
    assert page.address.startswith(record(world))


def test_ended_accesses_are_not_on_the_desk(visit, world, inside):
    admission.end(world.access("alice"), inside)
    assert "Alice" not in visit("hugo").page.text


def test_the_list_of_records_leads_to_the_desk_even_with_one_patient(visit, world, inside):
    doctor = visit("hugo")
    doctor.get("/espaces")
    assert doctor.page.address == "/espaces"
    assert doctor.follow("Aller à mon bureau").address == "/professionnel"


@pytest.mark.parametrize("name", ["alice", "bruno", "diane"])
def test_nobody_else_has_a_desk(visit, name):
    for address in ("/professionnel", "/professionnel/code"):
        visit(name).get(address, 403)


def test_whoever_is_suspended_signs_in_and_has_no_desk(visit, world, hugo):
    professional.suspend(world.office, hugo)
    doctor = visit("hugo")
    assert doctor.page.address == "/espaces"
    doctor.get("/professionnel", 403)
    doctor.get("/professionnel/code", 403)


def test_a_desk_that_was_open_closes_at_once(visit, hugo, world):
    doctor = visit("hugo")
    doctor.get("/professionnel/code")
    code = consultation.make(world.access("alice"), "today")
    professional.suspend(world.office, hugo)
    doctor.submit("Ouvrir l'espace", 403, code=code)
    assert world.access("hugo", "alice") is None


@pytest.mark.parametrize("code, said", [("", "Écrivez le code"), ("AAAA AAAA", "n'ouvre rien")])
def test_a_wrong_code_is_said_at_its_field(visit, hugo, code, said):
    doctor = visit("hugo")
    doctor.get("/professionnel/code")
    page = doctor.submit("Ouvrir l'espace", 422, code=code)
    assert said in page.soup.select_one("#code-fault").get_text()
    assert page.soup.select_one("#code")["value"] == code


def deposit(doctor, world, status=200, **answers):
    doctor.get(f"{record(world)}/documents/depot")
    told = {"category": "CPT_REND", "files": [("bilan.txt", b"Un bilan.")]}
    return doctor.submit("Ajouter", status, **told | answers)


def test_a_professional_deposits_without_masking_nor_folders(visit, world, inside):
    world.folder("Cœur")
    doctor = visit("hugo")
    deposit(doctor, world)
    page = doctor.get(f"{record(world)}/documents/depot")
    names = {field.get("name") for field in page.soup.select("form [name]")}
    assert "unannounced" in names
    assert not names & {"masked", "folder", "from_representatives"}
    assert world.titles(world.access("alice")) == {"bilan"}


def test_what_she_forges_in_the_form_is_not_heard(visit, world, inside):
    doctor = visit("hugo")
    doctor.get(f"{record(world)}/documents/depot")
    token = doctor.page.soup.select_one("[name=csrf_token]")["value"]
    values = {"csrf_token": token, "category": "CPT_REND", "dated": "01/02/2024", "masked": "oui"}
    values |= {"folder": world.folder("Cœur").uid, "from_representatives": "oui"}
    values["files"] = [(BytesIO(b"Un texte."), "papier.txt")]
    doctor.client.post(f"{record(world)}/documents/depot", data=values)
    made = Document.get()
    assert (made.masked, made.folder, made.from_representatives) == (False, None, False)


def test_nobody_else_is_asked_whether_to_announce_it_first(visit, world, hugo):
    world.let_in("bruno", Role.CARER)
    for name in ("alice", "bruno"):
        page = visit(name).get(f"{record(world)}/documents/depot")
        assert not page.soup.select("[name=unannounced], [name=from_representatives]")
    page = visit("bruno").get(f"{record(world)}/documents/depot")
    assert not page.soup.select("[name=masked], [name=folder]")


def test_a_document_to_announce_is_seen_by_her_announced_then_seen_by_the_person(
    visit, world, inside
):
    doctor, alice = visit("hugo"), visit("alice")
    deposit(doctor, world, title="Résultat", unannounced="oui")
    one = Document.get()
    address = f"{record(world)}/documents/{one.uid}"
    alice.get(address, 404)
    assert "Résultat" not in alice.get(f"{record(world)}/documents").text
    assert "À annoncer" in doctor.get(f"{record(world)}/documents").text
    page = doctor.get(address)
    assert "ne voit pas encore ce document" in page.text
    page = doctor.submit("Annoncer ce document")
    assert page.notices == ["C'est annoncé : la personne peut voir ce document."]
    assert "Annoncer ce document" not in page.buttons()
    assert "À annoncer" not in doctor.get(f"{record(world)}/documents").text
    assert "Résultat" in alice.get(address).text


def test_another_professional_is_warned_and_cannot_announce_it(visit, world, inside):
    one = world.paper("Résultat", by=inside, unannounced=True)
    admission.let_in(world.access("alice"), world.professional("irma"), None)
    other = visit("irma")
    page = other.get(f"{record(world)}/documents/{one.uid}")
    assert "ne voit pas encore ce document" in page.text
    assert "Annoncer ce document" not in page.buttons()
    other.get(f"{record(world)}/documents/depot")
    token = other.page.soup.select_one("[name=csrf_token]")["value"]
    other.client.post(f"{record(world)}/documents/{one.uid}/annonce", data={"csrf_token": token})
    assert Document.get().unannounced


def test_what_a_minor_keeps_from_her_parents_is_nowhere_in_their_pages(visit, world, inside):
    world.born(date(2015, 1, 1))
    world.let_in("bruno", Role.REPRESENTATIVE)
    doctor, parent = visit("hugo"), visit("bruno")
    deposit(doctor, world, title="Contraception", from_representatives="oui")
    one = Document.get()
    assert "Caché aux parents" in doctor.get(f"{record(world)}/documents/{one.uid}").text
    parent.get(f"{record(world)}/documents/{one.uid}", 404)
    for end in ("/", "/documents", "/documents?q=contraception", "/activite", "/corbeille"):
        page = parent.get(record(world) + end)
        assert "Contraception" not in page.text.replace("« contraception »", "")
        assert one.uid not in page.html
    assert document.find(world.access("alice"), one.uid)


def test_the_bottom_of_her_document_promises_nothing_she_cannot_do(visit, world, inside):
    one = world.paper(by=inside)
    page = visit("hugo").get(f"{record(world)}/documents/{one.uid}")
    assert "Ce document vient de vous" in page.text
    assert "ranger, l'épingler" not in page.text
