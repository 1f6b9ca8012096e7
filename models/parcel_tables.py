"""The lists of what is taken out (parcel.py), each a table (CSV) that a spreadsheet opens."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from . import block, clock, masking
from .access import SENTENCES, Access, Right, Why
from .account import Account
from .chronicle import Words, written
from .contact import Contact
from .designation import Designation
from .directive import Directive
from .document import Document
from .formats.cells import cell
from .parcel import Parcel
from .phone import shown
from .share import Share
from .signing import Signed, State
from .wishes import Answers

FOLDER = "Listes"
ENDS = {
    Why.HOLDER: "par qui décide de cet espace",
    Why.ONESELF: "par cette personne",
    Why.DATE: "à la date prévue",
    Why.MAJORITY: "aux 18 ans de l'enfant",
    Why.OFFICE: "par l'association",
    Why.CLOSED: "à la fermeture de l'espace",
    Why.DEATH: "au décès",
}
STATES = {
    State.BEGUN: "en préparation",
    State.TO_SIGN: "à signer, pas encore valable",
    State.VALID: "valable",
    State.DECLINED: "refusée par la personne choisie",
    State.REPLACED: "remplacée",
    State.REVOKED: "révoquée",
}


@dataclass(frozen=True)
class Look:
    """What only the views know: words, pages (`draw`: a template and what it shows), the name of
    this site and who publishes it."""

    words: Words
    as_what: Callable[[Access], str]
    draw: Callable[..., str]
    site: str = ""


def tables(parcel: Parcel, look: Look, answers: Answers | None) -> Iterator[tuple[str, Iterator]]:
    """The path of each, and its bytes."""
    lists = [("Documents", _documents(parcel)), ("Dossiers", _folders(parcel))]
    if answers:
        lists += [
            ("Entourage", _people(answers.people)),
            ("Personne de confiance", _designations(parcel, answers.designations)),
            ("Directives anticipées", _directives(parcel, answers.directives)),
        ]
    if parcel.access.can(Right.GRANT):
        lists += [
            ("Accès", _accesses(parcel, look)),
            ("Personnes bloquées", _blocks(parcel)),
            ("Partages", _shares(parcel)),
        ]
    for name, rows in lists:
        yield f"{FOLDER}/{name}.csv", written(map(_cells, rows))


def accesses(parcel: Parcel) -> list[Access]:
    """Every access there ever was, the latest first."""
    rows = Access.select(Access, Account).join(Account).where(Access.record == parcel.record)
    found = list(rows.order_by(Access.id.desc()))
    for one in found:
        one.record = parcel.record
    return found


def allowed(access: Access) -> str:
    """What it lets do, in words."""
    rights = access.rights
    return ", ".join(words for right, words in SENTENCES.items() if right in rights)


def over(access: Access) -> datetime | None:
    """When it ended, if it did."""
    if access.revoked_at:
        return access.revoked_at
    return access.ends_at if access.ends_at and access.ends_at <= clock.now() else None


def _documents(parcel):
    yield (
        *("Fichier", "Titre", "Catégorie", "Type", "Date", "Auteur"),
        *("Ajouté par", "Ajouté le", "Dossier", "Masqué", "Remplacé par", "À la corbeille"),
    )
    for place, one in parcel.documents():
        folder, newer = parcel.folders.get(one.folder_id), parcel.newer.get(one.id)
        yield (
            *(place.path, one.title, one.category_label, one.type_label, _day(one.dated)),
            *(one.author, one.depositor_name, _moment(one.deposited_at)),
            *(folder.name if folder else "", _yes(masking.is_masked(one))),
            *(newer.path if newer else "", _moment(one.binned_at)),
        )


def _folders(parcel):
    yield "Dossier", "Créé le", "Documents"
    for drawer, one in zip(parcel.drawers(), parcel.folders.values(), strict=False):
        yield one.name, _moment(one.made_at), str(len(drawer.places))


def _people(people: list[Contact]):
    yield (
        *("Prénom", "Nom", "Lien", "À prévenir", "Proche aidant", "Parent ou représentant légal"),
        *("Téléphone", "Autre téléphone", "E-mail", "Adresse", "Date de naissance"),
    )
    for one in people:
        yield (
            *(one.given_name, one.family_name, one.link_label, str(one.call_rank or "")),
            *(_yes(one.carer), _yes(one.parent), *map(_phone, (one.phone, one.other_phone))),
            *(one.email, one.postal_address, _day(one.birth_date)),
        )


def _designations(parcel, rows: list[Designation]):
    yield "Personne", "État", "Signé le", "Révoqué le", "Remplacé le", "Ajouts", "Papier"
    for one in rows:
        name = one.contact.name if one.contact else "pas encore choisie"
        yield name, *_standing(one), " ".join(one.added), _paper(parcel, one.paper_id)


def _directives(parcel, rows: list[Directive]):
    yield (
        *("État", "Signé le", "Révoqué le", "Remplacé le", "Original", "Gardé par", "Papier"),
        *("Question", "Réponse"),
    )
    for one in rows:
        told = (*_standing(one), one.place, one.keeper, _paper(parcel, one.paper_id))
        answers = one.given_answers if one.model else []
        for each in answers:
            yield *told, each.question.written, "\n".join(filter(None, (each.sentence, each.words)))
        if not answers:
            yield *told, "", ""


def _accesses(parcel, look):
    yield (
        *("Qui", "En tant que", "Lien", "Ce qui est permis", "Depuis", "Jusqu'au"),
        *("Fini le", "Comment"),
    )
    for one in accesses(parcel):
        ended = over(one)
        yield (
            *(one.account.name, look.as_what(one), one.link, allowed(one)),
            *(_moment(one.starts_at), _moment(one.ends_at), _moment(ended)),
            ENDS[one.why] if ended else "",
        )


def _blocks(parcel):
    yield "Qui", "Bloqué le"
    for one in block.all_in(parcel.record):
        yield one.account.name, _moment(one.made_at)


def _shares(parcel):
    """Never the link, nor its code."""
    yield "Document", "Pour", "Fait le", "Jusqu'au", "Lectures permises", "Lectures faites"
    rows = Share.select(Share, Document).join(Document).where(Share.record == parcel.record)
    for one in rows.order_by(Share.id.desc()):
        if one.document_id not in parcel.places:
            continue
        times = map(_moment, (one.made_at, one.expires_at))
        yield one.document.title, one.recipient, *times, str(one.readings), str(one.taken)


def _standing(one: Signed):
    newer = one.newer.signed_on if one.is_signed and one.newer else None
    return STATES[one.state], _day(one.signed_on), _day(one.revoked_on), _day(newer)


def _paper(parcel, number):
    place = parcel.places.get(number)
    return place.path if place else ""


def _cells(row):
    return tuple(map(cell, row))


def _phone(number):
    return shown(number) if number else ""


def _day(value):
    return f"{value:%d/%m/%Y}" if value else ""


def _moment(value):
    return value.astimezone(clock.PARIS).strftime("%d/%m/%Y %H:%M") if value else ""


def _yes(value):
    return "oui" if value else "non"
