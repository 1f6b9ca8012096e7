"""The directory of the professionals, kept by the office: verified, corrected, suspended."""

from flask import Blueprint, abort, current_app, request, url_for
from wtforms import BooleanField, SelectField, StringField

from models import person, professional
from models.office import Task
from models.professional import Told
from models.reference.professions import PROFESSIONS

from .door import for_the_office, officer, sure
from .forms import Form, accepted, options, said
from .page import done, page, say, warn

views = Blueprint("directory", __name__)

PATH = "/association/professionnels"
DOUBTFUL = (
    "Ce numéro RPPS est gardé, mais son dernier chiffre étonne. Relisez-le sur la carte, ou dans "
    "l'annuaire national."
)


class Person(Form):
    name = StringField("Prénom et nom", [accepted(professional.checked_name)])
    email = StringField("Adresse e-mail", [accepted(person.checked_email)])
    profession = SelectField(
        "Profession",
        [accepted(professional.checked_profession)],
        choices=options({"": "Choisir…"} | PROFESSIONS),
        validate_choice=False,
    )
    rpps = StringField("Numéro RPPS", [accepted(professional.checked_rpps)])
    organisation = StringField("Lieu d'exercice", [accepted(professional.checked_organisation)])
    samu = BooleanField("Travaille au SAMU (le 15)")

    @property
    def told(self) -> Told:
        words = ("name", "email", "profession", "rpps", "organisation")
        return Told(**{name: said(self[name]) for name in words}, samu=self.samu.data)


@views.get(PATH)
@for_the_office(Task.PROFESSIONALS)
def index():
    words = request.args.get("q", "").strip()
    people = professional.register(words)
    return page("directory/index.html", people=people, words=words, most=professional.MOST_LISTED)


@views.route(PATH + "/ajout", methods=["GET", "POST"])
@for_the_office(Task.PROFESSIONALS)
@sure
def create():
    form = Person()
    if not form.is_submitted():
        return page("directory/new.html", form=form)
    made = form.carry_out(_verify)
    if made is None:
        return page("directory/new.html", 422, form=form)
    say(f"{made.name} est dans la liste. Un e-mail lui est envoyé.")
    _warn_of(made)
    return done(".index")


@views.route(PATH + "/<uid:one>", methods=["GET", "POST"])
@for_the_office(Task.PROFESSIONALS)
def edit(one):
    shown = _find(one)
    form = Person(obj=None if request.method == "POST" else shown)
    if not form.is_submitted():
        return _edit(form, shown)
    if not professional.may_be_renamed(shown):
        form.name.data = shown.name
    if form.carry_out(lambda told: professional.correct(officer(), shown, told) or shown) is None:
        return _edit(form, shown, 422)
    say(f"La fiche de {shown.name} est à jour.")
    _warn_of(shown)
    return done(".index")


@views.route(PATH + "/<uid:one>/suspension", methods=["GET", "POST"])
@for_the_office(Task.PROFESSIONALS)
def suspend(one):
    shown = _find(one)
    if request.method != "POST":
        return page("directory/suspend.html", one=shown)
    professional.suspend(officer(), shown)
    say(f"{shown.name} n'ouvre plus aucun espace comme professionnel.")
    return done(".index")


@views.post(PATH + "/<uid:one>/suspension/levee")
@for_the_office(Task.PROFESSIONALS)
@sure
def reinstate(one):
    shown = _find(one)
    professional.reinstate(officer(), shown)
    say(f"Le compte professionnel de {shown.name} est rouvert. Les accès d'avant restent fermés.")
    return done(".index")


def _find(one):
    found = professional.find(one)
    if found is None:
        abort(404)
    return found


def _verify(told):
    site = current_app.config["SETTINGS"]
    return professional.verify(officer(), told, site.site_name, _link)


def _link(token):
    site = current_app.config["SETTINGS"]
    return site.address + url_for("passwords.change", token=token)


def _warn_of(one):
    if one.doubtful:
        warn(DOUBTFUL)


def _edit(form, one, status=200):
    renamed = professional.may_be_renamed(one)
    return page("directory/edit.html", status, form=form, one=one, renamed=renamed)
