"""Signing in and out."""

from flask import Blueprint, current_app, request, session, url_for
from flask_login import current_user
from wtforms import PasswordField, StringField

from models import professional
from models import session as sessions
from models.formats.keys import Site
from models.refusal import Refusal

from . import devices, drafts
from .door import go_on, half, public, welcome
from .forms import Form, required, said
from .page import page, redirect_to_page, say

views = Blueprint("sessions", __name__)


class SignIn(Form):
    email = StringField("Adresse e-mail", [required("Écrivez votre adresse e-mail.")])
    password = PasswordField("Mot de passe", [required("Écrivez votre mot de passe.")])


@views.get("/connexion")
@public
def new():
    if current_user.is_authenticated:
        return go_on(desk())
    return _page(SignIn())


@views.post("/connexion")
@public
def create():
    form = SignIn()
    if form.validate():
        try:
            token = sessions.sign_in(
                said(form.email),
                form.password.data,
                device(),
                request.remote_addr,
                devices.tokens(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            _end_half()
            if welcome(token, keep=kept()):
                devices.recognise(current_user.session)
                return go_on(desk())
            return redirect_to_page(url_for("factor.confirm", suite=request.args.get("suite")))
    return _page(form, 422)


@views.post("/deconnexion")
@public
def delete():
    if current_user.is_authenticated:
        current_user.session.end()
    _end_half()
    session.clear()
    drafts.remember_someone_left()
    say("La session est fermée sur cet appareil.")
    return redirect_to_page(url_for("home.index"))


def kept():
    """The activation or the invitation under way, where one signs in to go on with it; never
    otherwise, for someone else may have begun it on this computer."""
    suite = request.args.get("suite")
    going_on = {
        url_for("activation.credentials"): "activation",
        url_for("invitations.answer"): "invitation",
    }
    return (going_on[suite],) if suite in going_on else ()


def desk():
    """Where one works: the office's page, a professional's, or one's own records."""
    account = current_user.account
    if account.office:
        return url_for("office.index")
    return url_for("desk.index" if professional.of(account) else "records.index")


def _page(form, status=200):
    serve = Site.of(current_app.config["SETTINGS"]) is not None
    return page("sessions/new.html", status, form=form, keys_serve=serve)


def _end_half():
    waiting, _ = half()
    if waiting:
        waiting.end()


BROWSERS = (
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("w3m", "w3m"),
    ("Lynx", "Lynx"),
    ("ELinks", "ELinks"),
    ("Links", "Links"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device() -> str:
    """« Firefox sur Windows »: enough to know one's own devices."""
    agent = request.user_agent.string
    browser = next((name for mark, name in BROWSERS if mark in agent), "Navigateur")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{browser} sur {system}" if system else browser
