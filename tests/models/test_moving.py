"""What an archive brings in: looked at first, then taken whole, and never more than its person may.
A hostile one is refused in words, and leaves nothing."""

import io
import json
import struct
import zipfile
from dataclasses import replace
from datetime import date, timedelta

import pytest
import pyzipper

from models import bin as bins
from models import (
    chores,
    clock,
    erasure,
    job,
    masking,
    moving,
    moving_reading,
    moving_rows,
    vault,
    version,
)
from models.access import Forbidden, Measure, Right, Role
from models.contact import Contact
from models.designation import Designation
from models.directive import Directive
from models.document import Document
from models.folder import Folder
from models.journal import Act, Entry
from models.keeping import kept as keeping
from models.moving import Moving, Stage
from models.moving_item import Item
from models.record import Record
from models.refusal import Refusal

from ..exchange.documents import cda
from ..exchange.envelopes import xdm
from ..exchange.people import Someone
from ..exchange.resources import ips
from ..moved import ALICE, bring, carnet, move_in, take, told, why, zipped
from ..world import LIMITS, SENDER, picture, spooled

PAPER = picture("Un papier signé.")
MOMENT = "2025-03-02T10:00:00+00:00"
A = {"Documents/a.txt": b"Un texte fictif."}


def nothing_left(alice, one):
    assert not Document.select().count() and not Item.select().count() and not one.content
    assert not Folder.select().count() and not moving.contents()
    assert not list(vault.names())
    acts = [entry.act for entry in Entry.select().where(Entry.record == alice.record_id)]
    assert Act.DEPOSITED not in acts and Act.MOVED_IN not in acts


def archive_with(told, files=A):
    return zipped({**files, "carnet.json": told if isinstance(told, bytes) else json.dumps(told)})


def slipping():
    return zipped({"../../etc/passwd": b"root"})


def linked():
    link = zipfile.ZipInfo("lien.txt")
    link.external_attr = 0o120777 << 16
    return zipped([(link, b"/etc/passwd")])


def overlapping():
    """Two entries of the list are the same bytes of the file."""
    content = zipped({"a.txt": b"A" * 500, "b.txt": b"B" * 500}, zipfile.ZIP_STORED)
    second = content.rindex(b"PK\x01\x02")
    return content[: second + 42] + struct.pack("<L", 0) + content[second + 46 :]


def bomb():
    """Small, and says that it is larger than a record."""
    content = bytearray(zipped({"a.txt": b"A" * 1000, "b.txt": b"B" * 1000}))
    for at in (content.index(b"PK\x01\x02"), content.rindex(b"PK\x01\x02")):
        content[at + 24 : at + 28] = struct.pack("<L", 2**32 - 2)
    return bytes(content)


def many(number=100_000):
    """Nothing in each: the list alone is heavy."""
    local = struct.pack("<4sHHHHHLLLHH", b"PK\x03\x04", 20, 0, 0, 0, 33, 0, 0, 0, 1, 0) + b"a"
    central = b"".join(
        struct.pack(
            "<4sHHHHHHLLLHHHHHLL", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 5, *[0] * 5, 0
        )
        + b"%05x" % n
        for n in range(number)
    )
    end = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 65535, 65535, len(central), 31, 0)
    return local + central + end


def deep():
    return archive_with(b'{"carnet": 1, "documents": ' + b"[" * 10_000 + b"]" * 10_000 + b"}")


HOSTILE = {
    "slip": (slipping, "piège"),
    "link": (linked, "piège"),
    "overlap": (overlapping, "piège"),
    "bomb": (bomb, "trop grosse"),
    "100,000 entries": (many, "trop de fichiers"),
    "cut short": (lambda: zipped({"a.txt": b"A" * 5000})[:-30], "abîmé"),
    "no zip": (lambda: b"%PDF-1.4", "pas une archive ZIP"),
    "empty": (lambda: zipped({}), "aucun document"),
    "only junk": (lambda: zipped({"__MACOSX/a.txt": b"a", ".DS_Store": b"b"}), "aucun document"),
    "deep": (deep, "abîmée"),
    "no JSON": (lambda: archive_with(b"{"), "abîmée"),
    "a list": (lambda: archive_with([1]), "abîmée"),
    "a million": (
        lambda: archive_with(b'{"carnet": 1, "documents": [' + b"{}," * 10**6 + b"{}]}"),
        "trop de fichiers",
    ),
    "newer": (lambda: carnet(A, carnet=2), "plus récent"),
    "no version": (lambda: carnet(A, carnet=None), "abîmée"),
    "true": (lambda: carnet(A, carnet=True), "abîmée"),
    "no person": (lambda: carnet(A, record={}), "abîmée"),
    "wrong day": (lambda: carnet(A, {"Documents/a.txt": {"dated": "demain"}}), "abîmée"),
    "a moment before all": (
        lambda: carnet(A, {"Documents/a.txt": {"deposited_at": "0001-01-01T00:00:00+14:00"}}),
        "abîmée",
    ),
    "a moment after all": (lambda: carnet(A, made_at="9999-12-31T23:59:59-14:00"), "abîmée"),
    "wrong type": (lambda: carnet(A, {"Documents/a.txt": {"title": {"a": 1}}}), "abîmée"),
    "long title": (lambda: carnet(A, {"Documents/a.txt": {"title": "a" * 10**5}}), "abîmée"),
    "wrong header": (lambda: carnet(A, {"Documents/a.txt": {"header": {"title": 1}}}), "abîmée"),
    "someone else": (lambda: carnet(A, record=ALICE | {"birth_date": "1960-01-01"}), "naissance"),
    "another name": (lambda: carnet(A, record=ALICE | {"birth_name": "Autre"}), "le nom"),
    "an XDM": (lambda: zipped({"IHE_XDM/SUBSET01/METADATA.XML": b"<a/>"}), "s'échangent"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused_in_words_and_leaves_nothing(world, name):
    make, words = HOSTILE[name]
    alice = world.access("alice")
    one = bring(alice, make())
    assert one.stage == Stage.REFUSED and words in why(one), (one.stage, one.told)
    nothing_left(alice, one)


def test_a_document_that_is_not_what_is_said_is_refused_and_the_others_taken(world):
    alice, files = (
        world.access("alice"),
        {f"Documents/{n}.txt": b"Texte " + n.encode() for n in "abcde"},
    )
    lies = {
        "Documents/a.txt": {"sha256": "0" * 64},
        "Documents/b.txt": {"path": "Documents/ailleurs.txt"},
        "Documents/c.txt": {"path": "../../c.txt"},
        "Documents/d.txt": {"damaged": True},
    }
    one = move_in(alice, carnet(files, lies))
    assert told(one) == {
        "Documents/a.txt": ("refused", moving_reading.DAMAGED),
        "Documents/ailleurs.txt": ("refused", moving_rows.MISSING),
        "../../c.txt": ("refused", moving_rows.MISSING),
        "Documents/d.txt": ("refused", moving_rows.WAS_DAMAGED),
        "Documents/e.txt": ("taken", ""),
    }
    assert world.titles(alice) == {"e"} and not moving.contents()
    assert alice.documents().get().size == Record.get_by_id(alice.record_id).used


def test_files_of_elsewhere_are_judged_one_by_one(world):
    alice, content = world.access("alice"), zipped({"r/r.txt": b"A" * 100, "r/ok.txt": b"Bonjour"})
    at = content.index(b"PK\x03\x04") + 30 + len("r/r.txt")
    broken = content[: at + 1] + b"\xff\xff" + content[at + 3 :]
    one = bring(alice, broken)
    assert told(one)["r/r.txt"] == ("refused", moving_reading.DAMAGED)
    moving.drop(alice, one)
    files = {
        "x/quine.zip": zipped({"quine.zip": b"PK\x05\x06"}),
        "x/page.html": b"<html>",
        "x/programme.exe": b"MZ\x90",
        "x/vide.txt": b"",
        "x/lourd.txt": b"L" * 5_000,
        "x/un.txt": b"Bonjour",
        "x/copie de un.txt": b"Bonjour",
        "x/ancien.txt": world.paper("Ancien", "Déjà là.") and "Déjà là.".encode(),
    }
    one = bring(alice, zipped(files), limits=replace(LIMITS, document=4_000))
    said = told(one)
    assert said.pop("x/un.txt") == ("take", "")
    assert said.pop("x/copie de un.txt") == ("known", moving_reading.TWICE)
    assert said.pop("x/ancien.txt") == ("known", "Déjà dans l'espace : « Ancien ».")
    assert {verdict for verdict, _ in said.values()} == {"refused"}
    words = " ".join(sentence for _, sentence in said.values())
    for why_not in (
        "une archive dans l'archive",
        "une page HTML",
        "un programme",
        "vide",
        "trop gros",
    ):
        assert why_not in words


def test_what_has_no_room_is_told_before(world):
    alice, small = world.access("alice"), replace(LIMITS, record=1_000)
    one = bring(alice, zipped({"a/un.txt": b"1" * 600, "a/deux.txt": b"2" * 600}), limits=small)
    assert sorted(verdict for verdict, _ in told(one).values()) == ["refused", "take"]
    assert world.titles(take(alice, one, small) and alice) == {"un"}


def test_the_folders_and_names_of_elsewhere_are_understood(world):
    alice, heart = world.access("alice"), world.folder("Biologie")
    someone = cda(title="Analyses imaginaires")
    stranger = cda(Someone(birth_name="Autre", given="Zoé", first="Zoé"), identifier="1.9.9")
    files = {
        "Export/Documents/Biologie/Prise de sang 12-03-2024.txt": b"Un.",
        "Export/Documents/Radio/2023/20230405_genou.txt": b"Deux.",
        "Export/Documents/Analyses.xml": someone,
        "Export/Documents/Autre.xml": stranger,
        "Export/Documents/Sans date.txt": b"Trois.",
        "Export/Documents/Échanges/lot.zip": xdm(cda(identifier="1.5.1"), cda(identifier="1.5.2")),
        "Export/Documents/Échanges/résumé.json": json.dumps(ips()).encode(),
    }
    one = move_in(alice, zipped(files))
    rows = {row.title: row for row in Document.select()}
    blood, knee = rows["Prise de sang 12-03-2024"], rows["20230405 genou"]
    assert (blood.folder.id, blood.category, blood.dated) == (
        heart.id,
        "BIOLOGIE",
        date(2024, 3, 12),
    )
    assert (knee.folder.name, knee.category) == ("Radio – 2023", "RADIO_SC")
    assert knee.dated == date(2023, 4, 5) and rows["Sans date"].folder is None
    kept = rows["Analyses imaginaires"]
    assert (kept.author, kept.dated, kept.category) == (
        "Lucie Modèle",
        date(2026, 3, 2),
        "BIOLOGIE",
    )
    assert "document de quelqu'un d'autre" in told(one)["Export/Documents/Autre.xml"][1]
    exchanged = Folder.get(Folder.name == "Échanges").documents
    assert len(rows) == 6 and Document.select().count() == exchanged.count() + 4 == 7
    moving.put_in_bin(alice, one, LIMITS)
    job.run_due(SENDER)
    assert not alice.documents().count() and len(bins.content(alice)) == 7


def test_what_is_here_is_kept_and_what_comes_is_never_shown_by_surprise(world):
    alice = world.access("alice")
    kept = world.paper("Gardé", "Un texte fictif.", masked=True)
    files = {f"Documents/{name}.txt": name.encode() for name in ("masqué", "montré", "comme tous")}
    said = {"Documents/masqué.txt": {"masked": True}, "Documents/comme tous.txt": {"masked": None}}
    choices = {"masked_by_default": True, "wishes_shown": "nobody"}
    move_in(alice, carnet({**files, **A}, said, choices=choices))
    alice = world.access("alice")
    assert not alice.record.masked_by_default and alice.record.wishes_shown == "emergency"
    assert world.masked() == {"Gardé", "masqué", "comme tous"}
    assert Document.get_by_id(kept.id).title == "Gardé" and len(world.titles(alice)) == 4
    masking.choose_all(alice, True)
    move_in(alice, carnet({"Documents/après.txt": b"Encore"}))
    assert "après" in world.masked()


def test_nothing_in_it_is_someone_else_s_deposit(world):
    """Nor an access, nor an entry of the activity, nor something kept from its own person."""
    alice = world.access("alice")
    told = {"depositor": {"name": "Dr Faux. Certifié", "role": "professional"}, "own": False}
    told |= {"origin": "laboratory", "source": {"name": "Labo", "kind": "laboratory"}}
    told |= {"unannounced": True, "from_representatives": True, "uid": "A" * 16}
    extra = {"Activité.csv": b"Quand;Qui;Quoi\nhier;SAMU;a lu\n"}
    before = Entry.select().count()
    move_in(alice, carnet(A, {"Documents/a.txt": told}, extra))
    one = Document.get(Document.title == "a")
    assert (one.depositor_id, one.depositor_role, one.origin) == (
        alice.account_id,
        "holder",
        "person",
    )
    assert one.changeable and one.uid != "A" * 16 and one.source is None
    assert not (one.unannounced or one.from_representatives or one.apart)
    assert "ajouté par Dr Faux Certifié le 2 janvier 2025." in one.warning
    acts = [entry for entry in Entry.select().order_by(Entry.id).offset(before)]
    assert {entry.account_id for entry in acts} == {alice.account_id}
    assert [entry.act for entry in acts] == [Act.DEPOSITED, Act.DEPOSITED, Act.MOVED_IN]
    activity = Document.get(Document.title == "Activité de mon ancien espace")
    assert activity.media_type == "text/plain" and activity.title in world.masked()


def test_what_was_in_the_bin_has_its_days(world):
    alice = world.access("alice")
    recent, old = clock.now() - timedelta(days=3), clock.now() - timedelta(days=90)
    files = {"Corbeille/récent.txt": b"R", "Corbeille/vieux.txt": b"V"}
    said = {
        "Corbeille/récent.txt": {"binned_at": recent.isoformat()},
        "Corbeille/vieux.txt": {"binned_at": old.isoformat()},
    }
    move_in(alice, carnet(files, said))
    left = {one.title: bins.days_left(one) for one in bins.content(alice)}
    assert left == {"récent": 27, "vieux": 30} and bins.empty_old() == 0


def test_versions_that_turn_in_a_circle_are_not_linked(world):
    alice, files = world.access("alice"), {f"Documents/{n}.txt": n.encode() for n in "abc"}
    around = {"Documents/a.txt": "c", "Documents/b.txt": "a", "Documents/c.txt": "b"}
    said = {path: {"replaces": f"Documents/{older}.txt"} for path, older in around.items()}
    move_in(alice, carnet(files, said))
    rows = {one.title: one for one in Document.select()}
    assert sorted(len(version.all_of(one)) for one in rows.values()) == [3, 3, 3]
    assert sum(one.replaces_id is None for one in rows.values()) == 1


PEOPLE = [
    {
        "number": 1,
        "given_name": "Paule",
        "family_name": "Imaginaire",
        "link": "daughter",
        "phone": "+33 6 39 98 00 12",
        "birth_date": "1980-02-01",
        "call_rank": 2,
        "added_at": MOMENT,
    },
    {"number": 2, "given_name": "Zoé", "family_name": "Inventée", "link": "??", "call_rank": 1},
]
SIGNED = {"begun_at": MOMENT, "ready_at": MOMENT, "signed_on": "2025-03-01", "signed_at": MOMENT}
TRUSTED = SIGNED | {"person": 1, "says": ["told", "?"], "paper": "Documents/p.png"}
WRITTEN = SIGNED | {"way": "written", "model": "b", "paper": "Documents/d.png"}
WRITTEN |= {"answers": {"valeurs": {"choice": "", "words": "La mer."}, "?": {"words": "?"}}}
WISHES = {"people": PEOPLE, "designations": [TRUSTED], "directives": [WRITTEN]}
PAPERS = {"Documents/p.png": PAPER, "Documents/d.png": picture("Des directives signées.")}
AS_WISHES = {path: {"wish": True, "category": "VDP"} for path in PAPERS}


def test_wishes_come_where_there_are_none_and_what_is_wrong_is_told(world):
    alice = world.access("alice")
    one = move_in(alice, carnet(PAPERS, AS_WISHES, wishes=WISHES))
    assert [person.name for person in Contact.select()] == ["Paule Imaginaire"]
    assert any("Zoé Inventée n'est pas dans l'entourage" in note for note in one.details["notes"])
    (trusted,), (written,) = Designation.select(), Directive.select()
    assert (trusted.contact.name, trusted.chosen) == ("Paule Imaginaire", ["told"])
    assert [answer.words for answer in written.given_answers] == ["La mer."]
    assert trusted.paper.wish and written.paper.wish and not written.paper.changeable
    acts = {entry.act for entry in Entry.select().where(Entry.record == alice.record_id)}
    assert {Act.ADDED_CONTACT, Act.SIGNED_DESIGNATION, Act.SIGNED_DIRECTIVE} <= acts


@pytest.mark.parametrize(
    "wrong",
    [
        {"paper": "Documents/ailleurs.png"},
        {"signed_on": "2999-01-01"},
        {"signed_on": "1960-01-01"},
        {"revoked_on": "2024-01-01"},
        {"way": "???"},
        {"model": "???"},
        {"protection": "represented"},
    ],
)
def test_what_is_not_signed_is_never_said_to_be(world, wrong):
    wishes = WISHES | {"designations": [], "directives": [WRITTEN | wrong]}
    one = move_in(world.access("alice"), carnet(PAPERS, AS_WISHES, wishes=wishes))
    assert not Directive.select().count()
    assert any("Directives anticipées" in note for note in one.details["notes"])
    # Its papers are not lost, nor shown to those who may not read wishes.
    assert {row.title for row in Document.select()} == {"p", "d"} == world.masked()


def test_wishes_that_are_here_are_never_touched(world):
    alice = world.access("alice")
    person, mine = world.contact("Marie"), world.directive(signed_on=date(2025, 6, 1))
    one = move_in(alice, carnet(PAPERS, AS_WISHES, wishes=WISHES))
    assert len(one.details["notes"]) == 2
    assert {each.name for each in Contact.select()} == {person.name, "Paule Imaginaire"}
    assert [row.id for row in Directive.select()] == [mine.id] and Designation.select().count() == 1
    assert "d" in world.masked() and not Document.get(Document.title == "d").wish


def test_a_representative_brings_documents_and_people_and_no_will(world):
    carole = world.let_in("carole", Role.REPRESENTATIVE, measure=Measure.REPRESENTATION.value)
    one = move_in(carole, carnet(PAPERS, AS_WISHES, wishes=WISHES))
    assert Contact.select().count() == 1 and not Directive.select().count()
    assert any("seule la personne" in note for note in one.details["notes"])
    assert not Document.select().where(Document.wish).count() and len(world.masked()) == 2


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL, Role.EMERGENCY])
def test_nobody_else_moves_in(world, role):
    given = (
        {"given": "read deposit file correct discard wishes trace"} if role == Role.CARER else {}
    )
    bruno = world.let_in("bruno", role, **given)
    with pytest.raises(Forbidden):
        moving.bring(bruno, spooled(b"PK"), "a.zip", "", LIMITS)
    one = bring(world.access("alice"), carnet(A))
    assert not bruno.can(Right.MOVE) and moving.find(bruno, one.uid) is None
    for verb in (moving.take, moving.put_in_bin):
        with pytest.raises(Forbidden):
            verb(bruno, one, LIMITS)
    with pytest.raises(Forbidden):
        moving.drop(bruno, one)
    assert one.stage == Stage.PREVIEW


def test_it_stops_where_who_brought_it_comes_in_no_more(world):
    carole = world.let_in("carole", Role.REPRESENTATIVE, measure=Measure.REPRESENTATION.value)
    one = bring(carole, carnet(A))
    moving.take(carole, one, LIMITS)
    carole.revoked_at = clock.now()
    carole.save()
    job.run_due(SENDER)
    one = Moving.get_by_id(one.id)
    assert one.stopped and one.job.fault == moving.LEFT and not Document.select().count()


def test_twice_changes_nothing(world):
    alice, content = world.access("alice"), carnet({**A, **PAPERS}, AS_WISHES, wishes=WISHES)
    move_in(alice, content)
    before = {one.uid: one.__data__ for one in Document.select()}
    again = move_in(alice, content)
    assert {one.uid: one.__data__ for one in Document.select()} == before
    assert {verdict for verdict, _ in told(again).values()} == {"known"}


def test_an_archive_is_kept_encrypted_a_week_and_no_more(world, settings):
    alice = world.access("alice")
    one = bring(alice, carnet(A))
    assert {one.content} == moving.contents() <= set(vault.names())
    secret = vault.place(one.content)[0].read_bytes()
    assert b"PK" not in secret[:100] and b"Un texte fictif" not in secret
    with clock.moved(timedelta(days=6)):
        chores.run(settings, SENDER, False)
        assert Moving.get_or_none(Moving.id == one.id) and one.content in set(vault.names())
    with clock.moved(timedelta(days=8)):
        chores.run(settings, SENDER, False)
        assert not Moving.select().count() and one.content not in set(vault.names())
    done = move_in(alice, carnet(A))
    assert (
        not list(name for name in vault.names() if name == done.content) and not moving.contents()
    )
    with clock.moved(timedelta(days=31)):
        chores.run(settings, SENDER, False)
        assert not Moving.select().count() and not Item.select().count()
        assert Document.select().count() == 1


def test_nothing_of_it_outlives_the_record(world):
    alice = world.access("alice")
    one = bring(alice, carnet(A))
    erasure.erase(alice.record)
    assert not Moving.select().count() and not Item.select().count()
    with clock.moved(timedelta(hours=2)):
        assert vault.sweep(keeping.known) and one.content not in set(vault.names())


def test_what_came_another_way_meanwhile_is_not_taken_twice(world):
    alice = world.access("alice")
    one = bring(alice, carnet(A))
    mine = world.paper("Le mien", "Un texte fictif.")
    assert told(take(alice, one))["Documents/a.txt"][0] == "known"
    assert [row.id for row in Document.select()] == [mine.id]
    assert Item.get().document_id == mine.id


def test_two_do_not_arrive_at_once(world):
    alice = world.access("alice")
    bring(alice, carnet(A))
    with pytest.raises(Refusal, match="déjà commencée"):
        bring(alice, carnet(A))
    assert len(moving.contents()) == len(list(vault.names())) == 1


def test_each_file_of_it_may_be_under_the_password(world):
    """As 7-Zip makes one."""
    file = io.BytesIO()
    with pyzipper.AESZipFile(
        file, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as archive:
        archive.setpassword("éléphant bleu".encode())
        for path, content in {**A, "Documents/b.txt": b"Bonjour " * 1000}.items():
            archive.writestr(path, content)
    alice = world.access("alice")
    one = bring(alice, file.getvalue(), "éléphant rose")
    assert one.stage == Stage.PROTECTED and "rose" not in one.told
    moving.open_with(alice, one, "éléphant bleu", LIMITS)
    job.run_due(SENDER)
    one = take(alice, Moving.get_by_id(one.id))
    assert {verdict for verdict, _ in told(one).values()} == {"taken"} and "bleu" not in one.told
    damaged = bytearray(file.getvalue())
    damaged[80] ^= 1
    one = bring(alice, bytes(damaged), "éléphant bleu")
    assert one.stage == Stage.PREVIEW and ("refused", moving_reading.DAMAGED) in told(one).values()
