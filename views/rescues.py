"""Giving an account back to someone who lost all that she signs in with: two people of the
association, and three days in which anyone may stop it."""

from functools import partial

from flask import Blueprint, abort, current_app, flash, request, url_for
from flask_login import current_user
from wtforms import RadioField, StringField

from models import helpdesk, rescue, rescue_letters
from models.formats.typesetting import TypesettingFailed
from models.giving import NOT_MADE
from models.office import Task
from models.refusal import Refusal
from models.rescue_finding import Told

from . import files
from .door import for_the_office, officer, public, sure, sure_to_act
from .forms import Form, OptionalDayField, accepted, options, required, said
from .page import done, page, redirect_to_page, say, warn
from .sender import sender
from .words import capitalize_first

views = Blueprint("rescues", __name__)

PATH = "/association/comptes-a-rendre"
ALARM = (
    "Quelqu'un dit avoir tout perdu pour se connecter à ce compte. L'association le lui rend le "
    "{due}. Ce n'est pas vous ? Annulez."
)


class Seen(Form):
    """By the second person; the first one tells how to find the account too."""

    paper = RadioField(
        "Papier montré",
        [accepted(rescue.checked_paper)],
        choices=options({key: capitalize_first(told) for key, told in rescue.PAPERS.items()}),
        validate_choice=False,
    )
    name = StringField(
        "Prénom et nom", [required("Écrivez le prénom et le nom lus sur le papier.")]
    )
    email = StringField("Nouvelle adresse e-mail")

    @property
    def told(self) -> Told:
        return Told(self.paper.data, said(self.name), email=said(self.email))


class AskByAddress(Seen):
    signs_in = StringField(
        "Adresse e-mail du compte", [required("Écrivez l'adresse e-mail de son compte.")]
    )

    @property
    def told(self) -> Told:
        typed = said(self.signs_in)
        return Told(self.paper.data, said(self.name), typed, email=said(self.email))


class AskByRecord(Seen):
    birth_date = OptionalDayField("Date de naissance", [required("Écrivez la date de naissance.")])

    @property
    def told(self) -> Told:
        born = self.birth_date.data
        return Told(self.paper.data, said(self.name), "", born, said(self.email))


@views.get(PATH)
@for_the_office(Task.HELP)
def index():
    return page("rescues/index.html", rescues=rescue.under_way())


@views.route(PATH + "/demande", methods=["GET", "POST"])
@for_the_office(Task.HELP)
@sure
def ask():
    return _ask(AskByAddress(), None)


@views.route("/association/aide-aux-adherents/<uid:one>/compte-a-rendre", methods=["GET", "POST"])
@for_the_office(Task.HELP)
@sure
def ask_for_member(one):
    record = helpdesk.open_to(current_user.account, one) or abort(404)
    return _ask(AskByRecord(), record)


@views.route(PATH + "/<uid:one>", methods=["GET", "POST"])
@for_the_office(Task.HELP)
@sure_to_act
def show(one):
    shown, form = _found(one), Seen()
    if request.method != "POST":
        return _page(shown, form)
    confirm = partial(rescue.confirm, officer(), shown, link=_stop_link, contact=sender().contact)
    if form.carry_out(confirm) is None:
        return _page(shown, form, 422)
    say(
        "C'est vérifié. Cette personne est prévenue partout. Son compte lui est rendu dans 3 jours."
    )
    return done(".show", one=shown.uid)


@views.post(PATH + "/<uid:one>/arret")
@for_the_office(Task.HELP)
def stop(one):
    shown = _found(one)
    _stop(shown, officer())
    return done(".index")


@views.post(PATH + "/<uid:one>/lettre")
@for_the_office(Task.HELP)
def write(one):
    """The PDF is the answer: it is kept nowhere."""
    shown, content = _found(one), None
    try:
        content = rescue_letters.letter(shown, sender(), officer()) if shown.seen_at else None
    except TypesettingFailed:
        warn(NOT_MADE)
    return files.pdf(content, "lettre") if content else done(".show", one=shown.uid)


@views.post("/compte/retour/arret")
def stop_mine():
    mine = rescue.of(current_user.account)
    if mine:
        _stop(mine, rescue.oneself(current_user.account))
    return redirect_to_page(url_for("records.index"))


@views.route("/retour/<token>", methods=["GET", "POST"])
@public
def answer(token):
    try:
        one = rescue.by_link(token)
        if request.method == "POST":
            rescue.stop(one, rescue.oneself(one.account))
            return done(".answer", token=token)
        return page("rescues/answer.html", one=one)
    except Refusal as refusal:
        return page("rescues/over.html", 410, why=refusal.sentence)


def remind() -> None:
    """On the pages where one arrives, whoever is signed in is told of what is about to happen."""
    mine = rescue.of(current_user.account)
    if mine:
        words = ALARM.format(due=rescue_letters.moment(mine.due_at))
        flash({"text": words, "undo": url_for("rescues.stop_mine")}, "warning")


def _ask(form, record):
    if request.method != "POST":
        return page("rescues/ask.html", form=form, record=record)
    made = form.carry_out(partial(rescue.ask, officer(), record=record))
    if made is None:
        return page("rescues/ask.html", 422, form=form, record=record)
    say("C'est noté. Une autre personne de l'association doit maintenant vérifier aussi.")
    return done(".show", one=made.uid)


def _page(one, form, status=200):
    return page(
        "rescues/show.html",
        status,
        one=one,
        form=form,
        mine=one.asked_by_id == current_user.account.id,
        to_post=bool(one.seen_at and rescue_letters.to_post(one.account)),
    )


def _stop(one, actor):
    try:
        stopped = rescue.stop(one, actor)
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        say("C'est arrêté : rien ne change." if stopped else "C'était déjà arrêté.")


def _found(one):
    return rescue.find(one) or abort(404)


def _stop_link(token):
    return current_app.config["SETTINGS"].address + url_for("rescues.answer", token=token)
