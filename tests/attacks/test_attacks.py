"""What an attacker tried, and what must hold."""

import io
from datetime import date, timedelta
from threading import Thread

import pytest

from models import activation, activation_code, clock, filing, masking
from models.access import Access, Actor
from models.document import Document
from models.journal import Entry
from models.professional import Professional
from models.record import Record, State
from models.vault import names
from tests.views.test_activation import BORN, answer_all, begin
from tests.world import LINK, enrolled

HUGE = "9" * 25


def test_an_old_activation_cookie_never_opens_the_next_member_s(visit, app):
    first, second = enrolled("un"), enrolled("deux")
    old = visit()
    begin(old, first.code)
    cookie = old.client.get_cookie("carnet").value
    answer_all(old, "un@exemple.invalid")
    begin(visit(), second.code)
    thief = visit()
    thief.client.set_cookie("carnet", cookie)
    assert "Votre code" in thief.get("/activation/identite").title


def test_an_activation_under_way_ends_with_its_code(visit, app):
    one = enrolled()
    visitor = visit()
    begin(visitor, one.code)
    activation_code.new_code(one.record, LINK, days=42)
    assert "Votre code" in visitor.get("/activation/identite").title
    other = visit()
    begin(other, activation_code.new_code(one.record, LINK, days=42))
    with clock.moved(timedelta(days=43)):
        assert "Votre code" in other.get("/activation/identite").title


def test_one_record_has_one_holder_even_from_two_browsers(app):
    one = enrolled()
    for_first = activation.begin(one.code, one.record.birth_date, "a")
    for_first.confirm()
    for_first.choose_credentials("un@exemple.invalid", "rivière-tambour-citron-58")
    for_first.accept_terms()
    for_first.choose_visibility(False)
    for_second = activation.begin(one.code, one.record.birth_date, "b")
    for_first.choose_emergency(True)
    with pytest.raises(activation.Refusal):
        for_second.choose_emergency(True)
    record = Record.get_by_id(one.record.id)
    assert record.state is State.ACTIVATED and record.accesses.count() == 1


def test_an_address_taken_meanwhile_asks_for_another(visit, app):
    first, second = enrolled("un"), enrolled("deux")
    slow = visit()
    begin(slow, first.code)
    slow.submit("Oui, c'est moi")
    slow.submit("Continuer", email="deux@exemple.invalid", password="rivière-tambour-citron-58")
    slow.submit("Continuer", accepted="oui")
    slow.submit("Continuer", masked="non")
    quick = visit()
    begin(quick, second.code)
    answer_all(quick, "deux@exemple.invalid")
    page = slow.submit("Activer mon espace", allowed="oui")
    assert "sert déjà" in page.notices[0] and "Comment vous connecterez-vous" in page.title
    slow.submit("Continuer", email="un@exemple.invalid", password="rivière-tambour-citron-58")
    assert "Votre espace est activé" in slow.submit("Activer mon espace", allowed="oui").notices[0]


def test_head_changes_nothing(app, visit, world):
    from tests.views.test_guards import address, rules
    from tests.views.things import uid_for

    alice = visit("alice")
    alice.get(f"/espaces/{world.record('alice').uid}/documents")
    for rule in rules(app):
        if "record" not in rule.arguments or "GET" not in rule.methods:
            continue
        path = address(rule, record=world.record("alice").uid, one=uid_for(world, rule))
        before = state(world)
        alice.client.head(path)
        assert state(world) == before, rule


def test_head_changes_nothing_at_the_office_either(app, visit, world):
    from tests.views.test_guards import address, rules
    from tests.views.things import uid_for

    diane = visit("diane")
    for rule in rules(app):
        of_office = str(rule).startswith("/association/")
        if of_office and rule.arguments == {"one"} and "GET" in rule.methods:
            path = address(rule, one=uid_for(world, rule))
            before = [(one.id, one.revoked_at) for one in Access.select()]
            before += [(one.id, one.suspended_at) for one in Professional.select()]
            assert diane.client.get(path).status_code in (200, 303), rule
            diane.client.head(path)
            now = [(one.id, one.revoked_at) for one in Access.select()]
            now += [(one.id, one.suspended_at) for one in Professional.select()]
            assert now == before, rule


def state(world):
    """What a HEAD must leave as it is; readings may be told."""
    from models.folder import Folder

    live = Access.select().where(Access.revoked_at.is_null()).count()
    counted = Document.select().count(), Folder.select().count(), live, len(set(names()))
    return *counted, world.masked()


def test_correcting_and_masking_at_once_keeps_both(world):
    paper = world.paper("Avant")
    alice = world.access("alice")
    stale = Document.get_by_id(paper.id)
    masking.choose(alice, [paper], masked=True)
    filing.correct(
        alice, stale, title="Après", category="BIOLOGIE", dated=date(2020, 1, 1), author=""
    )
    assert world.masked() == {"Après"}


def test_no_answer_is_not_a_choice_to_show(visit, world):
    paper = world.paper("A", masked=True)
    alice = visit("alice")
    page = alice.get(f"/espaces/{world.record('alice').uid}/documents/{paper.uid}")
    token = page.soup.select_one("[name=csrf_token]")["value"]
    answer = alice.client.post(page.address + "/masquage", data={"csrf_token": token})
    assert answer.status_code == 400
    assert world.masked() == {"A"}


def test_a_folder_that_is_gone_takes_nothing_out_of_its_own(visit, world):
    folder = world.folder("Cœur")
    paper = world.paper("A", folder=folder)
    alice = visit("alice")
    page = alice.get(f"/espaces/{world.record('alice').uid}/documents/{paper.uid}")
    token = page.soup.select_one("[name=csrf_token]")["value"]
    data = {"csrf_token": token, "dossier": "A" * 16}
    alice.client.post(page.address + "/dossier", data=data)
    assert Document.get_by_id(paper.id).folder_id == folder.id
    assert "n'existe plus" in alice.get(page.address).notices[0]


PUBLIC = [
    ("/activation", {"code": "A", "birth_date": f"2024-{HUGE}-01"}),
    ("/activation/code-perdu", {"member_number": "1", "birth_date": f"{HUGE}/1/2024"}),
    ("/connexion", {"email": (io.BytesIO(b"x"), "a.txt"), "password": "x"}),
    ("/activation", {"code": (io.BytesIO(b"x"), "a.txt"), "birth_date": BORN}),
    ("/connexion", {"email": "\x00\ud800a\u202e".encode("utf-8", "replace"), "password": "x"}),
]


@pytest.mark.parametrize("path, data", PUBLIC)
def test_nonsense_in_public_forms_is_no_fault(visit, path, data):
    visitor = visit()
    token = visitor.get(path).soup.select_one("[name=csrf_token]")["value"]
    data = {n: (io.BytesIO(b"x"), v[1]) if isinstance(v, tuple) else v for n, v in data.items()}
    answer = visitor.client.post(path, data=data | {"csrf_token": token})
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize(
    "path",
    [
        "activite?avant=" + HUGE,
        "activite?qui=" + HUGE,
        "activite?au=9999-12-31&du=0001-01-01",
        "activite?record=x&endpoint=x&_external=1&_method=PUT",
        "documents?annee=" + "9" * 5000,
        "documents/filtres?annee=" + "9" * 5000,
        "documents?record=x&q=%00%F0%9F%98%80&endpoint=y",
        "documents?suite=" + "W" * 3000,
        "documents?q=" + "%22*%28NEAR%20OR" * 50,
    ],
)
def test_nonsense_in_addresses_is_no_fault(visit, world, path):
    for number in range(21):
        world.paper(f"Papier {number}")
    alice = visit("alice")
    page = alice.get(f"/espaces/{world.record('alice').uid}/{path}")
    assert "http://" not in page.html.replace("http://www.w3.org", "")


def test_an_undo_number_beyond_reason(visit, world):
    alice = visit("alice")
    page = alice.get(f"/espaces/{world.record('alice').uid}/documents")
    token = page.soup.select_one("[name=csrf_token]")["value"]
    address = f"{page.address}/masquage/annulation?choix={HUGE}"
    assert alice.client.post(address, data={"csrf_token": token}).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Referer": "http://[::1/x"},
        {"Host": "a..b"},
        {"Host": "x" * 70 + ".invalid"},
        {"HX-Request": "true", "HX-Target": "zzz"},
        {"HX-Request": "true", "HX-Target": "title"},
    ],
)
@pytest.mark.parametrize("path", ["/%0a", "/mot-de-passe/%0d%0aX", "/compte", "/aide"])
def test_nonsense_in_headers_is_no_fault(visit, headers, path):
    for method in ("GET", "POST"):
        answer = visit().client.open(path, method=method, headers=headers)
        assert answer.status_code < 500, (method, path, headers)


def test_a_part_without_a_name_is_a_bad_request(visit):
    body = b"--x\r\nContent-Disposition: form-data\r\n\r\nA\r\n--x--\r\n"
    answer = visit().client.post(
        "/connexion", data=body, content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 400


def test_no_redirect_names_a_host(visit, world):
    alice = visit("alice")
    address = f"/espaces/{world.record('alice').uid}"
    answer = alice.client.get(address, headers={"Host": "ailleurs.invalid"})
    assert "ailleurs" not in answer.headers.get("Location", "")


def test_two_mailboxes_are_not_one():
    from models.account import canonical, is_email

    assert canonical("Straße@Exemple.invalid") != canonical("strasse@exemple.invalid")
    assert not is_email("a\u202e@exemple.invalid") and not is_email("a\x00b@exemple.invalid")


def test_the_same_deposit_many_times_at_once_is_one(app, visit, world):
    alice = visit("alice")
    page = alice.get(f"/espaces/{world.record('alice').uid}/documents/depot")
    token = page.soup.select_one("[name=csrf_token]")["value"]
    sending = page.soup.select_one("[name=sending]")["value"]
    cookie = alice.client.get_cookie("carnet").value
    answers = []

    def send():
        client = app.test_client()
        client.set_cookie("carnet", cookie)
        data = {"csrf_token": token, "sending": sending, "category": "ORD_SOIN"}
        data |= {"dated": "12/03/2024", "files": (io.BytesIO(b"Bonjour"), "a.txt")}
        answers.append(client.post(page.address, data=data).status_code)

    threads = [Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 4
    assert Document.select().count() == 1 == len(list(names()))


def test_the_files_of_an_instance_are_its_owner_s_alone(settings, world):
    world.paper("A", by=Actor(None, "Laboratoire Fictif", "source"))
    assert Entry.select().exists()
    made = [file for file in (settings.instance / "vault").rglob("*") if file.is_file()]
    assert made and all(file.stat().st_mode & 0o077 == 0 for file in made)
