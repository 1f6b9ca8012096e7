"""Where to tell of a hole: /.well-known/security.txt (RFC 9116)."""

from flask import Blueprint, abort, current_app, render_template, url_for

from models import security

from .door import public

views = Blueprint("security", __name__)


@views.get("/.well-known/security.txt")
@public
def contact():
    """Nothing where the settings name nobody: the standard wants someone."""
    settings = current_app.config["SETTINGS"]
    contact = security.contact(settings) or abort(404)
    told = {"contact": contact, "expires": security.expires()}
    address = settings.address + url_for(".contact")
    words = render_template("security/contact.txt", address=address, **told)
    return words, {"Content-Type": "text/plain; charset=utf-8"}
