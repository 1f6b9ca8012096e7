"""Filing: moving documents into folders, pinning them, correcting what is said of them."""

from datetime import date

from . import clock, exclusion, journal, search, version
from .access import Access, Right
from .database import transaction
from .document import Document
from .folder import Folder
from .reference import categories
from .refusal import Refusal
from .words import tidy

LONGEST_TITLE = 200
CORRECTED = (
    *(Document.title, Document.title_key, Document.category),
    *(Document.dated, Document.author, Document.author_key),
)
OLDEST = date(1900, 1, 1)


def move(access: Access, documents: list[Document], folder: Folder | None) -> int:
    """Into the folder, or out of any; how many moved."""
    access.require(Right.FILE)
    target = folder.id if folder else None
    moved = [document for document in documents if document.folder_id != target]
    with transaction():
        if not access.can(Right.GRANT):
            _keep_out(moved)
        for document in moved:
            document.folder = folder
            document.save(only=[Document.folder])
            version.change(document, folder=folder)
            journal.write(
                access.record,
                access.actor,
                journal.Act.MOVED,
                document,
                folder=folder.uid if folder else None,
                name=folder.name if folder else None,
            )
    return len(moved)


def pin(access: Access, document: Document, pinned: bool) -> None:
    access.require(Right.FILE)
    if bool(document.pinned_at) == pinned:
        return
    with transaction():
        document.pinned_at = clock.now() if pinned else None
        document.save(only=[Document.pinned_at])
        version.change(document, pinned_at=document.pinned_at)
        act = journal.Act.PINNED if pinned else journal.Act.UNPINNED
        journal.write(access.record, access.actor, act, document)


def correct(access: Access, document: Document, *, title, category, dated, author) -> None:
    """Raises Refusal for a document that someone else deposited, or for a bad answer."""
    access.require(Right.CORRECT)
    if not document.changeable:
        raise Refusal(locked(document))
    document.retitle(checked_title(title))
    document.category = checked_category(category, document.category)
    document.dated = checked_date(dated)
    document.attribute(tidy(author) or access.account.name)
    with transaction():
        # Only these: another tab may have masked or moved it meanwhile.
        document.save(only=CORRECTED)
        search.index_labels(document)
        journal.write(access.record, access.actor, journal.Act.CORRECTED, document)


def _keep_out(documents):
    """Whoever moves them does not decide who reads them: they stay left out for another carer."""
    for document in documents:
        for one in version.all_of(document):
            if one.folder_id:
                exclusion.keep_out(one.folder_id, [one])


def locked(document: Document) -> str:
    """Why it cannot be corrected or binned."""
    if document.attached:
        return (
            f"« {document.title} » fait partie de « Entourage et volontés » : "
            "vous pouvez le ranger ici, et le changer là-bas."
        )
    return (
        f"« {document.title} » a été déposé par {document.depositor_name} : "
        "vous pouvez le ranger et le masquer, mais pas le modifier ni le jeter."
    )


def checked_title(title: str | None) -> str:
    title = tidy(title or "")
    if not title:
        raise Refusal("Donnez un titre au document.", field="title")
    if len(title) > LONGEST_TITLE:
        raise Refusal(
            f"Ce titre est trop long : {LONGEST_TITLE} caractères au plus.", field="title"
        )
    return title


def checked_category(category: str, kept: str = "") -> str:
    """One to choose from, or the one that it has."""
    if not category or category not in {*categories.CHOSEN, kept}:
        raise Refusal("Choisissez une catégorie dans la liste.", field="category")
    return category


def checked_date(dated: date | None) -> date:
    if dated is None:
        raise Refusal(
            "Indiquez la date du document : jour, mois, année. Par exemple 12/03/2024.",
            field="dated",
        )
    if dated > clock.today():
        raise Refusal("Cette date est dans le futur. Vérifiez l'année.", field="dated")
    if dated < OLDEST:
        raise Refusal("Cette date est trop ancienne : l'année commence par 19 ou 20.", "dated")
    return dated
