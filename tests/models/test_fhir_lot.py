"""FHIR resources that describe documents and hold them, read by the program that runs apart."""

import base64
import json
from datetime import date
from pathlib import Path

import pytest

from models.formats import fhir_lot
from models.formats.dissection import SINGLE, Refused
from models.formats.fhir_shapes import FILE, REFERENCE, TRANSACTION
from models.formats.fhir_text import Text, Unclear
from models.header import Person, from_json

from ..exchange import ALICE, document_reference, ips, other, patient, transaction, written

INPUTS = Path(__file__).parents[3] / "shared" / "inputs" / "fhir"
TEXT = "Texte fictif, très court.".encode()


@pytest.fixture
def taken(monkeypatch):
    """What the program says of each document: its header and its bytes."""

    def take(resource, shape=FILE):
        said, given = [], []
        monkeypatch.setattr(fhir_lot, "send", lambda **told: said.append(told))
        monkeypatch.setattr(fhir_lot, "send_part", lambda data, **_: given.append(bytes(data)))
        body = resource if isinstance(resource, bytes) else written(resource)
        fhir_lot.take_apart(body, shape)
        items = [told["item"] for told in said if "item" in told]
        return [(from_json(one["header"]), data) for one, data in zip(items, given, strict=True)]

    return take


def why(taken, resource, shape=REFERENCE):
    """The fault, and where."""
    with pytest.raises(Refused) as refused:
        taken(resource, shape)
    (fault, where, _), *_ = refused.value.more["issues"]
    return fault, where


def reference(**changes):
    return document_reference(TEXT, "text/plain") | changes


def test_all_that_it_says_is_read(taken):
    ((header, content),) = taken(document_reference(TEXT, "text/plain", codes=("N", "R")))
    assert content == TEXT
    assert header.title == "Compte rendu de consultation fictif"
    assert (header.type_code, header.type_system) == ("11488-4", "2.16.840.1.113883.6.1")
    assert (header.dated, header.act_on) == (date(2026, 3, 2), date(2026, 3, 1))
    assert (header.author, header.identifier) == ("Modèle", "1.2.250.1.999.1.1.2")
    assert header.confidentiality == {"N", "R"}
    assert (header.declared, header.size) == ("text/plain", len(TEXT)) and len(header.sha1) == 40
    who = header.person
    assert (who.birth_name, who.birth_given_names, who.sex) == ("Exemple", "Alice Anne", "F")
    assert (who.birth_date, who.birthplace_code) == (date(1951, 3, 14), "75056")
    assert (who.ins, who.ins_system) == (ALICE.ins, ALICE.system)


def test_a_transaction_gives_each_of_its_documents(taken):
    sent = transaction(b"Un.", b"Deux.", media_type="text/plain")
    assert [content for _, content in taken(sent, TRANSACTION)] == [b"Un.", b"Deux."]


@pytest.mark.parametrize(
    ("subject", "person"),
    [
        ({"reference": f"Patient?identifier=urn:oid:{ALICE.system}|{ALICE.ins}"}, "ins"),
        ({"reference": f"Patient?identifier=urn%3Aoid%3A{ALICE.system}%7C{ALICE.ins}"}, "ins"),
        (
            {"reference": f"https://x/fhir/Patient?identifier=urn:oid:{ALICE.system}|{ALICE.ins}"},
            "ins",
        ),
        ({"identifier": {"system": f"urn:oid:{ALICE.system}", "value": ALICE.ins}}, "ins"),
        ({"reference": "#her"}, "traits"),
        ({"reference": "Patient/her"}, ""),
        ({"reference": "Patient?name=Exemple"}, ""),
    ],
)
def test_the_subject_is_read_in_each_of_its_shapes(taken, subject, person):
    told = reference(subject=subject, context={}, contained=[patient(id="her")])
    ((header, _),) = taken(told)
    expected = {
        "ins": Person(ins=ALICE.ins, ins_system=ALICE.system),
        "traits": header.person if header.person.birth_name == "Exemple" else None,
        "": Person(),
    }
    assert header.person == expected[person]


@pytest.mark.parametrize("name", ["Patient/her", "urn:uuid:44444444-0000-4000-8000-000000000000"])
def test_the_subject_may_be_an_entry(taken, name):
    sent = transaction(TEXT, media_type="text/plain", traits=False)
    full = name if name.startswith("urn") else "https://exemple.invalid/Patient/her"
    sent["entry"].append({"fullUrl": full, "resource": patient(id="her")})
    sent["entry"][1]["resource"]["subject"] = {"reference": name}
    ((header, _),) = taken(sent, TRANSACTION)
    assert header.person.birth_name == "Exemple"


def test_a_name_of_use_is_never_taken_for_that_of_birth(taken):
    her = patient(id="her", name=[{"use": "usual", "family": "Mariée", "given": ["Alice"]}])
    ((header, _),) = taken(reference(subject={"reference": "#her"}, contained=[her]))
    assert (header.person.birth_name, header.person.used_name) == ("", "Mariée")


def test_the_subject_and_how_its_source_knew_her_are_one_person(taken):
    someone = patient(other(birth_date="1980-01-01"), id="other")
    told = reference(subject={"reference": "#other"})
    told["contained"].append(someone)
    assert why(taken, told) == ("two-people", "DocumentReference.subject")


def test_a_call_says_of_whom_it_is_but_a_file_may_not(taken):
    told = reference(subject={"reference": "Patient/x"}, context={})
    assert why(taken, told) == ("no-person", "DocumentReference.subject")
    assert len(taken(told)) == 1


@pytest.mark.parametrize(
    ("told", "replaces"),
    [
        ({"reference": "DocumentReference/abcdefgh.ijklmno"}, "abcdefgh_ijklmno"),
        ({"reference": "DocumentReference/doc-x-id/_history/1"}, "doc-x-id"),
        ({"reference": "urn:oid:1.2.3"}, "1.2.3"),
        ({"identifier": {"system": "urn:oid:1.2", "value": "x"}}, "1.2^x"),
    ],
)
def test_what_it_replaces(taken, told, replaces):
    ((header, _),) = taken(reference(relatesTo=[{"code": "replaces", "target": told}]))
    assert header.replaces == (replaces,)
    ((header, _),) = taken(reference(relatesTo=[{"code": "appends", "target": told}]))
    assert header.replaces == ()


def test_a_moment_is_the_day_that_it_was_in_france(taken):
    ((header, _),) = taken(reference(date="2026-03-01T23:30:00Z"))
    assert header.dated == date(2026, 3, 2)


def test_the_hash_may_be_the_base64_of_hexadecimal(taken):
    told = reference()
    attachment = told["content"][0]["attachment"]
    attachment["hash"] = base64.b64encode(
        base64.b64decode(attachment["hash"]).hex().encode()
    ).decode()
    assert len(taken(told)) == 1


def test_base64_may_be_escaped_and_broken_in_lines(taken):
    content = bytes(range(256)) * 40
    body = written(document_reference(content, "application/octet-stream"))
    data = base64.b64encode(content)
    broken = b"\\r\\n".join(data[at : at + 76] for at in range(0, len(data), 76))
    ((_, given),) = taken(body.replace(data, broken.replace(b"/", b"\\/")))
    assert given == content


def test_a_fhir_document_beside_is_given_byte_for_byte(taken):
    summary = json.dumps(ips(), indent=2).encode()
    sent = transaction(b"{}", media_type="application/fhir+json", seal=False)
    sent["entry"][2]["resource"] = "HERE"
    body = written(sent).replace(b'"HERE"', summary)
    assert taken(body, TRANSACTION)[0][1] == summary


def test_several_forms_are_told(taken):
    told = reference()
    told["content"] *= 2
    ((header, _),) = taken(told)
    assert any("plusieurs formes" in warning for warning in header.warnings)


@pytest.mark.parametrize(
    "resource", [patient(), ips(), {"resourceType": "Bundle", "type": "searchset", "entry": []}]
)
def test_what_describes_no_document_is_one_file(taken, resource):
    with pytest.raises(Refused) as refused:
        taken(resource)
    assert refused.value.reason == SINGLE


def test_what_is_refused_is_said_in_french(taken):
    with pytest.raises(Refused) as refused:
        taken(reference(status="entered-in-error"))
    assert refused.value.what.startswith("Ce document est une erreur")


def test_base64_is_set_apart_whatever_it_holds():
    """A forged mark, a key that looks like « data », a content that is no string."""
    text = Text(b'{"a\\"data":"' + b"A" * 4000 + b'","data":"' + b"QUJD" * 1000 + b'","x":"0000"}')
    assert text.decoded(text.value["data"]) == b"ABC" * 1000
    assert len(text.value["data"]) < 40
    with pytest.raises(Unclear):
        text.decoded("é" * 4)


# The real examples (inputs/MANIFEST.tsv)

TAKEN = {
    "mhd/Bundle-ex-comprehensiveProvideDocumentBundleSimple": (
        *("Hello World", "60591-5", date(2020, 2, 2)),
        b"Hello World",
    ),
    "mhd/Bundle-ex-minimalProvideDocumentBundleSimple": ("", "", None, b"Hello World"),
    "mhd/DocumentReference-ex-DocumentReferenceSimplifiedPublish": ("", "", None, b"Hello World"),
    "pdsm4dmp/Bundle-td2-1-remplacement": (
        *("Compte rendu de consultation (v2)", "11488-4", date(2026, 6, 12)),
        b"<?xml",
    ),
    "pdsm4dmp/Bundle-td2-iti65-lot-soumission": (
        *("Compte rendu de consultation", "11488-4", date(2026, 6, 12)),
        b"<?xml",
    ),
    "pdsm4dmp/DocumentReference-td2-iti105-publication-simplifiee": (
        *("Compte rendu de consultation", "11488-4", date(2026, 6, 12)),
        b"<?xml",
    ),
}
NOT_TAKEN = {
    "mhd/Bundle-FindDocumentReferences": "no-content",
    "mhd/Bundle-ex-comprehensiveProvideDocumentBundleReplace": "wrong-size",
    "pdsm/DocumentReference-PDSmSimplifiedExample": "wrong-hash",
    "pdsm/DocumentReference-exemple-pdsm-documentreference": "no-content",
    "pdsm4dmp/Bundle-searchset-documentreferences": "no-content",
    "pdsm4dmp/DocumentReference-doc-x-id": "no-content",
    "pdsm4dmp/DocumentReference-td3-1a-cr-consultation": "no-content",
    "pdsm4dmp/DocumentReference-td3-1a-ordonnance": "no-content",
}


@pytest.mark.skipif(not INPUTS.exists(), reason="the real examples are not here")
def test_the_real_examples_are_read_or_refused_for_what_they_are(taken):
    for name, (title, code, dated, start) in TAKEN.items():
        ((header, content),) = taken((INPUTS / f"{name}.json").read_bytes())
        assert (header.title, header.type_code, header.dated) == (title, code, dated), name
        assert content.startswith(start), name
    for name, fault in NOT_TAKEN.items():
        assert why(taken, (INPUTS / f"{name}.json").read_bytes(), FILE)[0] == fault, name
