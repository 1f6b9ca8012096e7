"""Advance directives: written question by question, deposited on paper, or declared to exist."""

from functools import partial

from flask import Blueprint, redirect, request, url_for
from wtforms import BooleanField, MultipleFileField, RadioField, StringField, TextAreaField

from models import directive, wishes
from models.access import Right
from models.directive import Way
from models.formats.kinds import ACCEPTED
from models.reference.directives import FORMS, UNKNOWN, UNKNOWN_WORDS, Model
from models.refusal import Refusal
from models.sheets import directive as sheets
from models.signing import State

from . import signing
from .deposits import limits
from .door import needs, needs_one
from .forms import DayField, Form, options, required, said
from .page import done, page, say
from .signing import ProtectionField, Words
from .uploads import takes_files
from .wishes import SECTION

views = Blueprint("directives", __name__)

PATH = SECTION + "/directives"
WORDS = Words(
    noun="directives",
    title="les directives",
    valid="Vos directives sont valables. Donnez-en une copie à qui doit les connaître.",
    revoked="Vos directives sont révoquées. Prévenez les personnes qui en ont une copie.",
    given_up="Ce brouillon est effacé.",
)


class Beginning(Form):
    model = RadioField(
        "Votre situation",
        [required("Choisissez l'une des deux réponses.")],
        choices=options({model: form.for_whom for model, form in FORMS.items()}),
        validate_choice=False,
    )
    again = BooleanField("Repartir de mes réponses d'avant")


class Answer(Form):
    choice = RadioField("Votre réponse", validate_choice=False)
    words = TextAreaField("Avec mes mots")


class Ending(Form):
    birthplace = StringField("Ville et pays de naissance")
    protection = ProtectionField()
    witnessed = BooleanField("Je ne peux pas écrire ou signer")


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


def find_attached(access, one):
    found = find_signed(access, one)
    return found if found and found.paper_id else None


def find_ready(access, one):
    found = directive.find_draft(access, one)
    return found if found and found.state is State.TO_SIGN else None


def find_written(access, one):
    """Its document may be printed, then and later."""
    found = directive.find(access, one)
    return found if found and found.prepared_here and found.ready_at else None


def find_revoked(access, one):
    found = directive.find(access, one)
    return found if found and found.revoked_at else None


of_draft = partial(needs_one, directive.find_draft)


@views.get(PATH)
@needs(Right.WISHES)
def index(access):
    return page("directives/index.html", access=access, answers=wishes.look(access), ways=Way)


@views.route(PATH + "/formulaire", methods=["GET", "POST"])
@needs(Right.WILL)
def begin(access):
    if not access.record.adult:
        return redirect(url_for(".index", record=access.record.uid), 303)
    form, rows = Beginning(), directive.history(access)
    if form.is_submitted() and form.validate():
        one = directive.begin(access, Model(form.model.data), form.again.data)
        return _question(access, one, one.all_answers[0].question.code)
    status = 422 if form.is_submitted() else 200
    before = any(row.prepared_here and row.is_signed for row in rows)
    return page("directives/begin.html", status, access=access, form=form, before=before)


@views.route(PATH + "/<uid:one>/questions", methods=["GET", "POST"])
@of_draft(Right.WILL)
def question(access, one):
    answers = one.all_answers
    codes = [each.question.code for each in answers]
    place = (
        codes.index(request.args.get("question")) if request.args.get("question") in codes else 0
    )
    asked, form = answers[place], Answer()
    form.choice.choices = options(asked.question.answers | {UNKNOWN: UNKNOWN_WORDS})
    if not form.is_submitted():
        form.choice.data, form.words.data = asked.choice, asked.words
    elif _kept(access, one, asked.question.code, form):
        last = place + 1 == len(codes)
        if last or "review" in request.form:
            return done(".finish", record=access.record.uid, one=one.uid)
        return _question(access, one, codes[place + 1])
    return page(
        "directives/question.html",
        422 if form.is_submitted() else 200,
        access=access,
        one=one,
        form=form,
        question=asked.question,
        place=place + 1,
        number=len(codes),
        before=codes[place - 1] if place else None,
    )


@views.route(PATH + "/<uid:one>/relecture", methods=["GET", "POST"])
@of_draft(Right.WILL)
def finish(access, one):
    form = Ending()
    if not form.is_submitted():
        form.birthplace.data, form.protection.data = access.record.birthplace, one.protection
        form.witnessed.data = one.witnessed
    else:
        try:
            form.validate()
            protection = form.protection.protection
            place, witnessed = said(form.birthplace), form.witnessed.data
            directive.finish(access, one, place, protection, witnessed)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            say("Votre document est prêt. Il reste à l'imprimer, le dater et le signer.")
            return done(".show", record=access.record.uid, one=one.uid)
    status = 422 if form.is_submitted() else 200
    return page("directives/finish.html", status, access=access, one=one, form=form)


@views.get(PATH + "/<uid:one>")
@needs_one(directive.find, Right.WISHES)
def show(access, one):
    return page("directives/show.html", access=access, one=one, ways=Way)


@views.get(PATH + "/<uid:one>/feuille")
@needs_one(find_written, Right.WISHES)
def document(access, one):
    sheet = _sheet(access, one)
    return page("signing/sheet.html", access=access, sheet=sheet, pdf=".document_pdf", one=one)


@views.get(PATH + "/<uid:one>/feuille/pdf")
@needs_one(find_written, Right.WISHES)
def document_pdf(access, one):
    return signing.printed(access, _sheet(access, one))


@views.get(PATH + "/<uid:one>/revocation/feuille")
@needs_one(find_revoked, Right.WISHES)
def revocation(access, one):
    sheet = sheets.revocation(access.record, one)
    return page("signing/sheet.html", access=access, sheet=sheet, pdf=".revocation_pdf", one=one)


@views.get(PATH + "/<uid:one>/revocation/feuille/pdf")
@needs_one(find_revoked, Right.WISHES)
def revocation_pdf(access, one):
    return signing.printed(access, sheets.revocation(access.record, one))


@views.route(PATH + "/<uid:one>/signature", methods=["GET", "POST"])
@takes_files
@needs_one(find_ready, Right.WILL)
def sign(access, one):
    return signing.attach(access, one, WORDS)


@views.post(PATH + "/<uid:one>/signature/annulation")
@needs_one(find_attached, Right.WILL)
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
            say(_told(access, given))
            return done(".index", record=access.record.uid)
    status = 422 if form.is_submitted() else 200
    return page(f"directives/{template}.html", status, access=access, form=form, formats=ACCEPTED)


def _told(access, given):
    if directive.find(access, given.uid).state is State.VALID:
        return "C'est gardé : ces directives sont valables."
    return "C'est gardé. Vous avez une version plus récente : celle-ci ne la remplace pas."


def _kept(access, one, code, form):
    try:
        form.validate()
        directive.answer(access, one, code, form.choice.data or "", form.words.data or "")
    except Refusal as refusal:
        form.refuse(refusal)
    return not form.faults


def _question(access, one, code):
    return done(".question", record=access.record.uid, one=one.uid, question=code)


def _sheet(access, one):
    trusted = wishes.answers(access).valid_designation
    return sheets.document(access.record, one, trusted.contact if trusted else None)
