"""The signed papers of « Entourage et volontés »: documents of the record, read by whom the person
lets read her wishes, whatever the masking (visibility.py)."""

from dataclasses import dataclass

from . import bin, deposit, search, twins
from .access import Access
from .database import transaction
from .deposit import Description, Limits
from .document import Document
from .reference import types
from .vault import Spool

# The files of one paper, each with its name: several photos become one PDF.
Files = tuple[tuple[Spool, str], ...]
CORRECTED = (Document.title, Document.title_key, Document.dated, Document.category, Document.wish)


@dataclass(frozen=True)
class Kept:
    """`new`: it was not among the documents before."""

    document: Document
    new: bool


def keep(access: Access, files: Files, told: Description, limits: Limits) -> Kept:
    """Deposited; or found among the documents, or in the bin. Raises Refusal."""
    if len(files) == 1:
        return _keep(access, *files[0], told, limits)
    spools, names = zip(*files, strict=True)
    joined = deposit.join_photos(list(spools), list(names), limits)
    try:
        return _keep(access, joined, f"{told.title}.pdf", told, limits)
    finally:
        joined.discard()


def give_back(access: Access, kept: Kept) -> None:
    """What was to be attached to it was refused."""
    if kept.new:
        release(access, kept.document)


def mark(document: Document) -> None:
    """What was masked by itself among the wishes follows their choice from now on."""
    alone = {"masked": False} if types.is_wish(document.type_code) else {}
    Document.update(wish=True, **alone).where(Document.id == document.id).execute()


def name(document: Document, ended: str, endings: tuple[str, ...]) -> None:
    """Say in its title, as it is read in every list, whether it holds: with one of the `endings`,
    or none."""
    base = document.title
    for ending in endings:
        base = base.removesuffix(ending)
    if document.title != base + ended:
        document.retitle(base + ended)
        document.save(only=[Document.title, Document.title_key])
        search.index_labels(document)


def release(access: Access, document: Document) -> bool:
    """No longer a wish, unless something else needs it; whether it went to the bin."""
    if is_attached(document):
        return False
    with transaction():
        document.wish = types.is_wish(document.type_code)
        document.save(only=[Document.wish])
        return bool(bin.discard(access, [document])[0])


def is_attached(document: Document) -> bool:
    from .signing import Signed  # what is signed knows its papers

    return any(
        kind.select().where((kind.paper == document) | (kind.authorisation == document)).exists()
        for kind in Signed.__subclasses__()
    )


def _keep(access, spool, name, told, limits):
    known = twins.known(access, spool)
    if known is None:
        return Kept(deposit.by_access(access, spool, name, told, limits), new=True)
    deposit.check_picture(known.media_type, name)
    if not known.binned_at:
        return Kept(known, new=False)
    _take_back(access, known, told)
    return Kept(known, new=True)


def _take_back(access, document, told):
    """From the bin, where an attachment taken back had put it."""
    with transaction():
        bin.restore(access, document)
        document.retitle(told.title)
        document.dated, document.category, document.wish = told.dated, told.category, True
        document.save(only=CORRECTED)
        search.index_labels(document)
