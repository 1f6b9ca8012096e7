"""The office of the association: what it may do here, and none of anyone's health data."""

from flask import Blueprint
from flask_login import current_user

from models import office, stray
from models.office import Task

from .door import for_the_office
from .page import page
from .rescues import remind

views = Blueprint("office", __name__)

# (endpoint, whose task it is, words, what it is for).
OFFICE_PAGES = (
    (
        "members.index",
        Task.MEMBERS,
        "Adhérents",
        "Chercher, ajouter, corriger une fiche.",
    ),
    (
        "rolls.index",
        Task.MEMBERS,
        "Listes d'adhérents",
        "Importer une liste, la vérifier, créer les espaces.",
    ),
    (
        "directory.index",
        Task.PROFESSIONALS,
        "Professionnels de santé",
        "Vérifier une profession, corriger une fiche, suspendre un compte.",
    ),
    (
        "measures.index",
        Task.CONFIDE,
        "Parents et représentants légaux",
        "Ouvrir ou fermer leur accès, après avoir vu leurs papiers.",
    ),
    (
        "handovers.index",
        Task.CONFIDE,
        "Espaces à confier",
        "Donner un code à qui a 18 ans, ou à un autre parent.",
    ),
    (
        "campaign.index",
        Task.TELL,
        "Prévenir les adhérents",
        "Leur écrire, leur rappeler leur espace, voir ce qui est revenu.",
    ),
    (
        "letters.index",
        Task.TELL,
        "Lettres à poster",
        "Imprimer les lettres de ceux qu'un e-mail n'atteint pas.",
    ),
    (
        "helpdesk.index",
        Task.HELP,
        "Aide aux adhérents",
        "Voir où quelqu'un en est, lui donner un nouveau code.",
    ),
    (
        "figures.index",
        Task.FIGURES,
        "Chiffres",
        "Combien d'espaces, de documents, de visites : jamais qui.",
    ),
    (
        "sources.index",
        Task.SOURCES,
        "Logiciels qui déposent",
        "Donner un jeton au logiciel d'un laboratoire ou d'un hôpital.",
    ),
    (
        "strays.index",
        Task.ATTACH,
        "Documents à rattacher",
        "Dire de qui est un document, sans rien en lire.",
    ),
    (
        "reports.index",
        Task.REPORTS,
        "Accès signalés",
        "Répondre à un adhérent qu'un accès étonne.",
    ),
    (
        "colleagues.index",
        Task.COLLEAGUES,
        "Comptes de l'association",
        "Ajouter un compte, changer à quoi il sert, y mettre fin.",
    ),
    (
        "ledger.index",
        Task.LEDGER,
        "Registre",
        "Qui a fait quoi à l'association, et quand.",
    ),
)
# Under which words they are, by their task.
HEADINGS = {
    "Adhérents": (Task.MEMBERS, Task.TELL, Task.HELP),
    "Qui entre dans un espace": (Task.CONFIDE, Task.REPORTS),
    "Professionnels et logiciels": (Task.PROFESSIONALS, Task.SOURCES, Task.ATTACH),
    "L'association": (Task.FIGURES, Task.COLLEAGUES, Task.LEDGER),
}


@views.get("/association")
@for_the_office(None)
def index():
    remind()
    account = current_user.account
    waiting = stray.waiting() if office.may(account, Task.ATTACH) else 0
    return page("office/index.html", headings=_headings(account), waiting=waiting)


def _headings(account):
    """Words → its pages; only those of the account's duty."""
    mine = [one for one in OFFICE_PAGES if office.may(account, one[1])]
    found = {words: [one for one in mine if one[1] in tasks] for words, tasks in HEADINGS.items()}
    return {words: pages for words, pages in found.items() if pages}
