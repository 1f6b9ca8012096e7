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
    Group.ENTERING: "Entrées dans l'espace",
}
ROLES = {
    "holder": "titulaire",
    "representative": "représentant légal",
    "carer": "aidant",
    "professional": "professionnel de santé",
    "emergency": "accès d'urgence",
    "source": "dépôt d'un professionnel ou d'un logiciel",
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
