"""What a file that comes in says of itself, checked against what was said of it and against the
person; and the parts that were taken out of it (part.py), on their way in too."""

import hashlib
from dataclasses import replace

from . import clock, filing, ins, matching, office, source
from .access import Role
from .document import Document
from .formats import blocks, naming
from .formats.kinds import CDA, EXCHANGED, FHIR, KINDS
from .formats.reading import Reading, Unreadable
from .formats.reading import read as read_content
from .formats.unpacking import Garbled
from .header import FROM_REPRESENTATIVES, MASKED, UNANNOUNCED, Header
from .part import READABLE, Part, PartRole
from .reference import types
from .refusal import Refusal
from .vault import Spool
from .words import tidy

DAMAGED = "« {name} » contient un fichier abîmé, ou d'un genre qui n'est pas accepté."
UNOPENED = "Une pièce jointe ne s'ouvre pas : elle reste dans le fichier d'origine."
OF_ANOTHER = "Ce document est peut-être celui de quelqu'un d'autre : {fault} ne correspond pas."
IMPOSSIBLE_DAY = "La date écrite dans ce document est impossible : c'est celle du dépôt."
# Who may keep a document from the person until it is announced, or from a minor's parents: a
# professional, and what deposits in the name of one.
KEEPERS = (Role.PROFESSIONAL, source.ROLE, office.ROLE)
# What a file does not say, and what came with it may.
MISSED = {
    naming.NO_TYPE: "type_code",
    naming.NO_DAY: "dated",
    naming.NO_KEEPER: "organisation",
}
# Media types that mean one of ours, as software writes them.
SAME = {
    **dict.fromkeys(("text/xml", "application/xml", "text/cda+xml", "application/cda+xml"), CDA),
    **dict.fromkeys(("application/json", "text/json"), FHIR),
    **dict.fromkeys(("text/rtf", "application/x-rtf"), "application/rtf"),
    **dict.fromkeys(("image/jpg", "image/pjpeg"), "image/jpeg"),
    "image/tif": "image/tiff",
    "application/x-pdf": "application/pdf",
}
# What says nothing.
ANY = ("", "application/octet-stream", "binary/octet-stream")


class Wrong(Refusal):
    """What was said of the file is not what it is."""

    def __init__(self, sentence: str):
        super().__init__(sentence, field="files")


# Parts that came with a file, and not in it (lot.py); whoever opened the lot discards them.
Beside = tuple[tuple[dict, Spool], ...]


class Parts:
    """The parts of one file: taken as they are found, kept with its document or discarded."""

    def __init__(self, limit: int, beside: Beside = ()):
        self.limit, self.size, self._beside = limit, 0, beside
        self.warnings: list[str] = []
        self._taken: list[tuple[dict, Spool]] = []
        self._pages: dict[str, int | None] = {}

    def take(self, facts: dict) -> Spool:
        """Where to write one. Raises Garbled for what no file holds."""
        if facts["role"] not in list(PartRole):
            raise Garbled
        spool = Spool(self.limit)
        self._taken.append((facts, spool))
        return spool

    def understood(self, name: str) -> tuple[str, int | None]:
        """The text of those that can be read, and how many pages the body has. Raises Refusal where
        the body does not open; another that does not is left where it was."""
        texts, pages = [], None
        for facts, spool in list(self._taken):
            spool.finish()
            if facts["role"] == PartRole.PAGE:
                self._check_page(spool, name)
            if facts["role"] not in READABLE:
                continue
            reading = self._read(facts, spool, name)
            if reading is None:
                self._leave(facts, spool)
                continue
            texts.append(reading.text)
            facts["media_type"], self._pages[spool.name] = reading.media_type, reading.pages
            pages = reading.pages if facts["role"] == PartRole.BODY else pages
        self.size = sum(spool.size for _facts, spool in (*self._taken, *self._beside))
        return "\n".join(filter(None, texts)), pages

    def keep(self, document: Document) -> None:
        """Inside the transaction that makes the document."""
        for number, (facts, spool) in enumerate((*self._taken, *self._beside), start=1):
            Part.create(
                document=document,
                number=number,
                role=facts["role"],
                name=tidy(facts.get("name") or "")[:200],
                media_type=tidy(facts.get("media_type") or "")[:100],
                size=spool.size,
                sha256=spool.digest.hexdigest(),
                pages=self._pages.get(spool.name),
                content=spool.keep(),
            )

    def discard(self) -> None:
        """Those that were not kept."""
        for _facts, spool in self._taken:
            spool.discard()

    def unkeep(self) -> None:
        for _facts, spool in self._taken:
            spool.unkeep()

    def _read(self, facts, spool, name) -> Reading | None:
        try:
            if spool.too_large:
                raise Unreadable("not_accepted")
            reading = read_content(spool.chunks(), facts.get("name") or "")
            if reading.media_type not in KINDS or reading.media_type in EXCHANGED:
                raise Unreadable("not_accepted")
        except Unreadable as fault:
            if facts["role"] == PartRole.BODY:
                raise Refusal(DAMAGED.format(name=name), field="files") from fault
            return None
        return reading

    def _check_page(self, spool, name):
        """The program that drew it may have gone wrong."""
        try:
            blocks.check(spool.chunks())
        except ValueError as fault:
            raise Refusal(DAMAGED.format(name=name), field="files") from fault

    def _leave(self, facts, spool):
        self._taken.remove((facts, spool))
        spool.discard()
        if UNOPENED not in self.warnings:
            self.warnings.append(UNOPENED)


def checked_header(record, name: str, told, reading: Reading, spool: Spool) -> Header:
    """What came with the file, over what the file says. Raises Wrong where the one contradicts the
    other, or the bytes; and Refusal where it is of another person than the record's."""
    header = agreed_header(name, told.header, reading, spool)
    check_person(record, name, told, header)
    return with_doubt(record, header)


def check_person(record, name: str, told, header: Header) -> None:
    """Raises AnotherPerson."""
    if not told.any_patient and (fault := matching.contradiction(record, header.person)):
        raise matching.AnotherPerson(name, fault)


def with_doubt(record, header: Header) -> Header:
    """Taken all the same (`any_patient`): whoever reads it is told that it may be another's."""
    if not (fault := matching.contradiction(record, header.person)):
        return header
    doubt = OF_ANOTHER.format(fault=fault)
    return replace(header, warnings=tuple(dict.fromkeys((doubt, *header.warnings))))


def agreed_header(name: str, outside: Header, reading: Reading, spool: Spool) -> Header:
    """The same, whoever it is of; without the INS where it may not be held."""
    outside, inside = ins.kept(outside), ins.kept(reading.header)
    _check_bytes(name, outside, reading, spool)
    _check_agreement(name, outside, inside)
    header = replace(outside.over(inside), person=outside.person.over(inside.person))
    missed = {warning for warning, name in MISSED.items() if getattr(header, name)}
    return replace(header, warnings=tuple(one for one in header.warnings if one not in missed))


def confidential(record, actor, told):
    """The description, with what the codes of its header ask for (D8), as far as this actor may."""
    codes, keeper = told.header.confidentiality, actor.role in KEEPERS
    return replace(
        told,
        masked=True if told.masked is None and codes & MASKED else told.masked,
        unannounced=told.unannounced or (keeper and UNANNOUNCED in codes),
        from_representatives=told.from_representatives
        or (keeper and FROM_REPRESENTATIVES in codes and not record.adult),
    )


def described_by(told):
    """The description, what it does not say taken from the header."""
    header = told.header
    dated, warnings = _day(told.dated or header.dated), header.warnings
    if dated is None and header.dated:
        warnings += (IMPOSSIBLE_DAY,)
    return replace(
        told,
        category=told.category or types.category_of(header.type_code),
        dated=dated or clock.today(),
        title=told.title or header.title,
        author=told.author or header.author or header.organisation,
        wish=told.wish or types.is_wish(header.type_code),
        header=replace(header, warnings=warnings),
    )


def _day(dated):
    try:
        return filing.checked_date(dated) if dated else None
    except Refusal:
        return None


def _check_bytes(name, header, reading, spool):
    if header.size is not None and header.size != spool.size:
        raise Wrong(f"« {name} » pèse {spool.size} octets, et non {header.size} comme annoncé.")
    if header.sha1 and header.sha1.lower() != _sha1(spool):
        raise Wrong(f"« {name} » n'est pas arrivé tel qu'il est parti : son empreinte est autre.")
    declared = header.declared.partition(";")[0].strip().lower()
    if declared not in ANY and SAME.get(declared, declared) != reading.media_type:
        raise Wrong(f"« {name} » n'est pas ce qu'il dit être : {declared}.")


def _sha1(spool):
    """XDS and FHIR seal with SHA-1: enough to find an accident, and nothing more is asked of it."""
    digest = hashlib.sha1(usedforsecurity=False)
    for chunk in spool.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _check_agreement(name, outside, inside):
    if outside.type_code and inside.type_code and outside.type_code != inside.type_code:
        raise Wrong(f"« {name} » et ce qui l'accompagne ne disent pas le même type de document.")
    if matching.disagree(outside.person, inside.person):
        raise Wrong(f"« {name} » et ce qui l'accompagne ne parlent pas de la même personne.")
