"""Those who act for someone by law, as the office records and ends them: it has seen the papers."""

from flask import Blueprint, abort, request
from wtforms import RadioField, StringField

from models import invitation, measure, person, statement
from models.access import Measure
from models.measure import Told
from models.office import Task
from models.refusal import Refusal

from .deposits import limits
from .door import for_the_office, officer, sure
from .forms import DayField, Form, accepted, options, required, said
from .invitations import link, site
from .page import done, page, say, warn

views = Blueprint("measures", __name__)

PATH = "/association/representants"
EMAIL = "Écrivez son adresse e-mail."
KINDS = {
    Measure.REPRESENTATION.value: "Représenter : agir à sa place (par exemple une tutelle)",
    Measure.ASSISTANCE.value: "Assister : agir avec son accord (par exemple une curatelle)",
}


class New(Form):
    number = StringField("Numéro d'adhérent", [required("Écrivez le numéro d'adhérent.")])
    kind = RadioField(
        "Que dit le jugement ?",
        [accepted(measure.checked_kind)],
        choices=options(KINDS),
        validate_choice=False,
    )
    name = StringField("Prénom et nom de la personne nommée", [accepted(invitation.checked_name)])
    email = StringField("Son adresse e-mail", [required(EMAIL), accepted(person.checked_email)])
    until = DayField("Dernier jour de la mesure", [required(measure.NO_DAY)])
    reference = StringField("Référence du jugement", [accepted(measure.checked_reference)])

    @property
    def told(self) -> Told:
        words = {name: said(self[name]) for name in ("name", "email", "kind", "reference")}
        return Told(until=self.until.data, **words)


@views.get(PATH)
@for_the_office(Task.CONFIDE)
def index():
    """Nobody is listed but by her member number."""
    number, record, fault = request.args.get("adherent", "").strip(), None, ""
    try:
        record = measure.member(number) if number else None
    except Refusal as refusal:
        fault = refusal.sentence
    return page(
        "measures/index.html",
        number=number,
        record=record,
        fault=fault,
        standing=measure.standing(record) if record else [],
        waiting=measure.waiting(record) if record else [],
    )


@views.route(PATH + "/nouveau", methods=["GET", "POST"])
@for_the_office(Task.CONFIDE)
@sure
def create():
    form = New()
    if not form.is_submitted():
        form.number.data = request.args.get("adherent", "")
        return page("measures/new.html", form=form)
    made = _entered(form) if form.validate() else None
    if made is None:
        return page("measures/new.html", 422, form=form)
    return _sent(made)


@views.route(PATH + "/<uid:one>/fin", methods=["GET", "POST"])
@for_the_office(Task.CONFIDE)
def end(one):
    shown = _found(measure.find, one)
    if request.method != "POST":
        return page("measures/end.html", one=shown, last=measure.is_last(shown))
    try:
        measure.end(officer(), shown)
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        statement.file_due(limits())
        say(f"C'est fait : {shown.account.name} n'entre plus dans cet espace.")
    return done(".index", adherent=shown.record.member_number)


@views.post(PATH + "/invitations/<uid:one>/envoi")
@for_the_office(Task.CONFIDE)
@sure
def send(one):
    shown = _found(measure.find_waiting, one)
    try:
        return _sent(measure.send_again(officer(), shown, site(), link))
    except Refusal as refusal:
        warn(refusal.sentence)
        return done(".index", adherent=shown.record.member_number)


@views.post(PATH + "/invitations/<uid:one>/annulation")
@for_the_office(Task.CONFIDE)
def cancel(one):
    shown = _found(measure.find_waiting, one)
    try:
        measure.cancel(officer(), shown)
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        say("C'est annulé : le lien et le code ne servent plus.")
    return done(".index", adherent=shown.record.member_number)


def _entered(form):
    """The invitation, or nothing once its refusal is at its field."""
    try:
        record = measure.member(form.number.data)
        return measure.enter(officer(), record, form.told, site(), link)
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def _sent(made):
    """The code is on the very page that answers: it is shown once, to be handed over."""
    if made.code:
        return page("measures/code.html", one=made)
    say("C'est noté. La personne protégée est prévenue : sans son accord, rien ne s'ouvre.")
    return done(".index", adherent=made.record.member_number)


def _found(find, one):
    found = find(one)
    if found is None:
        abort(404)
    return found
