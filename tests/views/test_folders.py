"""Folders, by name."""

import pytest


@pytest.fixture
def alice(visit, world):
    visitor = visit("alice")
    visitor.get(f"/espaces/{world.record('alice').uid}/dossiers")
    return visitor


def test_any_name(alice):
    for name in ("Mon suivi diabète", "L'hôpital, été 2024", "Łódź / 心臓", "x" * 60):
        page = alice.submit("Créer le dossier", name=name)
        assert page.notices == [f"Le dossier « {name} » est créé."]


@pytest.mark.parametrize(
    "name, said", [("  ", "Donnez un nom"), ("x" * 61, "60 caractères au plus, il en a 61")]
)
def test_a_bad_name_is_said_and_kept(alice, name, said):
    page = alice.submit("Créer le dossier", status=422, name=name)
    assert said in page.text
    assert page.soup.select_one("#name")["value"] == name


def test_one_name_whatever_the_case_and_the_accents(alice):
    alice.submit("Créer le dossier", name="Cœur")
    page = alice.submit("Créer le dossier", status=422, name="COEUR")
    assert "déjà un dossier « Cœur »" in page.text


def test_rename_and_delete_keep_the_documents(alice, world):
    folder = world.folder("Avant")
    world.paper("A", folder=folder)
    alice.get(f"/espaces/{world.record('alice').uid}/dossiers")
    assert "1 document" in alice.page.text
    alice.follow("Avant")
    alice.follow("Renommer le dossier")
    page = alice.submit("Renommer le dossier", name="Après")
    assert page.notices == ["Le dossier s'appelle maintenant « Après »."]
    alice.follow("Supprimer le dossier")
    page = alice.submit("Supprimer le dossier")
    assert "sont gardés" in page.notices[0]
    assert world.titles(world.access("alice")) == {"A"}


def test_mask_and_show_a_folder(alice, world):
    folder = world.folder("Cœur")
    world.paper("A", folder=folder)
    world.paper("B")
    alice.get(f"/espaces/{world.record('alice').uid}/dossiers/{folder.uid}")
    alice.submit("Masquer tout le dossier")
    assert world.masked() == {"A"}
    alice.submit("Montrer tout le dossier")
    assert world.masked() == set()


def test_two_people_may_have_the_same_name(alice, visit, world):
    alice.submit("Créer le dossier", name="Cœur")
    carole = visit("carole")
    carole.get(f"/espaces/{world.record('carole').uid}/dossiers")
    carole.submit("Créer le dossier", name="Cœur")
