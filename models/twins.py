"""Twins: documents of one record that hold the same bytes, or that one software sent twice. The
same one is never taken twice, and nobody learns of one that is hidden from her."""

from . import exclusion, visibility
from .access import Access
from .document import Document, loaded
from .folder import Folder
from .record import Record
from .refusal import Refusal
from .vault import Spool
from .words import uid

OTHER_CONTENT = "Ce logiciel a déjà déposé autre chose sous cet identifiant."


class Conflict(Refusal):
    """What is deposited was already, and is not the same."""


def known(access: Access, spool: Spool) -> Document | None:
    """The document that already holds these bytes, even in the bin, if this access sees it."""
    same = Document.select().where(access.sees() & (Document.sha256 == spool.digest.hexdigest()))
    found = loaded(access, same.order_by(Document.binned_at.is_null(False)).limit(1))
    return found[0] if found else None


def here(record: Record, one, access: Access | None) -> Document | None:
    """The document that this one is already, out of the bin, if this access sees it."""
    twins = [twin for twin in of(record, one.spool) if not twin.binned_at]
    twins = [twin for twin in twins if not _other_name(twin, one.told)]
    seen = (twin for twin in twins if access is None or visibility.sees(access, twin))
    return next(seen, None)


def of(record, spool):
    """The documents of the record that hold these bytes, those in the bin last."""
    query = Document.select(Document, Folder).left_outer_join(Folder)
    same = (Document.record == record) & (Document.sha256 == spool.digest.hexdigest())
    twins = list(query.where(same).order_by(Document.binned_at.is_null(False)))
    for twin in twins:
        twin.record = record
    return twins


def sent_before(record, told, spool):
    """By the same software, under the same name. Raises Refusal where it was something else."""
    if not (told.source and told.header.identifier):
        return None
    named = (Document.source == told.source) & (Document.identifier == told.header.identifier)
    before = Document.get_or_none(named)
    if before is None:
        return None
    if before.record_id != record.id or before.sha256 != spool.digest.hexdigest():
        raise Conflict(OTHER_CONTENT)
    return before


def known_among(twins, told, access):
    """The same form sent twice is one deposit; the same file sent again is refused. Not where the
    first is hidden from the one who sends it since its deposit, or left out of his access: then
    this one is taken beside it, as if there were none. Software knows of what it sent itself."""
    if told.source:
        mine = [twin for twin in twins if twin.source_id == told.source.id]
        names = ("", told.header.identifier)
        return next((twin for twin in mine if twin.identifier in names), None)
    twins = [twin for twin in twins if not _other_name(twin, told)]
    for twin in twins:
        if told.sending and twin.sending == told.sending and not twin.binned_at:
            return twin
    for twin in twins:
        if access is None or visibility.sees(access, twin):
            title, place = twin.title, _place(twin)
            raise Refusal(f"Ce fichier est déjà dans l'espace : « {title} », {place}.", "files")
    if not all(twin.apart or _left_out(access, twin) for twin in twins):
        raise Refusal("Ce fichier est déjà dans cet espace.", field="files")
    return None


def _other_name(twin, told):
    """Whoever made them names them apart: two documents, whatever their bytes."""
    names = {twin.identifier, told.header.identifier} - {""}
    return len(names) == 2


def _left_out(access, twin):
    """Of a carer's access: he knows of none of it."""
    return access.invitation_id in exclusion.leaving_out(twin) if access.invitation_id else False


def _place(document):
    if document.binned_at:
        return "dans la corbeille"
    return f"dans le dossier « {document.folder.name} »" if document.folder_id else "sans dossier"


def told_twice(ready):
    """Under one name of one software, the same bytes are one document. Raises Refusal where they
    are not the same."""
    first = {}
    for one in ready:
        if not (one.told.source and one.document.identifier):
            continue
        other = first.setdefault(one.document.identifier, one.document)
        if other.sha256 != one.document.sha256:
            raise Conflict(OTHER_CONTENT)
        if other is not one.document:
            one.document, one.known = other, True


def tell_apart(documents):
    """The same bytes may be two documents of one lot, where they are named apart."""
    for number, one in enumerate(documents):
        if any(one.sha256 == other.sha256 for other in documents[:number]):
            one.beside = uid()
