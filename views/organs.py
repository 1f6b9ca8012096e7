"""Organ donation: the rules, and that they were read."""

from flask import Blueprint, request

from models import organs
from models.access import Right

from .door import needs
from .page import done, page, say
from .wishes import SECTION

views = Blueprint("organs", __name__)


@views.route(SECTION + "/organes", methods=["GET", "POST"])
@needs(Right.PEOPLE)
def show(access):
    if request.method != "POST":
        may_refuse = organs.may_refuse(access.record)
        return page("organs/show.html", access=access, may_refuse=may_refuse)
    organs.mark_read(access)
    say("C'est noté : vous avez lu cette page. Ce n'est ni un oui, ni un non.")
    return done("wishes.show", record=access.record.uid)
