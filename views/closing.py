"""Closing a record, and changing one's mind."""

from flask import Blueprint, request
from wtforms import PasswordField, RadioField

from models import closing
from models.access import Right
from models.closing import How
from models.refusal import Refusal

from .door import needs, sure
from .forms import Form, options, required
from .page import done, page, say, warn

views = Blueprint("closing", __name__)

PATH = "/espaces/<uid:record>/cloture"
HOWS = {
    How.ARCHIVE.value: "L'archiver dix ans : personne ne le lit, et je peux le rouvrir",
    How.ERASE.value: "Tout effacer, pour toujours",
}


class Ask(Form):
    how = RadioField(
        "Que devient l'espace ensuite ?",
        [required(closing.CHOOSE)],
        choices=options(HOWS),
        validate_choice=False,
    )
    password = PasswordField("Mon mot de passe", [required("Écrivez votre mot de passe.")])


@views.route(PATH, methods=["GET", "POST"])
@needs(Right.CLOSE)
@sure
def ask(access):
    form = Ask()
    if request.method != "POST":
        return _page(access, form)
    if not form.validate():
        return _page(access, form, 422)
    try:
        closing.ask(access, form.how.data, form.password.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(access, form, 422)
    say("C'est demandé. Personne d'autre n'entre plus. Vous avez 30 jours pour changer d'avis.")
    return done(".ask", record=access.record.uid)


@views.post(PATH + "/annulation")
@needs(Right.CLOSE)
def cancel(access):
    try:
        closing.cancel(access)
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        say("La fermeture est annulée. Tout est comme avant.")
    return done("records.show", record=access.record.uid)


def _page(access, form, status=200):
    beside = closing.beside(access)
    return page("closing/ask.html", status, access=access, form=form, beside=beside)
