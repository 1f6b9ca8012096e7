"""The second factor: asked for on a device that is not trusted, and again before what matters
most."""

from flask import Blueprint, request, url_for
from flask_login import current_user
from wtforms import BooleanField, StringField

from models import factor, mail_code
from models import session as sessions
from models.refusal import Refusal

from . import devices, keys
from .addresses import safe_path
from .door import go_on, half, public, renew, welcome
from .forms import Form, required, said
from .page import page, redirect_to_page, say
from .sessions import desk, kept

views = Blueprint("factor", __name__)


class Code(Form):
    code = StringField("Code", [required("Écrivez le code.")])
    trusted = BooleanField("C'est mon appareil : ne plus demander de code ici pendant 90 jours")


@views.route("/connexion/code", methods=["GET", "POST"])
@public
def confirm():
    one, token = asked()
    if one is None:
        return over()
    form = Code()
    if request.method != "POST":
        return draw(form, one)
    if not form.validate():
        return draw(form, one, 422)
    try:
        renewed = factor.give(one, token, said(form.code))
    except Refusal as refusal:
        form.refuse(refusal)
        return draw(form, one, 422)
    return go_in(one, renewed, form.trusted.data)


@views.post("/connexion/code/envoi")
@public
def send():
    one, token = asked()
    if one is None:
        return over()
    try:
        mail_code.send(one, token)
    except Refusal as refusal:
        form = Code(formdata=None)
        form.refuse(refusal)
        return draw(form, one, 422)
    say("Un nouveau code part. Celui d'avant ne sert plus.")
    return redirect_to_page(url_for(".confirm", suite=request.args.get("suite")))


def asked() -> tuple[sessions.Session | None, str]:
    """Whose second factor is asked for: of half a session, or of a whole one before what matters
    most; and its token."""
    one, token = half()
    if one is None and current_user.is_authenticated and "suite" in request.args:
        return current_user.session, current_user.token
    return one, token


def go_in(one: sessions.Session, token: str, trusted: bool = False, enrolled: bool = False):
    """After a second factor: where she was going, or what she must choose first. Once `enrolled`,
    she is offered recovery codes."""
    if one.whole:
        renew(token)
        say("C'est bien vous : vous pouvez continuer.")
        return go_on(desk())
    if not welcome(token, keep=kept()):
        return redirect_to_page(url_for("totp.enrol", suite=request.args.get("suite")))
    # Whoever works with the records of others is asked each time, and trusts no device.
    devices.recognise(current_user.session, trusted and not factor.must_be_strong(one.account))
    if enrolled:
        next_one = safe_path(request.args.get("suite")) or desk()
        return redirect_to_page(url_for("factors.codes", suite=next_one))
    return go_on(desk())


def draw(form, one, status=200):
    kinds = factor.kinds(one.account)
    return page(
        "factor/confirm.html",
        status,
        form=form,
        account=one.account,
        again=one.whole,
        kinds={kind.name for kind in kinds},
        key=keys.to_give(one),
        may_trust=not one.whole and not factor.must_be_strong(one.account),
        suite=request.args.get("suite"),
    )


def over():
    """Nothing is put in the cookie: another tab may just have signed in."""
    if current_user.is_authenticated:
        return go_on(desk())
    if request.method != "POST":
        return redirect_to_page(url_for("sessions.new", suite=request.args.get("suite")))
    return page("factor/over.html", 410, suite=request.args.get("suite"))
