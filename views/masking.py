"""Masking every document at once, and taking it back."""

from flask import Blueprint, request, url_for

from models import masking
from models.access import Right
from models.refusal import Refusal

from .door import needs
from .forms import number, yes_or_no
from .page import done, say, warn

views = Blueprint("masking", __name__)

DONE = {
    True: "Tous vos documents sont masqués aux professionnels de santé, sauf à ceux qui les ont "
    "déposés. Les prochains le seront aussi. « Entourage et volontés » garde son propre choix.",
    False: "Tous vos documents sont visibles par les professionnels de santé à qui vous donnez "
    "accès. Les prochains le seront aussi.",
}


@views.post("/espaces/<uid:record>/documents/masquage")
@needs(Right.MASK)
def create(access):
    masked = yes_or_no("masque")
    made = masking.choose_all(access, masked)
    say(DONE[masked], undo=url_for(".undo", record=access.record.uid, choix=made.id))
    return _back(access)


@views.post("/espaces/<uid:record>/documents/masquage/annulation")
@needs(Right.MASK)
def undo(access):
    try:
        masking.undo(access, request.args.get("choix", 0, number))
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        say("C'est annulé : chaque document est de nouveau comme vous l'aviez choisi.")
    return _back(access)


def _back(access):
    return done("documents.index", record=access.record.uid)
