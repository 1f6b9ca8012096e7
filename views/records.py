"""The records I may open, and the home of each."""

from flask import Blueprint, redirect, url_for
from flask_login import current_user

from models import access, archive, browsing, professional

from .door import enters
from .page import page
from .rescues import remind

views = Blueprint("records", __name__)


@views.get("/espaces")
def index():
    accesses, works = access.of(current_user.account), professional.of(current_user.account)
    if len(accesses) == 1 and not works:
        # Here, and not sent there: on a bad network that is two seconds more.
        return show(record=accesses[0].record.uid)
    archived = archive.of(current_user.account)
    if archived and not accesses and not works and not current_user.account.office:
        return redirect(url_for("archives.index"), 303)
    remind()
    return page("records/index.html", accesses=accesses, works=works, archived=archived)


@views.get("/espaces/<uid:record>/", strict_slashes=False)
@enters
def show(access):
    remind()
    return page(
        "records/show.html",
        access=access,
        unseen=browsing.unseen_count(access),
        most=browsing.COUNTED,
        newest=browsing.newest(access, 5),
        pinned=browsing.pinned(access),
    )
