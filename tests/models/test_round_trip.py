"""Taken out of one Carnet, brought in another that is empty: the same bytes, folders, maskings,
pins, bin, versions and wishes."""

import shutil
from datetime import date

from models import bin as bins
from models import export, filing, instance, masking, version, wishes
from models.document import Document
from models.record import Shown
from models.settings import Settings

from ..moved import move_in
from ..world import World
from .taken import LOOK

SECRET = "canoe tambour citron 58"


def fill(world):
    alice = world.access("alice")
    heart = world.folder("Cœur / vaisseaux")
    world.paper("Suit le choix", "Un.", folder=heart)
    masking.choose_all(alice, True)
    alice = world.access("alice")
    shown = world.paper("Montré", "Deux.")
    masking.choose(alice, [shown], False)
    older, newer = world.paper("Bilan", "Trois."), world.paper("Bilan corrigé", "Quatre.")
    version.place(newer, older, None)
    filing.pin(alice, newer, True)
    bins.discard(alice, [world.paper("Vieux", "Cinq.", scan="Une photo.")])
    paule = world.contact("Paule", called=True)
    world.designation(signed_on=date(2025, 3, 1), person=paule, says=["told"])
    world.directive(signed_on=date(2025, 4, 1), valeurs="La mer,\net le vent.")
    wishes.choose_readers(world.access("alice"), Shown.ACCESS)


def held(world):
    """All that matters of it, in words."""
    alice = world.access("alice")
    folders = {one.id: one.name for one in alice.folders()}
    documents = {}
    for one in Document.select().where(alice.sees()):
        one.record = alice.record
        older = one.replaces.title if one.replaces else None
        marks = (masking.is_masked(one), one.wish, bool(one.pinned_at), bool(one.binned_at), older)
        told = (one.category, one.dated, one.author, folders.get(one.folder_id))
        documents[one.title] = (b"".join(one.content_chunks()), *told, *marks)
    said = wishes.answers(alice)
    return {
        "documents": documents,
        "folders": sorted(folders.values()),
        "people": [(one.name, one.phone, one.call_rank) for one in said.people],
        "trusted": [
            (one.contact.name, one.signed_on, one.chosen, one.state, one.paper.title)
            for one in said.designations
        ],
        "directives": [
            (one.signed_on, one.answers, one.state, one.paper.title) for one in said.directives
        ],
    }


def test_the_same_record_comes_out_of_an_empty_carnet(world, template_folder, tmp_path):
    fill(world)
    before = held(world)
    content = b"".join(export.whole_of(world.access("alice"), LOOK, SECRET))
    shutil.copytree(template_folder, tmp_path / "other")
    instance.open_instance(Settings(instance=tmp_path / "other"))
    there = World()
    assert not held(there)["documents"]
    move_in(there.access("alice"), content, SECRET)
    after = held(there)
    # The activity that was elsewhere is one document more.
    assert b"Scell" in after["documents"].pop("Activité de mon ancien espace")[0]
    for name, told in before.items():
        assert after[name] == told, name
