"""Records that have nobody, as the office confides them: a code by hand, or at her own address."""

from flask import Blueprint, abort, current_app, url_for
from wtforms import StringField

from models import activation_code, archive, handover
from models.office import Task
from models.refusal import Refusal

from .door import for_the_office, officer, sure
from .forms import Form, required, said
from .page import done, page, say, warn

views = Blueprint("handovers", __name__)

PATH = "/association/espaces-a-confier"


class Address(Form):
    email = StringField("Son adresse e-mail", [required("Écrivez son adresse e-mail.")])


@views.get(PATH)
@for_the_office(Task.CONFIDE)
def index():
    return page(
        "handovers/index.html",
        waiting=handover.waiting(),
        soon=handover.soon(),
        archived=archive.unheld(),
    )


@views.get(PATH + "/<uid:one>")
@for_the_office(Task.CONFIDE)
def show(one):
    return _show(_found(one), Address())


@views.post(PATH + "/<uid:one>/code")
@for_the_office(Task.CONFIDE)
@sure
def prepare(one):
    """The code is on the very page that answers: it is kept nowhere."""
    record = _found(one)
    try:
        code = handover.prepare(officer(), record, *_code())
    except Refusal as refusal:
        warn(refusal.sentence)
        return done(".index")
    days, site = _code()[1], current_app.config["SETTINGS"].address
    shown = activation_code.spaced(code)
    return page("handovers/code.html", record=record, code=shown, days=days, site_address=site)


@views.post(PATH + "/<uid:one>/adresse")
@for_the_office(Task.CONFIDE)
@sure
def note(one):
    record, form = _found(one), Address()
    if not form.validate():
        return _show(record, form, 422)
    try:
        sent = handover.note_address(officer(), record, said(form.email), *_code())
    except Refusal as refusal:
        form.refuse(refusal)
        return _show(record, form, 422)
    say("Le code est parti à cette adresse." if sent else "C'est noté. Le code partira ce jour-là.")
    return done(".index")


def _show(record, form, status=200):
    return page("handovers/show.html", status, record=record, form=form, grown=record.adult)


def _found(one):
    record = handover.find(one)
    if record is None:
        abort(404)
    return record


def _code():
    """The page of activation, and the life of a code."""
    settings = current_app.config["SETTINGS"]
    return settings.address + url_for("activation.begin"), settings.code_days
