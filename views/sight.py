"""« Voir comme »: choose whose eyes to look with; the record's pages then show what they see."""

from flask import Blueprint
from wtforms import RadioField, SelectField

from models import sight
from models.access import Right
from models.reference.professions import PROFESSIONS
from models.refusal import Refusal

from .door import needs
from .forms import Form, options
from .page import done, page

views = Blueprint("sight", __name__)

CASES = {
    sight.Case.ADMITTED: "Avec un accès à cet espace",
    sight.Case.EMERGENCY: "En cas d'urgence",
    sight.Case.SAMU: "En cas d'urgence, au SAMU (le 15)",
}


class Eyes(Form):
    profession = SelectField(
        "Son métier", choices=options({"": "Choisir…"} | PROFESSIONS), validate_choice=False
    )
    case = RadioField(
        "Comment entre cette personne ?", choices=options(CASES), validate_choice=False
    )


@views.route("/espaces/<uid:record>/acces/voir-comme", methods=["GET", "POST"])
@needs(Right.GRANT)
def choose(access):
    form = Eyes()
    if not form.is_submitted():
        form.case.data = form.case.data or sight.Case.ADMITTED
        return _show(access, form)
    try:
        form.validate()
        who = sight.chosen(access, form.case.data, form.profession.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return _show(access, form, 422)
    return done("records.show", record=f"{access.record.uid}~{who}")


def _show(access, form, status=200):
    people = [(one.uid, sight.words_for(one)) for one in sight.people(access)]
    return page("sight/choose.html", status, access=access, form=form, people=people)
