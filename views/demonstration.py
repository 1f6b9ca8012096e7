"""The mail of a demonstration, which leaves for nowhere, and the codes of its applications: anyone
may read them here."""

from flask import Blueprint, abort, current_app

from models import totp
from models.notice import Notice

from .door import public
from .factor import asked
from .page import page

views = Blueprint("demonstration", __name__)

LATEST = 100


@views.get("/demonstration/courrier")
@public
def mail():
    if not current_app.config["INSTANCE"].demonstration:
        abort(404)
    codes = [(one.account, totp.shown(one)) for one in totp.proved()]
    back = asked()[0] is not None
    notices = Notice.latest(LATEST)
    return page("demonstration/mail.html", notices=notices, codes=codes, back=back)
