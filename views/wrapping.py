"""A document as other health software reads it."""

from flask import Blueprint, Response, current_app, render_template

from models import document, wrapping
from models.access import Right
from models.refusal import Refusal

from .door import needs_one
from .files import kept_by_nobody
from .page import done, warn

views = Blueprint("wrapping", __name__)


@views.get("/espaces/<uid:record>/documents/<uid:one>/cda")
@needs_one(document.find, Right.READ)
def cda(access, shown):
    custodian = current_app.config["SETTINGS"].site_name
    try:
        chunks = wrapping.wrap(access, shown, custodian, render_template)
    except Refusal as refusal:
        warn(refusal.sentence)
        return done("document.show", record=access.record.uid, one=shown.uid)
    response = Response(chunks, mimetype="application/xml", direct_passthrough=True)
    return kept_by_nobody(response, f"{shown.title}.xml")
