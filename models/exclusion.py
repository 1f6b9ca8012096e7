"""What is left out of a carer's access: folders, with all that is in them, and single documents."""

from peewee import ForeignKeyField

from . import journal, version
from .access import Access, Right
from .database import Table, transaction
from .document import Document
from .folder import Folder
from .invitation import Invitation
from .prepared import Prepared


class Exclusion(Table):
    """Of a folder or of a document. It hangs from the invitation, so it holds from the start."""

    invitation = ForeignKeyField(Invitation, backref="exclusions", on_delete="CASCADE")
    folder = ForeignKeyField(Folder, null=True, on_delete="CASCADE")
    document = ForeignKeyField(Document, null=True, on_delete="CASCADE")


def kept_documents(invitation_id: int):
    """The documents that are not left out, as an SQL condition."""
    inside = Document.folder.in_(_chosen(invitation_id, Exclusion.folder))
    apart = Document.id.in_(_chosen(invitation_id, Exclusion.document))
    return ~apart & (Document.folder.is_null() | ~inside)


def kept_folders(invitation_id: int):
    return ~Folder.id.in_(_chosen(invitation_id, Exclusion.folder))


def leaving_out(document: Document) -> frozenset[int]:
    """The invitations whose accesses it is left out of."""
    return frozenset(invitation for (invitation,) in _leaving_out(document.id, document.folder_id))


@Prepared
def _leaving_out(document_id, folder_id):
    here = Exclusion.document == document_id
    if folder_id:
        here |= Exclusion.folder == folder_id
    return Exclusion.select(Exclusion.invitation).where(here).tuples()


def choose(invitation: Invitation, folders, documents=None) -> None:
    """Leave these out, and nothing else; the documents stay as they are where none are told. Call
    it inside a transaction."""
    here = Exclusion.invitation == invitation
    Exclusion.delete().where(here & Exclusion.folder.is_null(False)).execute()
    for folder in folders:
        Exclusion.create(invitation=invitation, folder=folder)
    if documents is None:
        return
    Exclusion.delete().where(here & Exclusion.document.is_null(False)).execute()
    for document in documents:
        _leave_out(invitation.id, document)


def leave_out(access: Access, invitation: Invitation, document: Document) -> None:
    """One document more, from now on."""
    _change(access, invitation, document, out=True)


def take_back(access: Access, invitation: Invitation, document: Document) -> None:
    _change(access, invitation, document, out=False)


def folders_of(invitation: Invitation) -> list[Folder]:
    query = Folder.select().join(Exclusion).where(Exclusion.invitation == invitation)
    return list(query.order_by(Folder.key))


def documents_of(access: Access, invitation: Invitation) -> list[Document]:
    """Those that this access may see itself."""
    left_out = Document.id.in_(_chosen(invitation.id, Exclusion.document))
    return list(access.listed().where(left_out).order_by(Document.dated.desc()))


def keep_out(folder: Folder, documents=None) -> None:
    """The folder is about to go, or these to leave it: what it holds stays left out, one by one."""
    if documents is None:
        documents = list(Document.select(Document.id).where(Document.folder == folder))
    for one in list(Exclusion.select().where(Exclusion.folder == folder)):
        for document in documents:
            _leave_out(one.invitation_id, document)


def inherit(document: Document, other: Document) -> None:
    """Left out from now on wherever its other version is, by itself."""
    for one in list(Exclusion.select().where(Exclusion.document == other)):
        Exclusion.get_or_create(invitation=one.invitation_id, document=document)


def _change(access, invitation, document, out):
    access.require(Right.GRANT)
    with transaction():
        changed = (_leave_out if out else _take_back)(invitation.id, document)
        if not changed:
            return
        act = journal.Act.LEFT_OUT if out else journal.Act.TOOK_BACK
        journal.write(access.record, access.actor, act, document, name=invitation.name)


def _leave_out(invitation_id, document):
    """With its other versions; whether it was not so yet."""
    made = [
        Exclusion.get_or_create(invitation=invitation_id, document=one.id)[1]
        for one in version.all_of(document)
    ]
    return any(made)


def _take_back(invitation_id, document):
    these = Exclusion.document.in_([one.id for one in version.all_of(document)])
    return Exclusion.delete().where((Exclusion.invitation == invitation_id) & these).execute()


def _chosen(invitation_id, column):
    here = (Exclusion.invitation == invitation_id) & column.is_null(False)
    return Exclusion.select(column).where(here)
