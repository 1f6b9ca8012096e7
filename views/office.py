"""The office of the association: what it may do here, and none of anyone's health data."""

from flask import Blueprint
from flask_login import current_user

from models import office
from models.office import Task

from .door import for_the_office
from .page import page

views = Blueprint("office", __name__)

# (endpoint, whose task it is, words, what it is for).
OFFICE_PAGES = (
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
        "reports.index",
        Task.REPORTS,
        "Accès signalés",
        "Répondre à un adhérent qu'un accès étonne.",
    ),
)


@views.get("/association")
@for_the_office(None)
def index():
    account = current_user.account
    return page(
        "office/index.html", pages=[one for one in OFFICE_PAGES if office.may(account, one[1])]
    )
