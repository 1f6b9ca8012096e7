"""The views: a form read, one verb called, an answer. One file a noun, as in models/."""

from flask import current_app, url_for
from flask_login import current_user

from models.access import Right
from models.reference.professions import PROFESSIONS

from . import (
    accesses,
    account,
    activation,
    assets,
    bin,
    blocks,
    card,
    care,
    children,
    chronicle,
    consultations,
    contacts,
    demonstration,
    deposits,
    designations,
    desk,
    directives,
    directory,
    document,
    documents,
    emergencies,
    folders,
    handovers,
    home,
    invitations,
    journal,
    masking,
    matrix,
    measures,
    office,
    organs,
    passwords,
    professionals,
    questions,  # noqa: F401 - more routes of directives
    readers,
    records,
    reports,
    sessions,
    sight,
    trust,
    wishes,
    words,
)
from .addresses import outside

NOUNS = (
    home,
    activation,
    sessions,
    passwords,
    account,
    records,
    documents,
    document,
    deposits,
    masking,
    folders,
    bin,
    wishes,
    contacts,
    designations,
    trust,
    directives,
    organs,
    care,
    card,
    accesses,
    invitations,
    children,
    professionals,
    blocks,
    consultations,
    desk,
    emergencies,
    office,
    directory,
    measures,
    handovers,
    sight,
    journal,
    chronicle,
    reports,
    readers,
    matrix,
    demonstration,
)


def register(app):
    for noun in NOUNS:
        app.register_blueprint(noun.views)
    app.jinja_env.filters.update(words.FILTERS)
    app.context_processor(_shared)


# The menu of a record: page, words, and the right without which it is not shown.
MENU = (
    ("records.show", "Accueil", None),
    ("documents.index", "Documents", Right.READ),
    ("folders.index", "Dossiers", Right.READ),
    ("bin.index", "Corbeille", Right.DISCARD),
    ("wishes.show", "Entourage et volontés", Right.WISHES),
    ("accesses.index", "Qui peut entrer", Right.GRANT),
    ("journal.index", "Activité", Right.TRACE),
)


def _shared():
    """What every template sees; macros come this way to reach a block drawn alone."""
    return {
        "ui": current_app.jinja_env.get_template("components.html").module,
        "site": current_app.config["SETTINGS"],
        "demonstration": current_app.config["INSTANCE"].demonstration,
        "style": assets.style(),
        "asset": assets.addresses(),
        "visitor": current_user,
        "menu": MENU,
        "professions": PROFESSIONS,
        "url": url_for,
        "outside": outside,
    }
