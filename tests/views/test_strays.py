"""The office says whose a document is: it sees the traits, and nothing of the document."""

from dataclasses import replace
from datetime import date

import pytest

from models import member, source, stray
from models.database import transaction
from models.document import Document
from models.header import Header, Person
from models.ledger import Line
from models.lot import Item
from models.record import Record
from models.source import Told
from models.stray import Stray

from ..world import LIMITS, enrolled, spooled

PATH = "/association/logiciels/a-rattacher"
HEADER = Header(
    title="Sérologie secrète",
    author="Docteur Caché",
    organisation="Service de secrets",
    type_code="11502-2",
    dated=date(2019, 7, 23),
    identifier="1.2.3^caché",
    warnings=("Avertissement caché.",),
)
HERS = {"birth_name": "EXEMPLE", "birth_given_names": "ALICE", "sex": "F"}
CONTENT = b"Un secret en clair."


@pytest.fixture
def diane(visit):
    return visit("diane")


@pytest.fixture
def wait(world):
    made = source.register(world.office, Told("Laboratoire Fictif", "laboratory"))[0]

    def wait(number=0, **person):
        told = HERS | {"birth_date": date(1951, 3, 14)} | person
        header = replace(HEADER, identifier=f"1.2.{number}^caché")
        item = Item(spooled(CONTENT + str(number).encode()), f"secret-{number}.txt", header)
        return stray.put(made, [item], Person(**told), "Plusieurs personnes.", LIMITS)[0]

    return wait


def cells(page):
    return [
        [" ".join(cell.get_text().split()) for cell in row.find_all(["th", "td"])]
        for row in page.soup.select("tbody")
    ]


def test_from_the_office_to_the_record_of_whoever_it_is(diane, wait, world):
    enrolled("other", birth_name="Exemple", birth_given_names="Alice", birth_date="1951-03-14")
    wait()
    office = diane.get("/association")
    assert "1 en attente" in office.text
    page = diane.follow("Documents à rattacher")
    assert "EXEMPLE ALICE" in page.text and "Laboratoire Fictif" in page.text
    page = diane.follow("EXEMPLE ALICE")
    assert "Plusieurs personnes." in page.text
    page = diane.follow("Exemple Alice Anne")
    assert ["Sexe", "Féminin", "Féminin"] in cells(page)
    assert ["Code du lieu de naissance", "Pas dit", "75056"] in cells(page)
    done = diane.submit("Rattacher à cette personne")
    assert "Ce document est maintenant dans l'espace d'Alice Exemple" in done.text
    assert "Aucun document n'attend" in done.text
    assert Document.get().record == world.record("alice")
    assert "rattaché à l'espace de" in diane.get("/association/registre").text


def test_no_page_tells_anything_of_the_document(diane, wait, world):
    one = wait()
    pages = [PATH, f"{PATH}/{one.uid}", f"{PATH}/{one.uid}?q=exemple", f"{PATH}/{one.uid}/refus"]
    pages += [
        f"{PATH}/{one.uid}/adherents/{world.record(name).uid}" for name in ("alice", "carole")
    ]
    for path in (*pages, "/association", "/association/registre"):
        shown = diane.get(path).html.lower()
        for word in ("secr", "sérologie", "texte", ".txt", "octets", f"{one.sha256[:8]}"):
            assert word not in shown, (path, word)


def test_a_document_is_not_attached_against_its_traits_and_the_page_says_why(diane, wait, world):
    one = wait()
    path = f"{PATH}/{one.uid}/adherents/{world.record('carole').uid}"
    page = diane.get(path)
    assert "la date de naissance ne correspond pas" in page.text
    assert "Rattacher à cette personne" not in page.buttons()
    assert ["Date de naissance Différent", "14/03/1951", "02/07/1980"] in cells(page)
    # Corrected since the page was drawn.
    diane.get(path.replace(world.record("carole").uid, world.record("alice").uid))
    world.born(date(1951, 3, 15))
    refused = diane.submit("Rattacher à cette personne", 422)
    assert refused.title.startswith("Erreur") and "la date de naissance" in refused.text
    assert not Document.select().exists()


def test_names_that_differ_are_a_clear_warning(diane, wait, world):
    one = wait(birth_name="Exemplaire")
    page = diane.get(f"{PATH}/{one.uid}/adherents/{world.record('alice').uid}")
    assert "Attention. Le nom ne correspond pas." in page.text
    diane.submit("Rattacher à cette personne")
    assert Document.get().record == world.record("alice")


def test_any_member_is_looked_for_as_in_the_list(diane, wait):
    diane.get(f"{PATH}/{wait(birth_date=None).uid}")
    page = diane.submit("Chercher", q="Inventée")
    assert "1 adhérent pour « Inventée »" in page.text
    assert "Est-ce Carole Inventée ?" in diane.follow("Inventée Carole").text


def test_refusing_asks_first_erases_and_goes_on_to_the_next(diane, wait):
    one, two = wait(1), wait(2, birth_name="Autre")
    diane.get(f"{PATH}/{one.uid}")
    diane.follow("Refuser ce document")
    assert stray.waiting() == 2
    page = diane.submit("Refuser et effacer")
    assert "refusé, et effacé" in page.text and "Autre" in page.text
    assert stray.listed() == [two] and not Stray.get_by_id(one.id).content
    assert diane.get(f"{PATH}/{one.uid}", 404)
    assert Line.select().where(Line.act == "refused-stray").count() == 1


def test_a_head_request_settles_nothing(diane, wait, world):
    one = wait()
    diane.client.head(f"{PATH}/{one.uid}/refus")
    diane.client.head(f"{PATH}/{one.uid}/adherents/{world.record('alice').uid}")
    assert stray.listed() == [one]


def test_what_a_document_says_is_shown_as_text(diane, wait, world):
    one = wait(birth_name="<script>alert(1)</script>", used_name="x' onclick='y")
    for path in (PATH, f"{PATH}/{one.uid}", f"{PATH}/{one.uid}/refus"):
        page = diane.get(path)
        assert "<script>alert" not in page.html and "alert(1)" in page.text
    record = world.record("alice")
    with transaction():
        record.birth_name = "<i>"
        member.keep(record)
    assert "<i>" not in diane.get(f"{PATH}/{one.uid}/adherents/{record.uid}").html
    assert Record.get_by_id(record.id).birth_name == "<i>"
