"""A card to carry, with the lines chosen; the choice is in the address."""

from flask import Blueprint, redirect, request, url_for

from models import wishes
from models.access import Right
from models.formats import qr, typesetting
from models.refusal import Refusal
from models.sheets import card

from . import files
from .door import needs
from .page import page, warn
from .wishes import SECTION

views = Blueprint("card", __name__)

TITLE = "Carte à garder sur soi"


@views.get(SECTION + "/carte")
@needs(Right.PEOPLE)
def show(access):
    lines, made = _card(access)
    code, fault = None, None
    try:
        code = qr.path(made.code)
    except Refusal as refusal:
        fault = refusal.sentence
    names = {"lines": lines, "chosen": _chosen(lines), "card": made, "code": code, "fault": fault}
    return page("card/show.html", access=access, **names)


@views.get(SECTION + "/carte/pdf")
@needs(Right.PEOPLE)
def pdf(access):
    lines, made = _card(access)
    try:
        content = typesetting.card_pdf(made)
    except (Refusal, typesetting.TypesettingFailed) as failure:
        warn(getattr(failure, "sentence", "Le PDF n'a pas pu être fait. Imprimez cette page."))
        here = url_for(".show", record=access.record.uid, ligne=_chosen(lines))
        return redirect(here, 303)
    wishes.print_out(access, TITLE)
    return files.pdf(content, TITLE)


def _card(access):
    answers = wishes.look(access)
    lines = card.lines(access.record, answers)
    return lines, card.card(access.record, answers, _chosen(lines))


def _chosen(lines):
    """Every line, until some are chosen; then only those."""
    asked = request.args.getlist("ligne")
    return [code for code in lines if code in asked] if request.args else list(lines)
