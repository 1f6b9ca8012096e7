"""The journal of a record, in sentences."""

import re
from datetime import UTC, datetime

from flask import Blueprint, request

from models import journal
from models.access import Right
from models.enrolment import day_of
from models.journal import Act, Filters, Group
from models.sheets import activity

from .door import needs
from .forms import number
from .page import page
from .words import count

views = Blueprint("journal", __name__)

GROUPS = {
    Group.READING: "Lectures",
    Group.ADDING: "Ajouts",
    Group.CHANGING: "Rangement et modifications",
    Group.MASKING: "Masquage",
    Group.WISHES: "Entourage et volontés",
    Group.ENTERING: "Entrées dans l'espace",
    Group.ACCESS: "Accès donnés, changés, finis",
    Group.EMERGENCY: "Accès d'urgence",
}
ROLES = {
    "holder": "titulaire",
    "representative": "représentant légal",
    "carer": "aidant",
    "professional": "professionnel de santé",
    "emergency": "accès d'urgence",
    "source": "dépôt d'un professionnel ou d'un logiciel",
    "trusted": "par le lien reçu",
    "invited": "par l'invitation reçue",
    "guest": "par un lien et un code",
    "office": "association",
    "system": "tâche automatique",
}
# Those who act for the person, and not beside her.
FOR_HER = ("representative", "carer")
ASKED = ("qui", "quoi", "du", "au")
# Emergencies shown apart, on top of the page.
LATEST = 3
SENTENCES = {
    Act.ANNOUNCED: "a annoncé la création de l'espace",
    Act.TOLD: "a écrit pour annoncer l'espace, ou le rappeler",
    Act.OPENED: "a ouvert l'espace, le délai pour s'opposer passé",
    Act.OBJECTED: "a noté l'opposition à l'espace",
    Act.WITHDREW_OBJECTION: "a noté que l'opposition est retirée",
    Act.CORRECTED_IDENTITY: "a corrigé l'identité ou l'adresse",
    Act.MADE_ACTIVATION_CODE: "a préparé un code d'activation{given}",
    Act.ACTIVATED: "a activé l'espace",
    Act.ENTERED: "a ouvert l'espace",
    Act.LOOKED: "a regardé la liste des documents",
    Act.LOOKED_AT_JOURNAL: "a regardé l'activité",
    Act.READ: "a ouvert {document}",
    Act.READ_TEXT: "a lu le texte de {document}",
    Act.DOWNLOADED: "a téléchargé {document}",
    Act.DEPOSITED: "a ajouté {document}{newer}",
    Act.MOVED_IN: "a apporté {brought} d'un autre espace",
    Act.ATTACHED: "a rattaché à cet espace {document}, reçu d'un logiciel",
    Act.CORRECTED: "a modifié {document}",
    Act.MOVED: "a rangé {document}{where}",
    Act.PINNED: "a épinglé {document}",
    Act.UNPINNED: "a désépinglé {document}",
    Act.BINNED: "a mis à la corbeille {document}",
    Act.RESTORED: "a sorti de la corbeille {document}",
    Act.ERASED: "a effacé pour toujours {document}",
    Act.MADE_FOLDER: "a créé le dossier {name}",
    Act.RENAMED_FOLDER: "a renommé le dossier {name}{before}",
    Act.DELETED_FOLDER: "a supprimé le dossier {name}",
    Act.MASKED: "a masqué {document}",
    Act.SHOWED: "a rendu visible {document}",
    Act.MASKED_ALL: "a masqué tous les documents, et ceux à venir",
    Act.SHOWED_ALL: "a rendu visibles tous les documents, et ceux à venir",
    Act.UNDID_MASKING: "a annulé le choix fait pour tous les documents",
    Act.LOOKED_AT_WISHES: "a regardé « Entourage et volontés »",
    Act.LOOKED_AT_CARE: "a lu la page « Pour ceux qui me soignent »",
    Act.PRINTED: "a téléchargé pour l'imprimer {name}",
    Act.ADDED_CONTACT: "a ajouté à l'entourage {name}",
    Act.CORRECTED_CONTACT: "a modifié la fiche de {name}",
    Act.REMOVED_CONTACT: "a retiré de l'entourage {name}",
    Act.RESTORED_CONTACT: "a remis dans l'entourage {name}",
    Act.ORDERED_CONTACTS: "a changé l'ordre d'appel pour {name}",
    Act.BEGAN_DESIGNATION: "a commencé à désigner une personne de confiance",
    Act.PREPARED_DESIGNATION: "a préparé la désignation, à signer, de {name}",
    Act.TOLD_TRUSTED: "a prévenu par e-mail {name}",
    Act.ACCEPTED_TRUST: "a accepté d'être la personne de confiance",
    Act.DECLINED_TRUST: "a refusé d'être la personne de confiance",
    Act.SIGNED_DESIGNATION: "a joint la désignation signée, {document}",
    Act.WITHDREW_DESIGNATION: "a retiré de la désignation {document}",
    Act.REVOKED_DESIGNATION: "a révoqué la personne de confiance",
    Act.GAVE_UP_DESIGNATION: "a abandonné une désignation en préparation",
    Act.BEGAN_DIRECTIVE: "a commencé à écrire des directives anticipées",
    Act.ANSWERED_DIRECTIVE: "a répondu aux questions des directives anticipées",
    Act.FINISHED_DIRECTIVE: "a fini d'écrire des directives anticipées, à signer",
    Act.SIGNED_DIRECTIVE: "a joint des directives anticipées signées, {document}",
    Act.DECLARED_DIRECTIVE: "a dit où sont ses directives anticipées",
    Act.WITHDREW_DIRECTIVE: "a retiré des directives anticipées {document}",
    Act.REVOKED_DIRECTIVE: "a révoqué des directives anticipées",
    Act.GAVE_UP_DIRECTIVE: "a effacé un brouillon de directives anticipées",
    Act.REREAD_DIRECTIVE: "a relu ses directives anticipées et les garde",
    Act.READ_DIRECTIVE: "a lu {name}",
    Act.READ_ORGANS: "a lu la page sur le don d'organes",
    Act.CHOSE_READERS: "a choisi qui peut lire « Entourage et volontés »",
    Act.INVITED: "a invité {name}",
    Act.SENT_INVITATION: "a envoyé de nouveau l'invitation de {name}",
    Act.AGREED_TO_INVITATION: "a donné son accord à la demande de {name}",
    Act.CANCELLED_INVITATION: "a annulé l'invitation de {name}",
    Act.ACCEPTED_INVITATION: "a accepté l'invitation",
    Act.REFUSED_INVITATION: "a refusé l'invitation",
    Act.CHANGED_ACCESS: "a changé ce que peut faire {name}",
    Act.LEFT_OUT: "a laissé de côté, pour {name}, {document}",
    Act.TOOK_BACK: "ne laisse plus de côté, pour {name}, {document}",
    Act.RENEWED_ACCESS: "a prolongé l'accès de {name}",
    Act.ENDED_ACCESS: "a mis fin à l'accès de {name}",
    Act.LEFT: "a renoncé à son accès",
    Act.ACCESS_EXPIRED: "a fermé, à la date prévue, l'accès de {name}",
    Act.CAME_OF_AGE: "a fermé l'espace, à confier au jeune adulte",
    Act.LET_IN: "a donné un accès à {name}",
    Act.MADE_CODE: "a préparé un code pour une consultation",
    Act.CANCELLED_CODE: "a annulé le code de consultation",
    Act.USED_CODE: "est entré avec le code de consultation",
    Act.MADE_ADMINISTRATOR: "a choisi comme « administrateur » {name}",
    Act.UNMADE_ADMINISTRATOR: "n'a plus comme « administrateur » {name}",
    Act.BLOCKED: "a bloqué {name}",
    Act.UNBLOCKED: "a débloqué {name}",
    Act.CHOSE_EMERGENCY: "a choisi qui peut entrer en urgence : {name}",
    Act.DECLARED_EMERGENCY: "a déclaré une urgence, et écrit {name}",
    Act.ANNOUNCED_DOCUMENT: "a annoncé {document}",
    Act.SHOWED_UNANNOUNCED: "a rendu visible, le délai passé, {document}",
    Act.EXPORTED_JOURNAL: "a exporté l'activité",
    Act.REPORTED: "a signalé un accès à l'association",
    Act.ANSWERED_REPORT: "a répondu à un signalement",
    Act.CLOSED_REPORT: "a clos un signalement",
    Act.EXPORTED: "a téléchargé tout l'espace",
    Act.SHARED: "a partagé {document} par un lien, pour {name}",
    Act.STOPPED_SHARING: "a arrêté le partage de {document} avec {name}",
    Act.LOCKED_SHARING: "a essayé trop de codes faux pour {document} : le lien est bloqué",
    Act.READ_BY_LINK: "a ouvert {document} par un lien",
    Act.ASKED_CLOSING: "a demandé la fermeture de l'espace",
    Act.CANCELLED_CLOSING: "a annulé la fermeture de l'espace",
    Act.CLOSED: "a fermé l'espace, et l'a archivé",
    Act.REOPENED: "a rouvert l'espace archivé",
    Act.ERASED_RECORD: "a effacé l'espace",
    Act.DECLARED_DEATH: "a noté un décès, et fermé l'espace",
    Act.UNDECLARED_DEATH: "a noté que le décès était une erreur, et rouvert l'espace",
    Act.ASKED_RESCUE: "a vu un papier, pour rendre son compte à {name}",
    Act.SAW_RESCUE: "a vu aussi un papier, pour rendre son compte à {name}, trois jours après",
    Act.STOPPED_RESCUE: "a arrêté ce qui devait rendre son compte à {name}",
    Act.RESCUED: "a rendu son compte à {name}",
}


GIVEN = {
    "email": " et l'a envoyé par e-mail",
    "post": " et l'a écrit dans une lettre",
    "desk": " et l'a remis au guichet",
}


@views.get("/espaces/<uid:record>/activite")
@needs(Right.TRACE)
def index(access):
    asked = filters()
    entries = journal.look(access, asked)
    shown = entries[: journal.PAGE]
    return page(
        "journal/index.html",
        access=access,
        filters=asked,
        entries=shown,
        emergencies=[] if asked.chosen else journal.emergencies(access, LATEST),
        older=_place(shown[-1]) if len(entries) > journal.PAGE else None,
        titles=journal.titles(access, shown),
        actors=[(name, name) for name in journal.actors(access)],
        as_what=as_what,
        sentence=sentence,
        groups=GROUPS,
        most=activity.MOST,
        asked={name: value for name, value in request.args.items() if name in ASKED},
    )


def as_what(entry, person: str) -> str:
    """« aidant, pour Alice Exemple »: someone who acts for her is told so."""
    role = ROLES.get(entry.role, entry.role)
    return f"{role}, pour {person}" if entry.role in FOR_HER else role


def sentence(entry, titles: dict[str, str]) -> str:
    """What was done, without who did it: « a ouvert « Résultats » »."""
    details, title = entry.details, titles.get(entry.document_uid)
    name, before = details.get("name"), details.get("before")
    return _filled(
        entry,
        document=f"« {title} »" if title else "un document effacé",
        name=f"« {name} »" if name else "quelqu'un",
        where=f" dans « {name} »" if name else " hors de tout dossier",
        before=f" qui s'appelait « {before} »" if before else "",
        given=_given(details),
        newer=", nouvelle version d'un document" if details.get("replaces") else "",
        brought=_brought(details),
    )


def _given(details):
    """How a code reached whoever it was for; at the desk, how the association knew that person."""
    way, checked = GIVEN.get(details.get("how"), ""), details.get("checked")
    to = f" à {details['to']}" if details.get("to") else ""
    return f"{way}{to} ({checked})" if checked else way


def _brought(details):
    """What came with an archive."""
    number = details.get("documents")
    return count(number, "document") if number else "l'archive"


def discreet(entry) -> str:
    """The same for the office, which learns no title, no name and no reason."""
    plain = {"where": "", "before": "", "given": "", "newer": "", "brought": "l'archive"}
    return _filled(entry, document="un document", name="(non montré)", **plain)


def filters() -> Filters:
    asked = request.args
    what = asked.get("quoi", "")
    return Filters(
        who=asked.get("qui", ""),
        what=Group(what) if what in GROUPS else None,
        since=day_of(asked.get("du", "")),
        until=day_of(asked.get("au", "")),
        before=asked.get("avant", None, _placed),
    )


def _filled(entry, **words):
    known = SENTENCES.get(entry.act, entry.act)
    places = r"{(document|name|where|before|given|newer|brought)}"
    return re.sub(places, lambda found: words[found[1]], known)


def _place(entry):
    """Of an entry, in an address."""
    return f"{entry.at:%Y-%m-%dT%H:%M:%S.%f}_{entry.number}_{entry.chain}"


def _placed(text):
    """The reverse; ValueError for what is no place."""
    at, place, chain = text.split("_", 2)
    return datetime.strptime(at, "%Y-%m-%dT%H:%M:%S.%f").replace(tzinfo=UTC), chain, number(place)
