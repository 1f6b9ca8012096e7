"""Invitations: made and followed by who decides for a record; answered, with a link and a code, by
the person invited."""

from flask import Blueprint, current_app, request, session, url_for
from flask_login import current_user
from wtforms import BooleanField, PasswordField, StringField, ValidationError

from models import invitation, person, statement
from models import session as sessions
from models.access import READY, Right
from models.invitation import Terms
from models.phone import understood
from models.refusal import Refusal

from . import devices
from .accesses import PATH, Lasting, Rights, sentences
from .deposits import limits
from .door import needs, needs_one, public, sure, welcome
from .forms import Form, accepted, required, said, yes_or_no
from .page import done, page, redirect_to_page, say, warn
from .sessions import device
from .words import of

views = Blueprint("invitations", __name__)

CHOICES = {
    "voir": "Voir mes documents",
    "ajouter": "Voir mes documents et en ajouter",
    "gerer": "Tout gérer pour moi",
}


def _reachable(form, field):
    """Said with all that is wrong, rather than by the model once the rest is right."""
    if not said(form.email) and not said(form.phone):
        raise ValidationError(invitation.UNREACHABLE)


class Invite(Rights, Lasting):
    name = StringField("Son prénom et son nom", [accepted(invitation.checked_name)])
    link = StringField("Qui est-ce pour moi ?", [accepted(invitation.checked_link)])
    email = StringField("Son adresse e-mail", [_reachable, accepted(person.checked_email)])
    phone = StringField("Ou son numéro de téléphone", [accepted(understood)])


class Code(Form):
    code = StringField("Le code", [required("Écrivez le code que cette personne vous a donné.")])


class Answer(Form):
    certified = BooleanField("Je certifie être parent ou représentant légal")


class Newcomer(Form):
    name = StringField("Mon prénom et mon nom")
    email = StringField("Mon adresse e-mail")
    password = PasswordField("Mot de passe")


@views.get(PATH + "/invitations")
@needs(Right.GRANT)
def choose(access):
    ready = [(name, words, sentences(READY[name])) for name, words in CHOICES.items()]
    return page("invitations/choose.html", access=access, ready=ready)


@views.route(PATH + "/invitations/nouvelle", methods=["GET", "POST"])
@needs(Right.GRANT)
@sure
def create(access):
    form = Invite()
    form.name_folders(access)
    if not form.is_submitted():
        form.show(READY.get(request.args.get("choix"), READY["voir"]))
        return _new(access, form)
    made = _invited(access, form) if form.validate() else None
    if made is None:
        return _new(access, form, 422)
    say(sent(made))
    return done(".show", record=access.record.uid, one=made.uid)


@views.get(PATH + "/invitations/<uid:one>")
@needs_one(invitation.find, Right.GRANT)
def show(access, one):
    return page(
        "invitations/show.html",
        access=access,
        one=one,
        address=link(one.token) if one.token else "",
        sentences=sentences(one.rights),
    )


@views.post(PATH + "/invitations/<uid:one>/envoi")
@needs_one(invitation.find, Right.GRANT)
@sure
def send(access, one):
    return _act(access, one, invitation.send_again, "Le lien et le code sont nouveaux.")


@views.post(PATH + "/invitations/<uid:one>/accord")
@needs_one(invitation.find, Right.GRANT)
@sure
def agree(access, one):
    return _act(access, one, invitation.agree, "Votre accord est donné. L'invitation est partie.")


@views.post(PATH + "/invitations/<uid:one>/annulation")
@needs_one(invitation.find, Right.GRANT)
def cancel(access, one):
    try:
        invitation.cancel(access, one)
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        say("C'est annulé : le lien et le code ne servent plus.")
    return done("accesses.index", record=access.record.uid)


@views.route("/invitation/<token>", methods=["GET", "POST"])
@public
def begin(token):
    """The same page whatever the link is: it tells nothing without the code."""
    form = Code()
    if form.is_submitted() and form.validate():
        try:
            one = invitation.open_with(token, form.code.data, request.remote_addr)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            session["invitation"] = one.token_hash
            return redirect_to_page(url_for(".answer"))
    status = 422 if form.is_submitted() else 200
    return page("invitations/begin.html", status, form=form, token=token)


@views.route("/invitation", methods=["GET", "POST"])
@public
def answer():
    one, form = _under_way(), Answer()
    if one is None or not form.is_submitted():
        return _answer(form)
    try:
        if not yes_or_no("reponse"):
            invitation.refuse(one)
            return _over("C'est noté : vous avez refusé. Rien ne s'ouvre.")
        form.validate()
        invitation.certify(one, form.certified.data)
        if not current_user.is_authenticated:
            return redirect_to_page(url_for(".account"))
        invitation.accept(one, current_user.account)
    except Refusal as refusal:
        form.refuse(refusal)
        return _answer(form, 422)
    return _enter(one)


@views.route("/invitation/compte", methods=["GET", "POST"])
@public
def account():
    one, form = _under_way(), Newcomer()
    if one is None or current_user.is_authenticated:
        return redirect_to_page(url_for(".answer"))
    if not form.is_submitted():
        form.name.data, form.email.data = one.name, one.email
        return page("invitations/account.html", form=form, one=one)
    try:
        form.validate()
        secret = form.password.data or ""
        made = invitation.accept_as_newcomer(one, said(form.name), said(form.email), secret)
    except Refusal as refusal:
        form.refuse(refusal)
        return _account(form)
    welcome(sessions.start(made, device()))
    devices.recognise(current_user.session, told=False)
    return _enter(one)


def _enter(one):
    statement.file_due(limits())
    session.pop("invitation", None)
    say(f"C'est fait : l'espace {of(one.record.name)} vous est ouvert.")
    return done("records.show", record=one.record.uid)


def _over(words):
    session.pop("invitation", None)
    say(words)
    return redirect_to_page(url_for("home.index"))


def _under_way():
    """The invitation whose link and code were both given in this browser, if it still waits."""
    kept = session.get("invitation")
    return invitation.under_way(kept) if kept else None


def _new(access, form, status=200):
    example = invitation.example()
    return page("invitations/new.html", status, access=access, form=form, example=example)


def _account(form):
    """Refused; unless it was cancelled meanwhile: then nothing more is told of it."""
    one = _under_way()
    if one is None:
        return page("invitations/over.html", 410)
    return page("invitations/account.html", 422, form=form, one=one)


def _answer(form, status=200):
    one = _under_way()
    if one is None:
        return page("invitations/over.html", 410)
    return page(
        "invitations/answer.html",
        status,
        form=form,
        one=one,
        sentences=sentences(one.rights),
        never=sentences(frozenset(Right) - one.rights - {Right.ANNOUNCE}),
    )


def _act(access, one, verb, words):
    try:
        verb(access, one, site(), link)
    except Refusal as refusal:
        warn(refusal.sentence)
        return done("accesses.index", record=access.record.uid)
    say(words)
    return done(".show", record=access.record.uid, one=one.uid)


def _terms(access, form):
    return Terms(
        name=said(form.name),
        link=said(form.link),
        email=said(form.email),
        phone=said(form.phone),
        given=form.given,
        until=form.last_day,
        folders=tuple(form.left_out(access)),
    )


def _invited(access, form):
    """The invitation, or nothing once its refusal is at its field."""
    try:
        return invitation.invite(access, _terms(access, form), site(), link)
    except Refusal as refusal:
        # What is said of the rights is said at the first of their questions.
        field = "documents" if refusal.field == "given" else refusal.field
        form.refuse(Refusal(refusal.sentence, field))
        return None


def sent(made):
    if made.email:
        return f"L'e-mail part pour {made.name}. Il reste à lui donner le code."
    return f"L'invitation est prête. Envoyez le lien à {made.name}, puis donnez-lui le code."


def site():
    return current_app.config["SETTINGS"].site_name


def link(token):
    return current_app.config["SETTINGS"].address + url_for("invitations.begin", token=token)
