"""Directives written here: one question a page, left and resumed at will, then read again."""

from flask import redirect, request, url_for
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import AnyOf

from models import directive
from models.access import Right
from models.reference.directives import FORMS, UNKNOWN, UNKNOWN_WORDS, Model
from models.refusal import Refusal

from .directives import PATH, of_draft, views
from .door import needs
from .forms import Form, options, said
from .page import done, page, say
from .signing import ProtectionField

CHANGED = (
    "Cette réponse a changé sur un autre appareil. Vos deux textes sont ici : gardez ce que vous "
    "voulez."
)


class Beginning(Form):
    model = RadioField(
        "Votre situation",
        [AnyOf(list(Model), "Choisissez l'une des deux réponses.")],
        choices=options({model: form.for_whom for model, form in FORMS.items()}),
        validate_choice=False,
    )
    again = BooleanField("Repartir de mes réponses d'avant")


class Answer(Form):
    choice = RadioField("Votre réponse", validate_choice=False)
    words = TextAreaField("Avec mes mots")
    # The answer that was on the page: another device may have changed it since.
    seen = StringField()


class Ending(Form):
    birthplace = StringField("Ville et pays de naissance")
    protection = ProtectionField()
    witnessed = BooleanField("Je ne peux pas écrire ou signer")


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
    wanted = request.args.get("question")
    place = codes.index(wanted) if wanted in codes else _where_she_stopped(answers)
    asked, form = answers[place], Answer()
    nothing = {"": "Pas de réponse."} if asked.choice else {}
    form.choice.choices = options(asked.question.answers | {UNKNOWN: UNKNOWN_WORDS} | nothing)
    if not form.is_submitted():
        form.choice.data, form.words.data, form.seen.data = asked.choice, asked.words, asked.mark
    elif _kept(access, one, asked, form):
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


def _kept(access, one, asked, form):
    try:
        form.validate()
        if form.seen.data != asked.mark:
            _join(form, asked)
            raise Refusal(CHANGED, "words")
        code, choice = asked.question.code, form.choice.data or ""
        directive.answer(access, one, code, choice, form.words.data or "")
    except Refusal as refusal:
        form.refuse(refusal)
    return not form.faults


def _where_she_stopped(answers):
    """After the last answer given; at the first question where there is none after it."""
    after = max((place for place, each in enumerate(answers, start=1) if each.given), default=0)
    return after if after < len(answers) else 0


def _join(form, asked):
    """What was typed here, after what was kept meanwhile."""
    typed = form.words.data or ""
    form.seen.data = asked.mark
    if typed.split() != asked.words.split():
        form.words.data = f"{asked.words}\n\n{typed}".strip()


def _question(access, one, code):
    return done(".question", record=access.record.uid, one=one.uid, question=code)
