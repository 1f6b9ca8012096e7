"""« Mes droits »: everything taken out, in pages that any browser opens, locked or not."""

import io
import json
import zipfile
from contextlib import ExitStack
from datetime import date
from threading import BoundedSemaphore
from urllib.parse import unquote, urljoin

import pytest
import pyzipper
from bs4 import BeautifulSoup

from models import access, bin, export, parcel_pages
from models.access import Role
from models.document import Document
from models.journal import Act, Entry
from models.part import Part
from models.vault import Spool
from views import rights

SECRET = "canoe tambour citron 58"
BLOCKS = [
    {"kind": "heading", "level": 1, "runs": ["Conclusion"]},
    {"kind": "paragraph", "runs": ["Tout va bien. <script>", {"text": "Courbe", "part": "Courbe"}]},
]


@pytest.fixture
def here(world):
    return f"/espaces/{world.record('alice').uid}/droits"


def exported():
    return Entry.select().where(Entry.act == Act.EXPORTED).count()


def taken(visitor, here, **fields):
    token = visitor.get(here).soup.select_one("main [name=csrf_token]")["value"]
    return visitor.client.post(here, data={"csrf_token": token} | fields)


def pages_of(file):
    return {
        name: BeautifulSoup(file.read(name), "html.parser")
        for name in file.namelist()
        if name.endswith(".html")
    }


def with_part(one, role, name, kind, content):
    spool = Spool(10_000)
    spool.write(content)
    kept = {"content": spool.keep(), "size": spool.size, "sha256": "0" * 64}
    number = Part.select().where(Part.document == one).count()
    Part.create(document=one, number=number, role=role, name=name, media_type=kind, **kept)
    Document.update(parts_size=10).where(Document.id == one.id).execute()


def fill(world):
    heart = world.folder('Cœur & "vaisseaux" #1 100%')
    told = world.paper("Compte rendu ? <b>", folder=heart)
    with_part(told, "page", "Page", "application/json", json.dumps(BLOCKS).encode())
    with_part(told, "file", "Courbe", "image/png", b"image")
    older, newer = world.paper("Bilan"), world.paper("Bilan corrigé")
    Document.update(replaces=older.id).where(Document.id == newer.id).execute()
    bin.discard(world.access("alice"), [world.paper("Vieux")])
    world.designation(signed_on=date(2025, 3, 1))
    world.directive(signed_on=date(2025, 4, 1), valeurs="La mer.\nEt <i>le vent</i>.")
    world.let_in("bruno", Role.CARER, link="mon fils")


def test_from_the_record_a_page_says_what_is_in_it_then_the_file_comes(visit, world, here):
    world.paper("Résultats")
    alice = visit("alice")
    alice.get(here.removesuffix("droits"))
    page = alice.follow("tout emporter")
    assert page.address == here and page.title.startswith("Mes droits – ")
    assert "n'est pas chiffré" in page.text and exported() == 0
    answer = taken(alice, here)
    assert answer.status_code == 200 and answer.mimetype == "application/zip"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    file = zipfile.ZipFile(io.BytesIO(answer.get_data()))
    assert "Documents/Résultats.txt" in file.namelist()
    assert "a téléchargé tout l'espace" in file.read("Activité.csv").decode()
    assert exported() == 1


def test_looking_takes_nothing_out_and_the_old_address_leads_here(visit, here):
    alice = visit("alice")
    for method in ("HEAD", "GET"):
        assert alice.client.open(here, method=method).mimetype == "text/html"
    alice.client.post(here)
    assert alice.get(here.replace("droits", "export")).address == here
    assert exported() == 0


def test_a_password_locks_it_and_is_nowhere_here(visit, world, here, caplog):
    answer = taken(visit("alice"), here, password=SECRET, again=SECRET)
    assert "-protege.zip" in answer.headers["Content-Disposition"]
    with pyzipper.AESZipFile(io.BytesIO(answer.get_data())) as outer:
        assert outer.namelist() == [export.INSIDE]
        inside = outer.read(export.INSIDE, pwd=SECRET.encode())
    assert "index.html" in zipfile.ZipFile(io.BytesIO(inside)).namelist()
    assert SECRET not in caplog.text
    assert not [one for one in Entry.select() if SECRET in one.detail]


@pytest.mark.parametrize(
    "password, again, field, words",
    [
        ("", "", "password", "Choisissez un mot de passe"),
        ("court", "court", "password", "trop court"),
        (SECRET, SECRET + "9", "again", "pas le même mot de passe"),
        (SECRET, "", "again", "pas le même mot de passe"),
        ("rivière tambour citron 58", "rivière tambour citron 58", "password", "sans accent"),
    ],
)
def test_a_wrong_password_is_said_at_its_field(visit, here, password, again, field, words):
    alice = visit("alice")
    alice.get(here)
    button = "Tout télécharger, avec ce mot de passe"
    page = alice.submit(button, 422, password=password, again=again)
    assert words in page.soup.select_one(f"#{field}-fault").get_text()
    assert exported() == 0 and page.soup.select_one("#password").get("value") is None


def test_a_representative_has_the_same_page_and_a_carer_is_told_who_may(visit, world, here):
    world.let_in("bruno", Role.CARER, given="read wishes trace")
    bruno = visit("bruno")
    assert "Votre accès ne permet pas" in bruno.get(here, 403).text
    access.find(world.account("bruno"), world.record("alice").uid).delete_instance()
    world.let_in("bruno", Role.REPRESENTATIVE, measure="representation")
    assert visit("bruno").get(here).title.startswith("Ses droits – Alice Exemple")


def test_every_link_of_its_pages_leads_to_a_file_that_is_there(visit, world, here):
    fill(world)
    file = zipfile.ZipFile(io.BytesIO(taken(visit("alice"), here).get_data()))
    names, reached = set(file.namelist()), {"index.html"}
    for name, page in pages_of(file).items():
        for link in page.select("[href], [src]"):
            address = link.get("href") or link["src"]
            if address.startswith("#"):
                assert page.select_one(address), (name, address)
                continue
            path = unquote(urljoin("http://x/" + name.replace("#", "%23"), address))
            reached.add(path.removeprefix("http://x/"))
    assert reached <= names
    # All but what the first page names in words.
    left = {"Lisez-moi.txt", "carnet.json", "FHIR/documents.json", "Activité.csv"}
    assert {one for one in names - reached if not one.startswith("Listes/")} == left


def test_its_pages_are_whole_and_run_nothing(visit, world, here):
    fill(world)
    file = zipfile.ZipFile(io.BytesIO(taken(visit("alice"), here).get_data()))
    for name, page in pages_of(file).items():
        assert page.html["lang"] == "fr" and page.title.get_text().strip(), name
        assert len(page.select("h1")) == len(page.select("main")) == 1, name
        assert page.select_one("a.skip")["href"] == "#contenu", name
        assert len(page.select("header nav a")) == 4, name
        assert not page.select("script, iframe, form, style, [style], [onclick]"), name
        # Nor would what was put in one: opened from a folder, it has no header to forbid it.
        policy = page.select_one("meta[http-equiv=Content-Security-Policy]")["content"]
        assert "default-src 'self' file: content:; script-src 'none';" in policy, name
        assert not any("//" in one.get("href", "") for one in page.select("[href]")), name


def test_four_leave_at_once_and_whoever_stops_leaves_room(visit, here, monkeypatch):
    """Each holds a thread as long as it is received: sixteen would be the whole site."""
    monkeypatch.setattr(rights, "LEAVING", turns := BoundedSemaphore(1))
    alice = visit("alice")
    for _ in range(2):
        assert taken(alice, here).get_data().startswith(b"PK")
    told = exported()
    with turns:
        refused = taken(alice, here)
    assert refused.status_code == 303 and rights.BUSY in alice.get(here).text
    assert exported() == told
    for begun in (False, True):
        with ExitStack() as turn:
            turns.acquire()
            turn.callback(turns.release)
            content = rights._until_its_end((each for each in "ab"), turn.pop_all())
        assert not begun or next(iter(content)) == "a"
        content.close()
        content.close()
        assert turns.acquire(blocking=False)
        turns.release()


def test_its_pages_tell_documents_wishes_accesses_and_what_was_done(visit, world, here):
    fill(world)
    file = zipfile.ZipFile(io.BytesIO(taken(visit("alice"), here).get_data()))
    pages = {name: " ".join(one.main.get_text(" ").split()) for name, one in pages_of(file).items()}
    plain = {name: text.replace("\u00a0", " ") for name, text in pages.items()}
    assert "Hors dossier : 3 documents" in plain["index.html"]
    loose = plain["Pages/Documents.html"]
    assert loose.index("Bilan corrigé") < loose.index("Versions d'avant Bilan")
    assert "par Alice Exemple" in loose and "visible" in loose
    (read,) = [text for name, text in plain.items() if name.startswith("Lisible/")]
    assert "Conclusion" in read and "Tout va bien. <script>" in read
    wishes = plain["Volontés.html"]
    assert "Valable depuis le 1er mars 2025" in wishes and "Et <i>le vent</i>." in wishes
    assert "Bruno Fictif" in plain["Accès.html"] and "aidant (mon fils)" in plain["Accès.html"]
    done = plain["Activité.html"]
    assert "a téléchargé tout l'espace" in done and "« Bilan corrigé »" in done


def test_long_lists_are_cut_in_pages(visit, world, here, monkeypatch):
    monkeypatch.setattr(parcel_pages, "LONGEST_LIST", 2)
    monkeypatch.setattr(parcel_pages, "LONGEST_ACTIVITY", 2)
    for title in ("Un", "Deux", "Trois"):
        world.paper(title)
    file = zipfile.ZipFile(io.BytesIO(taken(visit("alice"), here).get_data()))
    pages = pages_of(file)
    assert len(pages["Pages/Documents.html"].select("main h2")) == 2
    assert len(pages["Pages/Documents (2).html"].select("main h2")) == 1
    lines = [len(one.select(".list > li")) for name, one in pages.items() if "Activité" in name]
    number = Entry.select().where(Entry.record == world.record("alice")).count()
    assert sum(lines) == number and max(lines) == 2


def test_what_is_hidden_from_her_is_nowhere_in_it(visit, world, here):
    world.professional("hugo")
    doctor = world.let_in("hugo", Role.PROFESSIONAL)
    world.paper("Mystère", "Des octets inconnus.", by=doctor, unannounced=True)
    world.paper("Bilan")
    file = zipfile.ZipFile(io.BytesIO(taken(visit("alice"), here).get_data()))
    uid = Document.get(Document.title == "Mystère").uid
    for name in file.namelist():
        content = name.encode() + file.read(name)
        for words in ("Mystère", "octets inconnus", uid):
            assert words.encode() not in content, name
    assert b"Bilan" in file.read("carnet.json")
