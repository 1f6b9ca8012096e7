"""The code of a consultation: made, shown once, cancelled by who decides for the record."""

from flask import Blueprint
from wtforms import RadioField

from models import consultation
from models.access import Right
from models.consultation import Until
from models.refusal import Refusal

from .accesses import PATH
from .door import needs, sure_to_act
from .forms import Form, options
from .page import done, page, say

views = Blueprint("consultations", __name__)

UNTIL = {
    Until.TODAY.value: "Aujourd'hui seulement",
    Until.MONTH.value: "1 mois",
    Until.YEAR.value: "1 an",
    Until.REVOKED.value: "Jusqu'à ce que j'y mette fin",
}


class Code(Form):
    until = RadioField("Jusqu'à quand ?", choices=options(UNTIL), validate_choice=False)


@views.route(PATH + "/code", methods=["GET", "POST"])
@needs(Right.GRANT)
@sure_to_act
def index(access):
    """The code is on the very page that answers: it is kept nowhere, not even to be shown after a
    redirection."""
    form, code = Code(), None
    if form.is_submitted() and form.validate():
        try:
            code = consultation.make(access, form.until.data)
        except Refusal as refusal:
            form.refuse(refusal)
    return page(
        "consultations/index.html",
        422 if form.faults else 200,
        access=access,
        form=form,
        code=code,
        last=consultation.last(access),
        until=UNTIL,
    )


@views.post(PATH + "/code/annulation")
@needs(Right.GRANT)
def cancel(access):
    consultation.cancel(access)
    say("Ce code ne sert plus.")
    return done(".index", record=access.record.uid)
