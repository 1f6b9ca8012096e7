"""Pages of a link to one document: made in the record, opened by someone who has no account."""

from datetime import timedelta

import pytest

from models import clock, deposit, share
from models.deposit import Description
from models.share import Share

from ..exchange import cda, cda_with, letter
from ..world import LIMITS, spooled


def put(world, content, name):
    told = Description("BIOLOGIE", clock.today(), "Bilan fictif", "Laboratoire Fictif")
    return deposit.by_access(world.access("alice"), spooled(content), name, told, LIMITS)


@pytest.fixture
def paper(world):
    return put(world, letter("Glycémie fictive"), "bilan.pdf")


@pytest.fixture
def alice(visit, world, paper):
    visitor = visit("alice")
    visitor.get(f"/espaces/{world.record('alice').uid}/documents/{paper.uid}")
    return visitor


@pytest.fixture
def made(world, paper):
    return share.make(world.access("alice"), paper, "Le cabinet fictif", "24h", 2)


def opened(visitor, one, status=200):
    visitor.get(f"/partage/{one.token}")
    return visitor.submit("Ouvrir le document", status, code=one.written_code)


def test_she_makes_a_link_reads_it_out_and_stops_it(alice):
    alice.follow("Partager ce document par un lien")
    shown = alice.submit("Créer le lien et le code", recipient="Le cabinet fictif")
    one = Share.get()
    assert f"/partage/{one.token}" in shown.text and one.written_code in shown.text
    listed = alice.follow("Revenir à mes partages")
    assert "Le cabinet fictif" in listed.text and "Ouvert 0 fois sur 1" in listed.text
    stopped = alice.submit("Arrêter ce partage : Bilan fictif, Le cabinet fictif")
    assert "Arrêté" in stopped.text and one.token not in stopped.text
    assert "Arrêter ce partage" not in stopped.text


def test_what_is_missing_is_asked_and_what_was_typed_is_kept(alice):
    alice.follow("Partager ce document par un lien")
    wrong = alice.submit("Créer le lien et le code", 422, recipient=" ", readings="5")
    assert "Erreur" in wrong.title and "Écrivez pour qui est ce lien" in wrong.text
    assert wrong.soup.select_one("option[selected]")["value"] == "5"
    assert Share.select().count() == 0


def test_someone_without_an_account_reads_it(visit, made, paper):
    anyone = visit()
    shown = opened(anyone, made)
    assert "Bilan fictif" in shown.text and "Alice" in shown.text
    got = anyone.client.get("/partage/contenu")
    assert got.data == b"".join(paper.content_chunks())
    assert got.headers["Content-Type"] == "application/pdf"
    assert got.headers["Cache-Control"] == "private, no-store"
    kept = anyone.client.get("/partage/contenu?telecharger=oui")
    assert kept.headers["Content-Disposition"].startswith("attachment")
    assert Share.get().taken == 1


def test_nothing_is_told_without_the_code(visit, made):
    anyone = visit()
    known = anyone.get(f"/partage/{made.token}")
    unknown = anyone.get("/partage/" + "x" * 32)
    assert known.text == unknown.text and "Bilan" not in known.text
    anyone.get(f"/partage/{made.token}")
    assert share.WRONG in anyone.submit("Ouvrir le document", 422, code="AAAAAAAA").text
    for address in ("/partage", "/partage/contenu"):
        assert anyone.client.get(address).status_code == 410


def test_she_may_stop_the_only_reading_under_way(alice, visit, world, paper):
    one = share.make(world.access("alice"), paper, "Le cabinet fictif", "24h", 1)
    opened(visit(), one)
    alice.get(f"/espaces/{world.record('alice').uid}/partages/{one.uid}")
    alice.submit("Arrêter ce partage")
    assert share.under_way(one.uid) is None


def test_a_reading_ends_after_a_quarter_of_an_hour(visit, made):
    anyone = visit()
    opened(anyone, made)
    with clock.moved(share.READING - timedelta(seconds=5)):
        assert anyone.client.get("/partage/contenu").status_code == 200
    with clock.moved(share.READING):
        assert anyone.client.get("/partage").status_code == 410
        assert anyone.client.get("/partage/contenu").status_code == 410


def test_stopping_it_ends_what_is_being_read(visit, world, made):
    anyone = visit()
    opened(anyone, made)
    share.stop(world.access("alice"), made)
    assert anyone.client.get("/partage/contenu").status_code == 410


def test_it_opens_that_document_and_nothing_else(visit, world, made):
    other = put(world, cda_with(letter("Autre")), "autre.xml")
    assert list(other.parts)
    anyone = visit()
    opened(anyone, made)
    for part in other.parts:
        assert anyone.client.get(f"/partage/contenu/{part.uid}").status_code == 404
    address = f"/espaces/{world.record('alice').uid}/documents/{made.document.uid}"
    assert "/connexion" in anyone.client.get(address).headers["Location"]


def test_what_software_wrote_is_drawn_there_too(visit, world):
    paper = put(world, cda(), "lettre.xml")
    made = share.make(world.access("alice"), paper, "Le cabinet fictif", "24h", 1)
    shown = opened(visit(), made)
    assert shown.soup.select_one("main h2")
    assert "Fichier d'origine" in shown.text.replace("’", "'")


def test_a_document_is_taken_as_a_cda(alice, world, paper):
    page = alice.page
    got = alice.client.get(page.link("Télécharger pour un logiciel médical (CDA)"))
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert b"ClinicalDocument" in got.data and b"nonXMLBody" in got.data
