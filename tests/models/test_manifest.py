"""carnet.json: what another Carnet needs to hold the same record."""

import hashlib
import json
from datetime import date

from models import bin as bins
from models import manifest, masking, organs, wishes
from models.access import Role
from models.document import Document
from models.header import Header
from models.record import Shown

from ..world import SURGERY
from .taken import taken_out


def told(access):
    file = taken_out(access)
    return json.loads(file.read(manifest.NAME)), file


def test_every_file_is_where_it_says_and_is_what_it_says(world):
    world.paper("Résultats", folder=world.folder("Mon cœur"), scan="Une image.")
    bins.discard(world.access("alice"), [world.paper("Vieux")])
    said, file = told(world.access("alice"))
    assert said["carnet"] == manifest.VERSION and said["made_by"] == "person"
    for one in said["documents"]:
        content = file.read(one["path"])
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (one["sha256"], one["size"])
    results, thrown = said["documents"]
    assert results["folder"] == "Mon cœur" and said["folders"] == [{"name": "Mon cœur"}]
    assert thrown["path"].startswith("Corbeille/") and thrown["binned_at"]
    assert results["own"] and results["depositor"] == {"name": "Alice Exemple", "role": "holder"}


def test_maskings_are_told_apart(world):
    alice = world.access("alice")
    followed = world.paper("Suit")
    masking.choose_all(alice, True)
    shown, other = world.paper("Montré"), world.paper("De la chirurgie", by=SURGERY)
    masking.choose(world.access("alice"), [shown], False)
    said, _ = told(world.access("alice"))
    assert said["choices"]["masked_by_default"] is True
    own = {one["uid"]: one["masked"] for one in said["documents"]}
    assert own[followed.uid] is None and own[shown.uid] is False
    assert own[other.uid] is None


def test_a_wish_is_masked_by_itself_or_not_whatever_is_chosen_for_all(world):
    codes = frozenset({"MASQUE_PS"})
    papers = [
        world.paper(code, category="", header=Header(type_code=code, confidentiality=one))
        for code, one in (("EXPPAT_3", codes), ("EXPPAT_1", frozenset()))
    ]
    for masked in (True, False):
        masking.choose_all(world.access("alice"), masked)
        own = {one["uid"]: one["masked"] for one in told(world.access("alice"))[0]["documents"]}
        assert [own[one.uid] for one in papers] == [True, False]


def test_what_came_with_a_document_is_there_as_it_was(world):
    one, older = world.paper("Bilan corrigé"), world.paper("Bilan")
    values = {"identifier": "1.2.3^4", "type_code": "11502-2", "header": '{"title": "É"}'}
    Document.update(replaces=older, warning="À lire.", **values).where(
        Document.id == one.id
    ).execute()
    said, _ = told(world.access("alice"))
    found = next(each for each in said["documents"] if each["uid"] == one.uid)
    assert found["header"] == {"title": "É"} and found["identifier"] == "1.2.3^4"
    assert (found["type_code"], found["warning"]) == ("11502-2", "À lire.")
    assert found["replaces"] == "Documents/Bilan.txt"


def test_wishes_are_whole_and_name_their_papers(world):
    called = world.contact("Paule", called=True)
    world.designation(signed_on=date(2025, 3, 1), person=called, says=["told"])
    world.directive(signed_on=date(2025, 4, 1), revoked_on=date(2025, 5, 1), valeurs="La mer.")
    world.directive()
    organs.mark_read(world.access("alice"))
    wishes.choose_readers(world.access("alice"), Shown.ACCESS)
    said, file = told(world.access("alice"))
    (person,), (designation,) = said["wishes"]["people"], said["wishes"]["designations"]
    assert person["call_rank"] == 1 and person["given_name"] == "Paule"
    assert designation["person"] == person["number"] and designation["says"] == ["told"]
    assert designation["signed_on"] == "2025-03-01" and designation["paper"] in file.namelist()
    begun, revoked = said["wishes"]["directives"]
    assert begun["paper"] is None and begun["answers"]["valeurs"]["words"] == "La mer."
    assert revoked["revoked_on"] == "2025-05-01" and revoked["state"] == "revoked"
    assert said["choices"]["wishes_shown"] == "access" and said["choices"]["organs_read_at"]
    assert "token" not in json.dumps(said)


def test_a_representative_has_no_draft_of_a_will(world):
    """Nobody else than the person prepares directives, nor reads them before they are signed."""
    world.directive(signed_on=date(2025, 4, 1), valeurs="La mer.")
    world.directive(valeurs="Un brouillon.")
    world.let_in("bruno", Role.REPRESENTATIVE, measure="representation")
    said, file = told(world.access("bruno", "alice"))
    (signed,) = said["wishes"]["directives"]
    assert signed["state"] == "valid"
    assert not any(b"Un brouillon" in file.read(name) for name in file.namelist())
