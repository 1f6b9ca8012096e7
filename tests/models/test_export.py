"""Everything taken out: one ZIP, of what this access sees, under names that every system takes."""

import io
import tracemalloc
import zipfile
from datetime import date

import pytest
import pyzipper

from models import bin as bins
from models import (
    chronicle,
    document,
    export,
    manifest,
    masking,
    operator,
    parcel,
    parcel_pages,
    share,
    vault,
)
from models.access import Forbidden, Role
from models.database import database
from models.document import Document
from models.journal import Act, Entry
from models.ledger import Line
from models.parcel import Parcel, safe
from models.part import Part
from models.refusal import Refusal
from models.vault import Spool
from models.words import uid

from ..world import LIMITS
from .taken import LOOK, deposited, opened, taken_out, text

LISTED = "Listes/Documents.csv"
SECRET = "canoe tambour citron 58"


def test_documents_are_as_deposited_in_the_folders_she_named(world):
    heart = world.folder("Mon cœur")
    world.paper("Résultats", "Le texte d'Élise.", folder=heart)
    world.paper("Scanner", scan="Une image.")
    thrown = world.paper("Vieux")
    bins.discard(world.access("alice"), [thrown])
    file = taken_out(world.access("alice"))
    assert deposited(file) == [
        "Corbeille/Vieux.txt",
        "Documents/Mon cœur/Résultats.txt",
        "Documents/Scanner.png",
    ]
    assert file.read("Documents/Mon cœur/Résultats.txt").decode() == "Le texte d'Élise."
    scan = Document.get(Document.title == "Scanner")
    assert file.read("Documents/Scanner.png") == b"".join(scan.content_chunks())
    listed = text(file, LISTED).splitlines()
    assert len(listed) == 4 and "Documents/Mon cœur/Résultats.txt;Résultats;" in listed[1]
    assert all(one.flag_bits & 0x800 for one in file.infolist())  # names in UTF-8


def test_names_never_climb_collide_or_compute(world):
    for title in ("../../etc/passwd", "=cmd|' /C calc'!A0", "Radio", "RADIO", "aux", "...", "a\\b"):
        world.paper(title)
    world.folder("Radio.txt"), world.paper("Dedans", folder=world.folder("../Radio"))
    file = taken_out(world.access("alice"))
    names = file.namelist()
    assert len({name.casefold() for name in names}) == len(names)
    names = deposited(file)
    assert len(names) == 8
    for name in names:
        root, *parts = name.split("/")
        assert root == "Documents" and len(parts) <= 2
        assert not any(part in ("", ".", "..") or part[0] == "." for part in parts)
        assert not set(name) & set('\\:*?"<>|')
    assert "Documents/Radio (2).txt" in names and "Documents/RADIO (3).txt" in names
    assert "Documents/- aux.txt" in names and "Documents/Sans titre.txt" in names
    listed = text(file, LISTED)
    assert ";=cmd" not in listed and "'=cmd" in listed


def test_no_page_takes_the_place_of_another(world, monkeypatch):
    """Whatever her folders are called, and however long the activity."""
    monkeypatch.setattr(parcel_pages, "LONGEST_ACTIVITY", 1)
    for name in ("Activité 2", "Activité", "index", "Accès"):
        world.paper("Dedans", folder=world.folder(name))
    names = [name.casefold() for name in taken_out(world.access("alice")).namelist()]
    assert len(set(names)) == len(names)
    # A folder and a file are not called the same either.
    assert not {name.rpartition("/")[0] for name in names} & set(names)


@pytest.mark.parametrize(
    "name, given",
    [
        ("con", "- con"),
        ("Con.pdf", "- Con.pdf"),
        ("con .pdf", "- con .pdf"),
        ("a" * 300, "a" * 120),
        ("é" * 300, "é" * 60),
        ("e\u0301te\u0301", "été"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("fin. ", "fin"),
        ("l\u202etxt.exe", "l-txt.exe"),
        ("\x00", "-"),
        ("", "Sans titre"),
        ("L'été : à Paris", "L'été - à Paris"),
    ],
)
def test_a_name_is_one_for_every_system(name, given):
    assert safe(name) == given


def test_each_list_is_a_table_that_computes_nothing(world):
    world.contact("=Paule", email="paule@exemple.invalid")
    world.designation(signed_on=date(2025, 3, 1))
    world.directive(signed_on=date(2025, 4, 1), valeurs="La mer,\net le vent.")
    world.let_in("bruno", Role.CARER, link="@mon fils")
    share.make(world.access("alice"), world.paper("Radio"), "-Dr Fictif", "24h", 2)
    file = taken_out(world.access("alice"))
    assert "'=Paule;Imaginaire;Fille;" in text(file, "Listes/Entourage.csv")
    signed = text(file, "Listes/Personne de confiance.csv").splitlines()[1]
    assert ";valable;01/03/2025;;;" in signed and signed.endswith("1er mars 2025.png")
    written = text(file, "Listes/Directives anticipées.csv")
    assert "valable;01/04/2025;" in written and "La mer, et le vent." in written
    assert "\nRadio;'-Dr Fictif;" in text(file, "Listes/Partages.csv")
    given = text(file, "Listes/Accès.csv")
    assert "Bruno Fictif;carer;'@mon fils;lire les documents, ajouter des documents, " in given


def test_an_earlier_version_is_under_the_newer_and_is_there_too(world):
    oldest, older, newer = world.paper("A"), world.paper("B"), world.paper("C")
    for one, before in ((newer, older), (older, oldest)):
        Document.update(replaces=before.id).where(Document.id == one.id).execute()
    alice = world.access("alice")

    def listed(name="Documents"):
        return text(taken_out(alice), f"Pages/{name}.html").splitlines()[1:]

    assert deposited(taken_out(alice)) == [f"Documents/{name}.txt" for name in "ABC"]
    assert listed() == ["C"]
    laid = Parcel(alice)
    assert [one.path for one in laid.versions(laid.places[newer.id])] == [
        "Documents/B.txt",
        "Documents/A.txt",
    ]
    bins.discard(alice, [Document.get_by_id(newer.id)])
    assert listed() == ["B"] and listed("Corbeille") == ["C"]


def test_a_hidden_version_leaves_those_around_it_in_line(world):
    world.professional("hugo")
    doctor = world.let_in("hugo", Role.PROFESSIONAL)
    oldest, newest = world.paper("A"), world.paper("C")
    hidden = world.paper("Secret", by=doctor, unannounced=True)
    for one, before in ((newest, hidden), (hidden, oldest)):
        Document.update(replaces=before.id).where(Document.id == one.id).execute()
    file = taken_out(world.access("alice"))
    assert text(file, "Pages/Documents.html").splitlines()[1:] == ["C"]
    assert '"replaces": "Documents/A.txt"' in text(file, manifest.NAME)
    assert not any("Secret" in name or "Secret" in text(file, name) for name in file.namelist())


def test_what_can_be_read_of_a_document_is_beside_it(world):
    one = world.paper("Bilan", folder=world.folder("Cœur"))
    for number, (role, name, kind) in enumerate(
        (
            ("body", "Document", "application/pdf"),
            ("file", "Courbe.png", "image/png"),
            ("signature", "Signature", "application/xml"),
        )
    ):
        spool = Spool(1000)
        spool.write(f"{role} de Bilan".encode())
        content = {"content": spool.keep(), "size": spool.size, "sha256": "0" * 64}
        Part.create(document=one, number=number, role=role, name=name, media_type=kind, **content)
    Document.update(parts_size=10).where(Document.id == one.id).execute()
    file = taken_out(world.access("alice"))
    readable = [name for name in file.namelist() if name.startswith("Lisible/")]
    assert readable == ["Lisible/Cœur/Bilan.pdf", "Lisible/Cœur/Bilan - Courbe.png"]
    assert file.read("Lisible/Cœur/Bilan.pdf") == b"body de Bilan"


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
        export.whole_of(one, LOOK)
    assert Entry.select().where(Entry.act == Act.EXPORTED).count() == 0


def test_a_parent_takes_out_what_he_sees_and_no_more(world):
    from .. import minors

    carole = minors.activated(world, email="noe@exemple.invalid")
    world.professional("hugo"), world.let_in("hugo", Role.PROFESSIONAL, of="noe")
    hidden = {"by": world.access("hugo", "noe"), "of": "noe", "from_representatives": True}
    world.paper("Secret", "Des octets cachés.", **hidden)
    world.paper("Vaccins", by=carole, of="noe")
    file = taken_out(carole)
    assert deposited(file) == ["Documents/Vaccins.txt"]
    everything = [name.encode() + file.read(name) for name in file.namelist()]
    assert not any(b"Secret" in one or b"Des octets cach" in one for one in everything)


def test_what_is_masked_is_hers_and_is_said_so(world):
    masking.choose(world.access("alice"), [world.paper("Nodule")], True)
    listed = text(taken_out(world.access("alice")), LISTED).splitlines()
    assert listed[1].startswith("Documents/Nodule.txt") and ";oui;" in listed[1]


def test_a_damaged_document_loses_no_other(world):
    world.paper("Un"), world.paper("Deux"), world.paper("Trois")
    vault.erase(Document.get(Document.title == "Deux").content)
    file = taken_out(world.access("alice"))
    assert file.read("Documents/Un.txt") and file.read("Documents/Trois.txt")
    assert text(file, export.DAMAGED).rstrip().endswith("Deux")
    assert text(file, manifest.NAME).count('"damaged": true') == 1


def test_a_password_locks_even_the_names(world):
    world.paper("Sérologie", "Un résultat.")
    locked = b"".join(export.whole_of(world.access("alice"), LOOK, SECRET))
    assert "Sérologie".encode() not in locked and b"Un r" not in locked
    with pyzipper.AESZipFile(io.BytesIO(locked)) as outer:
        (only,) = outer.infolist()
        assert only.filename == export.INSIDE and only.wz_aes_strength == 3  # 256 bits
        with pytest.raises(RuntimeError):
            outer.read(only, pwd=b"canoe tambour citron 59")
        inside = outer.read(only, pwd=SECRET.encode())
    assert opened(inside).read("Documents/Sérologie.txt").decode() == "Un résultat."


@pytest.mark.parametrize(
    "secret, words",
    [
        ("court", "trop court"),
        ("rivière tambour citron 58", "sans accent"),
        ("tambour citron\t58 vert", "sans accent"),
        ("Alice Exemple Alice", "devine"),
    ],
)
def test_a_password_that_some_tool_could_not_read_or_that_is_weak_is_refused(world, secret, words):
    with pytest.raises(Refusal) as refused:
        export.checked_secret(world.record("alice"), secret)
    assert words in refused.value.sentence and refused.value.field == "password"


def test_the_operator_takes_even_what_is_not_announced_and_it_is_told(world):
    world.professional("hugo")
    doctor = world.let_in("hugo", Role.PROFESSIONAL)
    world.paper("À annoncer", by=doctor, unannounced=True)
    world.directive(signed_on=date(2025, 4, 1))
    record = world.record("alice")
    file = opened(b"".join(export.whole_for_office(record, LOOK)))
    assert "Documents/À annoncer.txt" in deposited(file)
    told = text(file, manifest.NAME)
    assert '"made_by": "office"' in told and '"unannounced": true' in told
    assert "valeurs" in told
    (line,) = Line.select().where(Line.act == "took-record")
    assert line.about == record.uid and line.name == operator.ACTOR.name
    last = Entry.select().where(Entry.act == Act.EXPORTED).order_by(Entry.id.desc()).first()
    assert last.actor == operator.ACTOR.name
    assert "Documents/À annoncer.txt" not in taken_out(world.access("alice")).namelist()


def test_memory_stays_flat_however_large_it_is(world):
    one = world.paper("Lourd")
    spool = Spool(LIMITS.document)
    for number in range(200):
        spool.write(bytes([number]) * 100_000)
    heavy = {"content": spool.keep(), "size": 20_000_000, "media_type": "application/pdf"}
    Document.update(heavy).where(Document.id == one.id).execute()
    alice, length = world.access("alice"), 0
    b"".join(export.whole_of(alice, LOOK, SECRET))  # what is loaded once is not counted
    tracemalloc.start()
    for piece in export.whole_of(alice, LOOK, SECRET):
        length += len(piece)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert length > 20_000_000 and peak < 5_000_000
    assert document.find(alice, one.uid)


def test_a_thousand_documents_cost_some_questions_a_hundred(world):
    one = world.paper("Bilan")
    kept = Document.select().where(Document.id == one.id).dicts().get()
    del kept["id"]

    def asked(number):
        rows = [kept | {"uid": uid(), "sha256": uid()} for _ in range(number)]
        Document.insert_many(rows).execute()
        alice, questions = world.access("alice"), []
        database.obj.query_hooks.append(lambda told, *_: questions.append(told))
        try:
            b"".join(export.whole_of(alice, LOOK))
        finally:
            database.obj.query_hooks.pop()
        return len(questions)

    few, many = asked(parcel.BATCH), asked(2 * parcel.BATCH)
    assert 0 < many - few <= 2 * 8


def test_what_comes_meanwhile_moves_no_file_and_what_goes_is_left_out(world):
    first, second = world.paper("Un"), world.paper("Deux")
    leaving = export.whole_of(world.access("alice"), LOOK)
    pieces = [next(leaving)]
    world.paper("Un"), Document.delete().where(Document.id == second.id).execute()
    file = zipfile.ZipFile(io.BytesIO(b"".join([*pieces, *leaving])))
    assert "Documents/Un.txt" in file.namelist() and first.uid in text(file, manifest.NAME)


def test_the_chain_is_proven_by_whoever_has_the_file(world):
    """Through the same verb as the export of the activity alone."""
    alone = b"".join(chronicle.export(world.access("alice"), LOOK.words)).decode("utf-8-sig")
    inside = text(taken_out(world.access("alice")), export.ACTIVITY)
    assert inside.splitlines()[1] == alone.splitlines()[1]
