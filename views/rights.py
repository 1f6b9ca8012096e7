"""« Mes droits »: take everything out, come from elsewhere, share, close; and what the law says."""

from contextlib import ExitStack
from functools import partial
from threading import BoundedSemaphore

from flask import (
    Blueprint,
    Response,
    current_app,
    redirect,
    request,
    stream_with_context,
    url_for,
)
from werkzeug.wsgi import ClosingIterator
from wtforms import PasswordField

from models import chronicle, clock, export
from models.access import Right
from models.parcel_tables import Look
from models.refusal import Refusal

from . import files
from .door import needs, sure_to_act
from .forms import Form, required
from .journal import as_what, sentence
from .page import done, page, warn
from .words import as_what as access_as_what

views = Blueprint("rights", __name__)

PATH = "/espaces/<uid:record>/droits"
# How many leave at once: each holds a thread as long as it is received, which may be long, and the
# others (app.py) are for the pages.
LEAVING = BoundedSemaphore(4)
BUSY = "Plusieurs personnes emportent leur espace en ce moment. Recommencez dans quelques minutes."
DIFFERENT = "Ce n'est pas le même mot de passe. Écrivez-le deux fois."


class Lock(Form):
    """The password is hers to keep: it is nowhere here once the file has left."""

    password = PasswordField("Mot de passe du fichier", [required("Choisissez un mot de passe.")])
    again = PasswordField("Le même, encore une fois")

    @property
    def told(self):
        return self.password.data, self.again.data or ""


@views.route(PATH, methods=["GET", "POST"])
@needs(Right.EXPORT)
@sure_to_act
def show(access):
    """By a POST: it is written in the activity, and no link begins it by itself."""
    form = Lock(formdata=request.form if "password" in request.form else None)
    if request.method != "POST":
        return _page(access, form)
    secret = form.carry_out(partial(_secret, access.record)) if "password" in request.form else ""
    if secret is None:
        return _page(access, form, 422)
    with ExitStack() as turn:
        if not LEAVING.acquire(blocking=False):
            warn(BUSY)
            return done(".show", record=access.record.uid)
        turn.callback(LEAVING.release)
        content = stream_with_context(export.whole_of(access, look(access.record), secret))
        content = _until_its_end(content, turn.pop_all())
    response = Response(content, mimetype="application/zip", direct_passthrough=True)
    locked = "-protege" if secret else ""
    return files.kept_by_nobody(response, f"espace-de-sante-{clock.today()}{locked}.zip")


@views.get("/espaces/<uid:record>/export")
@needs(Right.EXPORT)
def before(access):
    """Where this page was."""
    return redirect(url_for(".show", record=access.record.uid), 303)


def look(record) -> Look:
    """What is taken out looks as the pages do."""
    words = chronicle.Words(partial(as_what, person=record.name), sentence)
    return Look(words, access_as_what, _drawn, current_app.config["SETTINGS"].site_name)


def _until_its_end(content, turn):
    """However it ends, even before its first byte."""

    def each():
        with turn:
            yield from content

    return ClosingIterator(each(), [content.close, turn.close])


def _drawn(template, **context):
    return current_app.jinja_env.get_template(template).render(**context)


def _secret(record, told):
    secret, again = told
    if secret != again:
        raise Refusal(DIFFERENT, "again")
    return export.checked_secret(record, secret)


def _page(access, form, status=200):
    return page("rights/show.html", status, access=access, form=form)
