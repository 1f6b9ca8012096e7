"""The ledger: what was done in the office, by whom and when. Nothing in it changes any more."""

import re

from flask import Blueprint, Response, request

from models import clock, ledger
from models.ledger import Act, Filters, Group
from models.office import LABELS, Duty, Task

from . import files
from .door import for_the_office, officer
from .forms import number
from .page import page

views = Blueprint("ledger", __name__)

PATH = "/association/registre"
GROUPS = {
    Group.MEMBERS: "Adhérents et listes",
    Group.LETTERS: "E-mails et lettres",
    Group.HELP: "Aide et codes",
    Group.CHOICES: "Oppositions, fermetures, décès",
    Group.RECORDS: "Parents, représentants, espaces confiés",
    Group.PROFESSIONALS: "Professionnels",
    Group.SOURCES: "Logiciels",
    Group.REPORTS: "Accès signalés",
    Group.TAKEN: "Fichiers téléchargés",
    Group.COLLEAGUES: "Comptes et connexions",
}
SENTENCES = {
    Act.READ_ROLL: "a lu la liste « {file} » (lignes : {lines})",
    Act.CREATED_RECORDS: "a créé les espaces de la liste « {file} » (nouveaux : {created})",
    Act.DROPPED_ROLL: "a abandonné la liste « {file} »",
    Act.ADDED_MEMBER: "a ajouté {about}",
    Act.CORRECTED_MEMBER: "a corrigé la fiche de {about}",
    Act.TOOK_ROLL: "a téléchargé les lignes à corriger de la liste « {file} »",
    Act.TOOK_MEMBERS: "a téléchargé une liste d'adhérents",
    Act.TOLD_MEMBERS: "a demandé d'annoncer leur espace à des adhérents, {how} ({number})",
    Act.REMINDED_MEMBERS: "a demandé de rappeler leur espace à des adhérents, {how} ({number})",
    Act.MADE_LETTERS: "a préparé des lettres à poster ({number})",
    Act.TOOK_LETTERS: "a téléchargé des lettres à poster ({number})",
    Act.POSTED_LETTERS: "a noté des lettres comme postées ({number})",
    Act.DROPPED_LETTERS: "a annulé des lettres à poster ({number})",
    Act.NOTED_UNDELIVERED: "a noté qu'un envoi est revenu, {how} : {about}",
    Act.UNDID_UNDELIVERED: "a annulé un retour noté par erreur, {how} : {about}",
    Act.LOOKED_FOR_MEMBER: "a cherché où en est {about}",
    Act.SENT_CODE: "a envoyé un code d'activation, {how}, à {about}",
    Act.GAVE_CODE: "a remis un code d'activation à {about} ({checked})",
    Act.NOTED_OBJECTION: "a noté l'opposition de {about}",
    Act.WITHDREW_OBJECTION: "a noté que l'opposition est retirée : {about}",
    Act.REOPENED_RECORD: "a rouvert l'espace archivé de {about}",
    Act.DECLARED_DEATH: "a noté le décès de {about}",
    Act.UNDECLARED_DEATH: "a noté que le décès était une erreur : {about}",
    Act.VERIFIED_PROFESSIONAL: "a vérifié et ajouté {about}",
    Act.CORRECTED_PROFESSIONAL: "a corrigé la fiche de {about}",
    Act.SUSPENDED_PROFESSIONAL: "a suspendu le compte professionnel de {about}",
    Act.REINSTATED_PROFESSIONAL: "a rouvert le compte professionnel de {about}",
    Act.REGISTERED_SOURCE: "a ajouté le logiciel « {name} »",
    Act.CHANGED_SOURCE: "a changé le logiciel « {name} »",
    Act.RENEWED_SOURCE: "a donné un nouveau jeton au logiciel « {name} »",
    Act.ENDED_SOURCE: "a arrêté le logiciel « {name} »",
    Act.OPENED_MAILBOX: "a donné une adresse de dépôt au logiciel « {name} »",
    Act.CLOSED_MAILBOX: "a retiré l'adresse de dépôt du logiciel « {name} »",
    Act.ATTACHED_STRAY: "a rattaché à l'espace de {about} un document reçu d'un logiciel",
    Act.REFUSED_STRAY: "a refusé et effacé un document du logiciel « {name} »",
    Act.ENTERED_MEASURE: "a noté une mesure de protection pour {about}",
    Act.RESENT_MEASURE: "a renvoyé l'invitation d'une mesure de protection pour {about}",
    Act.CANCELLED_MEASURE: "a annulé l'invitation d'une mesure de protection pour {about}",
    Act.ENDED_MEASURE: "a mis fin à l'accès d'un parent ou d'un représentant de {about}",
    Act.PREPARED_CODE: "a préparé un code pour confier l'espace de {about}",
    Act.NOTED_ADDRESS: "a noté l'adresse e-mail de {about}",
    Act.ANSWERED_REPORT: "a répondu au signalement de {about}",
    Act.CLOSED_REPORT: "a clos le signalement de {about}",
    Act.TOOK_FIGURES: "a téléchargé les chiffres",
    Act.TOOK_LEDGER: "a téléchargé ce registre",
    Act.TOOK_RECORD: "a emporté tout l'espace de {about}, pour un autre serveur",
    Act.ADDED_COLLEAGUE: "a ajouté le compte de {name} ({duty})",
    Act.CHANGED_COLLEAGUE: "a changé le compte de {name} : {before}, puis {duty}",
    Act.ENDED_COLLEAGUE: "a mis fin au compte de {name} ({duty})",
    Act.SIGNED_IN: "a ouvert une session, depuis {device}",
    Act.CHANGED_EMAIL: "a changé l'adresse e-mail de son compte",
    Act.LOOKED_FOR_ACCOUNT: "a cherché un compte à rendre, sans le trouver",
    Act.ASKED_RESCUE: "a vu un papier et demandé de rendre le compte de {about} ({checked})",
    Act.SAW_RESCUE: "a vu aussi un papier, pour rendre le compte de {about} ({checked})",
    Act.STOPPED_RESCUE: "a arrêté ce qui devait rendre le compte de {about}",
    Act.RESCUED: "a rendu le compte de {about}",
    Act.EVICTED: "a fermé des connexions depuis le serveur ({number})",
}
HOWS = {"email": "par e-mail", "post": "par lettre", "desk": "à l'accueil"}
UNKNOWN = "quelqu'un qui n'est plus là"
NOBODY = "quelqu'un, sans le trouver"


@views.get(PATH)
@for_the_office(Task.LEDGER)
def index():
    asked = _filters(request.args)
    found = ledger.lines(asked)
    shown = found[: ledger.PAGE]
    return page(
        "ledger/index.html",
        filters=asked,
        lines=shown,
        subjects=ledger.subjects(shown),
        older=shown[-1].id if len(found) > ledger.PAGE else None,
        names=[(name, name) for name in ledger.names()],
        groups=GROUPS,
        sentence=sentence,
    )


@views.post(PATH + "/export")
@for_the_office(Task.LEDGER)
def export():
    """A POST: taking it is an act, which the ledger keeps."""
    content = ledger.export(officer(), _filters(request.form), sentence)
    response = Response(content, mimetype="text/csv", direct_passthrough=True)
    return files.kept_by_nobody(response, f"registre-{clock.today()}.csv")


def sentence(line, subjects: dict[str, str]) -> str:
    """What was done, without who did it."""
    known = {"created": 0} | line.details
    words = known | {
        "about": subjects.get(line.about, UNKNOWN) if line.about else NOBODY,
        "how": HOWS.get(known.get("how"), ""),
        **{name: LABELS[Duty(known[name])] for name in ("duty", "before") if name in known},
    }
    told = SENTENCES.get(line.act, line.act)
    return re.sub(r"{(\w+)}", lambda found: str(words.get(found[1], "…")), told)


def _filters(asked):
    what = asked.get("quoi", "")
    return Filters(
        who=asked.get("qui", ""),
        what=Group(what) if what in list(Group) else None,
        before=asked.get("avant", None, number),
    )
