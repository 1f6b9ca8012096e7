"""A document as a CDA R2 of level 1 (« corps non structuré », IHE XDS-SD): the file as it is, in an
envelope that other health software reads. A photo that such a body cannot hold goes in as a PDF."""

import base64
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from . import document as documents
from . import version
from .access import Access, Role
from .document import Document
from .formats import photos
from .formats.kinds import CDA, HEIC, JPEG, PDF, PNG, RTF, TEXT, TIFF, WEBP
from .formats.reading import Unreadable
from .reference import types
from .reference.types import Type
from .refusal import Refusal

# What such a body may be (ASS_A12), as CDA names it.
BODIES = {PDF: PDF, TEXT: TEXT, RTF: "text/rtf", JPEG: JPEG, TIFF: TIFF}
BOUND = frozenset({PNG, WEBP, HEIC})
# Whose identifiers are derived from ours: those of one document never change.
OURS = uuid.UUID("5f0c6ad1-6f3c-4f0a-9a8e-3d5f2b7a1c60")
# In bytes: of three, so that each piece of base64 is whole.
PIECE = 57 * 1024
MARK = "@content@"
NOT_WRAPPED = "Ce genre de fichier n'entre pas dans un CDA : téléchargez-le tel qu'il est."
BROKEN = "Cette image n'a pas pu être mise en PDF : téléchargez-la telle qu'elle est."


@dataclass(frozen=True)
class Identifier:
    root: str
    extension: str


@dataclass(frozen=True)
class Envelope:
    """What the header says of the document; days as HL7 writes them."""

    identifier: str
    set_identifier: str
    version: int
    type: Type
    title: str
    dated: str
    act_on: str
    author: str
    organisation: str
    replaces: str


@dataclass(frozen=True)
class Patient:
    identifiers: list[Identifier]
    birth_name: str
    used_name: str
    birth_given_names: str
    first_given_name: str
    sex: str
    birth_date: str
    birthplace_code: str
    birthplace: str


def can_wrap(document: Document) -> bool:
    return document.media_type in BODIES or document.media_type in BOUND


def wrap(
    access: Access, document: Document, custodian: str, draw: Callable[..., str]
) -> Iterator[bytes]:
    """The CDA, in pieces; the journal is told that it was taken. `draw` fills in a template; what
    keeps the document, here `custodian`, is told in it. Raises Refusal; vault.Damaged."""
    if document.media_type == CDA:
        return documents.download(access, document)
    if not can_wrap(document):
        raise Refusal(NOT_WRAPPED)
    media_type = BODIES.get(document.media_type, PDF)
    text = draw(
        "exchange/cda.xml",
        one=envelope(access, document),
        person=patient(access, custodian),
        custodian=custodian,
        media_type=media_type,
        content=MARK,
    )
    # The last one: a title may hold these letters too.
    before, _mark, after = text.rpartition(MARK)
    return _pieces(before, _body(access, document), after)


def envelope(access: Access, document: Document) -> Envelope:
    """Of its versions, those that this access sees are told of."""
    header, (_newest, before) = document.told, version.around(access, document)
    return Envelope(
        identifier=_oid(document.uid),
        set_identifier=_oid([document, *before][-1].uid),
        version=len(before) + 1,
        type=_type(document),
        title=document.title,
        dated=_day(document.dated),
        act_on=_day(header.act_on or document.dated),
        author=document.author,
        organisation=header.organisation,
        replaces=_oid(before[0].uid) if before else "",
    )


def patient(access: Access, custodian: str) -> Patient:
    """Her INS where it is kept, then her number as the association gives it. No carer is told of
    her INS here: it is for care (R1111-8-1)."""
    record = access.record
    told = record.ins and access.role != Role.CARER
    identifiers = [Identifier(record.ins_system, record.ins)] if told else []
    identifiers.append(Identifier(_oid(custodian), record.member_number))
    return Patient(
        identifiers=identifiers,
        birth_name=record.birth_name,
        used_name=record.used_name,
        birth_given_names=record.birth_given_names,
        first_given_name=record.first_given_name,
        sex=record.sex,
        birth_date=_day(record.birth_date),
        birthplace_code=record.birthplace_code,
        birthplace=record.birthplace,
    )


def _type(document):
    known = types.find(document.type_code)
    return known or types.of_category(document.category)


def _day(day):
    """As HL7 writes it: the year on four digits, whichever it is."""
    return day.isoformat().replace("-", "")


def _oid(name):
    """Under 2.25, where a UUID is an OID of its own (ITU-T X.667)."""
    return f"2.25.{uuid.uuid5(OURS, name).int}"


def _body(access, document):
    content = documents.download(access, document)
    if document.media_type not in BOUND:
        return content
    try:
        return photos.bind([content], [document.size])
    except Unreadable as fault:
        raise Refusal(BROKEN) from fault


def _pieces(before, content, after):
    yield before.encode()
    rest = b""
    for chunk in content:
        rest += chunk
        whole = len(rest) - len(rest) % PIECE
        if whole:
            yield base64.b64encode(rest[:whole])
            rest = rest[whole:]
    yield base64.b64encode(rest)
    yield after.encode()
