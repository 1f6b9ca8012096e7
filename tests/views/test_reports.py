"""A report, from the line of the activity to the answer read by its author."""

import pytest

from models import document, folder, report
from models.access import Role
from models.journal import Act, Entry
from models.report import Report
from tests.readability import EASY, LONGEST_SENTENCE, _page, reading

WORDS = "Je ne connais pas cette personne.\nNi ce jour-là."


@pytest.fixture
def alice(visit, world):
    paper = world.paper("Sérologie")
    document.read(world.let_in("bruno", Role.CARER), paper)
    return visit("alice")


@pytest.fixture
def here(world):
    return f"/espaces/{world.record('alice').uid}/activite"


@pytest.fixture
def made(alice, here):
    alice.get(here)
    alice.follow("Signaler cet accès : Bruno Fictif")
    alice.submit("Envoyer à l'association", words=WORDS)
    return Report.get()


def test_from_the_activity_to_the_answer(alice, here, visit):
    page = alice.get(here)
    page = alice.follow("Signaler cet accès : Bruno Fictif")
    assert "Bruno Fictif , aidant, pour Alice Exemple, a ouvert « Sérologie »." in page.text
    assert "L'association lira vos mots." in page.text
    assert "N'écrivez rien de votre santé" in page.text
    page = alice.submit("Envoyer à l'association", words=WORDS)
    assert page.notices == ["Votre signalement est parti. L'association va le lire."]
    assert "En attente" in page.text and "Pas encore de réponse." in page.text

    diane = visit("diane")
    diane.get("/association")
    page = diane.follow("Accès signalés")
    page = diane.follow("Alice Exemple, adhérent A-1")
    assert "Bruno Fictif , aidant, pour Alice Exemple, a ouvert un document." in page.text
    assert "Je ne connais pas cette personne. Ni ce jour-là." in page.text
    assert "Sérologie" not in page.html
    assert "Clore ce signalement" not in page.buttons()
    page = diane.submit("Envoyer la réponse", answer="C'est votre voisin, invité en mars.")
    assert page.notices == ["Votre réponse est partie."]
    page = diane.submit("Clore ce signalement")
    assert page.notices == ["Ce signalement est clos."] and not page.buttons().get("Clore")
    page = diane.follow("Revenir aux accès signalés")
    assert "Aucun signalement n'attend." in page.text and "par Diane Modèle" in page.text

    page = alice.get(here)
    assert "association, a répondu à un signalement." in page.text
    page = alice.follow("Voir ce signalement")
    assert "Clos" in page.text and "C'est votre voisin, invité en mars." in page.text


def test_nothing_typed_is_said_at_the_field_and_too_much_is_kept(alice, here):
    alice.get(here)
    alice.follow("Signaler cet accès : Bruno Fictif")
    page = alice.submit("Envoyer à l'association", status=422)
    assert page.soup.select_one("#words-fault") and len(page.soup.select(".fault")) == 1
    page = alice.submit("Envoyer à l'association", status=422, words="a" * 2001)
    assert "2000 caractères au plus" in page.text
    assert page.soup.select_one("textarea").get_text().strip() == "a" * 2001
    assert not Report.select().exists()


def test_what_is_reported_already_shows_its_report(alice, here, made):
    alice.get(here)
    page = alice.follow("Signaler cet accès : Bruno Fictif")
    assert page.soup.h1.text == "Mon signalement"
    assert Report.select().count() == 1


def test_what_one_did_oneself_has_no_such_page(alice, here):
    page = alice.get(here)
    links = [one for one in page.soup.select("main a") if "Signaler" in one.text]
    others = page.soup.select("main ol li")
    assert 0 < len(links) < len(others)
    own = Entry.get(Entry.act == Act.ACTIVATED)
    alice.get(f"{here}/{own.uid}/signalement", 404)


def test_the_office_may_not_name_what_it_does_not_see(visit, world, here):
    """A folder's name, the reason of an emergency: the office sees neither."""
    bruno = world.let_in("bruno", Role.CARER, given="read file")
    folder.make(bruno, "Mon cancer")
    made = report.make(
        world.access("alice"), Entry.get(Entry.act == Act.MADE_FOLDER), "Qui est-ce ?"
    )
    page = visit("diane").get(f"/association/signalements/{made.uid}")
    assert "Mon cancer" not in page.html
    assert "a créé le dossier (non montré)." in page.text


def test_a_wrong_answer_keeps_what_was_typed(visit, made):
    diane = visit("diane")
    diane.get(f"/association/signalements/{made.uid}")
    page = diane.submit("Envoyer la réponse", status=422, answer=" ")
    assert page.soup.select_one("#answer-fault")
    page = diane.submit("Envoyer la réponse", status=422, answer="é" * 2001)
    assert page.soup.select_one("textarea").get_text().strip() == "é" * 2001


def test_two_of_the_office_at_once(visit, made):
    first, second = visit("diane"), visit("diane")
    for one in (first, second):
        one.get(f"/association/signalements/{made.uid}")
    first.submit("Envoyer la réponse", answer="Expliqué.")
    page = second.submit("Envoyer la réponse", status=422, answer="Autre chose.")
    assert "Une réponse est déjà partie." in page.text and "Expliqué." in page.text
    first.submit("Clore ce signalement")
    assert second.get(f"/association/signalements/{made.uid}").buttons().get("Clore") is None


@pytest.mark.parametrize("path", ["", "/{uid}"])
def test_it_is_for_the_office(visit, alice, made, path):
    address = "/association/signalements" + path.format(uid=made.uid)
    alice.get(address, 403)
    visit("carole").get(address, 403)


def test_what_does_not_exist_is_not_there(visit, alice, here, made):
    diane = visit("diane")
    diane.get("/association/signalements/" + "A" * 16, 404)
    alice.get(f"{here}/signalements/" + "A" * 16, 404)
    alice.get(f"{here}/" + "A" * 16 + "/signalement", 404)
    visit("carole").get(f"{here}/signalements/{made.uid}", 404)


def test_a_carer_may_not_report(visit, world, alice, here):
    world.let_in("carole", Role.CARER, given="read trace")
    read = Entry.get(Entry.act == Act.READ)
    visit("carole").get(f"{here}/{read.uid}/signalement", 403)


def test_its_pages_and_letters_are_easy_to_read(visit, world, alice, here, made):
    diane, entry = visit("diane"), made.entry.uid
    report.answer(world.office, made, "Oui.")
    report.close(world.office, made)
    read = [
        *(_page(alice, f"{here}/{entry}/signalement"), _page(alice, here)),
        _page(alice, f"{here}/signalements/{made.uid}"),
        *(_page(diane, f"/association/signalements{end}") for end in ("", f"/{made.uid}")),
        _page(alice, "/verifier-l-activite"),
        *([text.replace("\n", " ")] for text in (report.TO_OFFICE, report.TO_REPORTER)),
    ]
    for blocks in read:
        found = reading([one for one in blocks if one])
        assert found.ease >= EASY and found.longest_words <= LONGEST_SENTENCE, (found, blocks)
