"""The views: a form read, one verb called, an answer. One file a noun, as in models/."""

from flask import current_app, url_for
from flask_login import current_user

from models.access import Right
from models.reference.professions import PROFESSIONS

from . import (
    accesses,
    account,
    activation,
    archives,
    assets,
    bin,
    blocks,
    campaign,
    card,
    care,
    children,
    chronicle,
    closing,
    colleagues,
    consultations,
    contacts,
    deaths,
    demonstration,
    deposits,
    designations,
    desk,
    directives,
    directory,
    document,
    documents,
    emergencies,
    factor,
    fhir,
    figures,
    folders,
    handovers,
    headings,  # noqa: F401 - more routes of rolls
    helpdesk,
    home,
    invitations,
    journal,
    ledger,
    letters,
    masking,
    matrix,
    measures,
    members,
    moving,
    noting,  # noqa: F401 - more routes of objection
    objection,
    office,
    organs,
    parts,
    passwords,
    professionals,
    questions,  # noqa: F401 - more routes of directives
    readers,
    records,
    reports,
    rights,
    rolls,
    sessions,
    shares,
    sight,
    sources,
    strays,
    trust,
    wishes,
    words,
    wrapping,
)
from .addresses import outside

NOUNS = (
    home,
    activation,
    objection,
    sessions,
    factor,
    passwords,
    account,
    records,
    documents,
    document,
    parts,
    wrapping,
    shares,
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
    members,
    rolls,
    helpdesk,
    campaign,
    directory,
    colleagues,
    ledger,
    measures,
    handovers,
    letters,
    sources,
    strays,
    figures,
    fhir,
    sight,
    journal,
    chronicle,
    rights,
    moving,
    closing,
    archives,
    deaths,
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
