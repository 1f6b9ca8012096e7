"""The views: a form read, one verb called, an answer. One file a noun, as in models/."""

from flask import current_app, url_for
from flask_login import current_user

from . import (
    account,
    activation,
    assets,
    bin,
    card,
    care,
    contacts,
    demonstration,
    deposits,
    designations,
    directives,
    document,
    documents,
    folders,
    home,
    journal,
    masking,
    organs,
    passwords,
    questions,  # noqa: F401 - more routes of directives
    records,
    sessions,
    trust,
    wishes,
    words,
)

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
    journal,
    demonstration,
)


def register(app):
    for noun in NOUNS:
        app.register_blueprint(noun.views)
    app.jinja_env.filters.update(words.FILTERS)
    app.context_processor(_shared)


def _shared():
    """What every template sees; macros come this way to reach a block drawn alone."""
    return {
        "ui": current_app.jinja_env.get_template("components.html").module,
        "site": current_app.config["SETTINGS"],
        "demonstration": current_app.config["INSTANCE"].demonstration,
        "style": assets.style(),
        "asset": assets.addresses(),
        "visitor": current_user,
        "url": url_for,
    }
