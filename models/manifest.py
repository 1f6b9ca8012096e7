"""`carnet.json`, in what is taken out of a record (export.py): all that another Carnet needs, to
hold the same record beside the files themselves. What is left out is said by its absence.

Written a document at a time, after them all: it says which of them could not be read."""

import json
from collections.abc import Iterator
from datetime import date, datetime

from .document import Document
from .parcel import Parcel, Place
from .part import Part
from .wishes import Answers

NAME = "carnet.json"
VERSION = 1
IDENTITY = (
    *("birth_name", "used_name", "birth_given_names", "birth_date", "sex"),
    *("birthplace_code", "birthplace", "ins", "ins_system"),
    *("member_number", "email", "postal_address"),
)
CHOICES = (
    *("masked_by_default", "wishes_shown", "emergency_samu", "emergency_others"),
    *("emergency_masked", "organs_read_at"),
)
OF_DOCUMENT = (
    *("uid", "sha256", "size", "media_type", "filename", "title", "category", "dated", "author"),
    *("type_code", "identifier", "warning", "pinned_at", "binned_at", "unannounced"),
    *("from_representatives", "wish", "origin", "deposited_at", "replaced_at"),
)
OF_PERSON = (
    *("given_name", "family_name", "link", "link_words", "phone", "other_phone", "email"),
    *("postal_address", "birth_date", "call_rank", "carer", "parent", "added_at", "removed_at"),
)
OF_SIGNED = (
    *("begun_at", "protection", "witnessed", "ready_at", "signed_on", "signed_at"),
    *("revoked_on", "revoked_at", "state"),
)
OF_DESIGNATION = ("told_at", "accepted_at", "declined_at")
OF_DIRECTIVE = ("way", "model", "place", "keeper", "read_again_at")
OF_PART = ("role", "name", "media_type", "sha256", "size")


def written(parcel: Parcel, answers: Answers | None, site: str) -> Iterator[bytes]:
    """In pieces; the documents come last."""
    told = {
        "carnet": VERSION,
        "made_at": _plain(parcel.made_at),
        "made_by": "office" if parcel.by_office else "person",
        "site": site,
        "record": _told(parcel.record, IDENTITY),
        "choices": _told(parcel.record, CHOICES),
        "folders": [{"name": one.name} for one in parcel.folders.values()],
        "wishes": _wishes(parcel, answers) if answers else None,
    }
    yield (_json(told).removesuffix("}") + ', "documents": [').encode()
    comma = ""
    for place, document, parts in parcel.with_parts():
        yield (comma + "\n" + _json(_document(parcel, place, document, parts))).encode()
        comma = ","
    yield b"\n]}\n"


def _document(parcel: Parcel, place: Place, one: Document, parts: dict[int, Part]):
    record, folder = parcel.record, parcel.folders.get(one.folder_id)
    source, older = parcel.sources.get(one.source_id), parcel.places.get(place.replaces)
    own = one.depositor_id is not None and one.depositor_id == parcel.access.account_id
    more = {
        "folder": folder.name if folder else "",
        "header": json.loads(one.header) if one.header else None,
        "damaged": place.damaged,
        "depositor": {"name": one.depositor_name, "role": one.depositor_role},
        "own": own,
        "source": {"name": source.name, "kind": source.kind} if source else None,
        "replaces": older.path if older else "",
        "parts": _parts(place, parts),
    }
    told = {"path": place.path} | _told(one, OF_DOCUMENT) | more
    # A wish follows no choice made for all.
    follows = not one.wish and one.masking_rank < record.masking_rank
    return _said(told) | {"masked": None if follows else one.masked}


def _parts(place, parts):
    here = ((each, parts[each.number]) for each in place.copies if each.number in parts)
    return [{"path": each.path} | _told(one, OF_PART) for each, one in here]


def _wishes(parcel: Parcel, answers: Answers):
    named = [one.contact for one in answers.designations if one.contact]
    people = list({one.id: one for one in [*answers.people, *named]}.values())
    numbers = {one.id: number for number, one in enumerate(people, start=1)}
    return {
        "people": [{"number": numbers[one.id]} | _said(_told(one, OF_PERSON)) for one in people],
        "designations": [
            _signed(parcel, one, OF_DESIGNATION)
            | {"person": numbers.get(one.contact_id), "says": one.chosen}
            for one in answers.designations
        ],
        "directives": [
            _signed(parcel, one, OF_DIRECTIVE) | {"answers": json.loads(one.answers)}
            for one in answers.directives
        ],
    }


def _signed(parcel, one, names):
    papers = {"paper": one.paper_id, "authorisation": one.authorisation_id}
    places = {name: parcel.places.get(number) for name, number in papers.items()}
    paths = {name: place.path if place else None for name, place in places.items()}
    return _said(_told(one, (*OF_SIGNED, *names))) | paths


def _told(one, names):
    return {name: _plain(getattr(one, name)) for name in names}


def _said(told):
    return {name: value for name, value in told.items() if value not in (None, "", False, [])}


def _plain(value):
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _json(told):
    return json.dumps(told, ensure_ascii=False)
