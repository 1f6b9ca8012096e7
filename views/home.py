"""The public pages: what this is, help, and what the law asks to say."""

from flask import Blueprint, current_app

from models import vault
from models.database import database

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
    with database.atomic("IMMEDIATE"):
        pass  # a write lock was taken
    fine = vault.writable() and current_app.config["INSTANCE"] is not None
    return (
        ("en marche\n" if fine else "en panne\n"),
        200 if fine else 503,
        {"Content-Type": "text/plain; charset=utf-8"},
    )
