"""Links to one document: made, told and stopped by who decides for a record; opened by someone
outside, with a code."""

from datetime import datetime

from flask import Blueprint, abort, current_app, request, session, url_for
from wtforms import RadioField, SelectField, StringField

from models import clock, document, part, share
from models.access import Right
from models.refusal import Refusal

from .door import needs, needs_one, public, sure
from .files import served
from .forms import Form, accepted, options, required, said
from .page import done, page, redirect_to_page, say

views = Blueprint("shares", __name__)

OPENED = "shares"
# As many links as may be read at once in one browser.
MOST_OPENED = 5


def _number(field):
    known = {str(number): number for number in share.READINGS}
    return known.get(field.data)


class Sharing(Form):
    recipient = StringField("Pour qui ?", [accepted(share.checked_recipient)])
    lasts = RadioField(
        "Combien de temps le lien sert-il ?",
        [accepted(share.checked_lasts)],
        choices=options({name: words for name, (_time, words) in share.LASTS.items()}),
        validate_choice=False,
    )
    readings = SelectField(
        "Combien de fois peut-on l'ouvrir ?",
        choices=options({str(number): f"{number} fois" for number in share.READINGS}),
        validate_choice=False,
    )


class Code(Form):
    code = StringField("Le code", [required("Écrivez le code que l'on vous a donné.")])


@views.get("/espaces/<uid:record>/partages")
@needs(Right.GRANT)
def index(access):
    return page("shares/index.html", access=access, shares=share.listed(access))


@views.route("/espaces/<uid:record>/documents/<uid:one>/partage", methods=["GET", "POST"])
@needs_one(document.find, Right.GRANT)
@sure
def create(access, shown):
    form = Sharing()
    if request.method != "POST":
        form.lasts.data, form.readings.data = "24h", "1"
        return page("shares/new.html", access=access, document=shown, form=form)
    made = form.validate() and _made(access, shown, form)
    if not made:
        return page("shares/new.html", 422, access=access, document=shown, form=form)
    say("Le lien est prêt. Envoyez-le, puis donnez le code de vive voix.")
    return done(".show", record=access.record.uid, one=made.uid)


@views.get("/espaces/<uid:record>/partages/<uid:one>")
@needs_one(share.find, Right.GRANT)
def show(access, one):
    address = current_app.config["SETTINGS"].address + url_for(".begin", token=one.token)
    return page("shares/show.html", access=access, one=one, address=address)


@views.post("/espaces/<uid:record>/partages/<uid:one>/arret")
@needs_one(share.find, Right.GRANT)
def stop(access, one):
    share.stop(access, one)
    say("C'est arrêté : le lien et le code n'ouvrent plus rien.")
    return done(".index", record=access.record.uid)


@views.route("/partage/<token>", methods=["GET", "POST"])
@public
def begin(token):
    """The same page whatever the link is: it tells nothing without the code."""
    form = Code()
    if request.method == "POST" and form.validate():
        try:
            one = share.open_with(token, said(form.code), request.remote_addr)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            _keep_open(one)
            return redirect_to_page(url_for(".read", de=one.uid))
    return page("shares/begin.html", 422 if request.method == "POST" else 200, form=form)


@views.get("/partage")
@public
def read():
    one, until = _opened()
    if one is None:
        return page("shares/over.html", 410)
    return page(
        "shares/read.html",
        one=one,
        document=one.document,
        parts=part.shown(one.document),
        text=document.text_on_page(one.document),
        until=until,
    )


@views.get("/partage/contenu")
@public
def content():
    return _served(lambda one: one.document)


@views.get("/partage/contenu/<uid:one>")
@public
def piece(one):
    return _served(lambda opened: part.find(opened.document, one))


def _made(access, shown, form):
    try:
        readings = _number(form.readings)
        return share.make(access, shown, said(form.recipient), form.lasts.data, readings)
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def _keep_open(one):
    """The latest last."""
    kept = [pair for pair in session.get(OPENED, []) if pair[0] != one.uid]
    kept.append([one.uid, one.open_until.isoformat()])
    session[OPENED] = kept[-MOST_OPENED:]


def _opened():
    """The link whose code was given in this browser less than a quarter of an hour ago, and until
    when: the one that the page names, so that no page of one shows what another opens."""
    kept = session.get(OPENED) or [["", ""]]
    wanted = request.args.get("de", kept[-1][0])
    until = dict(kept).get(wanted)
    until = datetime.fromisoformat(until) if until else clock.now()
    return (share.under_way(wanted) if until > clock.now() else None), until


def _served(find):
    one, _until = _opened()
    if one is None:
        return page("shares/over.html", 410)
    found = find(one) or abort(404)
    attached = request.args.get("telecharger") == "oui" or not found.opens_in_browser
    return served(found, found.content_chunks, attached)
