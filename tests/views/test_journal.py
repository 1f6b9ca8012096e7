"""The journal as people read it."""

import re
from datetime import timedelta

import pytest

from models import clock, document, filing, folder, journal
from models.access import Actor, Role
from models.journal import Act, Entry


def test_in_sentences(visit, world):
    alice = visit("alice")
    record = world.record("alice").uid
    folder = world.folder("Mon cœur")
    paper = world.paper("Résultats", by=Actor(None, "Laboratoire Fictif", "source"))
    alice.get(f"/espaces/{record}/documents/{paper.uid}")
    alice.submit("Ranger", dossier=folder.uid)
    alice.get(f"/espaces/{record}/documents")
    alice.submit("Masquer tous mes documents")
    page = alice.get(f"/espaces/{record}/activite")
    text = " ".join(page.soup.main.get_text().split())
    for sentence in (
        "Moi a masqué tous les documents, et ceux à venir.",
        "Moi a rangé « Résultats » dans « Mon cœur ».",
        "Moi a ouvert « Résultats ».",
        "Laboratoire Fictif, dépôt d'un professionnel ou d'un logiciel, a ajouté « Résultats ».",
        "Moi a activé l'espace.",
    ):
        assert sentence in text, sentence


def test_fifty_a_page_and_filters(visit, world):
    for number in range(60):
        world.paper(f"Papier {number}")
    alice = visit("alice")
    record = world.record("alice").uid
    page = alice.get(f"/espaces/{record}/activite")
    assert len(page.soup.select("main ol li")) == 40
    assert len(alice.follow("Voir plus ancien").soup.select("main ol li")) >= 12
    alice.get(f"/espaces/{record}/activite")
    page = alice.submit("Filtrer", quoi="masquage")
    assert "Rien ne correspond" in page.text
    page = alice.submit("Filtrer", quoi="ajouts", du="01/01/2001", au="02/01/2001")
    assert "Rien ne correspond" in page.text
    assert page.soup.select_one("#du")["value"] == "01/01/2001"
    alice.get(f"/espaces/{record}/activite?qui=x&quoi=y&du=z&avant=w")


def lines(page):
    """The sentences, the latest first."""
    return [
        " ".join(one.get_text().split()) for one in page.soup.select("main ol li p + p:has(strong)")
    ]


def test_every_entry_is_on_one_page_and_one_only(visit, world):
    alice, record = visit("alice"), world.record("alice").uid
    holder, paper = world.access("alice"), world.paper()
    for number in range(120):
        filing.pin(holder, paper, number % 2 == 0)
    told, page = 0, alice.get(f"/espaces/{record}/activite")
    while True:
        told += len(lines(page))
        if "Voir plus ancien" not in page.text:
            break
        page = alice.follow("Voir plus ancien")
    assert told == world.record("alice").journal_length


@pytest.mark.parametrize(
    "place",
    [
        "x",
        "2024-01-01T00:00:00.000000",
        "2024-01-01T00:00:00.000000_x_",
        "0001-01-01T00:00:00.000000_1_",
        "9999-12-31T23:59:59.999999_999999999999999_a_b",
        "9999-12-31T23:59:59.999999_9999999999999999999999_",
        "2024-01-01T00:00:00+23:59_1_",
    ],
)
def test_a_place_that_is_none_is_no_fault(visit, world, place):
    address = f"/espaces/{world.record('alice').uid}/activite"
    answer = visit("alice").client.get(address, query_string={"avant": place})
    assert answer.status_code == 200


AS_WHAT = {
    Role.REPRESENTATIVE: "représentant légal, pour Alice Exemple",
    Role.CARER: "aidant, pour Alice Exemple",
    Role.PROFESSIONAL: "professionnel de santé",
    Role.EMERGENCY: "accès d'urgence",
}


@pytest.mark.parametrize("role", AS_WHAT)
def test_who_acts_for_the_person_is_told_so(visit, world, role):
    document.read(world.let_in("bruno", role), world.paper("Bilan"))
    page = visit("alice").get(f"/espaces/{world.record('alice').uid}/activite")
    assert f"Bruno Fictif, {AS_WHAT[role]}, a ouvert « Bilan »." in lines(page)


def test_a_carer_reads_that_he_acts_for_another(visit, world):
    bruno = world.let_in("bruno", Role.CARER, given="read trace")
    document.read(bruno, world.paper("Bilan"))
    page = visit("bruno").get(f"/espaces/{world.record('alice').uid}/activite")
    assert "Moi, aidant, pour Alice Exemple, a ouvert « Bilan »." in lines(page)
    assert "Alice Exemple, titulaire, a ajouté « Bilan »." in lines(page)


def test_names_in_what_was_done_are_text(visit, world):
    """Whatever a folder or a document is called."""
    alice, record = visit("alice"), world.record("alice").uid
    alice.get(f"/espaces/{record}/")  # to come in is told first
    made = world.folder("{document} <b>{name}</b>")
    paper = world.paper("{where}{before} \\1")
    filing.move(world.access("alice"), [paper], made)
    folder.rename(world.access("alice"), made, "Autre")
    told = lines(alice.get(f"/espaces/{record}/activite"))
    assert told[:3] == [
        "Moi a regardé l'activité.",
        "Moi a renommé le dossier « Autre » qui s'appelait « {document} <b>{name}</b> ».",
        "Moi a rangé « {where}{before} \\1 » dans « {document} <b>{name}</b> ».",
    ]


def test_every_act_has_its_sentence():
    from views.journal import SENTENCES, discreet, sentence

    assert set(SENTENCES) == set(Act)
    for act in Act:
        entry = Entry(act=act.value, detail='{"name": "Nom secret"}', document_uid="d" * 16)
        assert "{" not in sentence(entry, {"d" * 16: "Titre secret"})
        assert "secret" not in discreet(entry) and "{" not in discreet(entry)
        bare = Entry(act=act.value, detail="{}", document_uid=None)
        assert "None" not in sentence(bare, {}) and "{" not in sentence(bare, {})


def test_emergencies_are_shown_apart_on_the_first_page_alone(visit, world):
    alice, record = visit("alice"), world.record("alice")
    bruno = world.let_in("bruno", Role.EMERGENCY)
    for number in range(5):
        with clock.moved(timedelta(days=number)):
            journal.write(record, bruno.actor, Act.DECLARED_EMERGENCY, name=f"Raison {number}")
    page = alice.get(f"/espaces/{record.uid}/activite")
    apart = page.soup.select_one("main section")
    assert apart.h2.text == "Entrées en urgence"
    said = [one.get_text() for one in apart.select("li")]
    assert [re.search(r"Raison \d", one)[0] for one in said] == ["Raison 4", "Raison 3", "Raison 2"]
    page = alice.follow("Voir toutes les urgences")
    assert len(lines(page)) == 5 and not page.soup.select("main section")
    assert all(one.select_one(".tag").text == "Urgence" for one in page.soup.select("main ol li"))


def test_an_erased_document_keeps_no_title_there(visit, world):
    alice = visit("alice")
    record = world.record("alice").uid
    paper = world.paper("Très secret")
    alice.get(f"/espaces/{record}/documents/{paper.uid}")
    alice.submit("Mettre à la corbeille")
    alice.get(f"/espaces/{record}/corbeille")
    alice.follow("Effacer Très secret")
    alice.submit("Effacer pour toujours")
    text = alice.get(f"/espaces/{record}/activite").text
    assert "Très secret" not in text
    assert "a effacé pour toujours un document effacé" in text
