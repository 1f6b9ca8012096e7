"""Signing in through a provider of identities, where the instance has one."""

from functools import wraps

from flask import Blueprint, abort, current_app, redirect, request, session, url_for
from flask_login import current_user
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from models import identity_link
from models import session as sessions
from models.refusal import Refusal

from . import devices, openid
from .addresses import safe_path
from .door import public, sure, welcome
from .page import page, redirect_to_page, say, warn
from .sessions import desk, device

views = Blueprint("provider", __name__)

# Where the cookie keeps for whom one left, and where she was going.
TRIP = "provider"
TO_SIGN_IN = ""


def with_provider(view):
    """Without one, the page does not exist."""

    @wraps(view)
    def guarded():
        site = current_app.config["SETTINGS"]
        return view(site) if site.oidc_issuer else abort(404)

    return guarded


@views.get("/connexion/fournisseur")
@public
@with_provider
def sign_in(site):
    return _leave(site, TO_SIGN_IN)


@views.get("/compte/fournisseur")
@sure
@with_provider
def link(site):
    """By our own button only: whoever is signed in there is linked, and another site may have sent
    her here once it had signed her in as someone else. A form may lead to no other site."""
    try:
        validate_csrf(request.args.get("jeton"))
    except ValidationError:
        return redirect_to_page(url_for("account.index"))
    return _leave(site, current_user.session.uid)


@views.get("/connexion/fournisseur/retour")
@public
@with_provider
def come_back(site):
    trip = session.pop(TRIP, None)
    try:
        told = openid.claims() if trip else None
    except openid.Failed as failed:
        current_app.logger.warning("the provider of identities: %s", failed)
        told = None
    if told is None:
        return page("provider/failed.html", 400)
    if trip["for"] == TO_SIGN_IN:
        return _come_in(site, told, trip["then"])
    return _link(site, told, trip["for"])


@views.post("/compte/fournisseur/retrait")
@sure
@with_provider
def unlink(site):
    if identity_link.remove(current_user.account, site.oidc_issuer, site.oidc_name):
        say(f"C'est retiré : {site.oidc_name} n'ouvre plus votre compte.")
    return redirect_to_page(url_for("account.index"))


def _leave(site, whom):
    session[TRIP] = {"for": whom, "then": request.args.get("suite")}
    try:
        return openid.leave(site.address + url_for(".come_back"))
    except openid.Failed as failed:
        current_app.logger.warning("the provider of identities: %s", failed)
        return page("provider/failed.html", 503)


def _come_in(site, told, then):
    account = identity_link.come(site.oidc_issuer, told["sub"])
    if account is None:
        return page("provider/unknown.html", 403)
    try:
        token = _session(site, account, told)
    except Refusal as refusal:
        warn(refusal.sentence)
        return redirect_to_page(url_for("sessions.new"))
    if not welcome(token):
        return redirect_to_page(url_for("factor.confirm", suite=then))
    devices.recognise(current_user.session)
    return redirect(safe_path(then) or desk(), 303)


def _session(site, account, told):
    """A provider that says it asked for two factors is believed, if the instance was set so;
    otherwise it stands for the password."""
    if told.get("acr") in site.oidc_acr.split():
        return sessions.enter(account, device())
    return sessions.begin(account, device(), devices.tokens())


def _link(site, told, session_uid):
    """For the very session that asked: someone else may have signed in meanwhile."""
    if not current_user.is_authenticated or current_user.session.uid != session_uid:
        return page("provider/failed.html", 400)
    try:
        identity_link.make(current_user.account, site.oidc_issuer, told["sub"], site.oidc_name)
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        say(f"C'est relié : vous pouvez maintenant vous connecter avec {site.oidc_name}.")
    return redirect_to_page(url_for("account.index"))
