"""Activation: one question a page. The cookie only says which activation is under way."""

from functools import wraps

from flask import Blueprint, current_app, redirect, request, session, url_for
from flask_login import current_user
from wtforms import BooleanField, PasswordField, RadioField, StringField

from models import activation as activations
from models import activation_code, person, statement
from models import session as sessions
from models.activation import Step
from models.refusal import Refusal

from . import devices
from .deposits import limits
from .door import public, welcome
from .forms import DayField, Form, accepted, options, required, said
from .page import page, redirect_to_page, say, warn
from .sessions import device
from .words import of

views = Blueprint("activation", __name__)

PAGES = {
    Step.IDENTITY: "activation.identity",
    Step.CREDENTIALS: "activation.credentials",
    Step.TERMS: "activation.terms",
    Step.VISIBILITY: "activation.visibility",
    Step.EMERGENCY: "activation.emergency",
}
BIRTH_DATE = "Écrivez votre date de naissance : jour, mois, année. Par exemple 14/03/1951."


class Begin(Form):
    code = StringField("Code d'activation", [required("Écrivez le code reçu de l'association.")])
    birth_date = DayField("Date de naissance", [required(BIRTH_DATE)])


class LostCode(Form):
    member_number = StringField("Numéro d'adhérent", [required("Écrivez votre numéro d'adhérent.")])
    birth_date = DayField("Date de naissance", [required(BIRTH_DATE)])


class Confirm(Form):
    pass


class Certify(Form):
    certified = BooleanField(
        "Je certifie être parent ou représentant légal {}",
        [required("Pour continuer, cochez la case. Si ce n'est pas vrai, arrêtez-vous ici.")],
    )

    def about(self, record):
        self.certified.label.text = self.certified.label.text.format(of(record.name))


class Credentials(Form):
    email = StringField("Adresse e-mail", [required("Écrivez votre adresse e-mail.")])
    password = PasswordField("Mot de passe", [required("Choisissez un mot de passe.")])


class ParentCredentials(Form):
    name = StringField("Mon prénom et mon nom", [accepted(person.checked_full_name)])
    email = StringField("Mon adresse e-mail", [required("Écrivez votre adresse e-mail.")])
    password = PasswordField("Mot de passe", [required("Choisissez un mot de passe.")])


class Terms(Form):
    accepted = BooleanField(
        "J'accepte les conditions d'utilisation",
        [required("Pour continuer, cochez la case. Sinon, votre espace reste fermé.")],
    )


class Visibility(Form):
    masked = RadioField(
        "Qui peut voir mes documents ?",
        [required("Choisissez l'une des deux réponses.")],
        choices=options(
            {
                "non": "Visibles par les professionnels de santé à qui je donnerai accès",
                "oui": "Masqués à tous les professionnels de santé",
            }
        ),
        validate_choice=False,
    )


class Emergency(Form):
    allowed = RadioField(
        "En cas d'urgence",
        [required("Choisissez l'une des deux réponses.")],
        choices=options(
            {
                "oui": "Oui, un professionnel de santé peut voir mes documents visibles",
                "non": "Non, personne, même en cas d'urgence",
            }
        ),
        validate_choice=False,
    )

    def about_child(self):
        yes, no = self.allowed.choices
        words = "Oui, un professionnel de santé peut voir les documents visibles de l'enfant"
        self.allowed.choices = options({yes.value: words, no.value: no.label})


def under_way(step):
    """The view of one question: it is called with the answers given so far."""

    def decorate(view):
        @wraps(view)
        def guarded():
            answers = activations.under_way(session.get("activation", ""))
            if answers is None:
                return redirect_to_page(url_for("activation.begin"))
            if list(Step).index(step) > list(Step).index(answers.step):
                return redirect_to_page(url_for(PAGES[answers.step]))
            return view(answers)

        return public(guarded)

    return decorate


@views.route("/activation", methods=["GET", "POST"])
@public
def begin():
    form = Begin()
    if form.is_submitted() and form.validate():
        try:
            answers = activations.begin(form.code.data, form.birth_date.data, request.remote_addr)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            session["activation"] = answers.token
            return redirect(url_for(PAGES[answers.step]), 303)
    return _question("begin", form)


@views.route("/activation/code-perdu", methods=["GET", "POST"])
@public
def lost_code():
    form = LostCode()
    settings = current_app.config["SETTINGS"]
    if form.is_submitted() and form.validate():
        try:
            activation_code.ask_again(
                form.member_number.data,
                form.birth_date.data,
                request.remote_addr,
                settings.address + url_for(".begin"),
                settings.code_days,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return page("activation/code_sent.html")
    return _question("lost_code", form)


@views.route("/activation/identite", methods=["GET", "POST"])
@under_way(Step.IDENTITY)
def identity(answers):
    form = Certify() if answers.by_parent else Confirm()
    if answers.by_parent:
        form.about(answers.record)
    if form.is_submitted() and form.validate():
        answers.confirm()
        return _next(answers)
    return _question("identity", form, answers)


@views.route("/activation/identifiants", methods=["GET", "POST"])
@under_way(Step.CREDENTIALS)
def credentials(answers):
    form = ParentCredentials() if answers.by_parent else Credentials()
    if not form.is_submitted():
        form.email.data = answers.email or answers.record.email
        if answers.by_parent:
            form.name.data = answers.name
    elif form.validate():
        try:
            name = said(form.name) if answers.by_parent else ""
            answers.choose_credentials(said(form.email), form.password.data, name)
            return _next(answers)
        except Refusal as refusal:
            form.refuse(refusal)
    return _question("credentials", form, answers)


@views.post("/activation/compte")
@under_way(Step.CREDENTIALS)
def account(answers):
    """A parent who is signed in uses the account she has."""
    try:
        if current_user.is_authenticated:
            answers.choose_account(current_user.account)
    except Refusal as refusal:
        warn(refusal.sentence)
        return redirect_to_page(url_for(".credentials"))
    return _next(answers)


@views.route("/activation/conditions", methods=["GET", "POST"])
@under_way(Step.TERMS)
def terms(answers):
    form = Terms()
    if form.is_submitted() and form.validate():
        answers.accept_terms()
        return _next(answers)
    return _question("terms", form, answers)


@views.route("/activation/visibilite", methods=["GET", "POST"])
@under_way(Step.VISIBILITY)
def visibility(answers):
    form = Visibility()
    if answers.by_parent:
        form.masked.label.text = "Qui peut voir ses documents ?"
    if form.is_submitted() and form.validate():
        answers.choose_visibility(masked=form.masked.data == "oui")
        return _next(answers)
    return _question("visibility", form, answers)


@views.route("/activation/urgence", methods=["GET", "POST"])
@under_way(Step.EMERGENCY)
def emergency(answers):
    form = Emergency()
    if answers.by_parent:
        form.about_child()
    if form.is_submitted() and form.validate():
        try:
            account = answers.choose_emergency(allowed=form.allowed.data == "oui")
        except Refusal as refusal:
            warn(refusal.sentence)
            return redirect_to_page(url_for(".credentials"))
        return _enter(answers, account)
    return _question("emergency", form, answers)


def _enter(answers, account):
    session.pop("activation", None)
    if not answers.account_id:
        welcome(sessions.start(account, device()))
        devices.recognise(current_user.session, told=False)
    if not answers.by_parent:
        say("Votre espace est activé. Il est à vous.")
        return redirect(url_for("records.index"), 303)
    statement.file_due(limits())
    say(f"L'espace {of(answers.record.name)} est activé. Vous le tenez jusqu'à ses 18 ans.")
    # Whoever began elsewhere, with the account she has, signs in to it first.
    return redirect(url_for("records.index"), 303)


def _next(answers):
    return redirect(url_for(PAGES[answers.step]), 303)


def _question(name, form, answers=None):
    status = 422 if form.is_submitted() else 200
    number = len(PAGES) + 1
    place = list(Step).index(Step(name)) + 2 if name in list(Step) else 1
    return page(
        f"activation/{name}.html", status, form=form, answers=answers, place=place, number=number
    )
