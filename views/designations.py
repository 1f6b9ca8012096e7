"""The trusted person: the guided path to a valid designation, and its ending."""

from flask import Blueprint, current_app, redirect, request, url_for
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField

from models import contact, designation, wishes
from models import signing as signings
from models.access import Right
from models.designation import SAYS
from models.refusal import Refusal
from models.sheets import designation as sheets
from models.signing import State

from . import signing
from .door import needs, needs_one
from .forms import Form, options, said
from .page import done, page, say
from .signing import ProtectionField, Words
from .uploads import takes_files
from .wishes import SECTION

views = Blueprint("designations", __name__)

PATH = SECTION + "/personne-de-confiance"
WORDS = Words(
    noun="designations",
    title="la désignation",
    signed="la désignation signée",
    valid="La désignation est valable. Une copie pour la personne choisie est utile.",
    revoked="La désignation est révoquée. Donnez la feuille de révocation à qui a l'ancienne.",
    given_up="Cette préparation est abandonnée.",
)


class Situation(Form):
    protection = ProtectionField()
    witnessed = BooleanField("Je ne peux pas écrire ou signer")


class Choice(Form):
    person = RadioField("Qui voulez-vous désigner ?", validate_choice=False)


class Additions(Form):
    says = SelectMultipleField("À ajouter, si vous voulez", choices=options(SAYS))


class Announcement(Form):
    email = StringField("Son adresse e-mail")


def find_unsigned(access, one):
    found = designation.find(access, one)
    return found if found and not found.is_signed and found.contact else None


def find_prepared(access, one):
    found = designation.find(access, one)
    return found if found and found.contact and not found.revoked_at else None


def find_to_sign(access, one):
    found = find_unsigned(access, one)
    return found if found and found.state is State.TO_SIGN else None


def find_signed(access, one):
    found = designation.find(access, one)
    return found if found and found.is_signed and not found.revoked_at else None


def find_revoked(access, one):
    found = designation.find(access, one)
    return found if found and found.revoked_at else None


def find_open(access, one):
    """One that may still be told to the person named."""
    return find_to_sign(access, one) or find_signed(access, one)


@views.get(PATH)
@needs(Right.PEOPLE)
def index(access):
    return page("designations/index.html", access=access, answers=wishes.look(access))


@views.route(PATH + "/situation", methods=["GET", "POST"])
@needs(Right.WILL)
def begin(access):
    if not access.record.adult:
        return redirect(url_for(".index", record=access.record.uid), 303)
    form = Situation(obj=signings.in_preparation(designation.history(access)))
    if form.is_submitted() and form.validate():
        designation.begin(access, form.protection.protection, form.witnessed.data)
        return done(".choose", record=access.record.uid)
    return page("designations/begin.html", access=access, form=form)


@views.route(PATH + "/choix", methods=["GET", "POST"])
@needs(Right.WILL)
def choose(access):
    one = signings.in_preparation(designation.history(access))
    if one is None:
        return redirect(url_for(".begin", record=access.record.uid), 303)
    form = Choice()
    people = contact.all_of(access)
    form.person.choices = options({each.uid: _described(each) for each in people})
    if not form.is_submitted():
        form.person.data = request.args.get("personne") or (one.contact and one.contact.uid)
    elif _chosen(access, one, form):
        return done(".prepare", record=access.record.uid, one=one.uid)
    status = 422 if form.is_submitted() else 200
    return page("designations/choose.html", status, access=access, form=form, people=people)


@views.route(PATH + "/<uid:one>/preparation", methods=["GET", "POST"])
@needs_one(find_unsigned, Right.WILL)
def prepare(access, one):
    form = Additions()
    if not form.is_submitted():
        form.says.data = one.chosen
    else:
        try:
            designation.prepare(access, one, form.says.data or [])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            say("La feuille est prête. Elle attend deux signatures.")
            return done(".show", record=access.record.uid, one=one.uid)
    status = 422 if form.is_submitted() else 200
    return page("designations/prepare.html", status, access=access, one=one, form=form)


@views.get(PATH + "/<uid:one>")
@needs_one(find_open, Right.WILL)
def show(access, one):
    return page("designations/show.html", access=access, one=one)


@views.get(PATH + "/<uid:one>/feuille")
@needs_one(find_to_sign, Right.WILL)
def form(access, one):
    sheet = sheets.form(access.record, one)
    return page("signing/sheet.html", access=access, sheet=sheet, pdf=".form_pdf", one=one)


@views.get(PATH + "/<uid:one>/feuille/pdf")
@needs_one(find_to_sign, Right.WILL)
def form_pdf(access, one):
    return signing.printed(access, sheets.form(access.record, one))


@views.get(PATH + "/<uid:one>/revocation/feuille")
@needs_one(find_revoked, Right.WILL)
def revocation(access, one):
    sheet = sheets.revocation(access.record, one)
    return page("signing/sheet.html", access=access, sheet=sheet, pdf=".revocation_pdf", one=one)


@views.get(PATH + "/<uid:one>/revocation/feuille/pdf")
@needs_one(find_revoked, Right.WILL)
def revocation_pdf(access, one):
    return signing.printed(access, sheets.revocation(access.record, one))


@views.route(PATH + "/<uid:one>/signature", methods=["GET", "POST"])
@takes_files
@needs_one(find_prepared, Right.WILL)
def sign(access, one):
    return signing.attach(access, one, WORDS)


@views.post(PATH + "/<uid:one>/signature/annulation")
@needs_one(find_signed, Right.WILL)
def withdraw(access, one):
    return signing.withdraw(access, one, WORDS)


@views.route(PATH + "/<uid:one>/revocation", methods=["GET", "POST"])
@needs_one(find_signed, Right.WILL)
def revoke(access, one):
    return signing.revoke(access, one, WORDS)


@views.route(PATH + "/<uid:one>/abandon", methods=["GET", "POST"])
@needs_one(find_unsigned, Right.WILL)
def give_up(access, one):
    return signing.give_up(access, one, WORDS)


@views.route(PATH + "/<uid:one>/annonce", methods=["GET", "POST"])
@needs_one(find_open, Right.WILL)
def announce(access, one):
    form = Announcement()
    if not form.is_submitted():
        form.email.data = form.email.data or one.contact.email
    else:
        try:
            form.validate()
            designation.tell(access, one, said(form.email), _link)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            say(f"Un e-mail part pour {one.contact.name}. Sa réponse s'affichera ici.")
            return done(".show", record=access.record.uid, one=one.uid)
    status = 422 if form.is_submitted() else 200
    return page("designations/announce.html", status, access=access, one=one, form=form)


def _chosen(access, one, form):
    person = contact.find(access, form.person.data or "")
    try:
        form.validate()
        if person is None:
            raise Refusal("Choisissez une personne, ou ajoutez-la à votre liste.", "person")
        designation.choose(access, one, person)
    except Refusal as refusal:
        form.refuse(refusal)
    return not form.faults


def _described(person):
    return f"{person.name}, {person.link_label.lower()}"


def _link(token):
    return current_app.config["SETTINGS"].address + url_for("trust.answer", token=token)
