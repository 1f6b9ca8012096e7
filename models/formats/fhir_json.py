"""FHIR R4 resources from strangers, as JSON: bounded before they are read, and never trusted to
have the shape they should. Their types are checked where they are read, here: the libraries that
check all of a Bundle take 0.2 to 0.5 s."""

import json

from models.formats.dissection import Refused
from models.formats.naming import plain

# Each comma and bracket may be an object of some 100 bytes once read.
MOST_VALUES = 800_000
AN_FHIR = "un fichier FHIR"
DAMAGED = "un fichier FHIR abîmé"
TOO_MUCH = "un fichier FHIR démesuré"


def loaded(data: bytes) -> dict:
    """A resource. Raises Refused."""
    if data.count(b",") + data.count(b"{") + data.count(b"[") > MOST_VALUES:
        raise Refused("not_accepted", TOO_MUCH)
    try:
        resource = json.loads(data, parse_constant=_never)
    except (ValueError, RecursionError) as error:
        raise Refused("broken", AN_FHIR) from error
    if not isinstance(resource, dict) or not string(resource, "resourceType"):
        raise Refused("not_accepted", "un fichier JSON qui n'est pas du FHIR")
    return resource


def _never(name):
    raise ValueError(name)


def string(held: dict, name: str) -> str:
    value = held.get(name)
    return plain(value) if isinstance(value, str) else ""


def one(held: dict, *names: str) -> dict:
    """What lies at the end of this path; empty where it does not."""
    for name in names:
        value = held.get(name)
        if isinstance(value, list):
            value = value[0] if value else None
        if not isinstance(value, dict):
            return {}
        held = value
    return held


def many(held: dict, name: str) -> list[dict]:
    value = held.get(name)
    if isinstance(value, dict):
        return [value]
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def concept(told: dict) -> str:
    """A CodeableConcept, or a Coding, in words."""
    if words := string(told, "text") or string(told, "display"):
        return words
    codings = many(told, "coding")
    shown = (string(coding, "display") for coding in codings)
    codes = (string(coding, "code") for coding in [*codings, told])
    return next(filter(None, [*shown, *codes]), "")


class Bundle:
    """Its resources, and how they name each other."""

    def __init__(self, resource: dict):
        self.told = resource
        self.resources: list[dict] = []
        self._named: dict[str, dict] = {}
        for entry in many(resource, "entry"):
            held = entry.get("resource")
            if isinstance(held, dict) and string(held, "resourceType"):
                self.resources.append(held)
                self._name(entry, held)

    def of(self, kind: str) -> list[dict]:
        return [held for held in self.resources if held["resourceType"] == kind]

    def referred(self, reference: dict, inside: dict | None = None) -> dict:
        """What it refers to, in the Bundle or in `inside`; empty where it is not there."""
        name = string(reference, "reference")
        if name.startswith("#") and inside:
            return next((c for c in many(inside, "contained") if c.get("id") == name[1:]), {})
        found = self._named.get(name.partition("/_history/")[0])
        return found or self._named.get("/".join(name.split("/")[-2:]), {})

    def _name(self, entry, held):
        names = [string(entry, "fullUrl")]
        if string(held, "id"):
            names.append(f"{held['resourceType']}/{held['id']}")
        for name in filter(None, names):
            self._named.setdefault(name, held)
