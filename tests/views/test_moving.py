"""The pages where a person arrives with the archive of another space."""

from flask import request
from stream_zip import ZIP_32, stream_zip

from models import clock, job, moving
from models.document import Document
from models.folder import Folder
from models.moving import Moving, Stage

from ..moved import carnet, zipped
from ..world import SENDER

FILES = {
    "Export/Ordonnances/2024-03-12 ordonnance.txt": b"Une ordonnance imaginaire.",
    "Export/Radio/genou.txt": b"Un genou fictif.",
    "Export/index.html": b"<!doctype html><p>Sommaire",
}


def address(world, one=""):
    return f"/espaces/{world.record('alice').uid}/arrivee{one}"


def worked(alice):
    job.run_due(SENDER)
    return alice.get(alice.page.address.partition("?")[0])


def test_the_archive_of_elsewhere_is_shown_then_taken(visit, world):
    alice = visit("alice")
    alice.get(f"/espaces/{world.record('alice').uid}/droits")
    alice.follow("Faire venir mes documents")
    alice.submit("Regarder ce fichier", file=[("export.zip", zipped(FILES))])
    assert alice.page.soup.h1.get_text() == "Carnet regarde ce fichier"
    page = worked(alice)
    assert page.soup.h1.get_text() == "Ce qui va être ajouté" and not Document.select().count()
    assert "Documents à ajouter 2" in page.text and "« Ordonnances », « Radio »" in page.text
    page = alice.follow("Refusés : 1")
    assert "index.html" in page.text and "c'est une page HTML" in page.text
    page = alice.submit("Tout ajouter à mon espace")
    assert "0 sur 2 documents" in page.text
    page = worked(alice)
    assert page.soup.h1.get_text() == "2 documents ajoutés"
    assert {one.name for one in Folder.select()} == {"Ordonnances", "Radio"}
    assert "Apporté" not in page.text and "2024-03-12 ordonnance" in page.text
    page = alice.get(f"/espaces/{world.record('alice').uid}/activite")
    assert "a apporté 2 documents d'un autre espace" in page.text


def test_what_came_can_go_to_the_bin(visit, world):
    alice = visit("alice")
    alice.get(address(world))
    alice.submit("Regarder ce fichier", file=[("export.zip", zipped(FILES))])
    worked(alice)
    alice.submit("Tout ajouter à mon espace")
    worked(alice)
    page = alice.submit("Mettre tout cela à la corbeille")
    assert "vont à la corbeille" in page.text
    page = worked(alice)
    assert "sont à la corbeille, pour 30 jours" in page.text
    assert Document.select().where(Document.binned_at.is_null(False)).count() == 2
    assert "Mettre tout cela à la corbeille" not in page.buttons()


def test_it_can_be_given_up_before(visit, world):
    alice = visit("alice")
    alice.get(address(world))
    alice.submit("Regarder ce fichier", file=[("export.zip", zipped(FILES))])
    worked(alice)
    page = alice.submit("Annuler l'arrivée")
    assert page.notices == ["L'arrivée est annulée. Le fichier envoyé est effacé."]
    assert not Moving.select().count() and not moving.contents() and not Document.select().count()


def test_a_wrong_password_is_asked_again(visit, world):
    inside = [("Espace.zip", clock.now(), 0o600, ZIP_32, [carnet({"Documents/a.txt": b"A"})])]
    alice, content = visit("alice"), b"".join(stream_zip(inside, password="mot-de-passe-imaginé"))
    alice.get(address(world))
    alice.submit("Regarder ce fichier", file=[("export.zip", content)])
    page = worked(alice)
    assert page.soup.h1.get_text() == "Le mot de passe du fichier" and "pas le bon" not in page.text
    assert "Écrivez le mot de passe" in alice.submit("Ouvrir le fichier", 422, password="").text
    alice.submit("Ouvrir le fichier", password="autre chose")
    page = worked(alice)
    assert "Ce mot de passe n'est pas le bon." in page.text
    alice.submit("Ouvrir le fichier", password="mot-de-passe-imaginé")
    page = worked(alice)
    assert "vient d'un autre Carnet, « Carnet d'ailleurs »" in page.text
    assert "l'espace de Alice Anne Exemple" in page.text
    one = Moving.get()
    assert one.stage == Stage.PREVIEW and "imaginé" not in one.told


def test_what_is_no_archive_is_refused_in_words(visit, world):
    alice = visit("alice")
    alice.get(address(world))
    page = alice.submit("Regarder ce fichier", 422)
    assert len(page.soup.select(".fault")) == 1 and "Choisissez le fichier ZIP." in page.text
    page = alice.submit("Regarder ce fichier", 422, file=[("vide.zip", b"")])
    assert "Ce fichier est vide" in page.text
    alice.submit("Regarder ce fichier", file=[("photo.zip", b"\x89PNG et autre chose")])
    page = worked(alice)
    assert page.soup.h1.get_text() == "Ce fichier ne peut pas être ajouté"
    assert "n'est pas une archive ZIP" in page.text and not moving.contents()
    alice.follow("Envoyer un autre fichier")
    assert "Refusée" in alice.page.text


def test_only_one_arrives_at_a_time_and_nobody_else_sees_it(visit, world):
    alice = visit("alice")
    alice.get(address(world))
    alice.submit("Regarder ce fichier", file=[("export.zip", zipped(FILES))])
    one = Moving.get()
    page = alice.get(address(world))
    assert "Une arrivée est commencée" in page.text and "Regarder ce fichier" not in page.buttons()
    other = world.access("carole")
    assert moving.find(other, one.uid) is None
    visit("carole").get(address(world, f"/{one.uid}"), 404)


def test_a_whole_record_may_be_sent_and_only_here(app, world, settings):
    here = f"/espaces/{world.record('alice').uid}"
    for path, most in (("arrivee", settings.max_record * 5 // 4), ("documents/depot", 10**9)):
        with app.test_request_context(f"{here}/{path}", method="POST"):
            app.preprocess_request()
            assert most < request.max_content_length < most + 10**6
