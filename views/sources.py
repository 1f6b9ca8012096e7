"""The software that deposits documents, registered by the office."""

from flask import Blueprint, abort, current_app
from wtforms import RadioField, SelectField, StringField

from models import source
from models.office import Task
from models.refusal import Refusal
from models.source import Told

from .door import for_the_office, officer, sure
from .forms import Form, OptionalDayField, accepted, options, said
from .page import done, page, say, warn

views = Blueprint("sources", __name__)

PATH = "/association/logiciels"


def _number(words):
    words = (words or "").strip()
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 9 else 0


class Software(Form):
    name = StringField("Nom", [accepted(source.checked_name)])
    kind = SelectField(
        "Qui dépose avec ce logiciel\u00a0?",
        [accepted(source.checked_kind)],
        choices=options({"": "Choisir…"} | source.KINDS),
        validate_choice=False,
    )
    contact = StringField("Adresse e-mail à joindre", [accepted(source.checked_contact)])
    per_day = StringField(
        "Documents par jour, au plus",
        [accepted(lambda words: source.checked_per_day(_number(words)))],
        default=str(source.USUAL_A_DAY),
    )
    last_day = OptionalDayField("Dernier jour", [accepted(source.checked_last_day)])
    unmatched = RadioField(
        "Si Carnet ne sait pas avec certitude de qui est un document",
        choices=options(source.UNMATCHED),
        default=source.Unmatched.QUEUE.value,
        validate_choice=False,
    )

    @property
    def told(self) -> Told:
        words = {name: said(self[name]) for name in ("name", "kind", "contact")}
        words["unmatched"] = said(self.unmatched)
        return Told(per_day=_number(said(self.per_day)), last_day=self.last_day.data, **words)


@views.get(PATH)
@for_the_office(Task.SOURCES)
def index():
    return page("sources/index.html", sources=source.listed(), used=source.used_today())


@views.route(PATH + "/ajout", methods=["GET", "POST"])
@for_the_office(Task.SOURCES)
@sure
def create():
    form = Software()
    if not form.is_submitted():
        return page("sources/new.html", form=form)
    made = form.carry_out(lambda told: source.register(officer(), told))
    if made is None:
        return page("sources/new.html", 422, form=form)
    return _token(*made)


@views.route(PATH + "/<uid:one>", methods=["GET", "POST"])
@for_the_office(Task.SOURCES)
def edit(one):
    shown = _find(one)
    form = Software()
    if not form.is_submitted():
        form.process(obj=shown)
        return _settings(form, shown)
    if form.carry_out(lambda told: source.change(officer(), shown, told) or shown) is None:
        return _settings(form, shown, 422)
    say("Les limites sont à jour.")
    return done(".index")


@views.post(PATH + "/<uid:one>/jeton")
@for_the_office(Task.SOURCES)
@sure
def renew(one):
    """The token is on the very page that answers: it is kept nowhere."""
    shown = _find(one)
    try:
        return _token(shown, source.renew(officer(), shown))
    except Refusal as refusal:
        warn(refusal.sentence)
        return done(".index")


@views.post(PATH + "/<uid:one>/adresse")
@for_the_office(Task.SOURCES)
def open_mailbox(one):
    return _mailbox(one, source.open_mailbox, "Voici sa nouvelle adresse de dépôt.")


@views.post(PATH + "/<uid:one>/adresse/retrait")
@for_the_office(Task.SOURCES)
def close_mailbox(one):
    return _mailbox(one, source.close_mailbox, "Son adresse de dépôt ne sert plus.")


@views.route(PATH + "/<uid:one>/fin", methods=["GET", "POST"])
@for_the_office(Task.SOURCES)
def end(one):
    shown = _find(one)
    if not Form().is_submitted():
        return page("sources/end.html", one=shown)
    source.end(officer(), shown)
    say(f"{shown.name} ne dépose plus rien.")
    return done(".index")


def _find(one):
    found = source.find(one)
    if found is None:
        abort(404)
    return found


def _mailbox(one, act, done_so):
    shown = _find(one)
    try:
        act(officer(), shown)
        say(done_so)
    except Refusal as refusal:
        warn(refusal.sentence)
    return done(".edit", one=one)


def _token(one, token):
    return page("sources/token.html", one=one, token=token, address=_settled().address)


def _settings(form, one, status=200):
    settled = _settled()
    return page(
        "sources/edit.html",
        status,
        form=form,
        one=one,
        address=settled.address,
        mailbox=one.mailbox and f"{one.mailbox}@{settled.mailboxes}",
        today=source.used_today().get(one.id, 0),
        unmatched=source.UNMATCHED,
    )


def _settled():
    return current_app.config["SETTINGS"]
