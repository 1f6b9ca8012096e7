"""Passkeys: the whole sign-in, a second factor, or a new one. The browser's answer comes in a field
of a form; nothing of it is shown again."""

from functools import partial

from flask import Blueprint, request, url_for
from flask_login import current_user

from models import factor, passkey
from models.refusal import Refusal

from . import devices, keys, totp
from .door import go_on, half, public, sure, welcome
from .factor import Code, asked, draw, go_in, over
from .factors import after_a_new_one
from .forms import said
from .keys import Answer, NewKey
from .page import page, redirect_to_page, say
from .sessions import desk, device, kept

views = Blueprint("passkeys", __name__)

ADDED = "C'est fait : cette clé d'accès confirme maintenant vos connexions."


@views.route("/connexion/cle-d-acces", methods=["GET", "POST"])
@public
def sign_in():
    if current_user.is_authenticated:
        return go_on(desk())
    here, suite = keys.site(), request.args.get("suite")
    if here is None:
        return redirect_to_page(url_for("sessions.new", suite=suite))
    form, posted = Answer(), request.method == "POST"
    act = partial(passkey.sign_in, here, name=device(), address=request.remote_addr)
    token = posted and form.carry_out(act)
    if not token:
        status, key = 422 if posted else 200, passkey.to_sign_in(here)
        return page("passkeys/sign_in.html", status, form=form, key=key, suite=suite)
    waiting, _ = half()
    if waiting:
        waiting.end()
    welcome(token, keep=kept())
    devices.recognise(current_user.session)
    return go_on(desk())


@views.post("/connexion/code/cle-d-acces")
@public
def give():
    one, _ = asked()
    here = keys.site()
    if one is None or here is None:
        return over()
    try:
        renewed = passkey.give(one, here, Answer().told)
    except Refusal as refusal:
        form = Code(formdata=None)
        form.refuse(refusal)
        return draw(form, one, 422)
    return go_in(one, renewed)


@views.post("/connexion/application/cle-d-acces")
@public
def enrol():
    one, _ = half()
    here = keys.site()
    if one is None or here is None or not factor.enrolling(one):
        return redirect_to_page(url_for("factor.confirm", suite=request.args.get("suite")))
    try:
        _add(one, here, NewKey())
    except Refusal as refusal:
        form = totp.FirstCode(formdata=None)
        form.refuse(refusal)
        return totp.draw(one, form, enrolling=True)
    return go_in(one, factor.enrolled(one), enrolled=True)


@views.route("/compte/cle-d-acces", methods=["GET", "POST"])
@sure
def add():
    one, here = current_user.session, keys.site()
    if request.method != "POST" or here is None:
        return _page(keys.new_key(), one)
    form = NewKey()
    try:
        _add(one, here, form)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, one, 422)
    say(ADDED)
    return after_a_new_one()


def _add(one, here, form):
    passkey.add(one, here, said(form.name), form.told)


def _page(form, one, status=200):
    return page("passkeys/add.html", status, form=form, key=keys.to_add(one))
