"""FHIR R4 resources that came together: each found by its name, each valid by its type."""

import hashlib

from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

# What is read. Others may come along: they are left where they are.
READ = {
    *("DocumentReference", "List", "Binary", "Parameters", "Patient", "Practitioner"),
    *("PractitionerRole", "Organization", "RelatedPerson", "Device"),
}
# What nearly every deposit holds: the others are read where one comes.
USUAL = {
    *("DocumentReference", "Patient", "Practitioner", "Address", "Attachment", "CodeableConcept"),
    *("Coding", "ContactPoint", "Extension", "HumanName", "Identifier", "Period", "Reference"),
}
OF_BUNDLES = {"Bundle", "List", "Binary"}
MOST_ENTRIES = 500
MOST_FAULTS = 20


def prepare(alone: bool) -> None:
    """Read what judges the resources of a deposit, before there is any (nursery.py)."""
    for kind in sorted(USUAL if alone else USUAL | OF_BUNDLES):
        get_fhir_model_class(kind)


class Faults(Exception):
    """`issues`: (fault, where, what the library says)."""

    def __init__(self, *issues: tuple[str, str, str]):
        super().__init__(issues)
        self.issues = issues


class Bundle:
    """Its resources in their order. A resource alone is a Bundle of one."""

    def __init__(self, value: dict):
        self.alone = value.get("resourceType") != "Bundle"
        self.type = "" if self.alone else value.get("type", "")
        self.entries = [{"resource": value}] if self.alone else _entries(value)
        self.resources = [_resource(one) for one in self.entries]
        self._named = self._names()

    def where(self, number: int, rest: str = "") -> str:
        """The path of an entry's resource, as FHIRPath writes it."""
        whole = self.resources[number].get("resourceType", "")
        if not self.alone:
            whole = f"Bundle.entry[{number}].resource"
        return f"{whole}.{rest}" if rest else whole

    def of(self, kind: str) -> list[int]:
        kinds = (one.get("resourceType") for one in self.resources)
        return [number for number, one in enumerate(kinds) if one == kind]

    def number(self, reference: str) -> int | None:
        """Which entry this names: by its fullUrl, or « Binary/1 »."""
        return self._named.get(reference.strip())

    def referred(self, reference: dict, inside: dict) -> dict:
        """The resource of a Reference that `inside` makes; empty where it is not here."""
        name = reference.get("reference", "").strip()
        if name.startswith("#"):
            contained = inside.get("contained", [])
            return next((one for one in contained if one.get("id") == name[1:]), {})
        number = self.number(name)
        return {} if number is None else self.resources[number]

    def check(self) -> None:
        """Raises Faults."""
        issues = [] if self.alone else _faults(self._shell(), "Bundle")
        for number, resource in enumerate(self.resources):
            if resource.get("resourceType") in READ and len(issues) < MOST_FAULTS:
                issues += _faults(_light(resource), self.where(number))
        if issues:
            raise Faults(*issues[:MOST_FAULTS])

    def _shell(self):
        entries = [
            {name: value for name, value in one.items() if name != "resource"}
            for one in self.entries
        ]
        filled = [one for one in entries if one]
        return {"resourceType": "Bundle", "type": self.type, "entry": filled}

    def _names(self):
        names = {}
        for number, entry in enumerate(self.entries):
            full = entry.get("fullUrl", "")
            if full and full in names:
                raise Faults(("entry-twice", f"Bundle.entry[{number}].fullUrl", ""))
            names[full] = number
        for number, resource in enumerate(self.resources):
            kind, its_id = resource.get("resourceType"), resource.get("id")
            names.setdefault(f"{kind}/{its_id}", number)
        names.pop("", None)
        return names


def sha1(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def _entries(value):
    entries = value.get("entry", [])
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise Faults(("invalid", "Bundle.entry", "a list of objects"))
    if len(entries) > MOST_ENTRIES:
        raise Faults(("too-many-entries", "Bundle.entry", ""))
    for number, one in enumerate(entries):
        if not isinstance(one.get("fullUrl", ""), str):
            raise Faults(("invalid", f"Bundle.entry[{number}].fullUrl", "a string"))
    return entries


def _resource(entry):
    resource = entry.get("resource", {})
    known = isinstance(resource, dict) and isinstance(resource.get("resourceType"), str)
    return resource if known else {}


def _light(resource):
    """Without its contents: they are decoded apart."""
    if resource["resourceType"] == "Binary":
        return {name: value for name, value in resource.items() if name != "data"}
    if resource["resourceType"] != "DocumentReference":
        return resource
    contents = resource.get("content")
    contents = [_emptied(one) for one in contents] if isinstance(contents, list) else contents
    return resource | {"content": contents}


def _emptied(content):
    attachment = content.get("attachment") if isinstance(content, dict) else None
    if not isinstance(attachment, dict) or not isinstance(attachment.get("data", ""), str):
        return content
    lighter = {name: value for name, value in attachment.items() if name != "data"}
    return content | {"attachment": lighter}


def _faults(resource, where) -> list[tuple[str, str, str]]:
    model = get_fhir_model_class(resource["resourceType"])
    try:
        model.model_validate(resource)
    except ValidationError as wrong:
        told = wrong.errors(include_url=False, include_input=False, include_context=False)
        return [("invalid", _path(where, one["loc"]), one["msg"][:200]) for one in told]
    except Exception:  # the library lets faults of its own through, on types that it does not know
        return [("invalid", where, "")]
    return []


def _path(where, places):
    for one in places:
        where += f"[{one}]" if isinstance(one, int) else f".{one}"
    return where[:300]
