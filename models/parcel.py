"""What is taken out of a record (export.py), laid out: where each file is in the ZIP, and what is
found of it on the way."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from . import clock
from .access import Access
from .document import Document, loaded
from .folder import Folder
from .formats.kinds import KINDS
from .operator import ROLE
from .part import Part, PartRole
from .source import Source
from .words import JOINERS

# Documents read at once from the database.
BATCH = 100
# Of a name, in bytes: Windows counts the whole path, and others no more than 255.
LONGEST = 120
DOCUMENTS, BIN, READABLE = "Documents", "Corbeille", "Lisible"
FORBIDDEN = '/\\:*?"<>|'
# Names that Windows keeps for itself.
PORTS = (f"{port}{number}" for port in ("com", "lpt") for number in range(10))
RESERVED = frozenset(("con", "prn", "aux", "nul", *PORTS))


@dataclass(slots=True)
class Copy:
    """A part that can be read without any software; `lost`: it could not be."""

    path: str
    role: str
    name: str
    number: int
    lost: bool = False


@dataclass(slots=True)
class Place:
    """Where a document is; `replaces`, the id of the version before it. `sha1` and `damaged` are
    known once its content has gone by."""

    id: int
    uid: str
    path: str
    folder: int | None
    dated: date
    binned: bool
    replaces: int | None = None
    copies: list[Copy] = field(default_factory=list)
    sha1: bytes = b""
    damaged: bool = False


@dataclass(frozen=True)
class Drawer:
    """Documents kept together: a folder, those out of any, the bin. `kept`: even empty, it is."""

    name: str
    path: str
    places: list[Place]
    kept: bool = False


class Parcel:
    """Laid out once, when it begins: what comes or goes meanwhile moves no file."""

    def __init__(self, access: Access):
        self.access, self.record = access, access.record
        self.by_office = access.role == ROLE
        self.made_at: datetime = clock.now()
        self._taken: set[str] = set()
        self.folders: dict[int, Folder] = {one.id: one for one in access.folders()}
        self._folder_paths = {
            one.id: self.fresh(f"{DOCUMENTS}/{safe(one.name)}") for one in self.folders.values()
        }
        self.places: dict[int, Place] = {}
        # In bytes, of all the contents.
        self.size = 0
        for documents in _batches(access):
            self._lay_out(documents)
        self._link()

    def fresh(self, path: str, extension: str = "") -> str:
        """A path that no other has, whatever the case."""
        given, number = path + extension, 1
        while given.casefold() in self._taken:
            number += 1
            given = f"{path} ({number}){extension}"
        self._taken.add(given.casefold())
        return given

    def documents(self, wanted: Iterable[Place] | None = None) -> Iterator[tuple[Place, Document]]:
        """Those still there, in their order, a batch at once."""
        every = list(self.places.values() if wanted is None else wanted)
        for first in range(0, len(every), BATCH):
            some = every[first : first + BATCH]
            here = self.access.sees() & Document.id.in_([one.id for one in some])
            found = {one.id: one for one in loaded(self.access, Document.select().where(here))}
            yield from ((place, found[place.id]) for place in some if place.id in found)

    def with_parts(self) -> Iterator[tuple[Place, Document, dict[int, Part]]]:
        """The same, each with its parts by their number."""
        every = list(self.places.values())
        for first in range(0, len(every), BATCH):
            some = every[first : first + BATCH]
            parts = {one.id: {} for one in some}
            if ids := [one.id for one in some if one.copies]:
                for part in Part.select().where(Part.document.in_(ids)):
                    parts[part.document_id][part.number] = part
            for place, document in self.documents(some):
                yield place, document, parts[place.id]

    @cached_property
    def sources(self) -> dict[int, Source]:
        """The software that deposited some of it."""
        ids = Document.select(Document.source).where(Document.record == self.record)
        return {one.id: one for one in Source.select().where(Source.id.in_(ids))}

    @cached_property
    def newer(self) -> dict[int, Place]:
        """By the id of a document, the place of the one that replaced it."""
        return {one.replaces: one for one in self.places.values() if one.replaces}

    def versions(self, place: Place) -> list[Place]:
        """The earlier ones, the latest first, without those in the bin."""
        earlier = _line(place, lambda one: self.places.get(one.replaces))
        return [one for one in earlier if not one.binned]

    def drawers(self) -> Iterator[Drawer]:
        """A document that another replaced is under the newer, unless that one is in the bin."""
        groups: dict[int | str | None, list[Place]] = {}
        for one in self.places.values():
            newer = _line(one, lambda one: self.newer.get(one.id))
            if one.binned or all(other.binned for other in newer):
                groups.setdefault(BIN if one.binned else one.folder, []).append(one)
        for number, folder in self.folders.items():
            here = _sorted(groups.get(number, []))
            yield Drawer(folder.name, self._folder_paths[number], here, kept=True)
        yield Drawer("Hors dossier", DOCUMENTS, _sorted(groups.get(None, [])))
        yield Drawer(BIN, BIN, _sorted(groups.get(BIN, [])))

    def _lay_out(self, documents):
        for one in documents:
            folder = one.folder_id if one.folder_id in self.folders else None
            under = self._folder_paths.get(folder, DOCUMENTS)
            under = BIN if one.binned_at else under
            path = self.fresh(f"{under}/{safe(one.title)}", one.kind.extension)
            binned = one.binned_at is not None
            self.places[one.id] = Place(one.id, one.uid, path, folder, one.dated, binned)
            self.size += one.weight
        shown = Part.role != PartRole.SIGNATURE.value
        of = Part.document.in_([one.id for one in documents if one.parts_size])
        for part in Part.select().where(of & shown).order_by(Part.document, Part.number):
            place = self.places[part.document_id]
            place.copies.append(self._copy(place, part))

    def _link(self):
        """Each to the version before it that is here: those between may be hidden."""
        line = Document.select(Document.id, Document.replaces).where(
            (Document.record == self.record) & Document.replaces.is_null(False)
        )
        before = dict(line.tuples())
        for place in self.places.values():
            older, met = before.get(place.id), {place.id}
            while older and older not in self.places and older not in met:
                met.add(older)
                older = before.get(older)
            place.replaces = older if older in self.places and older not in met else None

    def _copy(self, place, part):
        page = part.role == PartRole.PAGE
        stem = f"{READABLE}/{place.path.partition('/')[2].rpartition('.')[0]}"
        if part.role == PartRole.FILE:
            extension = KINDS[part.media_type].extension
            stem += f" - {safe(part.name.removesuffix(extension))}"
            stem = stem.encode()[: 2 * LONGEST].decode(errors="ignore").rstrip(". ")
        path = self.fresh(stem, ".html" if page else KINDS[part.media_type].extension)
        return Copy(path, part.role, part.name, part.number)


def safe(name: str) -> str:
    """A name that every system takes for a file's, and for nothing else."""
    name = unicodedata.normalize("NFC", name)
    kept = (c if (c.isprintable() or c in JOINERS) and c not in FORBIDDEN else "-" for c in name)
    plain = "".join(kept).encode()[:LONGEST].decode(errors="ignore").strip(". ")
    if plain.partition(".")[0].strip().casefold() in RESERVED:
        plain = f"- {plain}"
    return plain or "Sans titre"


def _batches(access):
    """Those in the bin too."""
    last, seen = 0, Document.select().where(access.sees()).order_by(Document.id).limit(BATCH)
    while found := list(seen.where(Document.id > last)):
        yield found
        last = found[-1].id


def _sorted(places):
    return sorted(places, key=lambda one: (one.dated, one.id), reverse=True)


def _line(place, following):
    """Those that follow it, one after the other: a loop, which cannot be, would end too."""
    found, met = [], {place.id}
    while (place := following(place)) and place.id not in met:
        met.add(place.id)
        found.append(place)
    return found
