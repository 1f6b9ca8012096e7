"""A deposit: a file becomes a document of a record, whole, or is refused with a sentence."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePosixPath, PureWindowsPath

from peewee import IntegrityError

from . import (
    announcement,
    filing,
    journal,
    origin,
    replacement,
    search,
    source,
    twins,
)
from . import header as headers
from .access import Access, Actor, Right, Role
from .database import transaction
from .document import Document, mark_seen
from .folder import Folder
from .formats import photos
from .formats.kinds import ACCEPTED, PDF
from .formats.reading import Reading, Unreadable
from .formats.reading import read as read_content
from .header import Header
from .incoming import (
    KEEPERS,
    Beside,
    Parts,
    agreed_header,
    check_person,
    checked_header,
    confidential,
    described_by,
)
from .record import Record
from .refusal import Refusal
from .source import Source
from .vault import Spool
from .words import tidy, uid

MOST_PHOTOS = 50
NOT_A_PROFESSIONAL = "Seul un professionnel de santé peut cacher ainsi ce qu'il dépose."
NOT_A_MINOR = "Ce choix ne sert que pour un mineur : la personne a 18 ans ou plus."


class Closed(Refusal):
    """The record takes no document any more."""


class Full(Refusal):
    """There is no room left for it."""


class Unfit(Refusal):
    """The file is not one that is taken: its kind, its weight, or it does not open."""


@dataclass(frozen=True)
class Description:
    """What is said of the files deposited; a category, a day, a title or an author that is not said
    is the one of its header, where it has one. Raises Refusal for a day that cannot be."""

    category: str = ""
    dated: date | None = None
    title: str = ""
    author: str = ""
    folder: Folder | None = None
    masked: bool | None = None
    sending: str = ""
    wish: bool = False
    # Where it comes from, where its depositor does not say it (origin.py).
    origin: str = ""
    # The software that deposits it, and what came with the file (header.py).
    source: Source | None = None
    header: Header = field(default_factory=Header)
    # It may be of another person than the record's: who deposits it said so.
    any_patient: bool = False
    # Its software was counted when it came: it waited since (stray.py).
    admitted: bool = False
    # By a professional: to be announced first; and, at a minor's demand, never to the parents.
    unannounced: bool = False
    from_representatives: bool = False
    # The access that it states, by Carnet (statement.py).
    about: Access | None = None

    def __post_init__(self):
        if self.dated:
            filing.checked_date(self.dated)

    @property
    def apart(self) -> bool:
        """Hidden from someone from the start."""
        return self.unannounced or self.from_representatives


@dataclass(frozen=True)
class Incoming:
    """A file on its way in, what is said of it, and parts that came beside it."""

    spool: Spool
    name: str
    told: Description
    beside: Beside = ()


@dataclass
class Ready:
    """A document that may be kept; or, `known`, one that was there already."""

    document: Document
    told: Description
    spool: Spool
    parts: Parts
    text: str = ""
    known: bool = False


@dataclass(frozen=True)
class Limits:
    """In bytes."""

    document: int
    record: int


def file_name(name: str) -> str:
    """What follows the last slash of either kind: lynx and old browsers send the whole path."""
    return tidy(PurePosixPath(PureWindowsPath(name or "").as_posix()).name)[:200]


def proposed_title(name: str) -> str:
    """« resultats_sang-2024.pdf » → « resultats sang-2024 »."""
    stem = PurePosixPath(file_name(name)).stem
    return tidy(stem.replace("_", " "))[: filing.LONGEST_TITLE] or "Document sans titre"


def by_access(access: Access, spool: Spool, name: str, told: Description, limits: Limits):
    """Deposit one file. Raises Refusal; the spool is discarded by whoever made it."""
    told = allowed(access, told)
    return put(access.record, access.actor, spool, name, told, limits, access)


def allowed(access: Access, told: Description) -> Description:
    """Without what this access may not say."""
    access.require(Right.DEPOSIT)
    if not access.can(Right.FILE):
        told = replace(told, folder=None)
    if not access.can(Right.MASK):
        told = replace(told, masked=None)
    return told


def put(
    record: Record,
    actor: Actor,
    spool: Spool,
    name: str,
    told: Description,
    limits: Limits,
    access: Access | None = None,
) -> Document:
    """The same without an access: a record takes documents before anyone has activated it."""
    return put_all(record, actor, [Incoming(spool, name, told)], limits, access)[0]


def put_all(
    record: Record,
    actor: Actor,
    incoming: list[Incoming],
    limits: Limits,
    access: Access | None = None,
    settle: Callable[[list[Document]], None] | None = None,
) -> list[Document]:
    """All of them, or none. `settle` is called with them, in the same transaction. Raises Refusal;
    the spools are discarded by whoever made them."""
    documents: list[Document] = []
    try:
        try:
            documents = _put_all(record, actor, incoming, limits, access, settle)
        except IntegrityError:
            # Sent twice at the same time: the other one has it. Or the folder was just deleted.
            for one in incoming:
                _check_folder(one.told.folder)
            documents = _put_all(record, actor, incoming, limits, access, settle)
    finally:
        kept = {document.content for document in documents}
        for one in incoming:
            if one.spool.name not in kept:
                one.spool.unkeep()
                for _facts, spool in one.beside:
                    spool.unkeep()
    return documents


def _put_all(record, actor, incoming, limits, access, settle):
    ready, done = [], False
    try:
        for one in incoming:
            ready.append(_prepared(record, actor, one, limits, access))
        twins.told_twice(ready)
        twins.tell_apart([one.document for one in ready if not one.known])
        with transaction():
            for one in ready:
                if not one.known:
                    _keep(record, actor, one, limits, access)
                if access:
                    mark_seen(access, one.document)
            if settle:
                settle([one.document for one in ready])
        done = True
    finally:
        for one in ready:
            one.parts.discard()
            if not done:
                one.parts.unkeep()
    return [one.document for one in ready]


def examined(spool: Spool, name: str, outside: Header, limits: Limits) -> tuple[Reading, Header]:
    """What a file is, and all that is said of it, as if it were deposited for someone: what would
    not be taken is refused. Raises Refusal."""
    name, parts = file_name(name) or "document", Parts(limits.document)
    check_file(spool, name, limits)
    try:
        reading = _understood(spool, name, parts)
        header = agreed_header(name, outside, reading, spool)
        parts.understood(name)
    finally:
        parts.discard()
    return reading, header


def check(record: Record, one: Incoming, limits: Limits) -> None:
    """Whether it would be refused for what it is, or for whose. Raises Refusal."""
    _reading, header = examined(one.spool, one.name, one.told.header, limits)
    check_person(record, file_name(one.name), one.told, header)


def _prepared(record, actor, one, limits, access) -> Ready:
    """Raises Refusal."""
    told, spool, name = one.told, one.spool, file_name(one.name) or "document"
    _check_open(record, name)
    _check_kept(record, actor, told)
    check_file(spool, name, limits)
    same = twins.of(record, spool)
    known = twins.known_among(same, told, access)
    if known:
        return Ready(known, told, spool, Parts(limits.document), known=True)
    parts = Parts(limits.document, one.beside)
    try:
        reading = _understood(spool, name, parts)
        told = replace(told, header=checked_header(record, name, told, reading, spool))
        told = confidential(record, actor, told)
        told = replacement.kept_apart(record, actor, told, access)
        known = twins.sent_before(record, told, spool)
        if known:
            return Ready(known, told, spool, parts, known=True)
        text, pages = parts.understood(name)
        used = record.used_apart if told.apart else record.used
        _check_room(used + spool.size + parts.size <= limits.record, name, limits)
        if told.wish:
            check_picture(reading.media_type, name)
        document = _described(record, actor, spool, name, described_by(told), reading)
        document.pages, document.parts_size = reading.pages or pages, parts.size
        document.warning = " ".join(filter(None, (document.warning, *parts.warnings))) or None
    except BaseException:
        parts.discard()
        raise
    if same or told.apart:
        document.beside = told.sending or uid()
    return Ready(document, told, spool, parts, "\n".join(filter(None, (reading.text, text))))


def _keep(record, actor, one, limits, access):
    """Inside a transaction."""
    document, told = one.document, one.told
    # It may have been closed, or filled by another deposit, while the file came.
    _check_open(Record.get_by_id(record.id), document.filename)
    if told.source and not told.admitted:
        source.admit(told.source)
    enough = record.take_room(document.weight, limits.record, told.apart)
    _check_room(enough, document.filename, limits)
    document.content = one.spool.keep()
    document.save(force_insert=True)
    one.parts.keep(document)
    older = replacement.link(document, actor, told, access)
    search.index_labels(document)
    search.index_text(document, one.text)
    sealed = {"sha256": document.sha256} if told.about else {}
    sealed |= {"replaces": older.uid} if older else {}
    journal.write(record, actor, journal.Act.DEPOSITED, document, **sealed)
    if actor.role in (Role.PROFESSIONAL, source.ROLE):
        announcement.tell(record, document)


def join_photos(spools: list[Spool], names: list[str], limits: Limits) -> Spool:
    """One PDF out of several photos, in their order. Raises Refusal."""
    if len(spools) > MOST_PHOTOS:
        raise Refusal(f"Un PDF réunit {MOST_PHOTOS} photos au plus.", field="files")
    for spool, name in zip(spools, names, strict=True):
        check_file(spool, file_name(name), limits)
    joined = Spool(limits.document)
    try:
        for chunk in photos.bind([spool.chunks() for spool in spools], [s.size for s in spools]):
            joined.write(chunk)
    except Unreadable as fault:
        joined.discard()
        raise Refusal(_not_a_photo(names[fault.index or 0]), field="files") from fault
    joined.finish()
    return joined


def _not_a_photo(name):
    return (
        f"« {file_name(name)} » ne peut pas être réuni en un PDF : choisissez seulement des photos "
        "(JPEG, PNG, WebP, HEIC ou TIFF), qui s'ouvrent."
    )


def _check_open(record, name):
    if not record.takes_documents:
        raise Closed(f"« {name} » : cet espace n'accepte plus de documents.")


def check_file(spool, name, limits):
    if spool.too_large:
        raise Unfit(
            f"« {name} » est trop gros : {limits.document // 1_000_000} Mo au plus par document.",
            field="files",
        )
    if not spool.size:
        raise Unfit(f"« {name} » est vide : il ne contient rien.", field="files")


def _check_room(enough, name, limits):
    if not enough:
        raise Full(
            f"« {name} » n'entre plus : l'espace est plein ({limits.record // 1_000_000} Mo). "
            "Videz la corbeille, ou effacez des documents dont vous n'avez plus besoin.",
            field="files",
        )


def _check_kept(record, actor, told):
    """Only a professional keeps a document from someone, and only a minor's from the parents; her
    software does so in her name."""
    if told.apart and actor.role not in KEEPERS:
        raise Refusal(NOT_A_PROFESSIONAL, field="unannounced")
    if told.from_representatives and record.adult:
        raise Refusal(NOT_A_MINOR, field="from_representatives")


def _check_folder(folder):
    if folder and not Folder.select().where(Folder.id == folder.id).exists():
        raise Refusal(
            f"Le dossier « {folder.name} » n'existe plus : choisissez-en un autre.", field="folder"
        )


def _understood(spool, name, parts) -> Reading:
    try:
        return read_content(spool.chunks(), name, parts.take)
    except Unreadable as fault:
        what = f" : c'est {fault.what}" if fault.what else ""
        sentences = {
            "empty": f"« {name} » est vide : il ne contient rien.",
            "not_accepted": f"« {name} » n'est pas accepté{what}. Formats acceptés : {ACCEPTED}.",
            "broken": f"« {name} » est abîmé : aucun lecteur ne l'ouvre. "
            "Demandez-en une autre copie.",
        }
        sentence = sentences.get(fault.reason, sentences["not_accepted"])
        raise Unfit(sentence, field="files") from fault


def check_picture(media_type: str, name: str) -> None:
    """A signature by hand is seen, not typed. Raises Refusal."""
    if media_type != PDF and not media_type.startswith("image/"):
        raise Refusal(f"« {name} » n'est pas une photo ni un PDF du papier signé.", field="files")


def _described(record, actor, spool, name, told, reading):
    # A wish follows no choice made for all.
    own = told.masked is not None and (told.wish or told.masked != record.masked_by_default)
    document = Document(
        record=record,
        folder=told.folder,
        category=told.category,
        dated=told.dated,
        depositor=actor.account_id,
        depositor_name=actor.name,
        depositor_role=actor.role,
        source=told.source,
        origin=told.source.kind if told.source else told.origin or origin.of_role(actor.role),
        identifier=told.header.identifier,
        header=headers.written(told.header),
        type_code=told.header.type_code,
        sending=told.sending,
        # Without a choice of its own, it follows the one made for all (masking.py).
        masked=own and told.masked,
        masking_rank=record.masking_rank if own else 0,
        wish=told.wish,
        about=told.about,
        unannounced=told.unannounced,
        from_representatives=told.from_representatives,
        apart=told.apart,
        filename=name,
        media_type=reading.media_type,
        size=spool.size,
        sha256=spool.digest.hexdigest(),
        pages=reading.pages,
        protected=reading.protected,
        warning=" ".join(told.header.warnings) or reading.warning,
    )
    document.retitle(tidy(told.title)[: filing.LONGEST_TITLE] or proposed_title(name))
    document.attribute(tidy(told.author) or actor.name)
    return document
