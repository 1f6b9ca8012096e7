"""The campaign: telling every member of her record, reminding her, and what came back."""

from flask import Blueprint, abort, request, url_for
from wtforms import StringField

from models import campaign, notice, reach, telling
from models.office import Task
from models.refusal import Refusal

from . import jobs
from .door import for_the_office, officer
from .forms import Form
from .page import done, page, say, warn
from .sender import sender

views = Blueprint("campaign", __name__)

PATH = "/association/informer"
USUAL_DAYS = 30
BY_HAND = "noté par l'association"
BEGUN = "Les e-mails se préparent, puis partent. Vous pouvez quitter cette page."
NOTED = {
    telling.How.EMAIL: "L'e-mail est noté comme revenu.",
    telling.How.POST: "La lettre est notée comme revenue.",
}
UNDONE = "Le retour est annulé : tout est comme avant."


class Reminder(Form):
    days = StringField("Prévenus depuis plus de combien de jours ?")


@views.get(PATH)
@for_the_office(Task.TELL)
def index():
    return page(
        "campaign/index.html",
        reach=reach.now(),
        job=campaign.under_way(),
        held_up=notice.held_up(),
        days=sender().objection_days,
    )


@views.route(PATH + "/envoi", methods=["GET", "POST"])
@for_the_office(Task.TELL)
def begin():
    if request.method == "POST":
        return _begun(lambda: campaign.begin(officer(), sender()))
    number = campaign.to_tell_by_email().count()
    writer = sender()
    examples = campaign.examples(writer)
    return page("campaign/begin.html", number=number, sheets=examples, contact=writer.contact)


@views.route(PATH + "/rappel", methods=["GET", "POST"])
@for_the_office(Task.TELL)
def remind():
    asked = request.form.get("days") if request.method == "POST" else request.args.get("days")
    form = Reminder(data={"days": USUAL_DAYS if asked is None else asked})
    try:
        days = campaign.checked_days(str(form.days.data).strip())
    except Refusal as refusal:
        form.refuse(refusal)
        return _remind(form, None, 422)
    if request.method == "POST":
        return _begun(lambda: campaign.remind(officer(), days, sender()))
    return _remind(form, campaign.to_remind_by_email(days).count())


@views.get(PATH + "/retours")
@for_the_office(Task.TELL)
def returns():
    return page("campaign/returns.html", letters=reach.returns(), most=reach.LATEST)


@views.post(PATH + "/<uid:one>/retour")
@for_the_office(Task.TELL)
def returned(one):
    shown = telling.find(one)
    if shown is None:
        abort(404)
    try:
        telling.returned(shown, officer(), BY_HAND)
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        undo = url_for(".undo_return", one=shown.uid)
        say(NOTED[telling.How(shown.how)], undo=undo)
    return done("members.show", one=shown.record.uid)


@views.post(PATH + "/<uid:one>/retour/annuler")
@for_the_office(Task.TELL)
def undo_return(one):
    shown = telling.find(one)
    if shown is None:
        abort(404)
    try:
        telling.undo_return(shown, officer())
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        say(UNDONE)
    return done("members.show", one=shown.record.uid)


def _remind(form, number, status=200):
    terms = {"form": form, "number": number, "apart": campaign.APART}
    return page("campaign/remind.html", status, **terms)


def _begun(act):
    try:
        act()
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        jobs.run_soon()
        say(BEGUN)
    return done(".index")
