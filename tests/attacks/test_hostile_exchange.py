"""What hostile software may send: each is refused in the words of FHIR, and leaves nothing behind:
no row, no file, no line of a journal, no deposit counted."""

import base64
import gzip
import json
import zlib

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from models import source, vault
from models.document import Document
from models.formats import fhir_bundle, fhir_lot, fhir_shapes, fhir_text
from models.journal import Entry
from models.source import Told, Use
from models.stray import Stray

from ..exchange import CAROLE, cda, document_reference, letter, transaction, written

TEXT = b"Texte fictif."
PAGE = b"<html><script>alert(1)</script></html>"
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;">
]><ClinicalDocument xmlns="urn:hl7-org:v3"><title>&b;</title></ClinicalDocument>"""


@pytest.fixture
def token(world):
    return source.register(world.office, Told("Logiciel Hostile Fictif", "other"))[1]


@pytest.fixture
def send(app, token):
    def post(body, path="/fhir/DocumentReference", environ=None, **headers):
        named = {"Content-Type": "application/fhir+json", "Authorization": f"Bearer {token}"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        before = left_behind()
        sent = EnvironBuilder(path, method="POST", data=body, headers=named).get_environ()
        told, status, _ = run_wsgi_app(app, sent | (environ or {}))
        assert json.loads(b"".join(told))["resourceType"] == "OperationOutcome"
        assert left_behind() == before
        assert status.startswith("4"), status
        return int(status.split()[0])

    return post


def left_behind():
    tables = (Document, Stray, Use, Entry)
    return [one.select().count() for one in tables], set(vault.names())


def reference(content=TEXT, media_type="text/plain", **changes):
    return document_reference(content, media_type) | changes


def attached(**changes):
    resource = reference()
    resource["content"][0]["attachment"] |= changes
    return resource


def bundle(change):
    sent = transaction(TEXT, media_type="text/plain")
    change(sent["entry"])
    return written(sent)


# JSON


def nested(opening, closing, times):
    return (
        b'{"resourceType":"DocumentReference","x":'
        + opening * times
        + b"0"
        + closing * times
        + b"}"
    )


NOT_WELL = {
    "10,000 lists deep": nested(b"[", b"]", 10_000),
    "10,000 objects deep": nested(b'{"a":', b"}", 10_000),
    "100 objects deep, more than are read": nested(b'{"a":', b"}", 100),
    "a property twice": b'{"resourceType":"Patient","resourceType":"DocumentReference"}',
    "not a number": b'{"resourceType":"DocumentReference","size":NaN}',
    "a number of 10,000 digits": nested(b"", b"", 1)[:-1] + b"1" * 10_000 + b"}",
    "another alphabet": '{"resourceType":"DocumentReference"}'.encode("utf-16"),
    "cut short": written(reference())[:-20],
    "a list": b"[]",
    "a word": b'"DocumentReference"',
    "nothing": b"",
    "a type that is a list": b'{"resourceType":["DocumentReference"]}',
}


@pytest.mark.parametrize("name", NOT_WELL)
def test_json_that_is_not_well(send, name):
    assert send(NOT_WELL[name]) in (400, 422)


def test_more_properties_than_are_read(send):
    many = b",".join(b'"k%d":0' % number for number in range(300_000))
    assert send(b'{"resourceType":"DocumentReference",' + many + b"}") == 413


def test_a_body_that_says_it_is_too_large_is_not_read(send):
    assert send(b"{}", environ={"CONTENT_LENGTH": "200000000"}) == 413


class Endless:
    """Base64 without an end, as chunks of no announced length."""

    def __init__(self):
        self.given = 0

    def read(self, size=-1):
        assert size > 0, "it would be read whole"
        self.given += size
        assert self.given < 100_000_000, "it is read without end"
        return b"A" * size


def test_a_body_that_does_not_say_it_is_cut_at_the_limit(send, app):
    app.config["SETTINGS"] = app.config["SETTINGS"].__class__(max_document_mb=1)
    environ = {"wsgi.input": Endless(), "HTTP_TRANSFER_ENCODING": "chunked"}
    assert send(b"", environ=environ) == 413


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "gzip, gzip"])
def test_nothing_is_unpacked(send, coding):
    bomb = gzip.compress(b"0" * 10_000_000) if "gzip" in coding else zlib.compress(b"0" * 10_000)
    assert send(bomb, Content_Encoding=coding) == 415


# Its contents


WRONG = {
    "another hash": attached(hash="A/hMRrv6Y15BjSM8kMLidrz+mHc="),
    "no hash": attached(hash="xx"),
    "a hash of another length": attached(hash=base64.b64encode(b"0" * 32).decode()),
    "another size": attached(size=12_345),
    "a size below zero": attached(size=-1),
    "not base64": attached(data="é" * 3),
    "long, and not base64": attached(data="A" * 5_001),
    "no content": attached(data=""),
    "content elsewhere": {
        **reference(),
        "content": [{"attachment": {"url": "http://127.0.0.1:1/x", "contentType": "text/plain"}}],
    },
    "a file of this machine": {
        **reference(),
        "content": [{"attachment": {"url": "file:///etc/passwd", "contentType": "text/plain"}}],
    },
    "a page named PDF": reference(PAGE, "application/pdf"),
    "a page named text": reference(PAGE, "text/plain"),
    "a PDF named text": reference(letter("Fictif."), "text/plain"),
    "text named PDF": reference(TEXT, "application/pdf"),
    "a program": reference(b"\x7fELF" + b"\0" * 100, "application/octet-stream"),
    "an archive": reference(b"PK\x03\x04" + b"\0" * 100, "application/zip"),
    "billion laughs": reference(LAUGHS, "application/xml"),
    "10,000 deep": reference(nested(b"[", b"]", 10_000), "application/fhir+json"),
    "no subject": {**reference(), "subject": {"reference": "Patient/x"}, "context": {}},
    "another's content": reference(cda(CAROLE, code="11488-4"), "application/xml"),
}


@pytest.mark.parametrize("name", WRONG)
def test_contents_that_lie(send, name):
    assert send(written(WRONG[name])) in (400, 422)


# Its entries


def test_the_same_entry_twice(send):
    assert send(bundle(lambda entries: entries.append(entries[1])), "/fhir") == 422


def test_the_same_document_twice(send):
    def twice(entries):
        entries.append(entries[1] | {"fullUrl": "urn:uuid:33333333-0000-4000-8000-000000000000"})

    assert send(bundle(twice), "/fhir") == 422


def test_10_000_entries(send):
    assert send(bundle(lambda entries: entries.extend(entries[2:] * 10_000)), "/fhir") in (413, 422)


def test_more_documents_than_are_taken_at_once(send):
    texts = [b"Texte %d." % number for number in range(21)]
    assert send(written(transaction(*texts, media_type="text/plain")), "/fhir") == 422


@pytest.mark.parametrize(
    "change",
    [
        {"request": {"method": "GET", "url": "Patient?name=Exemple"}},
        {"request": {"method": "DELETE", "url": "DocumentReference/x"}},
        {"request": {"method": "PUT", "url": "DocumentReference/x"}},
        {"request": [], "resource": "x"},
        {"resource": ["x"]},
        {"fullUrl": {"a": 1}},
    ],
)
def test_nothing_but_deposits_in_a_transaction(send, change):
    assert send(bundle(lambda entries: entries.append(change)), "/fhir") == 422


def test_references_in_circles(send):
    role = {
        "resourceType": "PractitionerRole",
        "id": "role",
        "practitioner": {"reference": "#role"},
    }
    round_and_round = reference(author=[{"reference": "#role"}], contained=[role])
    round_and_round["subject"] = round_and_round["context"]["sourcePatientInfo"] = {
        "reference": "#role"
    }
    assert send(written(round_and_round)) == 422


def test_a_document_in_itself(send):
    def itself(entries):
        entries[1]["resource"]["content"][0]["attachment"]["url"] = entries[1]["fullUrl"]

    assert send(bundle(itself), "/fhir") == 422


# Its bounds


def test_what_is_read_is_bounded():
    """Where the bounds are, so that nobody moves them without knowing."""
    assert fhir_text.DEEPEST == 60 and fhir_text.MOST_METADATA == 2 * 1024 * 1024
    assert fhir_text.MOST_VALUES == 50_000
    assert fhir_bundle.MOST_ENTRIES == 500
    assert fhir_lot.MOST_DOCUMENTS[fhir_shapes.TRANSACTION] == 20
