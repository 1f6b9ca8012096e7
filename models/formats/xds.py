"""METADATA.XML of an XDM: XDS entries in ebXML, each a document and what is said of it.

Element names are looked at whatever their case and their namespace: software copies examples that
have neither right."""

import re
from dataclasses import dataclass, field

from lxml import etree

from models.formats import hl7
from models.formats.dissection import Refused
from models.header import Header, Person

AUTHOR = "93606bcf-9494-43ec-9b4e-a7748d1a838d"
AUTHOR_OF_LOT = "a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d"
TYPE = "f0306f51-975f-434e-a61c-c59651d33983"
FORMAT = "a09d5840-386c-46f2-b5ad-9c3699a4309d"
CONFIDENTIALITY = "f4f85eac-e6cb-4883-b524-f2705394840f"
PATIENT = "58a6f841-87b3-4a3e-92fd-a8ffeff98427"
UNIQUE = "2e82c1f6-a085-4c72-9da3-8640a32e42ab"
# XML signatures of what is in the lot: their type, or the beginning of their format.
SIGNATURE_TYPE, SIGNATURE_FORMAT = "E1762", "urn:ihe:iti:dsg:"
NOT_METADATA = "le fichier METADATA.XML de cette archive n'est pas bien écrit."


@dataclass(frozen=True)
class Entry:
    """`signs`: the ids of what this signature is of."""

    id: str = ""
    uri: str = ""
    header: Header = field(default_factory=Header)
    signature: bool = False
    signs: tuple[str, ...] = ()


def read(data: bytes) -> list[Entry]:
    """Raises Refused where it is not METADATA, or not well-formed."""
    root = _parsed(data)
    objects = _named(root, "extrinsicobject")
    if not objects:
        raise Refused("broken", NOT_METADATA)
    links = [_Link(one) for one in _named(root, "association")]
    packages = _named(root, "registrypackage")
    author = _author(packages[0], AUTHOR_OF_LOT) if packages else ("", "")
    unique = {one.get("id", ""): _identifier(one, UNIQUE) for one in objects}
    return [_entry(one, author, links, unique) for one in objects]


def _parsed(data):
    if b"<!DOCTYPE" in data.replace(b"\0", b""):
        raise Refused("malformed", NOT_METADATA)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise Refused("malformed", NOT_METADATA) from fault
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused("malformed", NOT_METADATA)
    return root


class _Link:
    def __init__(self, element):
        told = element.get("associationType", "")
        self.kind = told.rpartition(":")[2].lower()
        self.source, self.target = element.get("sourceObject", ""), element.get("targetObject", "")


def _entry(one, lot_author, links, unique):
    key = one.get("id", "")
    code, system, label = _coded(one, TYPE)
    formats = [node for node, _system, _label in _codes(one, FORMAT)]
    mine = [link for link in links if link.source == key]
    name, organisation = _author(one, AUTHOR)
    header = Header(
        title=_name(one),
        type_code=code,
        type_system=system,
        type_label=label,
        dated=hl7.day(_slot(one, "creationtime")),
        act_on=hl7.day(_slot(one, "servicestarttime")),
        author=name or lot_author[0],
        organisation=organisation or lot_author[1],
        identifier=unique[key],
        replaces=tuple(
            unique.get(link.target) or _bare(link.target)
            for link in mine
            if link.kind in ("rplc", "xfrm_rplc") and link.target
        ),
        confidentiality=frozenset(node for node, _s, _l in _codes(one, CONFIDENTIALITY) if node),
        person=_person(one),
        declared=one.get("mimeType", one.get("mimetype", "")),
        sha1=_slot(one, "hash"),
        size=_number(_slot(one, "size")),
    )
    signature = code == SIGNATURE_TYPE or any(f.startswith(SIGNATURE_FORMAT) for f in formats)
    signs = tuple(link.target for link in mine if link.kind == "signs")
    return Entry(key, _uri(one), header, signature, signs)


def _named(element, name):
    """All below of this name, in their order."""
    return [one for one in element.iter("{*}*") if _local(one) == name]


def _children(element, name):
    return [one for one in element.iterchildren("{*}*") if _local(one) == name]


def _local(element):
    return etree.QName(element).localname.lower()


def _values(element, name) -> list[str]:
    """Of the slots of this name."""
    slots = [one for one in _children(element, "slot") if one.get("name", "").lower() == name]
    values = (value for slot in slots for value in _named(slot, "value"))
    return ["".join(value.itertext()).strip() for value in values]


def _slot(element, name) -> str:
    return next(iter(_values(element, name)), "")


def _uri(element):
    """A long one is cut into numbered values: « 1|DOC », « 2|00001.XML »."""
    values = _values(element, "uri")
    if len(values) > 1:
        return "".join(re.sub(r"\A\d+\|", "", value) for value in values)
    return "".join(values)


def _name(element):
    for one in _children(element, "name"):
        for text in _children(one, "localizedstring"):
            if value := " ".join(text.get("value", "").split()):
                return value
    return ""


def _codes(element, scheme) -> list[tuple[str, str, str]]:
    """The code, its system and its words, of each classification of the scheme."""
    return [
        (one.get("nodeRepresentation", "").strip(), _slot(one, "codingscheme"), _name(one))
        for one in _of_scheme(element, "classification", "classificationScheme", scheme)
    ]


def _coded(element, scheme):
    return next(iter(_codes(element, scheme)), ("", "", ""))


def _of_scheme(element, name, attribute, scheme):
    found = _children(element, name)
    return [one for one in found if one.get(attribute, "").lower().endswith(scheme)]


def _identifier(element, scheme):
    found = _of_scheme(element, "externalidentifier", "identificationScheme", scheme)
    return _bare(next((one.get("value", "") for one in found), ""))


def _bare(identifier):
    return re.sub(r"\Aurn:(?:oid|uuid):", "", identifier.strip())


def _author(element, scheme) -> tuple[str, str]:
    """« Marcel EXEMPLE » and the organisation, of the first author that gives them."""
    names, organisations = [], []
    for one in _of_scheme(element, "classification", "classificationScheme", scheme):
        names += [hl7.name(value) for value in _values(one, "authorperson")]
        organisations += [value.split("^")[0] for value in _values(one, "authorinstitution")]
    return tuple(
        next((" ".join(one.split()) for one in found if one.strip()), "")
        for found in (names, organisations)
    )


def _person(element) -> Person:
    numbers = [_patient_id(element), *_values(element, "sourcepatientid")]
    return hl7.person(_values(element, "sourcepatientinfo"), numbers)


def _patient_id(element):
    found = _of_scheme(element, "externalidentifier", "identificationScheme", PATIENT)
    return next((one.get("value", "") for one in found), "")


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,12}", text) else None
