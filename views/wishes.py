"""« Entourage et volontés »: the page of the four questions, and the choice of who reads it."""

from flask import Blueprint, redirect, url_for
from wtforms import RadioField

from models import wishes
from models.access import Right
from models.record import Shown
from models.refusal import Refusal

from .door import needs
from .forms import Form, options
from .page import done, page, say

views = Blueprint("wishes", __name__)

SECTION = "/espaces/<uid:record>/entourage-et-volontes"
READERS = {
    Shown.EMERGENCY: "Les professionnels à qui je donne accès, et ceux qui me soignent en urgence",
    Shown.ACCESS: "Seulement les professionnels à qui je donne accès",
    Shown.NOBODY: "Aucun professionnel, même en urgence",
}


class Readers(Form):
    shown = RadioField(
        "Qui peut lire cette page ?", choices=options(READERS), validate_choice=False
    )


@views.get(SECTION)
@needs(Right.WISHES)
def show(access):
    if not access.can(Right.PEOPLE):
        return redirect(url_for("care.show", record=access.record.uid), 303)
    return page(
        "wishes/show.html",
        access=access,
        answers=wishes.look(access),
        readers=READERS[wishes.readers(access.record)],
    )


@views.route(SECTION + "/lecteurs", methods=["GET", "POST"])
@needs(Right.WILL)
def readers(access):
    form = Readers()
    if not form.is_submitted():
        form.shown.data = form.shown.data or access.record.wishes_shown
        return page("wishes/readers.html", access=access, form=form)
    try:
        form.validate()
        wishes.choose_readers(access, form.shown.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return page("wishes/readers.html", 422, access=access, form=form)
    say("Votre choix est gardé.")
    return done("wishes.show", record=access.record.uid)
