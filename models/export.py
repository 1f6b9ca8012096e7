"""Everything, taken out: one ZIP of what this access sees. It is made as it leaves: nothing of it
touches a disk, and memory holds one piece at a time."""

import hashlib
from collections.abc import Iterator

from . import (
    chronicle,
    clock,
    journal,
    ledger,
    manifest,
    parcel_pages,
    part,
    password,
    vault,
    wishes,
)
from .access import Access, Right
from .database import transaction
from .formats import fhir_writing
from .formats.fhir_writing import Listed
from .formats.kinds import CDA, FHIR, RTF, TEXT, TIFF
from .operator import Operator
from .parcel import Parcel, Place
from .parcel_pages import INDEX
from .parcel_tables import Look, tables
from .part import PartRole
from .record import Record
from .refusal import Refusal
from .words import day

READ_ME = "Lisez-moi.txt"
ACTIVITY = "Activité.csv"
FHIR_LIST = "FHIR/documents.json"
DAMAGED = "Documents abîmés.txt"
# In the one that is locked: the names of the files would be read without the password.
INSIDE = "Espace de santé.zip"
# Kinds that are worth compressing; the others already are.
LOOSE = frozenset({TEXT, RTF, TIFF, CDA, FHIR})
STORED, SMALL = 0, 6
# Beside the documents: the pages, the lists and the activity, at most.
MARGIN = 1 << 30
MODE = 0o600
UNREADABLE = (
    "N'employez que des lettres sans accent, des chiffres, des espaces et des signes courants : "
    "tous les logiciels sauront alors lire ce mot de passe."
)
ERASED = "Cet espace a été effacé : il n'y a plus rien à emporter."
ABOUT = f"""Espace de santé : {{name}}
Copie faite le {{day}}.

Pour lire : ouvrez « {INDEX} ». Tout s'ouvre dans un navigateur, même sans internet.
Si cela ne marche pas, décompressez d'abord le fichier ZIP (« Extraire tout »).

Documents : tels qu'ils ont été déposés, dans leurs dossiers.
Corbeille : ceux qui y étaient.
Lisible : les mêmes, quand il fallait un logiciel pour les lire.
Listes : un tableau (CSV) pour chaque liste. LibreOffice les ouvre, par exemple.
{ACTIVITY} : qui a fait quoi, avec sa preuve. « flask check --journal » la vérifie.
FHIR : la liste des documents pour un logiciel de santé (FHIR R4, forme du PDSm français).
{manifest.NAME} : tout, pour un autre Carnet, qui saura tout reprendre.

Les documents sont des fichiers ordinaires. Gardez-les à l'abri des regards.
"""
TORN = """Ces documents n'ont pas pu être lus en entier. Prévenez votre association.

{titles}
"""


def whole_of(access: Access, look: Look, secret: str = "") -> Iterator[bytes]:
    """The bytes of the ZIP, locked where there is a secret (`checked_secret`). The journal is told
    first, so that this is in it."""
    activity = chronicle.export(access, look.words, journal.Act.EXPORTED)
    return _written(access, look, activity, secret)


def whole_for_office(record: Record, look: Look, secret: str = "") -> Iterator[bytes]:
    """The same with all that is in the record, for another server. Raises Refusal."""
    if record.erased_at:
        raise Refusal(ERASED)
    operator = Operator(record)
    with transaction():
        activity = chronicle.export(operator, look.words, journal.Act.EXPORTED)
        ledger.write(operator.actor, ledger.Act.TOOK_RECORD, about=record.uid)
    return _written(operator, look, activity, secret)


def checked_secret(record: Record, secret: str) -> str:
    """One that every tool reads, and hard to guess: of this form of ZIP, a thousand rounds of
    SHA-1 is all that slows down who tries them all. Raises Refusal."""
    password.check(secret, [record.birth_name, record.used_name, record.birth_given_names])
    if not (secret.isascii() and secret.isprintable()):
        raise Refusal(UNREADABLE, "password")
    return secret


def _written(access, look, activity, secret):
    """Locked, it is one file in another: AES-256 hides what files hold, and not their names."""
    # Where it serves: with all that it can do, it takes 40 ms, and 6 MB.
    from stream_zip import ZIP_AUTO, stream_zip

    parcel = Parcel(access)
    made = parcel.made_at.astimezone(clock.PARIS)
    members = (
        (name, at or made, MODE, ZIP_AUTO(size, level=level), chunks)
        for name, at, size, level, chunks in _members(parcel, look, activity)
    )
    zipped = stream_zip(members)
    if not secret:
        return zipped
    size = parcel.size + MARGIN
    return stream_zip([(INSIDE, made, MODE, ZIP_AUTO(size, level=STORED), zipped)], password=secret)


def _members(parcel, look, activity):
    """Documents come before what tells of them: which could not be read is known by then."""
    access = parcel.access
    answers = wishes.answers(access) if access.can(Right.WISHES) else None
    yield _text(READ_ME, ABOUT.format(name=parcel.record.name, day=day(_today(parcel))))
    yield from _contents(parcel, look)
    for path, page in parcel_pages.pages(parcel, look, answers):
        yield _text(path, page)
    for path, table in tables(parcel, look, answers):
        yield path, None, 0, SMALL, table
    yield ACTIVITY, None, 0, SMALL, activity
    listed = fhir_writing.bundle(parcel.record, parcel.made_at, look.site, _listed(parcel))
    yield FHIR_LIST, None, 0, SMALL, listed
    yield manifest.NAME, None, 0, SMALL, manifest.written(parcel, answers, look.site)
    if torn := [document.title for place, document in parcel.documents() if place.damaged]:
        yield _text(DAMAGED, TORN.format(titles="\n".join(torn)))


def _contents(parcel, look):
    """Each document as it came, then what can be read of it."""
    for place, document, parts in parcel.with_parts():
        at = document.deposited_at.astimezone(clock.PARIS)
        level = SMALL if document.media_type in LOOSE else STORED
        yield place.path, at, document.size, level, _content(place, document)
        for copy in place.copies:
            try:
                yield _copy(parcel, look, place, copy, document, parts[copy.number])
            except (vault.Damaged, KeyError):
                copy.lost = True


def _copy(parcel, look, place, copy, document, one):
    """Raises vault.Damaged."""
    if copy.role == PartRole.PAGE:
        told = (place, copy.path, document.title, part.page([one]))
        return _text(copy.path, parcel_pages.narrative(parcel, look, *told))
    at = document.deposited_at.astimezone(clock.PARIS)
    level = SMALL if one.media_type in LOOSE else STORED
    return copy.path, at, one.size, level, _as_far_as_can_be(one.content_chunks())


def _content(place: Place, document):
    """As far as it can be read: the others must not be lost with it."""
    digest = hashlib.sha1(usedforsecurity=False)
    try:
        for chunk in document.content_chunks():
            digest.update(chunk)
            yield chunk
    except vault.Damaged:
        place.damaged = True
    else:
        place.sha1 = digest.digest()


def _as_far_as_can_be(chunks):
    try:
        yield from chunks
    except vault.Damaged:
        return


def _listed(parcel):
    for place, document in parcel.documents():
        older = parcel.places.get(place.replaces)
        yield Listed(
            document,
            path=f"../{place.path}",
            sha1=place.sha1,
            replaces=older.uid if older else "",
            replaced=place.id in parcel.newer,
        )


def _text(name, text):
    content = text.encode()
    return name, None, len(content), SMALL, [content]


def _today(parcel):
    return parcel.made_at.astimezone(clock.PARIS).date()
