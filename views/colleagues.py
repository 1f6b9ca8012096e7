"""The accounts of the association: added, given another duty, ended."""

from flask import Blueprint, abort, current_app, request, url_for
from flask_login import current_user
from wtforms import RadioField, StringField

from models import colleague, person
from models.colleague import Told
from models.office import Duty, Task
from models.refusal import Refusal

from .door import for_the_office, officer, sure, sure_to_act
from .forms import Form, accepted, options, required, said
from .page import done, page, say, warn

views = Blueprint("colleagues", __name__)

PATH = "/association/comptes"
EMAIL = "Écrivez son adresse e-mail."
DUTIES = {
    Duty.OFFICE.value: "Bureau : toutes les pages de l'association, et ces comptes",
    Duty.SUPPORT.value: "Aide aux adhérents : voir où quelqu'un en est, lui donner un code",
    Duty.FIGURES.value: "Chiffres seulement",
}


class Change(Form):
    duty = RadioField(
        "À quoi sert ce compte ?",
        [accepted(colleague.checked_duty)],
        choices=options(DUTIES),
        validate_choice=False,
    )


class New(Form):
    name = StringField("Prénom et nom", [accepted(colleague.checked_name)])
    email = StringField("Adresse e-mail", [required(EMAIL), accepted(person.checked_email)])
    duty = RadioField(
        "À quoi sert ce compte ?",
        [accepted(colleague.checked_duty)],
        choices=options(DUTIES),
        validate_choice=False,
    )


@views.get(PATH)
@for_the_office(Task.COLLEAGUES)
def index():
    people, mine = colleague.all_of_them(), current_user.account.id
    return page("colleagues/index.html", people=people, mine=mine)


@views.route(PATH + "/ajout", methods=["GET", "POST"])
@for_the_office(Task.COLLEAGUES)
@sure
def create():
    form = New()
    if request.method != "POST":
        return page("colleagues/new.html", form=form)
    if not form.validate():
        return page("colleagues/new.html", 422, form=form)
    told = Told(said(form.name), said(form.email), form.duty.data)
    try:
        made = colleague.add(officer(), told, current_app.config["SETTINGS"].site_name, _link)
    except Refusal as refusal:
        form.refuse(refusal)
        return page("colleagues/new.html", 422, form=form)
    say(f"Le compte de {made.name} est ajouté. Un e-mail part à son adresse.")
    return done(".index")


@views.route(PATH + "/<uid:one>", methods=["GET", "POST"])
@for_the_office(Task.COLLEAGUES)
@sure_to_act
def edit(one):
    shown = _found(one)
    form = Change(data={"duty": shown.duty.value})
    if request.method != "POST":
        return _edit(form, shown)
    if not form.validate():
        return _edit(form, shown, 422)
    try:
        colleague.change(officer(), shown, form.duty.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return _edit(form, shown, 422)
    say(f"Le compte de {shown.name} est à jour.")
    return done(".index")


@views.route(PATH + "/<uid:one>/fin", methods=["GET", "POST"])
@for_the_office(Task.COLLEAGUES)
def end(one):
    shown = _found(one)
    if request.method != "POST":
        return page("colleagues/end.html", one=shown)
    try:
        colleague.end(officer(), shown)
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        say(f"Le compte de {shown.name} n'ouvre plus les pages de l'association.")
    return done(".index")


def _found(one):
    return colleague.find(one) or abort(404)


def _edit(form, one, status=200):
    mine = one.account.id == current_user.account.id
    return page("colleagues/edit.html", status, form=form, one=one, mine=mine)


def _link(token):
    return current_app.config["SETTINGS"].address + url_for("passwords.change", token=token)
