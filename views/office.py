"""The office of the association: what it may do here, and none of anyone's health data."""

from flask import Blueprint, current_app

from .door import for_the_office
from .page import page

views = Blueprint("office", __name__)

# (endpoint, words, what it is for); a page that does not exist yet is not shown.
OFFICE_PAGES = (
    (
        "directory.index",
        "Professionnels de santé",
        "Vérifier une profession, corriger une fiche, suspendre un compte.",
    ),
    (
        "measures.index",
        "Parents et représentants légaux",
        "Ouvrir ou fermer leur accès, après avoir vu leurs papiers.",
    ),
    (
        "handovers.index",
        "Espaces à confier",
        "Donner un code à qui a 18 ans, ou à un autre parent.",
    ),
    (
        "reports.index",
        "Accès signalés",
        "Répondre à un adhérent qu'un accès étonne.",
    ),
)


@views.get("/association")
@for_the_office
def index():
    known = current_app.view_functions
    return page("office/index.html", pages=[one for one in OFFICE_PAGES if one[0] in known])
