"""The records that are closed: opened again or erased by who held them; and, by the office, handed
back to someone whose parents closed hers."""

from flask import Blueprint, abort, redirect, request, session, url_for
from flask_login import current_user
from wtforms import BooleanField, PasswordField

from models import archive
from models import session as sessions
from models.office import Task
from models.refusal import Refusal

from .door import for_the_office, officer, sure
from .forms import Form, required
from .page import done, page, say, warn
from .rescues import remind

views = Blueprint("archives", __name__)

PATH = "/archives"


NO_PASSWORD = "Écrivez votre mot de passe."


class Reopen(Form):
    password = PasswordField("Mon mot de passe", [required(NO_PASSWORD)])


class Erase(Form):
    sure = BooleanField(
        "J'ai compris que rien ne pourra être retrouvé",
        [required("Cochez cette case si vous voulez tout effacer.")],
    )
    password = PasswordField("Mon mot de passe", [required(NO_PASSWORD)])


@views.get(PATH)
def index():
    remind()
    return page("archives/index.html", records=archive.of(current_user.account))


@views.route(PATH + "/<uid:one>/reouverture", methods=["GET", "POST"])
@sure
def reopen(one):
    record, form = _found(one), Reopen()
    if request.method != "POST":
        return page("archives/reopen.html", record=record, form=form)
    if not form.validate() or not _done(form, archive.reopen, record):
        return page("archives/reopen.html", 422, record=record, form=form)
    say("Votre espace est rouvert. Les proches et les soignants ne sont pas revenus.")
    return done("records.show", record=record.uid)


@views.route(PATH + "/<uid:one>/effacement", methods=["GET", "POST"])
@sure
def erase(one):
    record, form = _found(one), Erase()
    if request.method != "POST":
        return page("archives/erase.html", record=record, form=form)
    if not form.validate() or not _done(form, archive.erase, record):
        return page("archives/erase.html", 422, record=record, form=form)
    say("L'espace est effacé, pour toujours.")
    if sessions.known(current_user.session.uid):
        return done(".index")
    # Her account served nothing else, and is gone.
    kept = session.get("_flashes")
    session.clear()
    session["_flashes"] = kept
    return redirect(url_for("home.index"), 303)


@views.post("/association/espaces-a-confier/<uid:one>/reouverture")
@for_the_office(Task.CONFIDE)
@sure
def hand_back(one):
    record = next((each for each in archive.unheld() if each.uid == one), None)
    if record is None:
        abort(404)
    try:
        archive.hand_back(record, officer())
    except Refusal as refusal:
        warn(refusal.sentence)
        return done("handovers.index")
    say("L'espace est rouvert. Personne n'y entre : remettez maintenant un code à cette personne.")
    return done("handovers.show", one=record.uid)


def _found(one):
    record = archive.find(current_user.account, one)
    if record is None:
        abort(404)
    return record


def _done(form, act, record):
    """Or its refusal is at its field."""
    try:
        act(current_user.account, record, form.password.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    return True
