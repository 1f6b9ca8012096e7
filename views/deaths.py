"""A death, as the office declares it, or takes it back."""

from flask import Blueprint, abort, request
from wtforms import RadioField

from models import death, member
from models.office import Task
from models.refusal import Refusal

from .door import for_the_office, officer
from .forms import DayField, Form, options, required
from .page import done, page, say, warn

views = Blueprint("deaths", __name__)

PATH = "/association/adherents/<uid:one>/deces"


class Declare(Form):
    died_on = DayField("Date du décès", [required(death.NO_DAY)])
    paper = RadioField(
        "Quel papier avez-vous vu ?",
        [required(death.CHOOSE)],
        choices=options(death.PAPERS),
        validate_choice=False,
    )


@views.route(PATH, methods=["GET", "POST"])
@for_the_office(Task.MEMBERS)
def declare(one):
    record, form = _found(one), Declare()
    if request.method != "POST":
        return page("deaths/declare.html", record=record, form=form)
    if not form.validate() or not _declared(form, record):
        return page("deaths/declare.html", 422, record=record, form=form)
    say("Le décès est noté. Plus personne n'entre dans cet espace, et plus rien ne lui est écrit.")
    return done(".declare", one=record.uid)


@views.post(PATH + "/annulation")
@for_the_office(Task.MEMBERS)
def undo(one):
    record = _found(one)
    try:
        death.undo(record, officer())
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        say("C'est corrigé. L'espace est comme avant.")
    return done(".declare", one=record.uid)


def _found(one):
    record = member.find(one)
    if record is None:
        abort(404)
    return record


def _declared(form, record):
    try:
        death.declare(record, officer(), form.died_on.data, form.paper.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    return True
