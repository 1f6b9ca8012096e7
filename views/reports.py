"""Reports: an entry of the activity that seems wrong, told to the office; and the office's side."""

from flask import Blueprint, abort
from wtforms import TextAreaField

from models import journal, report
from models.access import Right
from models.office import Task
from models.refusal import Refusal

from .door import for_the_office, needs_one, officer
from .forms import Form
from .journal import as_what, discreet, sentence
from .page import done, page, say, warn

views = Blueprint("reports", __name__)

OFFICE = "/association/signalements"


class Telling(Form):
    words = TextAreaField("Qu'est-ce qui vous semble anormal ?")


class Answer(Form):
    answer = TextAreaField("Votre réponse")


@views.route("/espaces/<uid:record>/activite/<uid:one>/signalement", methods=["GET", "POST"])
@needs_one(report.entry_of, Right.EXPORT)
def create(access, entry):
    form, known = Telling(), report.of_entry(access, entry)
    if known and not form.is_submitted():
        return _back(access, known)
    if not form.is_submitted():
        return page("reports/create.html", form=form, **_told(access, entry))
    try:
        form.validate()
        made = report.make(access, entry, form.words.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return page("reports/create.html", 422, form=form, **_told(access, entry))
    say("Votre signalement est parti. L'association va le lire.")
    return _back(access, made)


@views.get("/espaces/<uid:record>/activite/signalements/<uid:one>")
@needs_one(report.find, Right.EXPORT)
def show(access, one):
    return page("reports/show.html", report=one, **_told(access, one.entry))


@views.get(OFFICE)
@for_the_office(Task.REPORTS)
def index():
    return page("reports/index.html", reports=report.all_for_office())


@views.get(OFFICE + "/<uid:one>")
@for_the_office(Task.REPORTS)
def read(one):
    return _shown(_found(one), Answer())


@views.post(OFFICE + "/<uid:one>/reponse")
@for_the_office(Task.REPORTS)
def answer(one):
    found, form = _found(one), Answer()
    try:
        form.validate()
        report.answer(officer(), found, form.answer.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return _shown(found, form, 422)
    say("Votre réponse est partie.")
    return done("reports.read", one=found.uid)


@views.post(OFFICE + "/<uid:one>/cloture")
@for_the_office(Task.REPORTS)
def close(one):
    found = _found(one)
    try:
        report.close(officer(), found)
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        say("Ce signalement est clos.")
    return done("reports.read", one=found.uid)


def _found(one):
    return report.find_for_office(one) or abort(404)


def _back(access, one):
    return done("reports.show", record=access.record.uid, one=one.uid)


def _told(access, entry):
    """The entry as its record tells it."""
    said = sentence(entry, journal.titles(access, [entry]))
    what = as_what(entry, access.record.name)
    return {"access": access, "entry": entry, "as_what": what, "sentence": said}


def _shown(one, form, status=200):
    """The entry as the office may read it."""
    said, what = discreet(one.entry), as_what(one.entry, one.record.name)
    names = {"report": one, "form": form, "entry": one.entry, "as_what": what, "sentence": said}
    return page("reports/read.html", status, **names)
