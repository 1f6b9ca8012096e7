"""Folders: her own names, unique whatever the case and the accents; her papers outlive them."""

import pytest

from models import document, folder
from models.access import Forbidden, Role
from models.document import Document
from models.folder import Folder
from models.refusal import Refusal

from ..world import SURGERY


def names(world, name="alice"):
    return [one.name for one in world.access(name).folders()]


def why_refused(verb):
    with pytest.raises(Refusal) as refused:
        verb()
    assert refused.value.field == "name"
    return refused.value.sentence


@pytest.mark.parametrize(
    "name", ["Mon suivi diabète", "l’IRM d'Élise", "心臓", "🩺 Cœur", "a" * 60, "É" * 60, "50 %"]
)
def test_any_letters_make_a_name(world, name):
    assert world.folder(name).name == name


@pytest.mark.parametrize("written", [" Mes \t analyses\n", "Mes\u200banalyses", "Mes\0analyses"])
def test_a_name_is_one_tidy_line(world, written):
    assert world.folder(written).name == "Mes analyses"


@pytest.mark.parametrize(
    "name, why",
    [
        ("", "Donnez un nom"),
        (" \u200b\n", "Donnez un nom"),
        ("a" * 61, "60 caractères au plus, il en a 61"),
    ],
)
def test_an_empty_or_long_name_is_refused(world, name, why):
    assert why in why_refused(lambda: world.folder(name))
    kept = world.folder("Gardé")
    assert why in why_refused(lambda: folder.rename(world.access("alice"), kept, name))
    assert names(world) == ["Gardé"]


@pytest.mark.parametrize(
    "name, same",
    [
        ("Diabète", "DIABETE"),
        ("Cœur", "coeur"),
        ("L’hôpital", "l'hopital"),
        ("Études", "E\u0301tudes"),
        ("Straße", "strasse"),
    ],
)
def test_two_names_may_not_differ_by_case_and_accents_only(world, name, same):
    world.folder(name)
    assert why_refused(lambda: world.folder(same)) == f"Vous avez déjà un dossier « {name} »."
    other = world.folder("Autre")
    assert name in why_refused(lambda: folder.rename(world.access("alice"), other, same))
    assert (other.name, Folder.get_by_id(other.id).name) == ("Autre", "Autre")


def test_a_folder_may_take_its_own_name_in_other_capitals(world):
    one = world.folder("Mon coeur")
    folder.rename(world.access("alice"), one, "Mon Cœur")
    assert names(world) == ["Mon Cœur"]


def test_two_records_may_have_the_same_name(world):
    world.folder("Analyses")
    world.folder("Analyses", of="carole")
    assert names(world) == names(world, "carole") == ["Analyses"]


def test_folders_are_sorted_as_one_reads_them(world):
    for name in ("zona", "Épaule", "dents", "Œil", "Nez"):
        world.folder(name)
    assert names(world) == ["dents", "Épaule", "Nez", "Œil", "zona"]


def test_deleting_a_folder_leaves_its_documents_out_of_any(world):
    one = world.folder("Analyses")
    paper = world.paper(folder=one)
    folder.delete(world.access("alice"), one)
    assert names(world) == []
    assert Document.get_by_id(paper.id).folder_id is None
    assert world.titles(world.access("alice")) == {"Compte rendu"}


def test_another_record_s_folder_is_not_found(world):
    one = world.folder("Analyses", of="carole")
    assert folder.find(world.access("alice"), one.uid) is None
    assert folder.find(world.access("carole"), one.uid) == one


def test_the_counts_are_of_what_one_sees(world):
    analyses = world.folder("Analyses")
    world.folder("Vide")
    world.paper("Un", folder=analyses, masked=True)
    world.paper("Deux", folder=analyses)
    unseen = world.paper("Trois", folder=analyses, by=SURGERY)
    unseen.unannounced = True
    unseen.save()

    def counts(access):
        return {one.name: one.documents for one in folder.counted(access)}

    assert counts(world.access("alice")) == {"Analyses": 2, "Vide": 0}
    doctor = world.let_in("bruno", Role.PROFESSIONAL)
    assert counts(doctor) == {"Analyses": 2, "Vide": 0}
    assert {one.title for one in document.inside(doctor, analyses)} == {"Deux", "Trois"}


def test_a_count_stops_after_ninety_nine(world):
    analyses = world.folder("Analyses")
    paper = world.paper(folder=analyses)
    row = Document.select().where(Document.id == paper.id).dicts().get()
    del row["id"]
    copies = [row | {"uid": f"copie-{n}", "sha256": f"{n:064}"} for n in range(120)]
    Document.insert_many(copies).execute()
    (one,) = folder.counted(world.access("alice"))
    assert one.documents == folder.COUNTED + 1


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL, Role.EMERGENCY])
def test_the_holder_alone_names_her_folders(world, role):
    one, bruno = world.folder("Analyses"), world.let_in("bruno", role)
    for verb in (
        lambda: folder.make(bruno, "Autre"),
        lambda: folder.rename(bruno, one, "Autre"),
        lambda: folder.delete(bruno, one),
    ):
        with pytest.raises(Forbidden):
            verb()
    assert names(world) == ["Analyses"]
