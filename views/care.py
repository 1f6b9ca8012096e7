"""« Pour ceux qui me soignent »: the page, and its sheet."""

from flask import Blueprint

from models import wishes
from models.access import Right
from models.sheets import care

from .door import needs
from .page import page
from .signing import printed
from .wishes import READERS, SECTION

views = Blueprint("care", __name__)

PATH = SECTION + "/pour-ceux-qui-me-soignent"


@views.get(PATH)
@needs(Right.WISHES)
def show(access):
    answers = wishes.look_at_care(access)
    sheet = care.sheet(access.record, answers)
    return page(
        "care/show.html",
        access=access,
        answers=answers,
        sheet=sheet,
        readers=READERS[wishes.readers(access.record)],
    )


@views.get(PATH + "/pdf")
@needs(Right.WISHES)
def pdf(access):
    return printed(access, care.sheet(access.record, wishes.look_at_care(access)))
