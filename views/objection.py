"""Objecting to a record that is not activated, and changing one's mind: in two steps, with the code
of the letter and the birth date. The cookie says which code was proven, for an hour."""

from datetime import datetime, timedelta
from functools import wraps

from flask import Blueprint, redirect, request, session, url_for
from wtforms import BooleanField, StringField

from models import activation, activation_code, attempt, clock, objection, objection_code
from models.formats import typesetting
from models.record import State
from models.refusal import Refusal

from . import files
from .activation import PAGES
from .door import public
from .forms import DayField, Form, required
from .page import page, redirect_to_page, warn
from .sender import sender
from .words import of

views = Blueprint("objection", __name__)

PATH = "/opposition"
# How long a browser left alone may still object, or show the receipt.
LASTS = timedelta(hours=1)
FAILED = "Le reçu n'a pas pu être fait. Recommencez dans un moment : le code est sur cette page."


class Begin(Form):
    code = StringField("Code reçu", [required("Écrivez le code reçu de l'association.")])
    birth_date = DayField(
        "Date de naissance",
        [required("Écrivez la date de naissance : jour, mois, année. Par exemple 14/03/1951.")],
    )


class Certify(Form):
    """Of a minor, that the one who answers represents her; of an adult, there is nothing to ask."""

    certified = BooleanField("Je certifie être parent ou représentant légal {}")

    def about(self, record):
        name = of(record.first_given_name)
        self.certified.label.text = self.certified.label.text.format(name)
        return self


def proven(view):
    """The view of a later step: called with the code proven in this browser, a moment ago."""

    @wraps(view)
    def guarded():
        row = objection_code.still(_kept().get("proof", ""))
        return view(row) if row else redirect_to_page(url_for(".begin"))

    return public(guarded)


@views.route(PATH, methods=["GET", "POST"])
@public
def begin():
    form = Begin()
    if form.is_submitted() and form.validate():
        try:
            row = objection_code.proven(form.code.data, form.birth_date.data, request.remote_addr)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            _keep(proof=row.code_hash)
            refused = row.record.state is State.OBJECTED
            return redirect(url_for(".withdraw" if refused else ".confirm"), 303)
    return page("objection/begin.html", 422 if form.is_submitted() else 200, form=form)


@views.route(PATH + "/confirmation", methods=["GET", "POST"])
@proven
def confirm(row):
    form = Certify().about(row.record)
    if request.method == "POST":
        made = accepted(form, lambda: objection.make(row, form.certified.data, sender()))
        if made:
            _keep(proof=row.code_hash, code=made)
            return redirect(url_for(".done"), 303)
    elif row.record.state is State.OBJECTED:
        return redirect(url_for(".withdraw"), 303)
    return _question("confirm", form, row)


@views.get(PATH + "/faite")
@proven
def done(row):
    one = objection.standing(row.record)
    if one is None:
        return redirect(url_for(".begin"), 303)
    code = activation_code.spaced(_kept().get("code", ""))
    return page("objection/done.html", record=row.record, one=one, code=code)


@views.get(PATH + "/recu")
@proven
def receipt(row):
    """Each time it is made: not without end."""
    door = f"receipt:{row.record.uid}"
    try:
        attempt.allow(door)
    except attempt.TooMany as refusal:
        warn(refusal.sentence)
        return redirect(url_for(".done"), 303)
    attempt.failed(door)  # what is counted is the asking
    made = objection.receipt(row.record, _kept().get("code", ""), sender())
    return pdf(made, url_for(".done")) if made else redirect(url_for(".begin"), 303)


@views.route(PATH + "/retrait", methods=["GET", "POST"])
@proven
def withdraw(row):
    form = Certify().about(row.record)
    if request.method == "POST":
        if accepted(form, lambda: objection.change_mind(row, form.certified.data) or True):
            return redirect(url_for(".withdrawn"), 303)
    elif row.record.state is not State.OBJECTED:
        return redirect(url_for(".confirm"), 303)
    return _question("withdraw", form, row)


@views.get(PATH + "/retiree")
@proven
def withdrawn(row):
    if row.record.state is State.OBJECTED:
        return redirect(url_for(".withdraw"), 303)
    return page("objection/withdrawn.html", record=row.record, good=_good(row) is not None)


@views.post(PATH + "/activation")
@proven
def activate(row):
    """Straight on, with the code that was proven, or that of the receipt."""
    good = _good(row)
    if good is None:
        return redirect(url_for(".withdrawn"), 303)
    answers = activation.begin_with(good)
    session.pop("objection", None)
    session["activation"] = answers.token
    return redirect(url_for(PAGES[answers.step]), 303)


def pdf(sheet, otherwise):
    """To download; or the page to go back to, with a word."""
    try:
        return files.pdf(typesetting.pdf(sheet), sheet.title)
    except typesetting.TypesettingFailed:
        warn(FAILED)
        return redirect(otherwise, 303)


def accepted(form, act):
    """What the verb gives, or nothing once its refusal is at its field."""
    if not form.validate():
        return None
    try:
        return act()
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def recent(name):
    """What this browser's cookie says under that name, if it is not too old."""
    kept = session.get(name)
    fresh = kept and datetime.fromisoformat(kept["at"]) > clock.now() - LASTS
    return kept if fresh else {}


def _keep(**names):
    session["objection"] = {"at": clock.now().isoformat(), **names}


def _kept():
    return recent("objection")


def _good(row):
    """A code of this browser that activates the record."""
    fresh = activation_code.hashed(_kept().get("code", ""))
    return objection_code.good_one(row.record, row.code_hash, fresh)


def _question(name, form, row):
    status = 422 if request.method == "POST" else 200
    open_then = objection.would_be_open(row.record)
    return page(f"objection/{name}.html", status, form=form, record=row.record, open_then=open_then)
