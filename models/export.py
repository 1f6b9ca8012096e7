"""Everything, taken out: one ZIP of what this access sees. It is made as it leaves: nothing of it
touches a disk, and memory holds one piece at a time."""

from collections.abc import Iterator

from zipstream import ZIP_DEFLATED, ZipStream

from . import chronicle, clock, journal, masking, vault
from .access import Access
from .document import Document, loaded
from .formats.cells import cell
from .sheets import whole
from .words import JOINERS, day

# Documents read at once from the database.
BATCH = 100
# Of a name, in bytes: Windows counts the whole path, and others no more than 255.
LONGEST = 120
READ_ME = "Lisez-moi.txt"
IDENTITY = "Identité et volontés.txt"
ACTIVITY = "Activité.csv"
LIST = "Liste des documents.csv"
DAMAGED = "Documents abîmés.txt"
DOCUMENTS, BIN = "Documents", "Corbeille"
FORBIDDEN = '/\\:*?"<>|'
# Names that Windows keeps for itself.
PORTS = (f"{port}{number}" for port in ("com", "lpt") for number in range(10))
RESERVED = frozenset(("con", "prn", "aux", "nul", *PORTS))
COLUMNS = ("Fichier", "Titre", "Catégorie", "Date", "Auteur", "Ajouté par", "Ajouté le", "Masqué")
ABOUT = f"""Espace de santé : {{name}}
Copie faite le {{day}}.

{DOCUMENTS} : les documents, tels qu'ils ont été déposés, dans leurs dossiers.
{BIN} : ceux qui étaient dans la corbeille.
{LIST} : le titre, la date et l'auteur de chacun.
{IDENTITY} : l'identité, l'entourage et les volontés.
{ACTIVITY} : qui a fait quoi dans l'espace. Le site dit comment vérifier ce tableau.

Les tableaux (CSV) s'ouvrent avec un tableur, comme LibreOffice.

Ces fichiers ne sont pas chiffrés. Gardez-les à l'abri des regards.
"""
TORN = """Ces documents n'ont pas pu être lus en entier. Prévenez votre association.

{titles}
"""


def whole_of(access: Access, words: chronicle.Words) -> Iterator[bytes]:
    """The bytes of the ZIP. The journal is told first, so that this is in it."""
    activity = chronicle.export(access, words, journal.Act.EXPORTED)
    return _zipped(access, activity)


def safe(name: str) -> str:
    """A name that every system takes for a file's, and for nothing else."""
    kept = (c if (c.isprintable() or c in JOINERS) and c not in FORBIDDEN else "-" for c in name)
    plain = "".join(kept).encode()[:LONGEST].decode(errors="ignore").strip(". ")
    if plain.partition(".")[0].casefold() in RESERVED:
        plain = f"- {plain}"
    return plain or "Sans titre"


def paths(access: Access) -> Iterator[tuple[str, Document]]:
    """Where each document is in the ZIP: never twice the same place, whatever the case."""
    taken = set()
    names = _folders(access, taken)
    for document in _documents(access):
        folder = names.get(document.folder_id, DOCUMENTS)
        folder = BIN if document.binned_at else folder
        yield _fresh(taken, f"{folder}/{safe(document.title)}", document.kind.extension), document


def _zipped(access, activity):
    zipped, torn = ZipStream(sized=False), []
    for name, content in (
        (READ_ME, _about(access)),
        (IDENTITY, whole.text(access)),
        (ACTIVITY, activity),
        (LIST, chronicle.written(_rows(access))),
    ):
        zipped.add(content, name, compress_type=ZIP_DEFLATED)
    yield from zipped.all_files()
    for path, document in paths(access):
        zipped.add(_content(document, torn), path, size=document.size)
        yield from zipped.all_files()
    if torn:
        zipped.add(TORN.format(titles="\n".join(torn)), DAMAGED)
    yield from zipped.finalize()


def _about(access):
    return ABOUT.format(name=access.record.name, day=day(clock.today()))


def _documents(access):
    """Those in the bin too."""
    last, seen = 0, Document.select().where(access.sees()).order_by(Document.id).limit(BATCH)
    while found := loaded(access, seen.where(Document.id > last)):
        yield from found
        last = found[-1].id


def _folders(access, taken):
    return {
        folder.id: _fresh(taken, f"{DOCUMENTS}/{safe(folder.name)}") for folder in access.folders()
    }


def _fresh(taken, path, extension=""):
    given, number = path + extension, 1
    while given.casefold() in taken:
        number += 1
        given = f"{path} ({number}){extension}"
    taken.add(given.casefold())
    return given


def _rows(access):
    yield COLUMNS
    for path, one in paths(access):
        added = one.deposited_at.astimezone(clock.PARIS)
        told = (path, one.title, one.category_label, f"{one.dated:%d/%m/%Y}", one.author)
        told += (one.depositor_name, f"{added:%d/%m/%Y %H:%M}")
        yield *map(cell, told), "oui" if masking.is_masked(one) else "non"


def _content(document, torn):
    """As far as it can be read: the others must not be lost with it."""
    try:
        yield from document.content_chunks()
    except vault.Damaged:
        torn.append(document.title)
