"""My sign-in: my password, and the devices where I am signed in."""

from flask import Blueprint, current_app, url_for
from flask_login import current_user
from wtforms import PasswordField

from models import archive, closing, identity_link, password
from models import session as sessions
from models.refusal import Refusal

from .forms import Form, required
from .page import page, redirect_to_page, say

views = Blueprint("account", __name__)


class ChangePassword(Form):
    current = PasswordField("Mot de passe actuel", [required("Écrivez votre mot de passe actuel.")])
    password = PasswordField("Nouveau mot de passe", [required("Choisissez un mot de passe.")])


@views.get("/compte")
def index():
    return _index(ChangePassword())


@views.post("/compte/mot-de-passe")
def change_password():
    form = ChangePassword()
    if not form.validate():
        return _index(form, 422)
    try:
        sessions.change_password(current_user.session, form.current.data, form.password.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return _index(form, 422)
    say("Votre mot de passe est changé. Vos autres appareils sont déconnectés.")
    return redirect_to_page(url_for(".index"))


@views.post("/compte/appareils/<uid:device>/fin")
def end_device(device):
    ended = sessions.end_one(current_user.account, device)
    if ended:
        say(f"L'appareil « {ended.device} » est déconnecté.")
    return redirect_to_page(url_for(".index"))


@views.post("/compte/appareils/fin")
def end_others():
    """All but the one she is on: after a theft, or once another factor confirms who she is."""
    sessions.end_all(current_user.account, but=current_user.session)
    say("Vos autres appareils sont déconnectés.")
    return redirect_to_page(url_for(".index"))


def _index(form, status=200):
    live = sessions.of(current_user.account, current_app.config["IDLE"])
    return page(
        "account/index.html",
        status,
        form=form,
        sessions=live,
        shortest=password.SHORTEST,
        held=closing.of(current_user.account),
        archived=archive.of(current_user.account),
        linked=_linked(),
    )


def _linked():
    issuer = current_app.config["SETTINGS"].oidc_issuer
    return identity_link.of(current_user.account, issuer) if issuer else None
