"""The bin: what is in it, put back or erased for good."""

from flask import Blueprint, request

from models import bin, document
from models.access import Right
from models.refusal import Refusal

from .door import needs, needs_one
from .page import done, page, say, warn

views = Blueprint("bin", __name__)


of_binned = needs_one(document.find_binned, Right.DISCARD)


@views.get("/espaces/<uid:record>/corbeille")
@needs(Right.DISCARD)
def index(access):
    content = [(one, bin.days_left(one)) for one in bin.content(access)]
    return page("bin/index.html", access=access, content=content, days=bin.DAYS)


@views.post("/espaces/<uid:record>/corbeille/<uid:one>/restauration")
@of_binned
def restore(access, shown):
    try:
        bin.restore(access, shown)
    except Refusal as refusal:
        warn(refusal.sentence)
        return _back(access)
    say(f"« {shown.title} » est de nouveau dans vos documents.")
    return done("document.show", record=access.record.uid, one=shown.uid)


@views.route("/espaces/<uid:record>/corbeille/<uid:one>/effacement", methods=["GET", "POST"])
@of_binned
def erase(access, shown):
    if request.method != "POST":
        return page("bin/erase.html", access=access, document=shown)
    bin.erase(access, shown)
    say(f"« {shown.title} » est effacé pour toujours.")
    return _back(access)


def _back(access):
    return done("bin.index", record=access.record.uid)
