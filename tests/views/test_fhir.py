"""The standard call: software deposits by FHIR R4 (PDSm, IHE MHD), reads nothing, and is answered
in FHIR whatever goes wrong."""

import json
from datetime import date

import pytest
from fhir.resources.R4B import get_fhir_model_class

from models import ledger, source
from models.attempt import FREE_TOGETHER, Attempt
from models.database import database
from models.document import Document
from models.formats.fhir_ids import of
from models.journal import Act, Entry
from models.source import Told, Use
from models.stray import Stray
from views import fhir

from ..exchange import CAROLE, ROOT, cda, document_reference, ips, other, transaction, written
from ..world import enrolled

TEXT = "Texte fictif, né le 1er.".encode()
FHIR = "application/fhir+json"


@pytest.fixture
def laboratory(world):
    return source.register(world.office, Told("Laboratoire Fictif", "laboratory", per_day=50))


@pytest.fixture
def post(app, laboratory):
    """As software: nothing but its token."""

    def send(resource, path="/fhir/DocumentReference", token=laboratory[1], **headers):
        body = resource if isinstance(resource, bytes) else written(resource)
        named = {"Content-Type": FHIR, "Authorization": f"Bearer {token}"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        return judged(app.test_client().post(path, data=body, headers=named))

    return send


def judged(answer):
    """What every answer of the call must be."""
    assert answer.content_type == "application/fhir+json; charset=utf-8"
    assert "Set-Cookie" not in answer.headers
    if answer.data:
        resource = json.loads(answer.data)
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
        answer.told = resource
    if answer.status_code >= 400:
        assert answer.told["resourceType"] == "OperationOutcome"
        issue = answer.told["issue"][0]
        assert issue["details"]["text"] and issue["diagnostics"]
        (translated,) = issue["details"]["_text"]["extension"]
        assert translated["extension"][1]["valueString"] in issue["diagnostics"]
    return answer


def fault(answer, status):
    """(code, where) of what it says is wrong."""
    assert answer.status_code == status, answer.told
    issue = answer.told["issue"][0]
    return issue["code"], issue.get("expression", [""])[0]


def simple(content=TEXT, media_type="text/plain", **told):
    return document_reference(content, media_type, **told)


def whole():
    """All that a deposit leaves behind."""
    rows = (Document, Stray, Use, ledger.Line)
    journal = Entry.select().where(Entry.act == Act.DEPOSITED.value)
    return [one.select().count() for one in rows] + [journal.count()]


def test_metadata_says_what_may_be_done_to_anyone(app):
    answer = judged(app.test_client().get("/fhir/metadata"))
    (rest,) = answer.told["rest"]
    assert answer.status_code == 200 and answer.told["fhirVersion"] == "4.0.1"
    assert rest["interaction"][0]["code"] == "transaction"
    (resource,) = rest["resource"]
    assert resource["type"] == "DocumentReference"
    assert [one["code"] for one in resource["interaction"]] == ["create"]
    assert "lit rien" in rest["documentation"] and "nothing is read" in rest["documentation"]
    assert answer.told["implementation"]["url"] == "http://127.0.0.1:8000/fhir"


def test_a_document_reference_becomes_a_document(post, world):
    answer = post(simple(title="Lettre fictive", codes=("N", "MASQUE_PS")))
    assert answer.status_code == 201
    one = Document.get()
    assert answer.location == f"http://127.0.0.1:8000/fhir/DocumentReference/{of(one.uid)}"
    assert answer.told["id"] == of(one.uid)
    assert answer.told["masterIdentifier"]["value"] == f"urn:oid:{ROOT}.2"
    assert b"".join(one.content_chunks()) == TEXT
    assert (one.title, one.author, one.dated) == ("Lettre fictive", "Modèle", date(2026, 3, 2))
    assert (one.type_code, one.identifier) == ("11488-4", f"{ROOT}.2")
    assert (one.depositor_name, one.depositor_role) == ("Laboratoire Fictif", "source")
    assert one.record == world.record("alice") and one.masked and not one.unannounced
    assert one.told.act_on == date(2026, 3, 1)


def test_a_transaction_is_taken_in_one_go_and_answered_in_its_order(post):
    sent = transaction(TEXT, b"Un autre.", media_type="text/plain")
    answer = post(sent, "/fhir")
    assert answer.status_code == 200 and answer.told["type"] == "transaction-response"
    first, second = Document.select().order_by(Document.id)
    responses = [one["response"] for one in answer.told["entry"]]
    assert {one["status"] for one in responses} == {"201 Created"}
    assert [one["location"] for one in responses] == [
        *(f"List/{of(first.uid)}", f"DocumentReference/{of(first.uid)}", f"Binary/{of(first.uid)}"),
        *(f"DocumentReference/{of(second.uid)}", f"Binary/{of(first.uid)}"),
    ]


def test_sent_twice_it_is_taken_once(post):
    said = simple()
    location = post(said).location
    again = post(said)
    assert (again.status_code, again.location) == (200, location)
    sent = transaction(b"Un autre.", media_type="text/plain")
    post(sent, "/fhir")
    (_, told, _) = post(sent, "/fhir").told["entry"]
    assert told["response"]["status"] == "200 OK"
    assert Document.select().count() == 2 and Use.get().number == 2


def test_something_else_under_the_same_name_is_a_conflict(post):
    post(simple())
    before = whole()
    assert fault(post(simple(b"Autre chose.")), 409) == ("duplicate", "")
    assert fault(post(simple(who=CAROLE)), 409) == ("duplicate", "")
    assert whole() == before


def test_another_source_may_use_the_same_name(post, world):
    post(simple())
    _, token = source.register(world.office, Told("Cabinet Imaginaire", "professional"))
    assert post(simple(b"Autre chose."), token=token).status_code == 201
    assert Document.select().count() == 2


def test_what_replaces_another_comes_after_it(post):
    uid = post(simple()).told["id"]
    newer = simple(b"Une autre version.", identifier="1.2.9", replaces=uid)
    assert post(newer).status_code == 201
    older, new = Document.select().order_by(Document.id)
    assert new.replaces == older and older.replaced_at


def test_a_patch_of_the_older_says_that_it_is_replaced(post):
    uid = post(simple()).told["id"]
    before = Document.get().uid
    sent = transaction(b"Une autre version.", media_type="text/plain")
    parts = [
        {"name": "path", "valueString": "DocumentReference.status"},
        {"name": "type", "valueCode": "replace"},
        {"name": "value", "valueCode": "superseded"},
    ]
    patch = {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": parts}]}
    request = {"method": "PATCH", "url": f"DocumentReference/{uid}"}
    sent["entry"].append({"resource": patch, "request": request})
    *_, last = post(sent, "/fhir").told["entry"]
    assert last["response"]["status"] == "200 OK" and "location" not in last["response"]
    assert Document.get(Document.identifier == f"{ROOT}.3.1").replaces.uid == before


def test_a_fhir_document_beside_it_is_kept_byte_for_byte(post):
    summary = json.dumps(ips(), indent=3, ensure_ascii=False)
    sent = transaction(b"{}", media_type="application/fhir+json", code="60591-5", seal=False)
    sent["entry"][2]["resource"] = "HERE"
    body = json.dumps(sent).replace('"HERE"', summary)
    answer = post(body.encode(), "/fhir")
    assert answer.status_code == 200, answer.told
    one = Document.get()
    assert b"".join(one.content_chunks()) == summary.encode()
    assert one.media_type == "application/fhir+json"


@pytest.mark.parametrize(
    ("prefer", "has"), [("minimal", ""), ("representation", "DocumentReference")]
)
def test_what_is_preferred_is_answered(post, prefer, has):
    answer = post(simple(), Prefer=f"return={prefer}")
    assert answer.status_code == 201 and answer.location
    assert (answer.told["resourceType"] if answer.data else "") == has


def test_the_outcome_may_be_preferred(post):
    answer = post(simple(), Prefer="return=OperationOutcome")
    assert answer.told["issue"][0]["severity"] == "information"
    answer = post(
        transaction(TEXT, media_type="text/plain"), "/fhir", Prefer="return=OperationOutcome"
    )
    assert answer.told["entry"][1]["response"]["outcome"]["resourceType"] == "OperationOutcome"


# Whose it is


UNKNOWN = other(birth_name="Inconnue", ins="")


def test_a_document_of_nobody_certain_waits_at_the_office(post):
    answer = post(simple(who=UNKNOWN))
    assert fault(answer, 202) == ("informational", "") and "Location" not in answer.headers
    assert Stray.get().told.birth_name == "Inconnue" and not Document.select().exists()
    assert post(simple(who=UNKNOWN)).status_code == 202
    assert Stray.select().count() == 1 == Use.get().number


def test_or_is_refused_where_the_source_would_rather_know(post):
    source.Source.update(unmatched=source.Unmatched.REFUSE.value).execute()
    before = whole()
    assert fault(post(simple(who=UNKNOWN)), 422)[0] == "not-found"
    assert whole() == before


@pytest.mark.parametrize("state", ["closed_at", "objected_at", "closing_at"])
@pytest.mark.parametrize("unmatched", ["queue", "refuse"])
def test_who_takes_no_documents_is_answered_for_as_nobody(post, world, state, unmatched):
    from models import clock
    from models.record import Record

    source.Source.update(unmatched=unmatched).execute()
    Record.update({state: clock.now()}).where(Record.id == world.record("alice").id).execute()
    hers, nobody = post(simple(identifier="1.2.1")), post(simple(who=UNKNOWN, identifier="1.2.2"))
    assert (hers.status_code, hers.data) == (nobody.status_code, nobody.data)
    assert dict(hers.headers) == dict(nobody.headers)
    assert not Document.select().exists()


def test_all_of_a_transaction_is_of_one_person(post):
    sent = transaction(TEXT, b"Un autre.", media_type="text/plain")
    hers = simple(b"Un autre.", who=CAROLE, url=sent["entry"][4]["fullUrl"], identifier="1.2.7")
    sent["entry"][3]["resource"] = hers
    before = whole()
    assert fault(post(sent, "/fhir"), 422)[0] == "business-rule"
    assert whole() == before


def test_a_content_of_someone_else_is_refused_without_saying_in_what(post):
    before = whole()
    answer = post(simple(cda(CAROLE, code="11488-4"), "application/xml"))
    assert fault(answer, 422) == ("value", "")
    said = answer.told["issue"][0]["details"]["text"]
    assert "même personne" in said and "naissance" not in said
    assert whole() == before


def test_a_record_not_activated_yet_takes_documents(post):
    enrolled()
    who = other(birth_name="Fictive", given="Nadia", first="Nadia", birth_date="1960-01-31", ins="")
    assert post(simple(who=who)).status_code == 201


# Who may ask


@pytest.mark.parametrize("token", ["", "carnet_faux", "é", "carnet_" + "x" * 5000])
def test_without_a_token_that_is_valid_nothing_is_read(post, token):
    answer = post(b"not even JSON", token=token)
    assert fault(answer, 401)[0] == "login"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_source_that_has_ended_is_answered_as_an_unknown_one(post, world, laboratory):
    unknown = post(simple(), token="carnet_faux")
    source.end(world.office, laboratory[0])
    ended = post(simple())
    assert (ended.status_code, ended.data) == (unknown.status_code, unknown.data)
    assert dict(ended.headers) == dict(unknown.headers)


def test_guesses_are_counted_and_slowed_down(post):
    from hashlib import sha256

    key = sha256(b"source-from:127.0.0.1").hexdigest()
    Attempt.insert_many([{"key": key}] * FREE_TOGETHER["source-from"]).execute()
    answer = post(simple(), token="carnet_faux")
    assert fault(answer, 429)[0] == "throttled" and answer.headers["Retry-After"]
    assert post(simple()).status_code == 201, "whoever has a token does not pay for others"


def test_a_session_opens_nothing_here(visit):
    diane = visit("diane")
    answer = diane.client.post("/fhir", data=b"{}", headers={"Content-Type": FHIR})
    assert answer.status_code == 401


def test_its_number_of_documents_a_day_is_told(post, laboratory):
    source.Source.update(per_day=1).execute()
    assert post(simple()).status_code == 201
    before = whole()
    answer = post(simple(b"Un autre.", identifier="1.2.8"))
    assert fault(answer, 429)[0] == "throttled"
    assert 0 < int(answer.headers["Retry-After"]) <= 24 * 3600 + 3600
    assert whole() == before


@pytest.mark.parametrize("most", ["MOST", "MOST_OF_ONE"])
def test_beyond_a_few_at_once_one_is_told_to_come_back(post, monkeypatch, most):
    with monkeypatch.context() as few:
        few.setattr(fhir, most, 0)
        answer = post(simple())
    assert fault(answer, 503)[0] == "throttled" and answer.headers["Retry-After"] == "1"
    assert post(simple()).status_code == 201
    assert not fhir._inside.total(), "whoever has left is counted no more"


# What may be asked


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        *(("GET", "/fhir", 405), ("GET", "/fhir/DocumentReference", 405)),
        *(("GET", "/fhir/DocumentReference/x", 404), ("GET", "/fhir/Patient?name=Exemple", 404)),
        *(("PUT", "/fhir/DocumentReference/x", 404), ("DELETE", "/fhir/DocumentReference", 405)),
        *(("OPTIONS", "/fhir", 405), ("POST", "/fhir/metadata", 405)),
        *(("POST", "/fhir/Binary", 404), ("GET", "/fhir/%00", 404), ("GET", "/fhir/", 405)),
    ],
)
def test_nothing_is_read_nor_changed(app, laboratory, method, path, status):
    headers = {"Authorization": f"Bearer {laboratory[1]}"}
    answer = judged(app.test_client().open(path, method=method, headers=headers))
    assert answer.status_code == status


@pytest.mark.parametrize(
    "media_type", ["application/fhir+xml", "text/xml", "multipart/form-data", ""]
)
def test_only_json_is_read(post, media_type):
    assert fault(post(b"<x/>", Content_Type=media_type), 415)[0] == "not-supported"


def test_what_breaks_here_is_told_in_fhir(post, monkeypatch):
    monkeypatch.setattr(fhir.submission, "take", lambda *_: 1 / 0)
    assert fault(post(simple()), 500)[0] == "exception"
    database.close()


def test_what_is_wrong_is_told_where_it_is(post):
    wrong = transaction(TEXT, media_type="text/plain")
    wrong["entry"][1]["resource"]["date"] = "hier"
    wrong["entry"][1]["resource"]["status"] = ["current"]
    answer = post(wrong, "/fhir")
    assert fault(answer, 422) == ("invalid", "Bundle.entry[1].resource.date")
    assert len(answer.told["issue"]) == 2
