"""Everything, to take away."""

from functools import partial

from flask import Blueprint, Response, request, stream_with_context

from models import chronicle, clock, export
from models.access import Right

from . import files
from .door import needs
from .journal import as_what, sentence
from .page import page

views = Blueprint("export", __name__)


@views.route("/espaces/<uid:record>/export", methods=["GET", "POST"])
@needs(Right.EXPORT)
def whole(access):
    """By a POST: it is written in the activity, and no link begins it by itself."""
    if request.method != "POST":
        return page("export/whole.html", access=access)
    words = chronicle.Words(partial(as_what, person=access.record.name), sentence)
    content = stream_with_context(export.whole_of(access, words))
    response = Response(content, mimetype="application/zip", direct_passthrough=True)
    return files.kept_by_nobody(response, f"espace-de-sante-{clock.today()}.zip")
