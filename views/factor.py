"""The second step of signing in, for the accounts of the association: a code received by e-mail."""

from flask import Blueprint, request, url_for
from flask_login import current_user
from wtforms import StringField

from models import factor
from models.refusal import Refusal

from .door import go_on, half, public, welcome
from .forms import Form, required, said
from .page import page, redirect_to_page, say
from .sessions import desk, kept

views = Blueprint("factor", __name__)


class Code(Form):
    code = StringField("Code à six chiffres", [required("Écrivez le code reçu par e-mail.")])


@views.route("/connexion/code", methods=["GET", "POST"])
@public
def confirm():
    waiting, token = half()
    if waiting is None:
        return _over()
    form = Code()
    if request.method != "POST":
        return _page(form, waiting)
    if not form.validate():
        return _page(form, waiting, 422)
    try:
        renewed = factor.confirm(waiting, token, said(form.code))
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, waiting, 422)
    welcome(renewed, keep=kept())
    return go_on(desk())


@views.post("/connexion/code/envoi")
@public
def send():
    waiting, token = half()
    if waiting is None:
        return _over()
    try:
        factor.send(waiting, token)
    except Refusal as refusal:
        form = Code(formdata=None)
        form.refuse(refusal)
        return _page(form, waiting, 422)
    say("Un nouveau code part. Celui d'avant ne sert plus.")
    return redirect_to_page(url_for(".confirm", suite=request.args.get("suite")))


def _page(form, waiting, status=200):
    suite = request.args.get("suite")
    return page("factor/confirm.html", status, form=form, account=waiting.account, suite=suite)


def _over():
    """Nothing is put in the cookie: another tab may just have signed in."""
    if current_user.is_authenticated:
        return go_on(desk())
    if request.method != "POST":
        return redirect_to_page(url_for("sessions.new", suite=request.args.get("suite")))
    return page("factor/over.html", 410, suite=request.args.get("suite"))
