"""Guessing: codes, links, ids of another record, forged fields. Nothing opens; and what does not
exist cannot be told from what is another's, by words, status, headers or queries.

`pytest -s` prints how long each answer takes: « beyond noise » is for people to judge."""

import io
import os
import random
import re
import secrets
import statistics
import time
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from models import access as accesses
from models import (
    admission,
    block,
    clock,
    consultation,
    designation,
    exclusion,
    invitation,
    masking,
    professional,
)
from models.access import DELEGABLE, Access, Measure, Right, Role
from models.account import Account
from models.attempt import Attempt
from models.database import Table, database, transaction
from models.invitation import ALPHABET, LENGTH, WRONG, Invitation, State
from models.masking import Masking
from models.record import Record
from models.refusal import Refusal
from models.signing import Protection
from tests.client import Page, Visitor
from tests.invited import again, carer, invited, opened
from tests.views import things
from tests.world import PASSWORD

# Of an invitation's code; the long form: CARNET_GUESSES=10000.
GUESSES = int(os.environ.get("CARNET_GUESSES", 3_000))
# Of whom one may know anyway: the association's list of professionals is every member's.
FOR_ALL = {"professionals", "blocks"}


# --- What can be told apart ------------------------------------------------------------------


def told(answer, *ids):
    """All that an answer says, but for the ids that were asked and the tokens of forms."""
    text = answer.get_data(as_text=True)
    text = re.sub(r'name="csrf_token" value="[^"]*"', "", text)
    headers = {
        name: _without(value, ids)
        for name, value in answer.headers.items()
        if name not in ("Content-Length", "Set-Cookie")
    }
    return answer.status_code, headers, _without(text, ids)


def _without(text, ids):
    for one in ids:
        text = text.replace(one, "ID")
    return re.sub(r"fait=[\w-]{4}", "fait=", text)


@contextmanager
def queries():
    """The statements sent to the database meanwhile, whatever their values."""
    sent, real = [], database.obj.execute_sql

    def execute(sql, *arguments, **more):
        sent.append(re.sub(r'"s[0-9a-f]{32}"', "", sql))  # the name of a savepoint
        return real(sql, *arguments, **more)

    database.obj.execute_sql = execute
    try:
        yield sent
    finally:
        del database.obj.execute_sql


def together():
    """Thousands of commits would be as many waits for the disk: they make one."""
    return transaction()


def some_id():
    return secrets.token_urlsafe(12)


# --- Codes -----------------------------------------------------------------------------------


def wrong_code(right):
    while True:
        code = "".join(random.choices(ALPHABET, k=LENGTH))
        if code != right:
            return code


def guess(made, address):
    with pytest.raises(Refusal) as refusal:
        invitation.open_with(made.token, wrong_code(made.code), address)
    return refusal.value.sentence


def address_of(number):
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def asked(world, number):
    """So many invitations, as if over many days."""
    made = []
    for one in range(number):
        Attempt.delete().execute()
        made.append(invited(world, name=f"Voisin {one}"))
    return made


def test_thousands_of_wrong_codes_open_nothing(world):
    """Ten for each of a hundred links, the rest for one of them: each from its own address."""
    before = Access.select().count()
    with together():
        links = asked(world, 100)
        tried = [made for made in links for _ in range(10)]
        tried += [links[0]] * (GUESSES - len(tried))
        sentences = {guess(made, address_of(number)) for number, made in enumerate(tried)}
    assert sentences == {WRONG}
    assert len(tried) == GUESSES and Access.select().count() == before
    assert {made.now().state for made in links} == {State.LOCKED}
    # Not even the right code, from wherever it comes, until the inviter has sent another link.
    for made in links:
        with pytest.raises(Refusal) as refusal:
            opened(made, "192.0.2.200")
        assert refusal.value.sentence == WRONG
        Attempt.delete().execute()
    assert opened(again(world, links[0].one))


def states(world):
    """Links in every state that is not waiting, and their codes as they were."""
    alice, bruno = world.access("alice"), world.account("bruno")
    names = ("spent", "refused", "cancelled", "expired", "locked")
    made = dict(zip(names, asked(world, len(names)), strict=True))
    invitation.accept(opened(made["spent"]), bruno)
    admission.end(alice, world.access("bruno", "alice"))
    invitation.refuse(opened(made["refused"]))
    invitation.cancel(alice, made["cancelled"].one)
    ago = clock.now() - timedelta(minutes=1)
    Invitation.update(expires_at=ago).where(Invitation.id == made["expired"].one.id).execute()
    Invitation.update(tries=10).where(Invitation.id == made["locked"].one.id).execute()
    # Her record is closed; his inviter decides no more.
    made["closed"] = invited(world, "carole")
    Record.update(closed_at=clock.now()).where(Record.email == "carole@exemple.invalid").execute()
    father = world.let_in("bruno", Role.REPRESENTATIVE)
    made["inviter gone"] = invited(world, by=father, email="autre@exemple.invalid")
    Access.update(revoked_at=clock.now()).where(Access.id == father.id).execute()
    Attempt.delete().execute()
    found = {name: (one.token, one.code) for name, one in made.items()}
    return found | {
        "never": (secrets.token_urlsafe(24), wrong_code("")),
        "nonsense": ("nulle-part", "AAAA AAAA"),
    }


def ask(app, token, code, address="192.0.2.1"):
    """A visitor's first page, then her try: two answers."""
    client = app.test_client()
    path = f"/invitation/{token}"
    shown = client.get(path)
    csrf = Page(shown).soup.select_one("[name=csrf_token]")["value"]
    sent = {"csrf_token": csrf, "code": code}
    answer = client.post(path, data=sent, environ_base={"REMOTE_ADDR": address})
    return told(shown, token), told(answer, token, code), answer


def test_a_link_answers_the_same_whatever_became_of_it(app, world):
    known = states(world)
    waiting = asked(world, 1)[0]
    known["wrong code"] = (waiting.token, wrong_code(waiting.code))
    answers = {name: ask(app, *pair)[:2] for name, pair in known.items()}
    shown, refused = answers.pop("never")
    for name, answer in answers.items():
        assert answer == (shown, refused), name
    assert refused[0] == 422 and "ne vont pas ensemble" in refused[2]
    assert ask(app, waiting.token, waiting.code)[2].location == "/invitation"


def test_hundreds_of_codes_through_the_door_open_nothing(app, world):
    made, locked = asked(world, 2)
    Attempt.delete().execute()
    seen = []
    for number in range(300):
        # One address for the first ones, then one for each.
        address = "192.0.2.1" if number < 60 else address_of(number)
        token = made.token if number % 3 == 0 else locked.token if number % 3 == 1 else some_id()
        seen.append(ask(app, token, wrong_code(""), address)[2])
    assert {answer.status_code for answer in seen} == {422}
    limited = ["Par sécurité, attendez" in answer.get_data(as_text=True) for answer in seen]
    assert limited == [30 <= number < 60 for number in range(300)]
    assert {one.now().state for one in (made, locked)} == {State.LOCKED}
    for one in (made, locked):
        assert ask(app, one.token, one.code, "198.51.100.9")[2].status_code == 422
    assert Access.select().count() == 2


def test_to_be_refused_costs_the_same_queries_whatever_the_link(world):
    known = states(world)
    waiting = asked(world, 1)[0]
    known["wrong code"] = (waiting.token, wrong_code(waiting.code))
    sent = {}
    for name, (token, code) in known.items():
        with queries() as statements, pytest.raises(Refusal):
            invitation.open_with(token, code if name == "wrong code" else wrong_code(code), name)
        sent[name] = statements
    expected = sent.pop("never")
    assert len(expected) >= 4
    for name, statements in sent.items():
        assert statements == expected, name


def test_how_long_it_takes_to_be_refused_is_told(world):
    """Nothing is asserted of it: a loaded machine would lie. The same statements are, above."""
    known = states(world)
    waiting = asked(world, 1)[0]
    known["wrong code"] = (waiting.token, "AAAAAAAA")
    lasted = {name: [] for name in known}
    with together():
        for number in range(100):
            for name in random.sample(sorted(known), len(known)):
                began = time.perf_counter()
                with pytest.raises(Refusal):
                    invitation.open_with(known[name][0], "AAAAAAAA", f"{name} {number}")
                lasted[name].append(time.perf_counter() - began)
    medians = {name: 1000 * statistics.median(each) for name, each in lasted.items()}
    print("".join(f"\n{name:14} {medians[name]:.2f} ms" for name in sorted(medians)))
    assert set(medians) == set(known)


def test_the_answer_sent_again_and_again_enters_once(app, visit, world):
    made = asked(world, 1)[0]
    bruno = visit("bruno")
    bruno.get(made.path)
    page = bruno.submit("Ouvrir l'invitation", code=made.code)
    csrf = page.soup.select_one("[name=csrf_token]")["value"]
    cookie = bruno.client.get_cookie("carnet").value
    answers = []
    for _ in range(5):
        bruno.client.set_cookie("carnet", cookie)
        sent = {"csrf_token": csrf, "reponse": "oui"}
        answers.append(bruno.client.post("/invitation", data=sent).status_code)
    assert answers == [303, 410, 410, 410, 410]
    assert Access.select().where(Access.invitation == made.one).count() == 1
    # Nor does it open again, once ended, to whoever kept it all.
    admission.end(world.access("alice"), world.access("bruno", "alice"))
    bruno.client.set_cookie("carnet", cookie)
    sent = {"csrf_token": csrf, "reponse": "oui"}
    assert bruno.client.post("/invitation", data=sent).status_code == 410
    assert world.access("bruno", "alice") is None
    assert ask(app, made.token, made.code)[2].status_code == 422


# --- Ids in addresses ------------------------------------------------------------------------


def rules(app, *arguments):
    return [
        (rule, method)
        for rule in sorted(app.url_map.iter_rules(), key=str)
        if set(arguments) <= rule.arguments
        for method in sorted(rule.methods & {"GET", "POST"})
    ]


def path_of(rule, **names):
    path = str(rule)
    for name in rule.arguments:
        path = re.sub(rf"<(?:\w+:)?{name}>", names.get(name) or some_id(), path)
    return path


class Asker:
    """Someone signed in, who may send what she likes."""

    def __init__(self, app, email):
        self.client = app.test_client()
        Visitor.sign_in(_Borrowed(self.client), email, PASSWORD)
        page = Page(self.client.get("/compte"))
        self.token = page.soup.select_one("[name=csrf_token]")["value"]
        self.cookie = self.client.get_cookie("carnet").value

    def asks(self, method, path, data=None, follow=False):
        """With the same cookie each time: nothing waits to be said of what was asked before."""
        self.client.set_cookie("carnet", self.cookie)
        sent = {"csrf_token": self.token, **(data or {})} if method == "POST" else None
        return self.client.open(path, method=method, data=sent, follow_redirects=follow)


class _Borrowed(Visitor):
    def __init__(self, client):
        self.client, self.page = client, None


@pytest.fixture
def asker(app):
    return lambda name: Asker(app, f"{name}@exemple.invalid")


def test_the_things_of_another_record_are_not_there(app, world, asker):
    """The holder's own record in the address, another's thing after it."""
    alice, uid = asker("alice"), world.record("alice").uid
    number = 0
    for rule, method in rules(app, "record", "one"):
        noun = rule.endpoint.partition(".")[0]
        hers = things.uid_for(world, rule, "carole", world.access("carole"))
        assert hers != things.NOTHING or noun in NOT_AN_ADULT_S, rule
        nothing = some_id()
        if noun in FOR_ALL:
            nothing = world.professional(f"autre-{number}").uid
        answers = [
            told(alice.asks(method, path_of(rule, record=uid, one=one)), one, _name(one))
            for one in (hers, nothing)
        ]
        assert answers[0] == answers[1], (method, rule)
        # 403: what she may not do, she is told before anything is looked for.
        assert noun in FOR_ALL or answers[0][0] in (403, 404), (method, rule, answers[0][0])
        number += 1
    assert number > 50


# What only the record of a child, or of someone else, has.
NOT_AN_ADULT_S = {"reports"}


def _name(professional_uid):
    """Of a professional, whose own name is on her page."""
    one = professional.find(professional_uid)
    return one.name if one else professional_uid


def test_another_s_record_is_not_there(app, world, asker):
    people = [asker(name) for name in ("alice", "diane")]
    theirs = world.record("carole").uid
    for rule, method in rules(app, "record"):
        one = some_id()
        if "one" in rule.arguments:
            one = things.uid_for(world, rule, "carole", world.access("carole"))
        for person in people:
            answers = [
                told(person.asks(method, path_of(rule, record=record, one=one)), record, one)
                for record in (theirs, some_id())
            ]
            assert answers[0] == answers[1], (method, rule)
            assert answers[0][0] == 404, (method, rule)


def test_to_whoever_is_kept_out_the_record_is_not_there(app, world, asker):
    doctor = world.professional("camille")
    world.let_in("camille", Role.PROFESSIONAL)
    person = asker("camille")
    path = f"/espaces/{world.record('alice').uid}/documents"
    assert person.asks("GET", path).status_code == 200
    block.block(world.access("alice"), doctor.account)
    for rule, method in rules(app, "record"):
        answers = [
            told(person.asks(method, path_of(rule, record=record)), record)
            for record in (world.record("alice").uid, some_id())
        ]
        assert answers[0][0] == 404 and answers[0] == answers[1], (method, rule)


def test_what_is_left_out_of_an_access_is_not_there(app, world, asker):
    """Nor anything that was deposited there since."""
    secret = world.folder("Mes secrets")
    hidden, single = world.paper("Caché", folder=secret), world.paper("Seul")
    bruno = carer(world, given=DELEGABLE, folders=(secret,))
    exclusion.leave_out(world.access("alice"), bruno.invitation, single)
    person, uid = asker("bruno"), world.record("alice").uid
    left_out = {"document": [hidden.uid, single.uid], "bin": [], "folders": [secret.uid]}
    left_out["readers"] = left_out["document"]
    tried = 0
    for rule, method in rules(app, "record", "one"):
        for one in left_out.get(rule.endpoint.partition(".")[0], []):
            answers = [
                told(person.asks(method, path_of(rule, record=uid, one=each)), each)
                for each in (one, some_id())
            ]
            assert answers[0] == answers[1], (method, rule)
            tried += 1
    assert tried > 20


def test_nobody_s_eyes_are_borrowed_from_another_record(app, world, asker):
    world.let_in("bruno", Role.CARER, "carole")
    alice, uid = asker("alice"), world.record("alice").uid
    theirs = [world.access("bruno", "carole").uid, world.access("carole").uid]
    for path in ("", "/documents", "/activite"):
        answers = {
            str(told(alice.asks("GET", f"/espaces/{uid}~{who}{path}"), who))
            for who in (*theirs, some_id())
        }
        assert len(answers) == 1 and "404" in answers.pop()[:4], path


# --- Ids in forms ----------------------------------------------------------------------------


@pytest.fixture
def two(world):
    """Two records alike: of each kind, the uid of one thing in each."""
    return {of: _things_of(world, of) for of in ("alice", "carole")}


def _things_of(world, of):
    kept = world.folder("Analyses", of=of)
    designation.begin(world.access(of), Protection.NONE, False)
    return {
        "document": world.paper(f"À {of}", of=of).uid,
        "folder": kept.uid,
        "filed": world.paper(f"Rangé par {of}", of=of, folder=kept).uid,
        "contact": world.contact(f"Paule de {of}", of=of).uid,
        "carer": carer(world, "bruno", of, email=f"{of}-aide@exemple.invalid").uid,
        "invitation": invited(world, of, name=f"Voisin de {of}").one.uid,
    }


def kept_in(record):
    """All that the database keeps of a record, but what was typed and the letters."""
    found = {"record": str(Record.get_by_id(record.id).__data__)}
    for table in Table.__subclasses__():
        field = table._meta.fields.get("record")
        if field is not None and table.__name__ != "Entry" and table.table_exists():
            rows = table.select().where(field == record.id).order_by(table._meta.primary_key)
            found[table.__name__] = [str(row.__data__) for row in rows]
    left_out = exclusion.Exclusion.select().join(Invitation).where(Invitation.record == record.id)
    found["exclusions"] = sorted(str(row.__data__) for row in left_out)
    return found


def forms_of(page):
    """(method, address, {name: values}, {name: other values}) of each form of a page."""
    for form in page.soup.select("form"):
        default, other = {}, {}
        for field in form.select("input[name], textarea[name], select[name]"):
            _read(field, default, other)
        default.pop("csrf_token", None)
        method = form.get("method", "get").upper()
        yield method, form.get("action") or page.address, default, other


def _read(field, default, other):
    name = field["name"]
    if field.name == "select":
        values = [one.get("value", "") for one in field.select("option")]
        default[name] = values[:1]
        other.setdefault(name, []).extend(values[1:])
    elif field.get("type") in ("checkbox", "radio"):
        kind = default if field.has_attr("checked") else other
        kind.setdefault(name, []).append(field.get("value", ""))
    elif field.get("type") != "file":
        default.setdefault(name, []).append(field.get("value", ""))


def swaps(default, other, uids):
    """Each way to put one id in the place of another: (kind, {name: values})."""
    for name, values in (*default.items(), *other.items()):
        for value in values:
            kinds = [kind for kind, uid in uids.items() if uid in value]
            for kind in kinds:
                for more in _with_each_other_choice(name, default, other):
                    yield kind, {**default, **more, name: [value]}


def _with_each_other_choice(name, default, other):
    """The other questions of the form answered in each way: what is done with the thing named."""
    yield {}
    for one, values in other.items():
        if one != name:
            for value in values[:12]:
                yield {one: [value]}


def test_the_ids_of_another_record_in_the_fields_of_forms_do_nothing(app, world, asker, two):
    """Every form of every page, each id that it holds swapped for one of the other record, then
    for one that does not exist."""
    alice, record = asker("alice"), world.record("alice")
    uids, theirs = two["alice"], two["carole"]
    before = kept_in(world.record("carole"))
    tried = set()
    for address in _pages(app, record, uids):
        page = Page(alice.asks("GET", address, follow=True))
        if page.status != 200 or not page.soup.main:
            continue
        for method, action, default, other in forms_of(page):
            for kind, values in swaps(default, other, uids):
                key = (method, re.sub(r"\?.*", "", action), kind, str(sorted(values.items())))
                if key in tried:
                    continue
                tried.add(key)
                answers = [
                    _sent(alice, method, action, values, uids[kind], one)
                    for one in (some_id(), theirs[kind])
                ]
                assert answers[0] == answers[1], (address, action, kind, values)
                assert kept_in(world.record("carole")) == before, (address, action, kind, values)
    kinds = {kind for _, _, kind, _ in tried}
    assert {"document", "folder", "contact", "filed"} <= kinds and len(tried) > 30, len(tried)


def _pages(app, record, uids):
    """Those of the record, of each thing in it."""
    for rule, method in rules(app, "record"):
        if method == "GET" and not rule.endpoint.endswith(("pdf", "content", "table", "sheet")):
            for one in uids.values() if "one" in rule.arguments else [""]:
                yield path_of(rule, record=record.uid, one=one)


def _sent(person, method, action, values, mine, one):
    swapped = {name: [v.replace(mine, one) for v in each] for name, each in values.items()}
    if method == "GET":
        answer = person.asks("GET", f"{action}?{urlencode(swapped, doseq=True)}", follow=True)
    else:
        answer = person.asks("POST", action, swapped, follow=True)
    status, headers, text = told(answer, one)
    # The fields of a form that is shown again are told apart by what was in them only.
    return status, headers, re.sub(r"sending\" value=\"[^\"]*", "", text)


def test_nor_do_they_in_addresses_and_deposits(world, asker, two):
    alice, record = asker("alice"), world.record("alice")
    home, theirs = f"/espaces/{record.uid}", two["carole"]
    before = kept_in(world.record("carole"))
    for query in (
        "documents?dossier={folder}",
        "documents/depot?dossier={folder}",
        "entourage-et-volontes/personne-de-confiance/choix?personne={contact}",
        "acces/invitations/nouvelle?choix={folder}",
        "activite?qui={carer}",
    ):
        answers = []
        for ids in ({name: some_id() for name in theirs}, theirs):
            answer = alice.asks("GET", f"{home}/{query.format(**ids)}", follow=True)
            status, headers, text = told(answer, *ids.values())
            answers.append((status, headers, re.sub(r"sending\" value=\"[^\"]*", "", text)))
        assert answers[0] == answers[1], query
    # A file into another's folder is filed nowhere, as into a folder that is no more.
    for number, uid in enumerate((some_id(), theirs["folder"])):
        world.number += 1
        file = (io.BytesIO(f"Texte {number}".encode()), f"{number}.txt")
        sent = {"files": [file], "category": "CPT_REND", "dated": "12/03/2024", "folder": uid}
        assert alice.asks("POST", f"{home}/documents/depot", sent).status_code == 303
    added = [one for one in record.documents if one.filename in ("0.txt", "1.txt")]
    assert [one.folder_id for one in added] == [None, None]
    # What was masked in another record is not undone from here, nor by a number that is none.
    masking.choose_all(world.access("carole"), True)
    before = kept_in(world.record("carole"))
    undone = Masking.get(Masking.record == world.record("carole")).id
    answers = [
        told(alice.asks("POST", f"{home}/documents/masquage/annulation?choix={number}", None, True))
        for number in (undone, 999_999)
    ]
    assert answers[0] == answers[1] and kept_in(world.record("carole")) == before


def test_the_ids_of_what_is_left_out_do_nothing_in_the_fields_of_forms(world, asker):
    """By a carer who may do all that can be given."""
    secret, mine = world.folder("Mes secrets"), world.folder("Analyses")
    hidden, seen = world.paper("Caché", folder=secret), world.paper("Vu", folder=mine)
    carer(world, given=DELEGABLE, folders=(secret,))
    person, home = asker("bruno"), f"/espaces/{world.record('alice').uid}/documents"
    before = kept_in(world.record("alice"))["Document"]
    forms = [
        *[("selection", {"document": hidden.uid, "geste": act}) for act in ("jeter", "vers:")],
        ("selection", {"document": hidden.uid, "geste": f"vers:{mine.uid}"}),
        ("selection", {"document": seen.uid, "geste": f"vers:{secret.uid}"}),
        (f"{seen.uid}/dossier", {"dossier": secret.uid}),
    ]
    for action, sent in forms:
        answers = []
        for one in (hidden.uid, secret.uid):
            nothing = some_id()
            for asked in (one, nothing):
                swapped = {name: value.replace(one, asked) for name, value in sent.items()}
                answer = person.asks("POST", f"{home}/{action}", swapped, follow=True)
                answers.append(told(answer, asked))
            assert answers[-1] == answers[-2], (action, sent)
    assert kept_in(world.record("alice"))["Document"] == before
    for number, uid in enumerate((some_id(), secret.uid)):
        file = (io.BytesIO(f"Texte {number}".encode()), f"{number}.txt")
        sent = {"files": [file], "category": "CPT_REND", "dated": "12/03/2024", "folder": uid}
        assert person.asks("POST", f"{home}/depot", sent).status_code == 303
    added = [one for one in world.record("alice").documents if one.depositor_role == Role.CARER]
    assert [one.folder_id for one in added] == [None, None]


def test_a_page_of_the_list_is_placed_by_another_record_s_documents_in_vain(world, asker):
    for number in range(45):
        world.paper(f"Papier {number:02}", of="carole" if number % 2 else "alice")
    carole, alice = asker("carole"), asker("alice")
    page = Page(carole.asks("GET", f"/espaces/{world.record('carole').uid}/documents"))
    cursor = page.link("Page suivante").partition("?")[2]
    page = Page(alice.asks("GET", f"/espaces/{world.record('alice').uid}/documents?{cursor}"))
    shown = {a.get_text() for a in page.soup.select("#documents li a")}
    assert page.status == 200
    assert all(int(title.split()[1]) % 2 == 0 for title in shown)


# --- Forged fields ---------------------------------------------------------------------------

FORGED = {
    **{"role": "holder", "given": " ".join(Right), "rights": " ".join(Right)},
    **{"measure": "representation", "administrator": "1", "profession": "doctor"},
    **{"ends_at": "2199-01-01", "ends_on": "2199-01-01", "lasts": "99999", "revoked_at": ""},
    **{"starts_at": "2000-01-01", "ended_why": "", "masked_too": "1", "office": "1", "samu": "1"},
    **{"agreed_at": "2020-01-01", "accepted_at": "", "tries": "0", "inviter": "1"},
    **{"verified_at": "2020-01-01", "suspended_at": "", "account": "1", "account_id": "1"},
    **{"documents": [*Right], "wishes": [*Right], "activity": [*Right], "seen_as": "alice"},
}


def power():
    """What each account may do in each record, and until when."""
    return {
        (one.account_id, one.record_id): (one.role, one.rights, one.measure, one.administrator)
        + (one.masked_too, one.profession, one.ends_at or clock.midnight(clock.today()).max)
        for one in Access.select(Access, Record).join(Record).where(Access.live())
    }


def weaker(now, before):
    """Nobody came in, and nobody has more than she had: she may have given something up."""
    if now is None:
        return True
    if before is None:
        return False
    return (
        now[0] == before[0]
        and now[1] <= before[1]
        and now[2:6] == before[2:6]
        and now[6].replace(tzinfo=None) <= before[6].replace(tzinfo=None)
    )


@pytest.mark.parametrize("name", ["bruno", "camille", "carole", "diane"])
def test_forged_fields_give_nobody_anything(app, world, asker, name):
    """A carer who may do all that can be given, a professional, a stranger, the office: each sends
    to every address that takes a form all the fields that a row of the database has."""
    carer(world, given=DELEGABLE, until=clock.today() + timedelta(days=30))
    other = carer(world, "carole", email="autre@exemple.invalid") if name != "carole" else None
    world.professional("camille")
    code = consultation.make(world.access("alice"), "today")
    if name == "camille":
        consultation.use(professional.of(world.account(name)), code, "test")
    person, record = asker(name), world.record("alice")
    before = power()
    offices = {one.id for one in Account.select().where(Account.duty != "")}
    sent = 0
    for rule, method in rules(app):
        if method != "POST" or rule.endpoint in GIVES_UP:
            continue
        forged = FORGED | {"record": record.uid, "record_id": str(record.id)}
        names = {"record": record.uid, "token": "x" * 32, "one": other.uid if other else some_id()}
        answer = person.asks("POST", path_of(rule, **names), forged)
        assert answer.status_code < 500, rule
        sent += 1
        now = power()
        for key in {*before, *now}:
            assert weaker(now.get(key), before.get(key)), (rule, key)
        assert {one.id for one in Account.select().where(Account.duty != "")} == offices, rule
    assert sent > 60
    assert world.record("alice").closed_at is None


# These end the session that sends the rest.
GIVES_UP = {"sessions.delete", "account.end_device"}


def test_forged_fields_in_what_the_holder_sends_give_only_what_can_be_given(app, world, asker):
    """As herself, to every address of her record, about a carer."""
    bruno = carer(world, until=clock.today() + timedelta(days=30))
    alice, record = asker("alice"), world.record("alice")
    for rule, method in rules(app, "record"):
        if method == "POST":
            one = bruno.uid if "/acces/" in str(rule) else some_id()
            path = path_of(rule, record=record.uid, one=one)
            assert alice.asks("POST", path, FORGED).status_code < 500, rule
        now = accesses.find(world.account("bruno"), record.uid)
        if now is None:  # she has ended it: that, she may
            bruno = carer(world, until=clock.today() + timedelta(days=30))
            continue
        assert (now.role, now.measure, now.administrator) == (Role.CARER, Measure.NONE, False), rule
        assert now.rights <= DELEGABLE | {Right.LEAVE}, rule
        assert now.ends_at <= clock.midnight(clock.today() + timedelta(days=732)), rule
    assert not world.account("bruno").office
