"""The application of codes: set up from « Mon compte », or while signing in by whoever must have
one."""

from functools import partial

from flask import Blueprint, current_app, request, url_for
from flask_login import current_user
from wtforms import StringField

from models import factor, totp
from models.formats import qr

from . import keys
from .door import half, public, sure
from .factor import go_in
from .factors import after_a_new_one
from .forms import Form, required, said
from .page import page, redirect_to_page, say

views = Blueprint("totp", __name__)


class FirstCode(Form):
    code = StringField(
        "Code montré par l'application", [required("Recopiez le code que l'application montre.")]
    )

    @property
    def told(self) -> str:
        return said(self.code)


@views.route("/connexion/application", methods=["GET", "POST"])
@public
def enrol():
    one, _ = half()
    if one is None or not factor.enrolling(one):
        return redirect_to_page(url_for("factor.confirm", suite=request.args.get("suite")))
    form = FirstCode()
    if request.method != "POST" or not _proved(one, form):
        return draw(one, form, enrolling=True)
    return go_in(one, factor.enrolled(one), enrolled=True)


@views.route("/compte/application", methods=["GET", "POST"])
@sure
def add():
    form = FirstCode()
    if request.method != "POST" or not _proved(current_user.session, form):
        return draw(current_user.session, form, enrolling=False)
    say("C'est fait : cette application confirme maintenant vos connexions.")
    return after_a_new_one()


def _proved(session, form):
    return form.carry_out(partial(totp.prove, session.account, asker=session.uid))


def draw(session, form, enrolling):
    one = totp.begin(session.account, session.uid)
    address = totp.address(one, current_app.config["SETTINGS"].site_name)
    wide, path = qr.path(address)
    spaced = " ".join(one.secret[at : at + 4] for at in range(0, len(one.secret), 4))
    shown = {"wide": wide, "path": path, "secret": spaced, "address": address}
    if enrolling:
        shown |= {"key": keys.to_add(session), "new_key": keys.new_key()}
    status = 422 if form.is_submitted() else 200
    suite = request.args.get("suite")
    return page("totp/add.html", status, form=form, enrolling=enrolling, suite=suite, **shown)
