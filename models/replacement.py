"""What comes in and says that it is another version of what is here takes its place in the line of
versions (version.py), and inherits what was decided of it: nothing that was hidden is shown so.

Software replaces only what it deposited itself; a person, or the office for her, only what was
deposited for her, as far as she who does it sees it, and may correct it if another did; a
professional, what she deposited."""

from dataclasses import replace

from peewee import SQL, fn

from . import exclusion, masking, office, scope, version
from .access import Access, Actor, Right, Role
from .document import MEMBER_ROLES, Document
from .header import Header
from .incoming import UNANNOUNCED
from .record import Record

UNKNOWN = "Ce document dit en remplacer un autre, qui n'est pas ici."
MOST_NAMES = 20


def kept_apart(record: Record, actor: Actor, told, access: Access | None):
    """The description of a deposit: kept from whom the versions before it are."""
    before = _found(record, actor, told, access)
    return replace(
        told,
        unannounced=told.unannounced or any(one.unannounced for one in before),
        from_representatives=told.from_representatives
        or (not record.adult and any(one.from_representatives for one in before)),
    )


def link(document: Document, actor: Actor, told, access: Access | None) -> Document | None:
    """The version that it comes after, once it is in its place. Call it inside the transaction that
    makes the document, just made."""
    found = _found(document.record, actor, told, access)
    found = [one for one in found if one.id != document.id and one.wish == document.wish]
    if not found:
        if told.header.replaces:
            document.warning = " ".join(filter(None, (document.warning, UNKNOWN)))
            document.save(only=[Document.warning])
        return None
    found[0].record = document.record
    older, newer = _between(version.all_of(found[0]), told.header)
    version.place(document, older, newer)
    _inherit(document, older or newer, told)
    return older


def shown_with(document: Document) -> list[Document]:
    """Those still kept from the person that are to be shown when this one is: the versions before
    it, and those after that are kept only because it was."""
    found = version.all_of(document)
    place = next(number for number, one in enumerate(found) if one.id == document.id)
    after = [one for one in found[place + 1 :] if UNANNOUNCED not in one.told.confidentiality]
    return [one for one in found[:place] + after if one.unannounced]


def _found(record, actor, told, access) -> list[Document]:
    """Those of its versions that are known by the names that it tells."""
    header, reach = told.header, _reach(record, actor, told, access)
    names = _names(header)
    if reach is None or names is None:
        return []
    rows = Document.select().where(reach & names).order_by(Document.id.desc())
    return list(rows.limit(MOST_NAMES))


def _reach(record, actor, told, access):
    here = (Document.record == record) & Document.binned_at.is_null()
    if told.source:
        # « + »: looked for among those of the record, never among all that the software deposited.
        return here & SQL("+source_id = ?", [told.source.id])
    here &= Document.source.is_null()
    if actor.role == Role.PROFESSIONAL:
        return here & (Document.depositor == actor.account_id)
    if actor.role not in (*MEMBER_ROLES, office.ROLE):
        return None
    here &= Document.depositor_role.in_([*MEMBER_ROLES, office.ROLE])
    if access is None:
        return here
    if not access.can(Right.CORRECT):
        here &= Document.depositor == actor.account_id
    return here & scope.condition(access.scope)


def _names(header: Header):
    """Its own name is none of another's; that of all its versions tells with their numbers only."""
    names = [one for one in header.replaces if one != header.identifier][:MOST_NAMES]
    known = Document.identifier.in_(names) | Document.uid.in_(names) if names else None
    if not header.set_identifier or header.version is None:
        return known
    same = Document.identifier != ""
    same &= _of_header("set_identifier") == header.set_identifier
    same &= _of_header("version") != header.version
    return same if known is None else known | same


def _of_header(name):
    return fn.json_extract(fn.NULLIF(Document.header, ""), SQL("?", [f"$.{name}"]))


def _between(versions, header):
    """The one that it comes after, and the one before which it does; one of them may be None. It
    comes last, but for those of a higher number: they may have arrived out of order."""
    place = len(versions)
    while place and _comes_after(versions[place - 1].told, header):
        place -= 1
    older = versions[place - 1] if place else None
    return older, versions[place] if place < len(versions) else None


def _comes_after(other, header):
    same = header.set_identifier and other.set_identifier == header.set_identifier
    numbered = header.version is not None and other.version is not None
    return same and numbered and other.version > header.version


def _inherit(document, other, told):
    """A choice made of the other version is made of this one too."""
    other.record = document.record
    if told.masked:
        document.masked, document.masking_rank = True, document.record.masking_rank
    elif told.masked is None or masking.is_masked(other):
        document.masked, document.masking_rank = other.masked, other.masking_rank
    if document.folder_id is None:
        document.folder = other.folder_id
    elif document.folder_id != other.folder_id:
        _move_with(document)
    document.pinned_at = document.pinned_at or other.pinned_at
    kept = (Document.masked, Document.masking_rank, Document.folder, Document.pinned_at)
    document.save(only=kept)
    exclusion.inherit(document, other)


def _move_with(document):
    """It was put elsewhere than the others: they follow, and stay left out of what they were."""
    for one in version.others(document):
        if one.folder_id:
            exclusion.keep_out(one.folder_id, [one, document])
    version.change(document, folder=document.folder_id)
