"""Everything taken out: one ZIP, of what this access sees, under names that every system takes."""

import io
import tracemalloc
import zipfile
from datetime import date

import pytest

from models import bin as bins
from models import chronicle, document, export, masking, vault
from models.access import Forbidden, Role
from models.document import Document
from models.journal import Act, Entry
from models.vault import Spool

from ..world import LIMITS

WORDS = chronicle.Words(lambda entry: "titulaire", lambda entry, titles: entry.act)


def taken_out(access):
    file = zipfile.ZipFile(io.BytesIO(b"".join(export.whole_of(access, WORDS))))
    assert file.testzip() is None
    return file


def text(file, name):
    return file.read(name).decode("utf-8-sig")


def test_documents_are_as_deposited_in_the_folders_she_named(world):
    heart = world.folder("Mon cœur")
    world.paper("Résultats", "Le texte d'Élise.", folder=heart)
    world.paper("Scanner", scan="Une image.")
    thrown = world.paper("Vieux")
    bins.discard(world.access("alice"), [thrown])
    file = taken_out(world.access("alice"))
    names = [name for name in file.namelist() if "/" in name]
    assert sorted(names) == [
        "Corbeille/Vieux.txt",
        "Documents/Mon cœur/Résultats.txt",
        "Documents/Scanner.png",
    ]
    assert file.read("Documents/Mon cœur/Résultats.txt").decode() == "Le texte d'Élise."
    scan = Document.get(Document.title == "Scanner")
    assert file.read("Documents/Scanner.png") == b"".join(scan.content_chunks())
    listed = text(file, export.LIST).splitlines()
    assert len(listed) == 4 and "Documents/Mon cœur/Résultats.txt;Résultats;" in listed[1]


def test_names_never_climb_collide_or_compute(world):
    for title in ("../../etc/passwd", "=cmd|' /C calc'!A0", "Radio", "RADIO", "aux", "...", "a\\b"):
        world.paper(title)
    world.folder("Radio.txt"), world.paper("Dedans", folder=world.folder("../Radio"))
    names = [name for name in taken_out(world.access("alice")).namelist() if "/" in name]
    assert len({name.casefold() for name in names}) == len(names) == 8
    for name in names:
        root, *parts = name.split("/")
        assert root == "Documents" and len(parts) <= 2
        assert not any(part in ("", ".", "..") or part[0] == "." for part in parts)
        assert not set(name) & set('\\:*?"<>|')
    assert "Documents/Radio (2).txt" in names and "Documents/RADIO (3).txt" in names
    assert "Documents/- aux.txt" in names and "Documents/Sans titre.txt" in names
    listed = text(taken_out(world.access("alice")), export.LIST)
    assert ";=cmd" not in listed and "'=cmd" in listed


@pytest.mark.parametrize(
    "name, given",
    [
        ("con", "- con"),
        ("Con.pdf", "- Con.pdf"),
        ("a" * 300, "a" * 120),
        ("é" * 300, "é" * 60),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("fin. ", "fin"),
        ("l\u202etxt.exe", "l-txt.exe"),
        ("\x00", "-"),
        ("", "Sans titre"),
        ("L'été : à Paris", "L'été - à Paris"),
    ],
)
def test_a_name_is_one_for_every_system(name, given):
    assert export.safe(name) == given


def test_who_she_is_and_what_she_wants_are_in_words(world):
    world.contact("Paule")
    world.designation(signed_on=date(2025, 3, 1))
    world.directive(signed_on=date(2025, 4, 1), valeurs="La mer, et le vent.")
    said = text(taken_out(world.access("alice")), export.IDENTITY).replace("\u00a0", " ")
    for words in (
        *("Nom de naissance : Exemple", "Prénoms : Alice Anne", "14 mars 1951", "A-1"),
        *("Paule Imaginaire, fille", "06 39 98 00 12", "Signé le 1er mars 2025."),
        *("Signé le 1er avril 2025.", "La mer, et le vent."),
    ):
        assert words in said


def test_nobody_around_her_is_said_so(world):
    said = text(taken_out(world.access("alice")), export.IDENTITY)
    assert "Personne n'est inscrit." in said and "Aucune directive anticipée" in said


def test_the_activity_is_there_to_verify_and_tells_of_it(world):
    from models import proof

    world.paper("Résultats")
    file = taken_out(world.access("alice"))
    activity = text(file, export.ACTIVITY)
    assert proof.verify(io.StringIO(activity), lambda entry, titles: entry.act)
    assert activity.count(";exported;") == 1
    told = [one.act for one in Entry.select().where(Entry.account_id == world.account("alice").id)]
    assert told.count(Act.EXPORTED) == 1 and Act.EXPORTED_JOURNAL not in told


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL, Role.EMERGENCY])
def test_nobody_let_in_takes_everything_out(world, role):
    world.professional("hugo")
    given = {"given": "read deposit file correct discard wishes trace"}
    one = world.let_in("hugo", role, **given if role is Role.CARER else {})
    with pytest.raises(Forbidden):
        export.whole_of(one, WORDS)
    assert Entry.select().where(Entry.act == Act.EXPORTED).count() == 0


def test_a_parent_takes_out_what_he_sees_and_no_more(world):
    from .. import minors

    carole = minors.activated(world, email="noe@exemple.invalid")
    world.professional("hugo"), world.let_in("hugo", Role.PROFESSIONAL, of="noe")
    hidden = {"by": world.access("hugo", "noe"), "of": "noe", "from_representatives": True}
    world.paper("Secret", **hidden)
    world.paper("Vaccins", by=carole, of="noe")
    file = taken_out(carole)
    assert [name for name in file.namelist() if "/" in name] == ["Documents/Vaccins.txt"]
    assert not any("Secret" in text(file, name) for name in file.namelist())


def test_what_is_masked_is_hers_and_is_said_so(world):
    masking.choose(world.access("alice"), [world.paper("Nodule")], True)
    listed = text(taken_out(world.access("alice")), export.LIST).splitlines()
    assert listed[1].startswith("Documents/Nodule.txt") and listed[1].endswith(";oui")


def test_a_damaged_document_loses_no_other(world):
    world.paper("Un"), world.paper("Deux"), world.paper("Trois")
    vault.erase(Document.get(Document.title == "Deux").content)
    file = taken_out(world.access("alice"))
    assert file.read("Documents/Un.txt") and file.read("Documents/Trois.txt")
    assert text(file, export.DAMAGED).rstrip().endswith("Deux")


def test_memory_stays_flat_however_large_it_is(world):
    one = world.paper("Lourd")
    spool = Spool(LIMITS.document)
    for number in range(200):
        spool.write(bytes([number]) * 100_000)
    Document.update(content=spool.keep(), size=20_000_000).where(Document.id == one.id).execute()
    alice, length = world.access("alice"), 0
    tracemalloc.start()
    for piece in export.whole_of(alice, WORDS):
        length += len(piece)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert length > 20_000_000 and peak < 5_000_000
    assert document.find(alice, one.uid)
