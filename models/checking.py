"""Checking an instance: the database, the chains of the journal, the vault against the rows."""

from collections.abc import Iterator
from time import monotonic

from peewee import PeeweeException, fn

from . import database, figures, journal, vault
from .document import Document
from .formats.child import Child, OutOfTime
from .instance import Mark
from .keeping import kept
from .part import Part
from .record import Record


def faults() -> Iterator[str]:
    """A sentence for each fault."""
    for fault in database.integrity():
        yield f"base de données : {fault}"
    try:
        yield from _row_faults()
        yield from _file_faults()
    except database.UNREADABLE as error:
        yield f"base de données : elle ne peut pas être lue jusqu'au bout ({error})"


def _row_faults():
    for record in Record.select().iterator():
        fault = journal.broken(record)
        if fault:
            yield f"activité de l'espace {record.uid} : {fault}"
    for (uid,) in _miscounted().tuples().iterator():
        yield f"espace {uid} : le poids de ses documents est mal compté"
    for name in figures.drifted():
        yield f"chiffres : « {name} » est mal compté"


def _file_faults():
    for one in Document.select().iterator():
        fault = _content_fault(one)
        if fault:
            yield f"document {one.uid} : {fault}"
    for part in Part.select(Part, Document).join(Document).iterator():
        fault = _content_fault(part)
        if fault:
            yield f"document {part.document.uid}, partie {part.number} : {fault}"
    for name in sorted(kept.others()):
        if not vault.readable(name):
            yield f"fichier {name} du coffre : il manque, ou a été abîmé"


def not_confined() -> list[str]:
    """What this system lacks to shut in the programs that read files (formats/confinement.py)."""
    with Child("models.formats.confinement", seconds=10) as program:
        try:
            held = b"".join(program.output()).decode().split()
        except OutOfTime:
            held = []
    return [one for one in ("Landlock", "seccomp") if one.lower() not in held]


def orphans() -> list[str]:
    """What the vault keeps and no row names, for longer than a deposit lasts: `flask work` takes
    it away."""
    found = (name for some in vault.folders() for name in set(some) - kept.known(some))
    return sorted(filter(vault.is_old, found))


def _miscounted():
    """The records that do not say what their documents weigh."""
    weights = [
        fn.COALESCE(one.select(fn.SUM(Document.size + Document.parts_size)), 0)
        for one in (
            Document.select().where((Document.record == Record.id) & (Document.apart == apart))
            for apart in (False, True)
        )
    ]
    return Record.select(Record.uid).where(
        (Record.used != weights[0]) | (Record.used_apart != weights[1])
    )


# In seconds: whoever asks without an end does not keep the disk busy.
SURE = 2
# Which database was written last, and until when that is enough.
_sure = None, 0.0


def writable() -> bool:
    """The database and the vault can be written, now: something was."""
    return vault.writable() and _database_writable()


def _database_writable():
    global _sure
    if _sure[0] == database.path() and monotonic() < _sure[1]:
        return True
    try:
        with database.transaction():
            Mark.create(name="writable", value="")
            Mark.delete().where(Mark.name == "writable").execute()
    except PeeweeException:
        return False
    _sure = database.path(), monotonic() + SURE
    return True


def _content_fault(one):
    try:
        size = sum(len(chunk) for chunk in one.content_chunks())
    except vault.Damaged:
        return "son contenu manque, ou a été abîmé"
    return None if size == one.size else "son contenu n'a pas la bonne taille"
