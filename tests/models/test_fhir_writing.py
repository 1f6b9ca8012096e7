"""The list of documents in FHIR, held valid by a library that is not ours."""

import base64
import hashlib
import json
from datetime import date
from urllib.parse import unquote

import pytest
from fhir.resources.R4B.bundle import Bundle

from models import masking, vault
from models.document import Document
from models.export import FHIR_LIST
from models.record import Record

from ..world import SURGERY
from .taken import taken_out


def listed(access):
    file = taken_out(access)
    bundle = json.loads(file.read(FHIR_LIST))
    Bundle.model_validate(bundle)
    patient, *documents = [entry["resource"] for entry in bundle["entry"]]
    return patient, documents, file, bundle


def test_each_document_points_to_its_file_and_proves_it(world):
    world.paper("Été / cœur", "Un texte.", folder=world.folder("Mes examens"))
    patient, (one,), file, bundle = listed(world.access("alice"))
    assert bundle["type"] == "collection" and patient["birthDate"] == "1951-03-14"
    attachment = one["content"][0]["attachment"]
    path = unquote(attachment["url"]).removeprefix("../")
    content = file.read(path)
    digest = hashlib.sha1(content, usedforsecurity=False).digest()
    assert attachment["hash"] == base64.b64encode(digest).decode()
    assert attachment["size"] == len(content) and attachment["contentType"] == "text/plain"
    assert one["subject"]["reference"] == bundle["entry"][0]["fullUrl"]
    coded = one["type"]["coding"][0]
    assert (coded["code"], one["category"][0]["coding"][0]["code"]) == ("DOCPAT03", "10")


def test_the_person_has_her_names_and_her_number(world):
    told = {"used_name": "D'Usage", "ins": "162126587913677", "ins_system": "1.2.250.1.213.1.4.10"}
    Record.update(told).where(Record.id == world.record("alice").id).execute()
    patient, *_ = listed(world.access("alice"))
    assert patient["identifier"][0] == {
        "use": "official",
        "system": "urn:oid:1.2.250.1.213.1.4.10",
        "value": "162126587913677",
    }
    assert [name["family"] for name in patient["name"]] == ["Exemple", "D'Usage"]


def test_masking_replacement_and_codes_are_told(world):
    older = world.paper("Bilan", by=SURGERY)
    newer = world.paper("Bilan corrigé", by=SURGERY, author="Dr Fictif")
    values = {"identifier": "1.2.3", "type_code": "11502-2", "replaces": older}
    Document.update(values).where(Document.id == newer.id).execute()
    masking.choose(world.access("alice"), [newer], True)
    _, (before, after), _, bundle = listed(world.access("alice"))
    assert (before["status"], after["status"]) == ("superseded", "current")
    assert after["relatesTo"][0]["target"]["reference"] == bundle["entry"][1]["fullUrl"]
    assert after["masterIdentifier"]["value"] == "urn:oid:1.2.3"
    assert after["type"]["coding"][0] | {"display": ""} == {
        "system": "http://loinc.org",
        "code": "11502-2",
        "display": "",
    }
    labels = [one["coding"][0]["code"] for one in after["securityLabel"]]
    assert labels == ["N", "MASQUE_PS"] and after["author"] == [{"display": "Dr Fictif"}]
    # Whoever is no patient does not deposit as one.
    assert "coding" not in before["type"] and before["type"]["text"] == "Comptes rendus"


@pytest.mark.parametrize(
    "identifier, system, value",
    [
        ("1.2.3^a b", "urn:oid:1.2.3", "a b"),
        (
            "7D0F3A0C-3B1C-4E5F-8A5F-111111111111",
            "urn:ietf:rfc:3986",
            "urn:uuid:7d0f3a0c-3b1c-4e5f-8a5f-111111111111",
        ),
        ("n'importe quoi", None, "n'importe quoi"),
    ],
)
def test_a_name_that_is_unique_everywhere_is_written_as_fhir_writes_it(
    world, identifier, system, value
):
    one = world.paper("Bilan")
    odd = {"header": json.dumps({"type_system": "un système", "type_label": "Étrange"})}
    Document.update(identifier=identifier, type_code="X 1", **odd).where(
        Document.id == one.id
    ).execute()
    _, (found,), *_ = listed(world.access("alice"))
    told = found["masterIdentifier"]
    assert (told.get("system"), told["value"]) == (system, value)
    assert found["type"] == {"text": "Étrange"}


def test_what_could_not_be_read_proves_nothing(world):
    vault.erase(world.paper("Abîmé", dated=date(2024, 1, 2)).content)
    _, (one,), *_ = listed(world.access("alice"))
    attachment = one["content"][0]["attachment"]
    assert "hash" not in attachment and "size" not in attachment
    assert one["context"]["period"]["start"] == "2024-01-02"
