"""A whole record leaves a Carnet and comes into another, of another key: what software wrote, its
parts, versions and choices included; and what leaves that one says the same."""

import io
import json
import zipfile
from datetime import date

from models import bin as bins
from models import (
    checking,
    clock,
    deposit,
    document,
    export,
    instance,
    masking,
    organs,
    part,
    signing,
    version,
    wishes,
)
from models.deposit import Description
from models.designation import Designation
from models.document import Document
from models.journal import Act, Entry
from models.settings import Settings

from ..exchange.documents import cda, cda_with
from ..exchange.resources import ips
from ..journeys.papers import pdf
from ..moved import move_in, told
from ..world import LIMITS, SURGERY, World, make_holder, picture, spooled
from .taken import LOOK

# Of one Carnet alone: who deposited, when, what is told of it; and names that are made anew.
OF_HERE = {"uid", "depositor", "deposited_at", "own", "origin", "source", "warning", "replaced_at"}
# Who enters in an emergency is asked of everyone who activates a record: it is not moved.
NOT_MOVED = {"emergency_samu": None, "emergency_others": None, "emergency_masked": None}


def a_full_record(world):
    """Of each kind, under each choice."""
    alice = world.access("alice")
    heart = world.folder("Cœur : suivi")
    world.folder("Vide")
    _deposit(alice, pdf("Bilan")["buffer"], "bilan.pdf", title="Bilan", folder=heart)
    _deposit(alice, picture("Une photo"), "photo.png", title="Photo", masked=True)
    _deposit(alice, cda(identifier="1.2.3", version=1), "v1.xml")
    _deposit(alice, cda(identifier="1.2.4", version=2, replaces="1.2.3"), "v2.xml")
    _deposit(alice, cda_with(pdf("Lettre")["buffer"], identifier="1.2.5"), "n1.xml", SURGERY)
    _deposit(alice, json.dumps(ips()).encode(), "ips.json")
    # A wish follows no choice for all: one came masked, the other not.
    for number, (code, said) in enumerate([("EXPPAT_3", "R"), ("EXPPAT_1", "N")], start=6):
        wish = cda(title=code, identifier=f"1.2.{number}", code=code, confidentiality=said)
        _deposit(alice, wish, f"{code}.xml")
    bins.discard(alice, [world.paper("Jeté")])
    pinned = world.paper("Épinglé", folder=heart)
    Document.update(pinned_at=clock.now()).where(Document.id == pinned.id).execute()
    world.contact("Zoé", link="other", link_words="ma marraine", called=True)
    world.designation(signed_on=date(2025, 3, 1), says=["told", "copy"])
    world.directive(signed_on=date(2025, 2, 1), valeurs="Le vent.")
    world.directive(signed_on=date(2025, 4, 1), valeurs="La mer.\n\nEt le vent.")
    organs.mark_read(alice)
    wishes.choose_readers(alice, "access")
    masking.choose_all(alice, True)
    masking.choose(alice, [Document.get(Document.title == "Bilan")], False)


def _deposit(alice, content, name, actor=None, **said):
    spool, described = spooled(content), Description(**said)
    deposit.put(alice.record, actor or alice.actor, spool, name, described, LIMITS)
    spool.discard()


def elsewhere(folder) -> World:
    """Another Carnet, with its own key; Alice has a record there, and nothing in it."""
    settings = Settings(instance=folder)
    instance.create(settings)
    instance.open_instance(settings)
    make_holder("alice")
    return World()


def said_by(content):
    """The manifest of an archive; and its documents, by their bytes."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        said = json.loads(file.read("carnet.json"))
        assert all(len(file.read(one["path"])) == one["size"] for one in said["documents"])
    return said, {
        one["sha256"]: {name: value for name, value in one.items() if name not in OF_HERE}
        for one in said["documents"]
    }


def test_everything_is_as_before(world, tmp_path):
    a_full_record(world)
    before = b"".join(export.whole_of(world.access("alice"), LOOK))
    there = elsewhere(tmp_path / "other")
    one = move_in(there.access("alice"), before)
    assert {said[0] for said in told(one).values()} == {"taken"} and not one.details["notes"]
    compare(before, b"".join(export.whole_of(there.access("alice"), LOOK)))
    what_is_seen(there)


def compare(before, after):
    (was, documents), (now, again) = said_by(before), said_by(after)
    activity = next(sha for sha, one in again.items() if one["title"].startswith("Activité de mon"))
    assert again.pop(activity)["media_type"] == "text/plain"
    assert was["folders"] == now["folders"] and len(was["folders"]) == 2
    assert was["choices"] | NOT_MOVED == now["choices"] | NOT_MOVED
    for kind in ("people", "designations", "directives"):
        assert was["wishes"][kind] == now["wishes"][kind] and was["wishes"][kind]
    assert documents.keys() == again.keys() and len(documents) == 13
    for sha, one in documents.items():
        assert one == again[sha], one["title"]


def what_is_seen(there):
    alice = there.access("alice")
    listed = {one.title: one for one in document.loaded(alice, alice.documents())}
    papers = {title for title, one in listed.items() if one.wish}
    assert len(papers) == 5
    assert there.masked() == set(listed) - {"Bilan"} - papers | {"EXPPAT_3"}
    assert b"".join(listed["Photo"].content_chunks()) == picture("Une photo")
    newer, letter = (Document.get(Document.identifier == one) for one in ("1.2.4", "1.2.5"))
    assert [one.identifier for one in version.all_of(newer)] == ["1.2.3", "1.2.4"]
    assert letter.depositor_name == "Alice Exemple" and letter.origin == "person"
    assert "ajouté par Cabinet Fictif" in letter.warning and letter.author == "Lucie Modèle"
    assert [one.role for one in part.of(letter)] == ["body"] and letter.changeable
    acts = [entry.act for entry in Entry.select().where(Entry.record == alice.record_id)]
    assert acts.count(Act.DEPOSITED) == 14 and acts.count(Act.MOVED_IN) == 1
    assert signing.current(signing.all_of(alice.record, Designation)).paper.wish
    assert list(checking.faults()) == []
