"""FHIR R4 resources that describe documents and hold them: a transaction that provides some
(ITI-65, PDSm), a DocumentReference with its content inside (ITI-105), or a file of either, or of
what a search answered. Strict on whom it is about, on its content, hash and size; the rest may be
missing."""

from dataclasses import replace

from models.formats import fhir_bundle, fhir_ids, fhir_text
from models.formats.dissection import SINGLE, Refused
from models.formats.fhir_bundle import Bundle, Faults
from models.formats.fhir_reference import Description, read
from models.formats.fhir_shapes import FILE, REFERENCE, TRANSACTION
from models.formats.speech import send, send_part
from models.header import as_json
from models.reference.outcomes import OUTCOMES

MOST_DOCUMENTS = {TRANSACTION: 20, REFERENCE: 1, FILE: 100}
SUPERSEDED = {"valueCode": "superseded"}


def prepare(shape: str = FILE) -> None:
    fhir_bundle.prepare(alone=shape == REFERENCE)


def take_apart(data: bytes, shape: str = FILE) -> None:
    try:
        text = fhir_text.Text(data)
        bundle = _bundle(text.value, shape)
        bundle.check()
        documents = _documents(bundle, text, shape)
        send(entries=[one.get("resourceType", "") for one in bundle.resources])
        for number, described in documents:
            _give(number, described, text, bundle)
    except fhir_text.Unclear as unclear:
        raise _refused((unclear.fault, "", "")) from unclear
    except Faults as faults:
        raise _refused(*faults.issues) from faults


def _refused(*issues):
    """In French first: a file is refused with that sentence."""
    says = OUTCOMES[issues[0][0]].french
    return Refused("fhir", says, issues=[list(one) for one in issues])


def _bundle(value, shape) -> Bundle:
    kind = value.get("resourceType") if isinstance(value, dict) else None
    if shape == FILE and (kind not in ("Bundle", "DocumentReference") or _one_file(value)):
        raise Refused(SINGLE)
    if shape == REFERENCE and kind != "DocumentReference":
        raise Faults(("not-reference", "", ""))
    if shape == TRANSACTION and kind != "Bundle":
        raise Faults(("not-bundle", "", ""))
    if shape == TRANSACTION and value.get("type") != "transaction":
        raise Faults(("not-transaction", "Bundle.type", ""))
    bundle = Bundle(value)
    if shape == TRANSACTION:
        _check_requests(bundle)
    return bundle


def _one_file(value):
    """A document by itself (fhir_document.py)."""
    return value.get("resourceType") == "Bundle" and value.get("type") == "document"


def _check_requests(bundle):
    """Nothing is read here, nor changed; « superseded » goes with what replaces it."""
    for number, (entry, resource) in enumerate(zip(bundle.entries, bundle.resources, strict=True)):
        request = entry.get("request", {})
        method = request.get("method", "POST") if isinstance(request, dict) else ""
        patch = method == "PATCH" and resource.get("resourceType") == "Parameters"
        if not patch and (method != "POST" or not resource):
            raise Faults(("only-deposits", f"Bundle.entry[{number}].request.method", ""))


def _documents(bundle, text, shape) -> list[tuple[int, Description]]:
    numbers = bundle.of("DocumentReference")
    if not numbers and shape == FILE:
        raise Refused(SINGLE)
    if not numbers:
        raise Faults(("no-document", "Bundle.entry", ""))
    if len(numbers) > MOST_DOCUMENTS[shape]:
        raise Faults(("too-many-documents", "Bundle.entry", ""))
    documents = [(number, read(bundle, number, text)) for number in numbers]
    _check_once(bundle, documents)
    for number, described in documents:
        if shape != FILE and not described.header.person:
            raise Faults(("no-person", bundle.where(number, "subject"), ""))
    if shape == TRANSACTION and len(documents) == 1:
        documents = [(numbers[0], _replacing(documents[0][1], bundle))]
    return documents


def _check_once(bundle, documents):
    seen = set()
    for number, described in documents:
        if described.header.identifier in seen:
            raise Faults(("identifier-twice", bundle.where(number, "masterIdentifier"), ""))
        seen.add(described.header.identifier or None)
    people = [described.header.person for _number, described in documents]
    numbers = {(one.ins, one.ins_system) for one in people if one.ins}
    born = {one.birth_date for one in people if one.birth_date}
    if len({system for _ins, system in numbers}) < len(numbers) or len(born) > 1:
        raise Faults(("two-people", bundle.where(documents[0][0], "subject"), ""))


def _replacing(described, bundle):
    """With what a PATCH says is superseded."""
    older = [_superseded(bundle.entries[number]) for number in bundle.of("Parameters")]
    header = described.header
    replaces = dict.fromkeys([*header.replaces, *filter(None, older)])
    return replace(described, header=replace(header, replaces=tuple(replaces)))


def _superseded(entry):
    parts = [one.get("part", []) for one in entry["resource"].get("parameter", [])]
    said = any(SUPERSEDED.items() <= part.items() for inner in parts for part in inner)
    kind, _, its_id = entry.get("request", {}).get("url", "").rpartition("/")
    return fhir_ids.uid_of(its_id) if said and kind == "DocumentReference" else ""


def _give(number, described, text, bundle):
    content = described.content(text)
    _check(content, described, bundle.where(number))
    told = as_json(described.header)
    send(item={"name": described.name, "header": told, "entry": number})
    send_part(content, role="item", name=described.name, media_type=described.header.declared)


def _check(content, described, where):
    """Here too, though a deposit checks it again: a source is told where."""
    header, attachment = described.header, f"{where}.content[0].attachment"
    if not content:
        raise Faults(("empty", attachment, ""))
    if header.sha1 and header.sha1 != fhir_bundle.sha1(content):
        raise Faults(("wrong-hash", f"{attachment}.hash", ""))
    if header.size is not None and header.size != len(content):
        raise Faults(("wrong-size", f"{attachment}.size", f"{len(content)} bytes"))
