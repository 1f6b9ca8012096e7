"""A forgotten password: ask for a link, then choose another."""

from flask import Blueprint, current_app, request, url_for
from wtforms import PasswordField, StringField

from models import reset
from models.refusal import Refusal

from .door import public
from .forms import Form, required, said
from .page import page, redirect_to_page, say

views = Blueprint("passwords", __name__)


class Forgotten(Form):
    email = StringField("Adresse e-mail", [required("Écrivez votre adresse e-mail.")])


class NewPassword(Form):
    password = PasswordField("Nouveau mot de passe", [required("Choisissez un mot de passe.")])


@views.route("/mot-de-passe", methods=["GET", "POST"])
@public
def forgotten():
    form = Forgotten()
    if form.is_submitted() and form.validate():
        try:
            reset.ask(said(form.email), request.remote_addr, _link)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return page("passwords/sent.html")
    return page("passwords/forgotten.html", 422 if form.is_submitted() else 200, form=form)


@views.route("/mot-de-passe/<token>", methods=["GET", "POST"])
@public
def change(token):
    form = NewPassword()
    try:
        reset.usable(token)
        if form.is_submitted() and form.validate():
            reset.use(token, form.password.data)
            say("Votre mot de passe est changé. Connectez-vous avec le nouveau.")
            return redirect_to_page(url_for("sessions.new"))
    except Refusal as refusal:
        if refusal.field is None:
            return page("passwords/spent.html", 410, why=refusal.sentence)
        form.refuse(refusal)
    return page("passwords/change.html", 422 if form.is_submitted() else 200, form=form)


def _link(token):
    site = current_app.config["SETTINGS"]
    return site.address + url_for("passwords.change", token=token)
