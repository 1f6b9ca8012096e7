"""The journal of a record, in sentences."""

from flask import Blueprint, request

from models import journal
from models.access import Right
from models.enrolment import day_of
from models.journal import Act, Filters, Group

from .door import needs
from .forms import number
from .page import page

views = Blueprint("journal", __name__)

GROUPS = {
    Group.READING: "Lectures",
    Group.ADDING: "Ajouts",
    Group.CHANGING: "Rangement et modifications",
    Group.MASKING: "Masquage",
    Group.WISHES: "Entourage et volontés",
    Group.ENTERING: "Entrées dans l'espace",
}
ROLES = {
    "holder": "titulaire",
    "representative": "représentant légal",
    "carer": "aidant",
    "professional": "professionnel de santé",
    "emergency": "accès d'urgence",
    "source": "dépôt d'un professionnel ou d'un logiciel",
    "trusted": "par le lien reçu",
    "office": "association",
    "system": "tâche automatique",
}
# {document} and {name} are put in by the template, which escapes them.
ASKED = ("qui", "quoi", "du", "au")
SENTENCES = {
    Act.ANNOUNCED: "a annoncé la création de l'espace",
    Act.ACTIVATED: "a activé l'espace",
    Act.ENTERED: "a ouvert l'espace",
    Act.LOOKED: "a regardé la liste des documents",
    Act.READ: "a ouvert {document}",
    Act.READ_TEXT: "a lu le texte de {document}",
    Act.DOWNLOADED: "a téléchargé {document}",
    Act.DEPOSITED: "a ajouté {document}",
    Act.CORRECTED: "a modifié {document}",
    Act.MOVED: "a rangé {document}",
    Act.PINNED: "a épinglé {document}",
    Act.UNPINNED: "a désépinglé {document}",
    Act.BINNED: "a mis à la corbeille {document}",
    Act.RESTORED: "a sorti de la corbeille {document}",
    Act.ERASED: "a effacé pour toujours {document}",
    Act.MADE_FOLDER: "a créé le dossier {name}",
    Act.RENAMED_FOLDER: "a renommé le dossier {name}",
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
}


@views.get("/espaces/<uid:record>/activite")
@needs(Right.TRACE)
def index(access):
    filters = _filters()
    entries = journal.entries(access, filters)
    shown = entries[: journal.PAGE]
    return page(
        "journal/index.html",
        access=access,
        filters=filters,
        entries=shown,
        older=shown[-1].number if len(entries) > journal.PAGE else None,
        titles=journal.titles(access, shown),
        actors=[(name, name) for name in journal.actors(access)],
        sentences=SENTENCES,
        groups=GROUPS,
        roles=ROLES,
        asked={name: value for name, value in request.args.items() if name in ASKED},
    )


def _filters():
    asked = request.args
    what = asked.get("quoi", "")
    return Filters(
        who=asked.get("qui", ""),
        what=Group(what) if what in GROUPS else None,
        since=day_of(asked.get("du", "")),
        until=day_of(asked.get("au", "")),
        before=asked.get("avant", None, number),
    )
