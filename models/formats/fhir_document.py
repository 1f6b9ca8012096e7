"""FHIR R4 resources that are one document: a document Bundle, such as the International Patient
Summary, or the record that other software gives away; drawn as a page."""

import html
import re

from models.formats import drawn, fhir_header, fhir_telling, hardened, kinds, narrative
from models.formats.dissection import Refused
from models.formats.fhir_json import Bundle, loaded, many, one, string
from models.formats.markup import Drawing
from models.formats.speech import send
from models.header import as_json

# What it is, for who wonders why it is no document.
NO_DOCUMENTS = {
    "Patient": "une fiche d'identité FHIR, et non un document",
    "List": "une liste FHIR, sans les documents qu'elle nomme",
    "Binary": "un contenu FHIR sans rien qui dise de qui ni de quoi il parle",
    "Parameters": "une commande FHIR, et non un document",
    "OperationOutcome": "la réponse d'un logiciel, et non un document",
}
RESPONSES = ("transaction-response", "batch-response")
A_RESPONSE = "la réponse d'un logiciel, et non un document"
A_LOT = "un lot de documents FHIR, et non un document"
NOT_ALONE = "un morceau de dossier FHIR, et non un document"
SEVERAL_PEOPLE = "un lot FHIR qui parle de plusieurs personnes"
NOTHING = "un lot FHIR sans document, ni soin"
EMPTY = "Ce document est vide : il n'a ni texte, ni soin."
DEEPEST = 12
TAG = re.compile(r"<[^>]*>")
# Names of characters that XML does not know, and HTML does.
ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]{1,30};")


def take_apart(data: bytes) -> None:
    """Raises Refused."""
    resource = loaded(data)
    bundle = _bundle(resource)
    compositions = bundle.of("Composition")
    if compositions:
        _document(bundle, compositions[0])
    else:
        _resources(bundle)


def _bundle(resource) -> Bundle:
    kind = resource["resourceType"]
    if kind == "Composition":
        return Bundle({"entry": [{"resource": resource}]})
    if kind == "DocumentReference":
        raise Refused("lot", A_LOT)
    if kind != "Bundle":
        raise Refused("not_accepted", NO_DOCUMENTS.get(kind, NOT_ALONE))
    if string(resource, "type") in RESPONSES:
        raise Refused("not_accepted", A_RESPONSE)
    bundle = Bundle(resource)
    if string(resource, "type") != "document" and bundle.of("DocumentReference"):
        raise Refused("lot", A_LOT)
    return bundle


def _document(bundle, composition):
    header = fhir_header.of_composition(bundle, composition)
    drawing = Drawing()
    told = []
    for section in many(composition, "section"):
        told += _section(bundle, section, drawing, 1)
    _send(header, _about(bundle, composition, header), told, drawing)


def _resources(bundle):
    if len(bundle.of("Patient")) > 1:
        raise Refused("not_accepted", SEVERAL_PEOPLE)
    told = fhir_telling.sections(bundle)
    if not told:
        raise Refused("not_accepted", NOTHING)
    header = fhir_header.of_resources(bundle, fhir_telling.latest(bundle))
    _send(header, drawn.About(header), told, Drawing())


def _send(header, about, told, drawing):
    told, whole = narrative.cut(told)
    whole = whole and not drawing.full
    wrong = [] if whole else [drawn.LONG]
    if told:
        drawn.send_page(about, told, whole)
    header = drawn.warned(header, wrong if told else [EMPTY])
    send(header=as_json(header), media_type=kinds.FHIR)


def _about(bundle, composition, header) -> drawn.About:
    found = [fhir_header.author(bundle, each, composition) for each in many(composition, "author")]
    _none, keeper = fhir_header.author(bundle, one(composition, "custodian"), composition)
    names = dict.fromkeys(name for name, _place in found if name)
    return drawn.About(header, tuple(names), keeper)


def _section(bundle, section, drawing, level) -> list[dict]:
    """Its own words; where it has none, its entries in ours."""
    title = string(section, "title") or fhir_header.type_of(one(section, "code"))[2]
    told = _narrative(one(section, "text"), drawing, title, level)
    if not told:
        entries = [bundle.referred(each) for each in many(section, "entry")]
        lines = [fhir_telling.line(bundle, each) for each in entries if each]
        lines = list(filter(None, lines))
        told = [narrative.bullets(lines)] if lines else []
    if not told and (reason := fhir_header.type_of(one(section, "emptyReason"))[2]):
        told = [narrative.paragraph(reason)]
    if level < DEEPEST:
        for inner in many(section, "section"):
            told += _section(bundle, inner, drawing, level + 1)
    return [narrative.heading(title, level), *told] if title and told else told


def _narrative(text, drawing, title, level):
    div = text.get("div")
    if not isinstance(div, str) or not div.strip():
        return []
    known = ENTITY.sub(lambda found: html.unescape(found[0]), div)
    try:
        root = hardened.tree(known.encode("utf-8", "replace"))
    except Refused:
        # No page, but its words are kept.
        words = html.unescape(TAG.sub(" ", div)).split()
        return [narrative.paragraph(" ".join(words))] if words else []
    return drawing.draw(root, title, level)
