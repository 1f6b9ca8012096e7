"""FHIR R4 resources."""

import base64
import hashlib
import json

from .documents import ROOT
from .people import ALICE, BORN, Someone

V3 = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
A07 = (
    "https://mos.esante.gouv.fr/NOS/TRE_A07-StatusVisibiliteDocument/FHIR/"
    "TRE-A07-StatusVisibiliteDocument"
)
VISIBILITY = ("MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX")


def written(resource: dict) -> bytes:
    return json.dumps(resource, ensure_ascii=False).encode()


def patient(who: Someone = ALICE, **more) -> dict:
    names = [{"use": "official", "family": who.birth_name, "given": who.given.split()}]
    if who.used_name:
        names.append({"use": "usual", "family": who.used_name, "given": [who.first]})
    place = {"extension": [{"url": INSEE, "valueCoding": {"code": who.place}}]}
    return {
        "resourceType": "Patient",
        "identifier": [
            {"use": "official", "system": f"urn:oid:{who.system}", "value": who.ins},
        ]
        if who.ins
        else [],
        "name": names,
        "gender": BORN.get(who.sex, "unknown"),
        "birthDate": who.birth_date,
        "extension": [{"url": BIRTHPLACE, "valueAddress": place}] if who.place else [],
    } | more


BIRTHPLACE = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"
INSEE = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-address-insee-code"


def ips(who: Someone = ALICE, sections: list[dict] | None = None, *resources: dict) -> dict:
    """A document Bundle: the summary of one's health."""
    sections = [NARRATED, TOLD] if sections is None else sections
    composition = {
        "resourceType": "Composition",
        "status": "final",
        "type": {"coding": [{"system": "http://loinc.org", "code": "60591-5"}]},
        "subject": {"reference": "urn:uuid:11111111-0000-4000-8000-000000000002"},
        "date": "2026-02-10T09:00:00+01:00",
        "author": [{"reference": "urn:uuid:11111111-0000-4000-8000-000000000003"}],
        "title": "Résumé fictif de ma santé",
        "confidentiality": "N",
        "section": sections,
    }
    practitioner = {
        "resourceType": "Practitioner",
        "name": [{"family": "Modèle", "given": ["Lucie"], "prefix": ["Dr"]}],
    }
    inside = [composition, patient(who), practitioner, *(resources or (ALLERGY,))]
    return {
        "resourceType": "Bundle",
        "type": "document",
        "identifier": {"system": "urn:oid:" + ROOT, "value": "ips-1"},
        "timestamp": "2026-02-10T09:00:00+01:00",
        "entry": [
            {"fullUrl": f"urn:uuid:11111111-0000-4000-8000-{number:012}", "resource": one}
            for number, one in enumerate(inside, start=1)
        ],
    }


NARRATED = {
    "title": "Problèmes",
    "code": {"coding": [{"system": "http://loinc.org", "code": "11450-4"}]},
    "text": {
        "status": "generated",
        "div": '<div xmlns="http://www.w3.org/1999/xhtml"><table><tr><th>Problème</th><th>Depuis'
        "</th></tr><tr><td>Rhume imaginaire</td><td>2024</td></tr></table></div>",
    },
}
TOLD = {
    "title": "Allergies",
    "code": {"coding": [{"system": "http://loinc.org", "code": "48765-2"}]},
    "entry": [{"reference": "urn:uuid:11111111-0000-4000-8000-000000000004"}],
}
ALLERGY = {
    "resourceType": "AllergyIntolerance",
    "code": {"text": "Pollen imaginaire"},
    "patient": {"reference": "urn:uuid:11111111-0000-4000-8000-000000000002"},
    "recordedDate": "2020-05-01",
}


def document_reference(
    content: bytes,
    media_type="application/pdf",
    who: Someone = ALICE,
    url="",
    identifier=f"{ROOT}.2",
    title="Compte rendu de consultation fictif",
    code="11488-4",
    codes=("N",),
    replaces="",
    seal=True,
    traits=True,
    **attachment,
) -> dict:
    """ITI-105, its content inside; or, with `url`, one that names its Binary. `seal`: hash and
    size. `traits`: its Patient is inside, beside the conditional reference."""
    sealed = {"size": len(content), "hash": sha1(content)} if seal else {}
    where = {"url": url} if url else {"data": base64.b64encode(content).decode()}
    told = {"contentType": media_type, "title": title, "creation": "2026-03-02T10:00:00+01:00"}
    inside = [{"resourceType": "Practitioner", "id": "author", "name": [{"family": "Modèle"}]}]
    context: dict = {"period": {"start": "2026-03-01T09:00:00+01:00"}}
    if traits:
        inside.append(patient(who, id="patient"))
        context["sourcePatientInfo"] = {"reference": "#patient"}
    resource = {
        "resourceType": "DocumentReference",
        "contained": inside,
        "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:oid:{identifier}"},
        "status": "current",
        "type": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "subject": {"reference": f"Patient?identifier=urn:oid:{who.system}|{who.ins}"},
        "date": "2026-03-02T10:00:00+01:00",
        "author": [{"reference": "#author"}],
        "securityLabel": [
            {"coding": [{"system": A07 if one in VISIBILITY else V3, "code": one}]} for one in codes
        ],
        "content": [{"attachment": told | where | sealed | attachment}],
        "context": context,
    }
    if not who.ins:
        resource["subject"] = {"reference": "#patient"}
    if replaces:
        target = {"reference": f"DocumentReference/{replaces}"}
        resource["relatesTo"] = [{"code": "replaces", "target": target}]
    return resource


def transaction(*contents: bytes, media_type="application/pdf", who=ALICE, **told) -> dict:
    """ITI-65: a submission set, and for each content its DocumentReference and its Binary."""
    names = [f"urn:uuid:22222222-0000-4000-8000-{n:012}" for n in range(2 * len(contents))]
    documents, binaries = names[: len(contents)], names[len(contents) :]
    told = {"identifier": f"{ROOT}.3"} | told
    entries = [_entry("urn:uuid:22222222-0000-4000-9000-000000000000", _submission(documents, who))]
    for number, content in enumerate(contents):
        numbered = told | {"identifier": f"{told['identifier']}.{number + 1}"}
        one = document_reference(content, media_type, who, binaries[number], **numbered)
        entries.append(_entry(documents[number], one))
        data = base64.b64encode(content).decode()
        binary = {"resourceType": "Binary", "contentType": media_type, "data": data}
        entries.append(_entry(binaries[number], binary))
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


def sha1(content: bytes) -> str:
    """As FHIR writes it."""
    return base64.b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()


def _entry(name, resource):
    request = {"method": "POST", "url": resource["resourceType"]}
    return {"fullUrl": name, "resource": resource, "request": request}


def _submission(documents, who):
    lists = "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes"
    return {
        "resourceType": "List",
        "status": "current",
        "mode": "working",
        "code": {"coding": [{"system": lists, "code": "submissionset"}]},
        "subject": {"reference": f"Patient?identifier=urn:oid:{who.system}|{who.ins}"},
        "date": "2026-03-02T10:00:00+01:00",
        "entry": [{"item": {"reference": name}} for name in documents],
    }
