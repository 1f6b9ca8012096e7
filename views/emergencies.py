"""Emergency access: who may enter so, its declaration by a professional, and its end."""

from flask import Blueprint, request
from wtforms import SelectMultipleField, StringField

from models import emergency
from models.access import Right, Role
from models.emergency import Identity
from models.refusal import Refusal

from .door import for_professionals, needs
from .forms import DayField, Form, accepted, options, required, said
from .page import done, page, say, warn
from .words import in_emergency

views = Blueprint("emergencies", __name__)

PATH = "/espaces/<uid:record>/acces/urgence"
BIRTH_DATE = "Écrivez sa date de naissance : jour, mois, année. Par exemple 14/03/1951."
KNOWN = "Vous avez déjà un accès à cet espace : aucune urgence n'a été déclarée."


CHOICES = {
    "samu": "Le SAMU peut entrer : ce sont les médecins qui répondent au 15",
    "others": "Les autres professionnels peuvent entrer : par exemple aux urgences d'un hôpital",
    "masked": "Ils lisent aussi les documents masqués, si une case du dessus est cochée",
}


class Choice(Form):
    allowed = SelectMultipleField(
        "Ce que je permets en urgence", choices=options(CHOICES), validate_choice=False
    )


class Declaration(Form):
    birth_name = StringField("Son nom de naissance", [required("Écrivez son nom de naissance.")])
    given_name = StringField("Son premier prénom", [required("Écrivez son premier prénom.")])
    birth_date = DayField("Sa date de naissance", [required(BIRTH_DATE)])
    member_number = StringField("Son numéro d'adhérent, si vous l'avez")
    reason = StringField(
        "Pourquoi faut-il lire son espace maintenant ?", [accepted(emergency.checked_reason)]
    )

    @property
    def identity(self) -> Identity:
        number = said(self.member_number)
        return Identity(said(self.birth_name), said(self.given_name), self.birth_date.data, number)


@views.route(PATH, methods=["GET", "POST"])
@needs(Right.GRANT)
def choose(access):
    record, form = access.record, Choice()
    if form.validate_on_submit():
        emergency.choose(access, **{name: name in form.allowed.data for name in CHOICES})
        say(f"C'est gardé. En cas d'urgence : {in_emergency(record)}.")
        return done("accesses.index", record=record.uid)
    form.allowed.data = [name for name in CHOICES if getattr(record, f"emergency_{name}")]
    return page("emergencies/choose.html", access=access, form=form)


@views.post(PATH + "/fin")
@needs(Right.LEAVE)
def finish(access):
    try:
        emergency.finish(access)
    except Refusal as refusal:
        warn(refusal.sentence)
        return done("records.show", record=access.record.uid)
    say("L'accès d'urgence est fini. L'espace ne vous est plus ouvert.")
    return done("desk.index")


@views.route("/professionnel/urgence", methods=["GET", "POST"])
@for_professionals
def declare(professional):
    form = Declaration()
    if not form.is_submitted():
        return _declare(form, professional)
    if not form.validate():
        return _declare(form, professional, 422)
    try:
        made = emergency.declare(professional, form.identity, form.reason.data, request.remote_addr)
    except Refusal as refusal:
        form.refuse(refusal)
        return _declare(form, professional, 422)
    if made.role != Role.EMERGENCY:
        say(KNOWN)
    return done("records.show", record=made.record.uid)


def _declare(form, professional, status=200):
    return page("emergencies/declare.html", status, form=form, samu=professional.samu)
