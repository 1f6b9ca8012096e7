"""The mail of a demonstration, which leaves for nowhere: anyone may read it here."""

from flask import Blueprint, abort, current_app

from models.notice import Notice

from .door import public
from .page import page

views = Blueprint("demonstration", __name__)

LATEST = 100


@views.get("/demonstration/courrier")
@public
def mail():
    if not current_app.config["INSTANCE"].demonstration:
        abort(404)
    return page("demonstration/mail.html", notices=Notice.latest(LATEST))
