"""A part of a document that software wrote: opened, or kept."""

from flask import Blueprint, abort, request

from models import document
from models.access import Right
from models.part import find

from .door import needs
from .files import served

views = Blueprint("parts", __name__)


@views.get("/espaces/<uid:record>/documents/<uid:one>/parties/<uid:part>")
@needs(Right.READ)
def content(access, one, part):
    shown = document.find(access, one) or abort(404)
    found = find(shown, part) or abort(404)
    attached = request.args.get("telecharger") == "oui" or not found.opens_in_browser
    read = document.download if attached else document.show
    return served(found, lambda span: read(access, shown, found, span), attached)
