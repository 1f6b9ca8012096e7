"""The people around the person: added once, corrected, put in the order of calling."""

from functools import partial

from flask import Blueprint, request, url_for
from wtforms import BooleanField, SelectField, StringField, TextAreaField

from models import contact, person, wishes
from models.access import Right
from models.person import Told
from models.phone import shown, understood
from models.reference.links import LINKS
from models.refusal import Refusal

from .door import needs, needs_one
from .forms import Form, OptionalDayField, accepted, options, said
from .page import done, page, say, warn
from .wishes import SECTION

views = Blueprint("contacts", __name__)

# Where the person was going when she was asked to add someone.
FOR_TRUST = "confiance"


class Person(Form):
    given_name = StringField("Prénom", [accepted(person.checked_given_name)])
    family_name = StringField("Nom", [accepted(person.checked_family_name)])
    link = SelectField(
        "Lien avec moi",
        [accepted(person.checked_link)],
        choices=options({"": "Choisir…"} | LINKS),
        validate_choice=False,
    )
    link_words = StringField("Ce lien, avec mes mots")
    phone = StringField("Téléphone", [accepted(understood)])
    other_phone = StringField("Autre téléphone", [accepted(understood)])
    email = StringField("Adresse e-mail", [accepted(person.checked_email)])
    postal_address = TextAreaField("Adresse postale", [accepted(person.checked_address)])
    birth_date = OptionalDayField("Date de naissance", [accepted(person.checked_birth_date)])
    called = BooleanField("À prévenir en cas d'urgence")
    carer = BooleanField("M'aide dans la vie de tous les jours")
    parent = BooleanField("Mon parent, ou qui me représente devant la loi")

    def told(self) -> Told:
        words = ("given_name", "family_name", "link", "link_words", "phone", "other_phone")
        words += ("email", "postal_address")
        answers = {name: said(self[name]) for name in words}
        for name in ("birth_date", "called", "carer", "parent"):
            answers[name] = self[name].data
        return Told(**answers)


of_contact = partial(needs_one, contact.find)


@views.get(SECTION + "/personnes")
@needs(Right.PEOPLE)
def index(access):
    return page("contacts/index.html", access=access, people=wishes.look(access).people)


@views.route(SECTION + "/personnes/ajout", methods=["GET", "POST"])
@needs(Right.PEOPLE)
def create(access):
    form = Person()
    if not form.is_submitted():
        form.called.data = form.called.data or request.args.get("pour") != FOR_TRUST
        return _form(access, form)
    made = _accepted(form, partial(contact.add, access))
    if made is None:
        return _form(access, form, 422)
    say(f"{made.name} est dans votre liste.")
    return _onward(access, made)


@views.route(SECTION + "/personnes/<uid:one>", methods=["GET", "POST"])
@of_contact(Right.PEOPLE)
def edit(access, one):
    form = Person(obj=one)
    if not form.is_submitted():
        form.phone.data, form.other_phone.data = shown(one.phone), shown(one.other_phone)
        return _form(access, form, one=one)
    corrected = _accepted(form, lambda told: contact.correct(access, one, told) or one)
    if corrected is None:
        return _form(access, form, 422, one=one)
    say(f"La fiche de {one.name} est à jour.")
    return _onward(access, one)


@views.post(SECTION + "/personnes/<uid:one>/retrait")
@of_contact(Right.PEOPLE)
def remove(access, one):
    try:
        contact.remove(access, one)
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        undo = url_for(".restore", record=access.record.uid, one=one.uid)
        say(f"{one.name} n'est plus dans votre liste.", undo=undo)
    return done(".index", record=access.record.uid)


@views.post(SECTION + "/personnes/<uid:one>/retour")
@needs_one(contact.find_removed, Right.PEOPLE)
def restore(access, one):
    try:
        contact.restore(access, one)
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        say(f"{one.name} est de nouveau dans votre liste.")
    return done(".index", record=access.record.uid)


@views.post(SECTION + "/personnes/<uid:one>/ordre")
@of_contact(Right.PEOPLE)
def call_earlier(access, one):
    contact.call_earlier(access, one)
    say(f"{one.name} passe avant.")
    return done(".index", record=access.record.uid)


def _onward(access, one):
    """To the list, or on along the path that she came by."""
    if request.args.get("pour") == FOR_TRUST:
        return done("designations.choose", record=access.record.uid, personne=one.uid)
    return done(".index", record=access.record.uid)


def _accepted(form, act):
    """What the verb gives, or nothing once its refusal is at its field."""
    if not form.validate():
        return None
    try:
        return act(form.told())
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def _form(access, form, status=200, one=None):
    return page("contacts/form.html", status, access=access, form=form, person=one)
