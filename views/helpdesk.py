"""The helpdesk: one person looked for, where she is stuck, and another code."""

from flask import Blueprint, abort, request
from flask_login import current_user
from wtforms import RadioField, StringField

from models import activation_code, giving, handover, helpdesk, office
from models.formats.typesetting import TypesettingFailed
from models.giving import Shown
from models.helpdesk import Asked
from models.office import Task
from models.refusal import Refusal
from models.sheets import telling as sheets

from . import files, stuck
from .door import for_the_office, officer
from .forms import DayField, Form, OptionalDayField, accepted, options, required, said
from .page import done, page, say, warn
from .sender import sender
from .words import capitalize_first

views = Blueprint("helpdesk", __name__)

PATH = "/association/aide-aux-adherents"


class LookFor(Form):
    number = StringField("Numéro d'adhérent")
    name = StringField("Nom")
    birth_date = OptionalDayField("Date de naissance")

    @property
    def asked(self) -> Asked:
        return Asked(said(self.number), said(self.name), self.birth_date.data)


class Desk(Form):
    paper = RadioField(
        "Papier montré",
        [accepted(giving.checked_paper)],
        choices=options({key: capitalize_first(told) for key, told in giving.PAPERS.items()}),
        validate_choice=False,
    )
    parent = StringField("Prénom et nom du parent")
    birth_date = DayField("Date de naissance", [required("Écrivez la date lue sur le papier.")])

    @property
    def shown(self) -> Shown:
        return Shown(self.paper.data, self.birth_date.data, said(self.parent))


@views.route(PATH, methods=["GET", "POST"])
@for_the_office(Task.HELP)
def index():
    """Searched by a form that is posted: neither name nor birth date is in an address."""
    form = LookFor()
    if request.method != "POST":
        return page("helpdesk/index.html", form=form)
    try:
        found = helpdesk.look_for(form.asked, officer()) if form.validate() else None
    except Refusal as refusal:
        form.refuse(refusal)
        found = None
    return done(".show", one=found.uid) if found else page("helpdesk/index.html", 422, form=form)


@views.get(PATH + "/<uid:one>")
@for_the_office(Task.HELP)
def show(one):
    record, account = _find(one), current_user.account
    return page(
        "helpdesk/show.html",
        one=record,
        said=stuck.told(helpdesk.stuck(record)),
        ways=giving.ways(record),
        after=giving.codes_made(record),
        to_post=giving.to_post(record),
        keeps=office.may(account, Task.MEMBERS),
        confides=office.may(account, Task.CONFIDE) and handover.find(record.uid),
    )


@views.post(PATH + "/<uid:one>/e-mail")
@for_the_office(Task.HELP)
def send(one):
    record = _find(one)
    try:
        giving.by_email(record, _after(), officer(), sender())
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        say("Un nouveau code part par e-mail. Les codes d'avant ne servent plus.")
    return done(".show", one=record.uid)


@views.post(PATH + "/<uid:one>/lettre")
@for_the_office(Task.HELP)
def write(one):
    """The PDF is the answer: it is kept nowhere."""
    record = _find(one)
    try:
        content = giving.by_post(record, _after(), officer(), sender())
    except Refusal as refusal:
        warn(refusal.sentence)
    except TypesettingFailed:
        warn(giving.NOT_MADE)
    else:
        return files.pdf(content, f"lettre-{record.member_number}")
    return done(".show", one=record.uid)


@views.post(PATH + "/<uid:one>/lettre/envoi")
@for_the_office(Task.HELP)
def post(one):
    record = _find(one)
    try:
        giving.posted(record, officer())
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        say("C'est noté : la lettre est partie aujourd'hui.")
    return done(".show", one=record.uid)


@views.route(PATH + "/<uid:one>/guichet", methods=["GET", "POST"])
@for_the_office(Task.HELP)
def give(one):
    """The code is on the very page that answers: it is kept nowhere."""
    record, form = _find(one), Desk()
    if not giving.ways(record).desk:
        warn(giving.NOT_HERE)
        return done(".show", one=record.uid)
    if request.method != "POST":
        return _desk(record, form)
    given = _checked(record, form)
    return _given(record, given) if given else _desk(record, form, 422)


def _checked(record, form):
    """The code, or nothing once what is missing is at its field."""
    if not form.validate():
        return None
    try:
        return giving.at_desk(record, form.shown, _after(), officer(), sender())
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def _desk(record, form, status=200):
    after = giving.codes_made(record)
    return page("helpdesk/desk.html", status, one=record, form=form, after=after)


def _given(record, given):
    sheet = sheets.sheet(record, given.code, sender(), given.what, given.last_day)
    code = activation_code.spaced(given.code)
    return page("helpdesk/code.html", one=record, code=code, sheet=sheet, sender=sender())


def _after():
    """How many codes there were when the page was drawn; none can be -1."""
    number = request.form.get("apres", "")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 9 else -1


def _find(one):
    found = helpdesk.open_to(current_user.account, one)
    if found is None:
        abort(404)
    return found
