"""A DocumentReference of FHIR R4 read as a header; and where its content is."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import parse_qs

from models.formats import fhir_ids, kinds
from models.formats.fhir_bundle import Bundle, Faults
from models.formats.fhir_header import author, bare, identifier, person, type_of
from models.formats.fhir_text import Text
from models.formats.naming import ins_of, iso_day, plain
from models.header import Header, Person
from models.reference import types

SEVERAL_FORMS = "Ce document est arrivé sous plusieurs formes : seule la première est gardée."
SHA1_BYTES = 20


@dataclass(frozen=True)
class Description:
    """`content` gives the bytes, from what was sent."""

    header: Header
    name: str
    content: Callable[[Text], bytes]


def read(bundle: Bundle, at: int, text: Text) -> Description:
    """Raises Faults."""
    resource, where = bundle.resources[at], bundle.where(at)
    if resource.get("status") == "entered-in-error":
        raise Faults(("not-current", f"{where}.status", ""))
    if not resource["content"]:
        raise Faults(("no-content", f"{where}.content", ""))
    attachment = resource["content"][0]["attachment"]
    media_type, content = _content(bundle, attachment, f"{where}.content[0].attachment")
    who, warnings = _person(bundle, resource, where)
    writer, organisation = _signed(bundle, resource)
    header = replace(
        _said(resource, attachment),
        author=writer,
        organisation=organisation,
        person=who,
        declared=media_type,
        sha1=_sha1(attachment.get("hash", ""), f"{where}.content[0].attachment.hash"),
        size=_size(attachment),
        warnings=(*warnings, *([SEVERAL_FORMS] if len(resource["content"]) > 1 else [])),
    )
    return Description(header, _name(header), content)


def _said(resource, attachment) -> Header:
    code, system, label = type_of(resource.get("type", {}))
    known = types.find(code)
    title = attachment.get("title") or resource.get("description") or ""
    act = resource.get("context", {}).get("period", {}).get("start", "")
    replaced = map(_replaced, resource.get("relatesTo", []))
    return Header(
        title=plain(title or (known.label if known else label)),
        type_code=code,
        type_system=system,
        type_label=label,
        dated=iso_day(resource.get("date") or attachment.get("creation") or ""),
        act_on=iso_day(act),
        identifier=_identifier(resource),
        replaces=tuple(dict.fromkeys(filter(None, replaced))),
        confidentiality=frozenset(_codes(resource.get("securityLabel", []))),
    )


def _codes(concepts):
    for concept in concepts:
        yield from (one["code"].strip() for one in concept.get("coding", []) if one.get("code"))


def _identifier(resource):
    master = resource.get("masterIdentifier")
    told = [master] if master else resource.get("identifier", [])
    return next(filter(None, map(identifier, told)), "")


def _replaced(relation):
    if relation.get("code") != "replaces":
        return ""
    target = relation.get("target", {})
    name, kind, its_id = target.get("reference", "").rpartition("DocumentReference/")
    if kind:
        return plain(fhir_ids.uid_of(its_id.partition("/_history")[0]))
    return plain(bare(name or its_id)) or identifier(target.get("identifier", {}))


def _signed(bundle, resource) -> tuple[str, str]:
    """The first of those who wrote or signed it that has a name; and of which organisation."""
    signing = [*resource.get("author", []), resource.get("authenticator", {})]
    told = [author(bundle, one, resource) for one in signing]
    _none, keeper = author(bundle, resource.get("custodian", {}), resource)
    names, places = [name for name, _ in told if name], [place for _, place in told if place]
    return (names or [""])[0], (places or [keeper])[0]


def _person(bundle, resource, where) -> tuple[Person, list[str]]:
    """What the subject says, and beside it how the source knew her: not two people. And what is
    wrong with her number."""
    context = resource.get("context", {})
    subject, wrong = _who(bundle, resource.get("subject", {}), resource)
    known, also = _who(bundle, context.get("sourcePatientInfo", {}), resource)
    if _apart(subject, known):
        raise Faults(("two-people", f"{where}.subject", ""))
    theirs = {name: value for name, value in vars(known).items() if not getattr(subject, name)}
    return replace(subject, **theirs), list(dict.fromkeys(wrong + also))


def _apart(one, other):
    """Names may change between the two; not this."""
    if one.ins and other.ins and one.ins_system == other.ins_system and one.ins != other.ins:
        return True
    sexes = {one.sex, other.sex} - {"", "U"}
    born = {one.birth_date, other.birth_date} - {None}
    return len(sexes) > 1 or len(born) > 1


def _who(bundle, reference, resource) -> tuple[Person, list[str]]:
    """A resource that is here, a question (« Patient?identifier=… »), or an identifier."""
    found = bundle.referred(reference, resource)
    if found.get("resourceType") == "Patient":
        return person(found)
    kind, _, query = reference.get("reference", "").partition("?")
    told = reference.get("identifier", {})
    named = f"{told.get('system', '')}|{told.get('value', '')}"
    if kind.rpartition("/")[2] == "Patient":
        named = parse_qs(query).get("identifier", [""])[0]
    system, _, value = named.partition("|")
    ins, system, wrong = ins_of([(bare(system), value)])
    return Person(ins=ins, ins_system=system), wrong


def _content(bundle, attachment, where):
    """(the type that is said, how to have it): inside, in a Binary, or a FHIR document beside."""
    said = attachment.get("contentType", "").strip()
    if "data" in attachment:
        return said, lambda text: text.decoded(attachment["data"])
    at = bundle.number(attachment.get("url", ""))
    held = {} if at is None else bundle.resources[at]
    if held.get("resourceType") == "Bundle":
        return said or kinds.FHIR, lambda text: text.entry_resource(at)
    if held.get("resourceType") != "Binary" or "data" not in held:
        raise Faults(("no-content", f"{where}.url", ""))
    told = held.get("contentType", "").strip()
    if said and told and _bare(said) != _bare(told):
        raise Faults(("two-types", f"{where}.contentType", ""))
    return said or told, lambda text: text.decoded(held["data"])


def _bare(media_type):
    return media_type.partition(";")[0].strip().lower()


def _sha1(text, where):
    """Hexadecimal. Some write the base64 of the hexadecimal."""
    try:
        digest = base64.b64decode("".join(text.split()), validate=True)
        if len(digest) == 2 * SHA1_BYTES:
            digest = bytes.fromhex(digest.decode("ascii"))
    except (binascii.Error, ValueError) as error:
        raise Faults(("not-a-hash", where, "")) from error
    if len(digest) not in (0, SHA1_BYTES):
        raise Faults(("not-a-hash", where, ""))
    return digest.hex()


def _size(attachment):
    return int(attachment["size"]) if "size" in attachment else None


def _name(header) -> str:
    """Of its file."""
    kind = kinds.KINDS.get(_bare(header.declared))
    extension = kind.extension if kind else ".xml" if "xml" in header.declared else ""
    return f"{header.title or 'document'}"[:120].replace("/", "-") + extension
