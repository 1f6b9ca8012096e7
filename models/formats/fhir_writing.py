"""Documents told in FHIR R4, as the French PDSm (IHE MHD) tells them: a Bundle that one can read
beside the files. A `collection`: it is a list, asked of no server and sent to none."""

import base64
import json
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from ..document import Document
from ..masking import is_masked
from ..record import Record, Sex
from ..reference import types
from .kinds import PDF, TEXT

OID = re.compile(r"[0-2](?:\.(?:0|[1-9]\d*))+")
# What FHIR takes for a code, and for the address of a system.
CODE, ADDRESS = re.compile(r"\S+(?: \S+)*"), re.compile(r"\S+")
URI = "urn:ietf:rfc:3986"
UNIQUE = "https://profiles.ihe.net/ITI/MHD/CodeSystem/IHE.MHD.MHDIdentifierType"
TRE_A03 = "https://mos.esante.gouv.fr/NOS/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument"
TRE_A07 = (
    "https://mos.esante.gouv.fr/NOS/TRE_A07-StatusVisibiliteDocument/FHIR/"
    "TRE-A07-StatusVisibiliteDocument"
)
CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
FORMATS = "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode"
FORMAT_CODES = {PDF: "urn:ihe:iti:xds-sd:pdf:2008", TEXT: "urn:ihe:iti:xds-sd:text:2008"}
BIRTHPLACE = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"
GENDERS = {Sex.FEMALE: "female", Sex.MALE: "male", Sex.UNKNOWN: "unknown"}
CLASSES = {
    **{"10": "Compte rendu", "11": "Synthèse", "31": "Imagerie médicale", "42": "Prescription"},
    **{"43": "Dispensation", "44": "Plan de soins", "45": "Traitement", "52": "Certificat"},
    **{"60": "Remboursement", "90": "Expression du patient", "95": "Document de gestion"},
}


@dataclass(frozen=True)
class Listed:
    """A document of the list: its file, from where the list is, and the SHA-1 of its bytes, which
    is empty where they could not be read; the uid of the one that it replaces."""

    document: Document
    path: str
    sha1: bytes
    replaces: str = ""
    replaced: bool = False


def bundle(record: Record, made_at: datetime, site: str, listed: Iterable[Listed]) -> Iterator:
    """In pieces: a resource at a time."""
    head = {"resourceType": "Bundle", "type": "collection", "timestamp": _instant(made_at)}
    yield json.dumps(head).removesuffix("}").encode() + b', "entry": ['
    yield _entry(record.uid, patient(record))
    for one in listed:
        yield b",\n" + _entry(one.document.uid, reference(record, one, site))
    yield b"]}\n"


def patient(record: Record) -> dict:
    given = record.birth_given_names.split()
    names = [{"use": "official", "family": record.birth_name, "given": given}]
    if record.used_name:
        names.append({"use": "usual", "family": record.used_name, "given": given[:1]})
    place = {"city": record.birthplace, "district": record.birthplace_code}
    place = {name: value for name, value in place.items() if value}
    return _said(
        resourceType="Patient",
        extension=[{"url": BIRTHPLACE, "valueAddress": place}] if place else [],
        identifier=_identifiers(record),
        name=names,
        gender=GENDERS[Sex(record.sex)],
        birthDate=record.birth_date.isoformat(),
    )


def reference(record: Record, listed: Listed, site: str) -> dict:
    """Its DocumentReference."""
    one, header = listed.document, listed.document.told
    whose = {"reference": _urn(record.uid)}
    return _said(
        resourceType="DocumentReference",
        masterIdentifier=_master_identifier(one),
        status="superseded" if listed.replaced else "current",
        type=_type(one),
        category=[_category(one)],
        subject=whose,
        date=_instant(one.deposited_at),
        author=_author(one, header),
        custodian={"display": site} if site else None,
        relatesTo=_relation(listed.replaces),
        description=one.title,
        securityLabel=_labels(one),
        content=[_content(listed)],
        context={
            "period": {"start": (header.act_on or one.dated).isoformat()},
            "sourcePatientInfo": whose,
        },
    )


def _entry(uid, resource):
    return json.dumps({"fullUrl": _urn(uid), "resource": resource}, ensure_ascii=False).encode()


def _identifiers(record):
    if record.ins:
        yes = {"use": "official", "system": f"urn:oid:{record.ins_system}", "value": record.ins}
        return [yes, _number(record)]
    return [_number(record)]


def _number(record):
    return {"type": {"text": "Numéro d'adhérent"}, "value": record.member_number}


def _master_identifier(one):
    """« 1.2.3 », « 1.2.3^extension », a UUID; or else one of ours, always the same."""
    root, _, extension = one.identifier.partition("^")
    if extension and OID.fullmatch(root):
        found = {"system": f"urn:oid:{root}", "value": extension}
    elif OID.fullmatch(one.identifier):
        found = {"system": URI, "value": f"urn:oid:{one.identifier}"}
    elif _is_uuid(one.identifier):
        found = {"system": URI, "value": f"urn:uuid:{one.identifier.lower()}"}
    elif one.identifier:
        found = {"value": one.identifier}
    else:
        found = {"system": URI, "value": _urn(one.uid)}
    return {"type": {"coding": [{"system": UNIQUE, "code": "uniqueId"}]}} | found


def _author(one, header):
    told = ", ".join(dict.fromkeys(filter(None, (one.author, header.organisation))))
    return [{"display": told}] if told else []


def _type(one):
    """What the person deposited has codes of its own."""
    code, header = one.type_code, one.told
    known = types.find(code) if code else types.of_category(one.category) if one.by_member else None
    if known:
        return _concept(types.URLS[known.system], known.code, known.label)
    if CODE.fullmatch(code) and ADDRESS.fullmatch(header.type_system):
        return _concept(_system(header.type_system), code, header.type_label or code)
    return {"text": header.type_label or one.category_label}


def _category(one):
    known = types.find(one.type_code) if one.type_code else None
    if known is None and one.by_member:
        known = types.of_category(one.category)
    if known and known.class_code in CLASSES:
        return _concept(TRE_A03, known.class_code, CLASSES[known.class_code])
    return {"text": one.category_label}


def _labels(one):
    codes = [(CONFIDENTIALITY, "N")]
    if is_masked(one):
        codes.append((TRE_A07, "MASQUE_PS"))
    if one.unannounced:
        codes.append((TRE_A07, "INVISIBLE_PATIENT"))
    if one.from_representatives:
        codes.append((TRE_A07, "INVISIBLE_REPRESENTANTS_LEGAUX"))
    return [{"coding": [{"system": system, "code": code}]} for system, code in codes]


def _content(listed):
    one = listed.document
    attachment = _said(
        contentType=one.media_type,
        language="fr-FR",
        url=quote(listed.path),
        size=one.size if listed.sha1 else None,
        hash=base64.b64encode(listed.sha1).decode(),
        title=one.title,
        creation=one.dated.isoformat(),
    )
    known = FORMAT_CODES.get(one.media_type)
    return _said(attachment=attachment, format=known and {"system": FORMATS, "code": known})


def _relation(replaces):
    if not replaces:
        return []
    return [{"code": "replaces", "target": {"reference": _urn(replaces)}}]


def _concept(system, code, label):
    return {"coding": [{"system": system, "code": code, "display": label}]}


def _system(name):
    return types.URLS.get(name) or (f"urn:oid:{name}" if OID.fullmatch(name) else name)


def _urn(uid):
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'urn:carnet:{uid}')}"


def _is_uuid(text):
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def _instant(moment):
    return moment.isoformat(timespec="seconds")


def _said(**told):
    """FHIR has no empty values."""
    return {name: value for name, value in told.items() if value not in (None, "", [])}
