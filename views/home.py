"""The public pages: what this is, help, and what the law asks to say."""

from flask import Blueprint

from models import checking

from .door import public
from .page import page

views = Blueprint("home", __name__)

PAGES = {
    "/": "index",
    "/aide": "help",
    "/accessibilite": "accessibility",
    "/confidentialite": "privacy",
    "/mentions-legales": "legal",
    "/conditions": "terms",
    "/plan-du-site": "map",
}


def _public_page(address, name):
    @views.get(address, endpoint=name)
    @public
    def show():
        return page(f"home/{name}.html")


for address, name in PAGES.items():
    _public_page(address, name)


@views.get("/etat")
@public
def state():
    """For a watchman: 200 when the database and the vault can be written."""
    fine = checking.writable()
    words = "en marche\n" if fine else "en panne\n"
    return words, 200 if fine else 503, {"Content-Type": "text/plain; charset=utf-8"}
