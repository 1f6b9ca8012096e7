"""The e-mail address of my account: proved, changed, and put back where I changed nothing."""

from functools import partial

from flask import Blueprint, current_app, request, session, url_for
from flask_login import current_user
from wtforms import StringField

from models import email_change, email_undo, person
from models.refusal import Refusal

from .door import public, sure
from .forms import Form, accepted, required, said
from .page import page, redirect_to_page, say, warn
from .sender import sender

views = Blueprint("email_changes", __name__)

# What the cookie keeps, without which the code is nothing.
KEPT = "email_change"


class New(Form):
    email = StringField(
        "Nouvelle adresse e-mail", [required(email_change.NEEDED), accepted(person.checked_email)]
    )

    @property
    def told(self) -> str:
        return said(self.email)


class Code(Form):
    code = StringField("Code", [required("Écrivez le code.")])

    @property
    def told(self) -> str:
        return said(self.code)


@views.get("/compte/adresse")
def index():
    return page("email_changes/index.html")


@views.post("/compte/adresse/preuve")
def prove():
    """A code to the address of the account, as it is."""
    account = current_user.account
    try:
        session[KEPT] = email_change.ask(account, account.email)
    except Refusal as refusal:
        warn(refusal.sentence)
        return redirect_to_page(url_for(".index"))
    return redirect_to_page(url_for(".confirm"))


@views.route("/compte/adresse/changement", methods=["GET", "POST"])
@sure
def change():
    form = New()
    if request.method != "POST":
        return page("email_changes/change.html", form=form)
    token = form.carry_out(partial(email_change.ask, current_user.account))
    if token is None:
        return page("email_changes/change.html", 422, form=form)
    session[KEPT] = token
    return redirect_to_page(url_for(".confirm"))


@views.route("/compte/adresse/code", methods=["GET", "POST"])
def confirm():
    waiting, form = email_change.waiting(current_user.account), Code()
    if waiting is None or KEPT not in session:
        return redirect_to_page(url_for(".index"))
    if request.method != "POST":
        return page("email_changes/confirm.html", form=form, waiting=waiting)
    changed = form.carry_out(_give)
    if changed is None:
        return page("email_changes/confirm.html", 422, form=form, waiting=waiting)
    session.pop(KEPT)
    say(_said(changed))
    return redirect_to_page(url_for(".index"))


@views.route("/adresse/<token>", methods=["GET", "POST"])
@public
def undo(token):
    try:
        one = email_undo.usable(token)
        if request.method != "POST":
            return page("email_changes/undo.html", one=one)
        email_undo.use(token, sender().password)
    except Refusal as refusal:
        return page("email_changes/over.html", 410, why=refusal.sentence)
    return page("email_changes/undone.html")


def _give(code):
    return email_change.give(current_user.session, session[KEPT], code, _undo_link)


def _undo_link(token):
    return current_app.config["SETTINGS"].address + url_for("email_changes.undo", token=token)


def _said(changed):
    if changed:
        return "Votre adresse est changée. Vos autres appareils sont déconnectés."
    return "Votre adresse est confirmée. Merci."
