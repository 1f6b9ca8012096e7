"""What FHIR resources say of themselves: of whom, by whom, what and when."""

from models.formats import fhir_json, fhir_people, naming
from models.formats.dissection import Refused
from models.formats.fhir_json import Bundle, concept, many, one, string
from models.formats.naming import iso_day, plain
from models.header import Header, Person
from models.reference import types

PREFIXES = ("urn:oid:", "urn:uuid:")
URIS = "urn:ietf:rfc:3986"
SYSTEMS = {url: system for system, url in types.URLS.items()}
# A word for a document without a title.
PATIENT_FILE = "Dossier de soins"


def bare(name: str) -> str:
    """Without « urn:oid: » nor « urn:uuid: »."""
    for prefix in PREFIXES:
        name = name.removeprefix(prefix)
    return name


def identifier(told: dict) -> str:
    """« 1.2.3 », « 1.2.3^extension » or a UUID."""
    system, value = string(told, "system"), bare(string(told, "value"))
    if not value or not system or system == URIS:
        return value
    return f"{bare(system)}^{value}"


def type_of(told: dict) -> tuple[str, str, str]:
    """Code, system and label: of the codings, the first in a system that we know."""
    codings = many(told, "coding")
    known = [coding for coding in codings if string(coding, "system") in SYSTEMS]
    coding = (known or codings or [{}])[0]
    system = string(coding, "system")
    return string(coding, "code"), SYSTEMS.get(system, bare(system)), concept(told)


def person(patient: dict) -> tuple[Person, list[str]]:
    """And what is wrong with her number. Raises Refused."""
    numbers = [
        (bare(string(told, "system")), string(told, "value"))
        for told in many(patient, "identifier")
    ]
    _ins, _system, warnings = naming.ins_of(numbers)
    try:
        return fhir_people.person(patient), warnings
    except (AttributeError, TypeError) as error:
        raise Refused("broken", fhir_json.AN_FHIR) from error


def name_of(resource: dict) -> str:
    """« Lucie Modèle ». Raises Refused."""
    try:
        return fhir_people.name_of(resource)
    except (AttributeError, TypeError) as error:
        raise Refused("broken", fhir_json.AN_FHIR) from error


def author(bundle: Bundle, reference: dict, inside: dict | None = None) -> tuple[str, str]:
    """Who it is, and for which organisation."""
    who = bundle.referred(reference, inside)
    kind, shown = who.get("resourceType"), string(reference, "display")
    if kind == "PractitionerRole":
        role = (
            bundle.referred(one(who, name), inside) for name in ("practitioner", "organization")
        )
        name, place = map(name_of, role)
        return name or shown, place
    if kind == "Organization":
        return "", name_of(who) or shown
    return name_of(who) or shown, ""


def of_composition(bundle: Bundle, composition: dict) -> Header:
    patient = bundle.referred(one(composition, "subject"), composition) or _only(bundle, "Patient")
    who, warnings = person(patient)
    code, system, label = type_of(one(composition, "type"))
    dated = iso_day(string(composition, "date")) or iso_day(string(bundle.told, "timestamp"))
    authors = [author(bundle, told, composition) for told in many(composition, "author")]
    _none, keeper = author(bundle, one(composition, "custodian"), composition)
    names, places = [name for name, _ in authors if name], [place for _, place in authors if place]
    if dated is None:
        warnings.append(naming.NO_DAY)
    warnings += naming.wrong_type(code, label)
    # The custodian is asked for by the profiles, and left out by most software.
    if not keeper and not places:
        warnings.append(naming.NO_KEEPER)
    return Header(
        title=string(composition, "title") or label,
        type_code=code,
        type_system=system,
        type_label=label,
        dated=dated,
        act_on=_act(composition),
        author=names[0] if names else "",
        organisation=places[0] if places else keeper,
        identifier=identifier(one(bundle.told, "identifier")),
        set_identifier=identifier(one(composition, "identifier")),
        replaces=_replaced(composition),
        confidentiality=frozenset(filter(None, [string(composition, "confidentiality")])),
        person=who,
        warnings=tuple(warnings),
    )


def of_resources(bundle: Bundle, latest) -> Header:
    """Of resources without a document's header: « Dossier de soins de … »."""
    who, warnings = person(_only(bundle, "Patient"))
    given = who.used_given_name or who.birth_given_names
    name = plain(f"{given} {who.used_name or who.birth_name}")
    makers = [name_of(told) for told in bundle.of("Practitioner")]
    places = [name_of(told) for told in bundle.of("Organization")]
    return Header(
        title=f"{PATIENT_FILE} de {name}" if name else PATIENT_FILE,
        dated=iso_day(string(bundle.told, "timestamp")) or latest,
        author=makers[0] if len(makers) == 1 else "",
        organisation=places[0] if len(places) == 1 else "",
        identifier=identifier(one(bundle.told, "identifier")),
        person=who,
        warnings=tuple(warnings),
    )


def _act(composition):
    starts = [string(one(event, "period"), "start") for event in many(composition, "event")]
    return next(filter(None, map(iso_day, starts)), None)


def _replaced(composition):
    told = [each for each in many(composition, "relatesTo") if each.get("code") == "replaces"]
    names = [identifier(one(each, "targetIdentifier")) for each in told]
    names += [bare(string(one(each, "targetReference"), "reference")) for each in told]
    return tuple(dict.fromkeys(filter(None, names)))


def _only(bundle, kind):
    found = bundle.of(kind)
    return found[0] if len(found) == 1 else {}
