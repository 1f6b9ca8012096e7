"""« Voir comme »: whoever decides for a record gets the very pages that others get, and no more."""

import re

import pytest
from werkzeug.exceptions import NotFound

from models import admission, emergency, sight, wishes
from models.access import Right, Role
from models.database import database
from models.document import Document, DocumentSeen
from models.folder import Folder
from models.journal import Entry
from models.record import Shown

from .. import sights
from .test_guards import _unwrapped, address, rules

# Pages where what is read is told: being asked for, they change.
OF_THE_JOURNAL = ("journal", "readers")
# What the tour is about where an address names one thing: all of these, or the first of its kind.
ALL = {"document": Document, "folders": Folder}


@pytest.fixture
def settings(copied, sights_folder):
    return copied(sights_folder)


@pytest.fixture
def alice(world, visit):
    world.number = sights.NEXT
    Document.update(unannounced=False).execute()
    return visit("alice")


@pytest.fixture
def sign_in(visit):
    return visit


def record(world):
    return world.record("alice").uid


def routes(app, method="GET"):
    return [one for one in rules(app) if "record" in one.arguments and method in one.methods]


def things(rule):
    """The uids that an address may name: several documents or folders, or one of every kind."""
    if "one" not in rule.arguments:
        return [None]
    table = ALL.get(rule.endpoint.partition(".")[0])
    if table:
        return [one.uid for one in table.select().order_by(table.id)]
    kept = [one for one in database.get_tables() if "uid" in _columns(one)]
    newest = "SELECT uid FROM {} ORDER BY id DESC LIMIT 1"
    rows = [database.execute_sql(newest.format(one)).fetchone() for one in kept]
    return [row[0] for row in rows if row] + [Entry.select().first().hash[:16]]


def _columns(table):
    return [row[1] for row in database.execute_sql(f"PRAGMA table_info({table})").fetchall()]


def places(app, access, uid, nouns=()):
    """(endpoint, address) of all that may be opened under the record; « no » is said once."""
    for rule in routes(app):
        if nouns and rule.endpoint.partition(".")[0] not in nouns:
            continue
        right = _unwrapped(app.view_functions[rule.endpoint]).right
        named = things(rule)
        for one in named if not right or access.can(right) else named[:1]:
            names = {"record": uid, "one": one} | (rule.defaults or {})
            yield rule.endpoint, address(rule, **names)


def asked(visitor, path):
    answer = visitor.client.get(path)
    if answer.mimetype != "text/html":
        return answer.status_code, answer.location, answer.mimetype, answer.get_data()
    return answer.status_code, answer.location, answer.mimetype, answer.get_data(as_text=True)


BANNER = re.compile('<aside class="demo" aria-label="Voir comme">.*?</aside>', re.S)
TITLE = re.compile(", vu comme [^<]*(?= – Carnet</title>)")
# What says where one is to whoever is let in: the banner says it to the one who looks.
WHERE = re.compile(
    r'<(p|div) class="box">(<p>)?(Vous êtes dans l|Accès d\'urgence à l).*?</\1>', re.S
)
DRAWN_ANEW = re.compile('(?<=name=")(csrf_token|sending)" value="[^"]*')


def drawn(answer, looking, endpoint=""):
    """The whole page, but for what differs where one looks as another."""
    status, location, kind, content = answer
    location = re.sub(r"[?&]fait=[\w-]+", "", without_eyes(location or ""))
    if endpoint.startswith("chronicle."):
        return status, kind  # to export is told in what is exported
    if kind != "text/html":
        return status, location, kind, content
    if looking and "<main" in content:
        content, banners = BANNER.subn("", content)
        content, titles = TITLE.subn("", content)
        assert (banners, titles) == (1, 1), "it does not tell whose eyes these are"
    elif not looking:
        content = WHERE.sub("", content)
    content = re.sub(r"fait=[\w-]+", "", DRAWN_ANEW.sub("", without_eyes(content)))
    return status, location, kind, "".join(content.split())


def without_eyes(text):
    return re.sub(r"(/espaces/[\w-]{16})~[\w-]+", r"\1", text)


def assert_stays(content, uid, who, others=()):
    """Each address of a page leads to where one looks from, but for the way out; `others`: whose
    eyes may be taken from there."""
    (banner,) = BANNER.findall(content)
    assert re.findall('href="([^"]*)"', banner) == [f"/espaces/{uid}/"]
    named = re.findall(f"/{uid}(~?[\\w-]*)", BANNER.sub("", content))
    assert named, "the menu at least"
    assert {ending[1:] for ending in named} <= {who, *others}


def compare(app, world, alice, other, access, who, fresh=False, nouns=()):
    """Every page that may be opened, as she sees it and as he does; how many were opened."""
    uid, opened, account = record(world), set(), access.account_id
    others = [one.uid for one in sight.people(access)] if access.can(Right.GRANT) else []
    for endpoint, path in places(app, access, uid, nouns):
        looked = path.replace(uid, f"{uid}~{who}", 1)
        if fresh:
            DocumentSeen.delete().where(DocumentSeen.account == account).execute()
        if endpoint.partition(".")[0] in OF_THE_JOURNAL:
            asked(other, path)
        here, there = asked(alice, looked), asked(other, path)
        assert drawn(here, True, endpoint) == drawn(there, False, endpoint), path
        if here[2] == "text/html" and here[0] == 200:
            assert_stays(here[3], uid, who, others)
        if here[0] == 200:
            opened.add(endpoint)
    return opened


# Endpoints that some open, and that some do not: or the tours would prove little.
OPENED = {
    "reader": {"documents.index", "document.show", "document.content", "folders.show"},
    "helper": {"documents.index", "deposits.create", "care.show", "journal.index"},
    "left_out": {"documents.index", "folders.rename", "care.show", "journal.index"},
    "listener": {"records.show", "care.show", "journal.index"},
    "doctor": {"documents.index", "deposits.create", "care.show", "care.pdf", "directives.show"},
    "saviour": {"documents.index", "document.text", "care.show"},
    "guardian": {"accesses.index", "contacts.edit", "invitations.choose", "wishes.show"},
}


@pytest.mark.parametrize("name", sights.KINDS)
def test_she_gets_the_pages_that_they_get(app, world, alice, sign_in, name):
    access = world.access(name, "alice")
    opened = compare(app, world, alice, sign_in(name), access, access.uid)
    assert opened >= OPENED.get(name, set())
    assert opened >= {"records.show"}
    assert "directives.question" not in opened
    assert ("accesses.index" in opened) is (name == "guardian")


MADE_UP = {
    "metier": (Role.PROFESSIONAL, {}),
    "urgence": (Role.EMERGENCY, {}),
    "samu": (Role.EMERGENCY, {"masked_too": True}),
}


@pytest.mark.parametrize("profession", ["pharmacist", "doctor"])
@pytest.mark.parametrize("case", MADE_UP)
def test_she_gets_the_pages_that_someone_of_a_profession_would_get(
    app, world, alice, sign_in, case, profession
):
    role, terms = MADE_UP[case]
    chosen = {"samu": True, "others": True, "masked": terms.get("masked_too", False)}
    emergency.choose(world.access("alice"), **chosen)
    sights.account("newcomer")
    access = world.let_in("newcomer", role, profession=profession, **terms)
    other = sign_in("newcomer")
    who = f"{case}-{profession}"
    opened = compare(app, world, alice, other, access, who, fresh=True)
    assert opened >= {"records.show", "documents.index", "document.show"}


@pytest.mark.parametrize("shown", [Shown.ACCESS, Shown.NOBODY])
def test_she_sees_whom_her_wishes_are_closed_to(app, world, alice, sign_in, shown):
    wishes.choose_readers(world.access("alice"), shown)
    nouns = ("records", "documents", "wishes", "care", "directives", "designations")
    for name in ("doctor", "saviour", "helper"):
        access = world.access(name, "alice")
        opened = compare(app, world, alice, sign_in(name), access, access.uid, nouns=nouns)
        closed = name == "saviour" or (name == "doctor" and shown is Shown.NOBODY)
        assert ("care.show" in opened) is not closed


def test_searching_and_sorting_are_the_same_too(world, alice, sign_in):
    uid = record(world)
    asks = ["q=masqué", "q=secret", "masques=oui", "tri=titre", "categorie=BIOLOGIE", "suite=x"]
    asks += ["dossier=" + one.uid for one in Folder.select()]
    for name in ("doctor", "left_out", "dentist"):
        other, access = sign_in(name), world.access(name, "alice")
        for ask in asks:
            here = asked(alice, f"/espaces/{uid}~{access.uid}/documents?{ask}")
            there = asked(other, f"/espaces/{uid}/documents?{ask}")
            assert drawn(here, True) == drawn(there, False), (name, ask)


def test_a_part_of_a_page_stays_in_the_preview(world, alice):
    uid, who = record(world), world.access("doctor", "alice").uid
    headers = {"HX-Request": "true", "HX-Target": "documents"}
    answer = alice.client.get(f"/espaces/{uid}~{who}/documents?q=ordinaire", headers=headers)
    assert "vu comme Doctor Fictif, médecin" in answer.text.partition("</title>")[0]
    assert f"/espaces/{uid}~{who}/documents/" in answer.text
    assert f"/espaces/{uid}/" not in answer.text


def test_what_must_be_announced_to_her_first_is_on_no_page(app, world, alice):
    waiting, uid = Document.get(Document.title == "À annoncer, du cabinet"), record(world)
    Document.update(unannounced=True).where(Document.id == waiting.id).execute()
    nouns = ("records", "documents", "document", "folders", "journal", "readers", "bin", "accesses")
    for name in ("doctor", "depositor", "administrator", "saviour"):
        access = world.access(name, "alice")
        for endpoint, path in places(app, access, uid, nouns):
            answer = asked(alice, path.replace(uid, f"{uid}~{access.uid}", 1))
            assert waiting.title not in str(answer[3]), (endpoint, path)
            if waiting.uid in path:
                assert answer[0] in (403, 404)


# The way in and the way out


def test_she_chooses_whose_eyes(world, alice):
    alice.get(f"/espaces/{record(world)}/acces")
    alice.follow("Voir mon espace comme un autre le voit")
    alice.follow("Dentist Fictif, dentiste")
    assert "Vous voyez votre espace comme cette personne : Dentist Fictif, dentiste" in (
        " ".join(alice.page.soup.get_text().split())
    )
    assert alice.page.title.endswith(" – Alice Exemple, vu comme Dentist Fictif, dentiste – Carnet")
    assert "Vous êtes dans l'espace" not in alice.page.html
    alice.follow("Revenir à mon espace")
    assert alice.page.address == f"/espaces/{record(world)}/"
    assert alice.page.title == "Mon espace de santé – Carnet"


def choosing(world):
    return f"/espaces/{record(world)}/acces/voir-comme"


@pytest.mark.parametrize(
    ("case", "ending"), [("metier", "avec un accès"), ("urgence", "en urgence"), ("samu", "SAMU")]
)
def test_she_chooses_a_profession(world, alice, case, ending):
    alice.get(choosing(world))
    alice.submit("Voir comme cette personne", profession="midwife", case=case)
    assert alice.page.address.startswith(f"/espaces/{record(world)}~{case}-midwife/")
    assert "sage-femme" in alice.page.title
    assert ending in alice.page.title


def test_a_choice_that_leads_nowhere_is_said_at_its_field(world, alice):
    alice.get(choosing(world))
    alice.submit("Voir comme cette personne", 422, case="samu")
    assert "Choisissez un métier." in alice.page.text
    alice.submit("Voir comme cette personne", 422, profession="sorcier", case="metier")
    alice.submit("Voir comme cette personne", 422, profession="nurse", case="patron")
    assert "Choisissez l'une des réponses." in alice.page.text
    emergency.choose(world.access("alice"), samu=False, others=True, masked=False)
    alice.submit("Voir comme cette personne", 422, profession="nurse", case="samu")
    assert "le SAMU n'entre pas ici" in alice.page.text
    assert alice.page.soup.select_one("option[value=nurse]").has_attr("selected")


def test_what_her_choices_forbid_is_said_instead_of_shown(world, alice):
    uid, access = record(world), world.access("alice")
    emergency.choose(access, samu=False, others=False, masked=False)
    reader = world.access("reader", "alice")
    admission.end(access, reader)
    for who, words in (
        ("samu-doctor", "le SAMU n'entre pas ici"),
        ("urgence-doctor", "seul le SAMU peut entrer ici, ou personne"),
        (reader.uid, "Reader Fictif n'a pas d'accès à cet espace en ce moment"),
    ):
        for page in ("", "documents", "entourage-et-volontes/pour-ceux-qui-me-soignent"):
            alice.get(f"/espaces/{uid}~{who}/{page}", 403)
            assert words in alice.page.text
            assert not alice.page.soup.select("aside[aria-label='Voir comme']")
            assert alice.page.soup.select_one(f"nav a[href='/espaces/{uid}/documents']")


def test_she_has_no_other_record_to_go_to_from_there(world, alice):
    world.let_in("alice", Role.CARER, of="carole")
    home = f"/espaces/{record(world)}"
    assert "Changer d'espace" in alice.get(f"{home}/").html
    assert "Changer d'espace" not in alice.get(f"{home}~metier-doctor/").html


def test_a_representative_is_told_whose_record_it_is(world, alice, sign_in):
    guardian = sign_in("guardian")
    guardian.get(f"/espaces/{record(world)}~metier-doctor/")
    assert "Vous voyez l'espace d'Alice Exemple comme" in guardian.page.soup.get_text()
    guardian.follow("Revenir à l'espace d'Alice Exemple")
    assert guardian.page.address == f"/espaces/{record(world)}/"


# Who may not


def test_to_all_others_such_addresses_do_not_exist(app, world, alice, sign_in):
    sights.account("gone")
    gone = world.let_in("gone", Role.CARER)
    admission.end(world.access("alice"), gone)
    uid, someone = record(world), world.access("reader", "alice").uid
    people = {name: sign_in(name) for name in ("carole", "diane", "helper", "keeper", "doctor")}
    for place, rule in enumerate(routes(app)):
        who = ("metier-doctor", "urgence-doctor", someone)[place % 3]
        path = address(rule, record=f"{uid}~{who}", **(rule.defaults or {}))
        for name, person in people.items():
            assert person.client.get(path).status_code == 404, (name, path)
    refused = sign_in("gone").client.get(f"/espaces/{uid}~metier-doctor/documents")
    assert refused.status_code == 403
    assert "Votre accès est terminé" in refused.text
    assert "Mon cœur" not in refused.text


def test_a_visitor_is_asked_to_sign_in(app, world, alice):
    for rule in routes(app):
        path = address(rule, record=record(world) + "~metier-doctor", **(rule.defaults or {}))
        assert app.test_client().get(path).location.startswith("/connexion"), path


def test_eyes_that_do_not_exist_are_no_page(world, alice):
    other = world.let_in("bruno", Role.CARER, of="carole")
    forged = ["", "~", "~~metier-doctor", "é", "%F0%9F%91%80", "metier-", "metier-sorcier"]
    forged += ["metier-doctor~metier-doctor", "a" * 41, "a" * 5000, "..", "%2e%2e", "%00", "' OR 1"]
    forged += [other.uid, world.access("alice").uid, world.access("carole").uid, "A" * 16]
    for who in forged:
        for page in ("", "documents", "acces"):
            path = f"/espaces/{record(world)}~{who}/{page}"
            assert alice.client.get(path).status_code in (404, 308), path
            answer = alice.client.get(path, follow_redirects=True)
            assert answer.status_code == 404, path


def test_only_a_record_may_be_followed_by_eyes(app):
    addresses, one = app.url_map.bind("localhost"), "A" * 16
    assert addresses.match(f"/espaces/{one}~metier-doctor/documents/{one}")
    for rule in rules(app):
        for name in set(rule.arguments) - {"record"}:
            names = {"record": one} | (rule.defaults or {})
            path = address(rule, **names | {name: f"{one}~metier-doctor"})
            if f"{one}~" in path and "<uid:" in str(rule):
                with pytest.raises(NotFound):
                    addresses.match(path, method=min(rule.methods - {"OPTIONS"}))


# Nothing changes


def everything():
    """Every row of every table."""
    tables = [one for one in database.get_tables() if not one.startswith(("search_", "sqlite_"))]
    return {
        name: {tuple(row) for row in database.execute_sql(f'SELECT * FROM "{name}"').fetchall()}
        for name in tables
    }


# What may have changed by looking: what was read, under her name, and that her device was in use.
MAY_CHANGE = {"entry", "chain", "record", "session"}


def token(visitor):
    return visitor.get("/compte").soup.select_one("[name=csrf_token]")["value"]


def test_a_whole_tour_changes_nothing_but_the_journal_of_what_she_read(app, world, alice):
    uid, value, paper = record(world), token(alice), Document.get().uid
    alice.get(f"/espaces/{uid}/")
    before, told = everything(), Entry.select().count()
    whos = [world.access(name, "alice").uid for name in ("doctor", "keeper", "guardian")]
    for who in [*whos, "metier-nurse", "samu-doctor"]:
        looker = sight.through(world.access("alice"), who)
        for _, path in places(app, looker, uid):
            alice.client.get(path.replace(uid, f"{uid}~{who}", 1))
        for rule in routes(app, "POST"):
            one = things(rule)[0]
            data = {"csrf_token": value, "masque": "oui", "geste": "jeter", "document": paper}
            path = address(rule, record=f"{uid}~{who}", one=one)
            answer = alice.client.post(path, data=data)
            assert answer.status_code == 403, path
            assert "rien ne peut être changé ici." in answer.text
            assert 'aria-label="Voir comme"' in answer.text
    after = everything()
    assert {name for name in after if after[name] != before[name]} <= MAY_CHANGE
    assert _without_journal(after["record"]) == _without_journal(before["record"])
    new = list(Entry.select().order_by(Entry.id).offset(told))
    assert {(one.actor, one.role) for one in new} == {("Alice Exemple", "holder")}
    assert {one.act for one in new} <= {
        *("looked", "read", "read-text", "downloaded", "looked-at-wishes", "looked-at-care"),
        *("read-directive", "printed", "looked-at-journal", "exported-journal"),
    }


def _without_journal(rows):
    names = _columns("record")
    kept = [place for place, name in enumerate(names) if not name.startswith("journal_")]
    return {tuple(row[place] for place in kept) for row in rows}


def test_a_preview_does_not_open_what_only_its_holder_may_change(app, world, alice):
    """Whatever the eyes: the rights that only the person has are never theirs."""
    uid = record(world)
    for rule in routes(app):
        if _unwrapped(app.view_functions[rule.endpoint]).right is Right.WILL:
            for who in (world.access("guardian", "alice").uid, "metier-doctor"):
                path = address(rule, record=f"{uid}~{who}")
                assert alice.client.get(path).status_code == 403, path


def test_one_s_own_pages_lead_to_nobody_s_eyes(world, alice):
    alice.get(f"/espaces/{record(world)}/documents")
    assert f"/espaces/{record(world)}~" not in alice.page.html
