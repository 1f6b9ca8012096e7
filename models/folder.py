"""Folders: names that the person chooses for her documents."""

from peewee import SQL, ForeignKeyField, Select, TextField, fn

from . import clock, journal
from .access import Access, Right
from .database import MomentField, Table, transaction
from .record import Record
from .refusal import Refusal
from .words import fold, tidy, uid

LONGEST = 60
# Beyond this a count says « plus de 99 »: the list costs the same whatever the record's size.
COUNTED = 99
GONE = "Ce dossier n'existe plus. Choisissez-en un autre."


class Folder(Table):
    uid = TextField(unique=True, default=uid)
    record = ForeignKeyField(Record, backref="folders")
    name = TextField()
    key = TextField()
    made_at = MomentField(default=clock.now)

    class Meta:
        indexes = ((("record", "key"), True),)


def make(access: Access, name: str) -> Folder:
    """Raises Refusal for an empty, long or known name."""
    access.require(Right.FILE)
    name = _checked(name)
    with transaction():
        folder = Folder.create(record=access.record, name=name, key=_key(access, name))
        journal.write(
            access.record, access.actor, journal.Act.MADE_FOLDER, folder=folder.uid, name=name
        )
    return folder


def rename(access: Access, folder: Folder, name: str) -> None:
    access.require(Right.FILE)
    name, before = _checked(name), folder.name
    with transaction():
        folder.key, folder.name = _key(access, name, folder), name
        folder.save(only=[Folder.name, Folder.key])
        journal.write(
            access.record,
            access.actor,
            journal.Act.RENAMED_FOLDER,
            folder=folder.uid,
            name=name,
            before=before,
        )


def delete(access: Access, folder: Folder) -> None:
    """Its documents stay, out of any folder; whoever was kept from them still is."""
    from . import exclusion  # which knows of folders

    access.require(Right.FILE)
    with transaction():
        exclusion.keep_out(folder)
        folder.delete_instance()
        journal.write(
            access.record,
            access.actor,
            journal.Act.DELETED_FOLDER,
            folder=folder.uid,
            name=folder.name,
        )


def find(access: Access, folder_uid: str) -> Folder | None:
    return access.folders().where(Folder.uid == folder_uid).first()


def counted(access: Access) -> list[Folder]:
    """The folders, each with `documents`: how many this access sees in it, COUNTED + 1 at most."""
    from .document import Document

    seen = access.listed().where(Document.folder == Folder.id).limit(COUNTED + 1)
    number = Select([seen.select(SQL("1"))], [fn.COUNT(SQL("*"))])
    return list(access.folders().select(Folder, number.alias("documents")))


def _checked(name):
    name = tidy(name)
    if not name:
        raise Refusal("Donnez un nom au dossier.", field="name")
    if len(name) > LONGEST:
        raise Refusal(
            f"Ce nom est trop long : {LONGEST} caractères au plus, il en a {len(name)}.",
            field="name",
        )
    return name


def _key(access, name, but=None):
    """Never that of another. To whom may not know of a folder, its name is free: spaces tell hers
    apart. Raises Refusal."""
    key, plain = fold(name), fn.RTRIM(Folder.key)
    same = (plain == key) & (Folder.id != (but.id if but else 0))
    other = access.folders().where(same).first()
    if other:
        raise Refusal(f"Vous avez déjà un dossier « {other.name} ».", field="name")
    taken = {one.key for one in Folder.select().where((Folder.record == access.record_id) & same)}
    while key in taken:
        key += " "
    return key
