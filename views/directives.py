"""Advance directives: written question by question, deposited on paper, or declared to exist."""

from functools import partial

from flask import Blueprint, redirect, url_for
from wtforms import MultipleFileField, StringField

from models import directive, wishes
from models.access import Right
from models.directive import Way
from models.document import directives_elsewhere
from models.formats.kinds import PLAIN
from models.refusal import Refusal
from models.sheets import directive as sheets
from models.signing import State

from . import signing
from .deposits import limits
from .door import needs, needs_one
from .forms import DayField, Form, said
from .page import done, page, say
from .signing import ProtectionField, Words
from .uploads import takes_files
from .wishes import SECTION

views = Blueprint("directives", __name__)

PATH = SECTION + "/directives"
WORDS = Words(
    noun="directives",
    title="les directives",
    signed="les directives signées",
    valid="Vos directives sont valables. Donnez-en une copie à qui doit les connaître.",
    revoked="Vos directives sont révoquées. Prévenez les personnes qui en ont une copie.",
    given_up="Ce brouillon est effacé.",
)


class Paper(Form):
    files = MultipleFileField("Le papier signé")
    signed_on = DayField("Date de la signature")
    place = StringField("Où est l'original ?")
    protection = ProtectionField("Une mesure de protection vous concernait-elle ?")
    authorisation = MultipleFileField("L'autorisation du juge ou du conseil de famille")


class Existence(Form):
    signed_on = DayField("Date de la signature")
    place = StringField("Où est le papier ?")
    keeper = StringField("Qui le garde ?")


def find_signed(access, one):
    found = directive.find(access, one)
    return found if found and found.is_signed and not found.revoked_at else None


def find_ready(access, one):
    """To print and sign; once signed, its paper is to be read, not printed again."""
    found = directive.find_draft(access, one)
    return found if found and found.state is State.TO_SIGN else None


def find_prepared(access, one):
    found = directive.find(access, one)
    return found if found and found.prepared_here and not found.revoked_at else None


def find_revoked(access, one):
    found = directive.find(access, one)
    return found if found and found.revoked_at else None


of_draft = partial(needs_one, directive.find_draft)


@views.get(PATH)
@needs(Right.PEOPLE)
def index(access):
    return page(
        "directives/index.html",
        access=access,
        answers=wishes.look(access),
        ways=Way,
        elsewhere=directives_elsewhere(access),
    )


@views.get(PATH + "/<uid:one>")
@needs_one(directive.find_readable, Right.WISHES)
def show(access, one):
    if one.is_signed:
        directive.read(access, one)
    return page("directives/show.html", access=access, one=one, ways=Way)


@views.get(PATH + "/<uid:one>/feuille")
@needs_one(find_ready, Right.WILL)
def document(access, one):
    sheet = _sheet(access, one)
    return page("signing/sheet.html", access=access, sheet=sheet, pdf=".document_pdf", one=one)


@views.get(PATH + "/<uid:one>/feuille/pdf")
@needs_one(find_ready, Right.WILL)
def document_pdf(access, one):
    return signing.printed(access, _sheet(access, one))


@views.get(PATH + "/<uid:one>/revocation/feuille")
@needs_one(find_revoked, Right.WILL)
def revocation(access, one):
    sheet = sheets.revocation(access.record, one)
    return page("signing/sheet.html", access=access, sheet=sheet, pdf=".revocation_pdf", one=one)


@views.get(PATH + "/<uid:one>/revocation/feuille/pdf")
@needs_one(find_revoked, Right.WILL)
def revocation_pdf(access, one):
    return signing.printed(access, sheets.revocation(access.record, one))


@views.route(PATH + "/<uid:one>/signature", methods=["GET", "POST"])
@takes_files
@needs_one(find_prepared, Right.WILL)
def sign(access, one):
    return signing.attach(access, one, WORDS)


@views.post(PATH + "/<uid:one>/signature/annulation")
@needs_one(find_signed, Right.WILL)
def withdraw(access, one):
    return signing.withdraw(access, one, WORDS)


@views.route(PATH + "/<uid:one>/revocation", methods=["GET", "POST"])
@needs_one(find_signed, Right.WILL)
def revoke(access, one):
    return signing.revoke(access, one, WORDS)


@views.route(PATH + "/<uid:one>/abandon", methods=["GET", "POST"])
@of_draft(Right.WILL)
def give_up(access, one):
    return signing.give_up(access, one, WORDS)


@views.post(PATH + "/<uid:one>/lecture")
@needs_one(find_signed, Right.WILL)
def read_again(access, one):
    directive.read_again(access, one)
    say("C'est noté : vous les avez relues et vous les gardez.")
    return done(".index", record=access.record.uid)


@views.route(PATH + "/papier", methods=["GET", "POST"])
@takes_files
@needs(Right.WILL)
def deposit(access):
    return _given(access, Paper(), _deposit, "deposit")


@views.route(PATH + "/ailleurs", methods=["GET", "POST"])
@needs(Right.WILL)
def declare(access):
    return _given(access, Existence(), _declare, "declare")


def _deposit(access, form):
    protection, place = form.protection.protection, said(form.place)
    papers = signing.papers()
    return directive.deposit(access, form.signed_on.data, papers, place, protection, limits())


def _declare(access, form):
    return directive.declare(access, form.signed_on.data, said(form.place), said(form.keeper))


def _given(access, form, verb, template):
    if not access.record.adult:
        return redirect(url_for(".index", record=access.record.uid), 303)
    if form.is_submitted():
        try:
            form.validate()
            given = verb(access, form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            say(_told(given))
            return done(".index", record=access.record.uid)
    status = 422 if form.is_submitted() else 200
    return page(f"directives/{template}.html", status, access=access, form=form, formats=PLAIN)


def _told(given):
    if given.state is State.VALID:
        return "C'est gardé : ces directives sont valables."
    return signing.KEPT[given.state]


def _sheet(access, one):
    trusted = wishes.answers(access).valid_designation
    return sheets.document(access.record, one, trusted.contact if trusted else None)
