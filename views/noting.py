"""More routes of objection: what the office notes, for whoever objects, or changes her mind, by
letter, by telephone or at the desk. The code of the receipt is in its cookie alone, for an hour."""

from flask import abort, redirect, request, session, url_for
from flask_login import current_user
from wtforms import RadioField
from wtforms.validators import AnyOf

from models import clock, helpdesk, objection, office
from models.objection import BY_WAY, CHECKED, How, Told
from models.office import Task
from models.record import State

from .door import for_the_office
from .forms import Form, options
from .objection import accepted, pdf, recent, views
from .page import done, page, say
from .sender import sender

PATH = "/association/adherents/<uid:one>/opposition"
WAYS = {way: words.capitalize() for way, words in BY_WAY.items() if way is not How.SITE}


class Demand(Form):
    how = RadioField(
        "Comment la demande est-elle arrivée ?",
        [AnyOf(list(WAYS), objection.CHOOSE_HOW)],
        choices=options(WAYS),
        validate_choice=False,
    )
    checked = RadioField(
        "Comment savez-vous que c'est cette personne ?",
        [AnyOf(list(CHECKED), objection.CHOOSE_CHECKED)],
        choices=options(CHECKED),
        validate_choice=False,
    )

    @property
    def told(self) -> Told:
        return Told(self.how.data or "", self.checked.data or "")


@views.route(PATH, methods=["GET", "POST"])
@for_the_office(Task.HELP)
def note(one):
    record, form = _found(one), Demand()
    if request.method == "POST":
        made = accepted(form, lambda: objection.note(record, _actor(), form.told, sender()))
        if made is not None:
            _keep_code(one, made)
            return done(".note", one=one)
    return _page("note", record, form)


@views.get(PATH + "/recu")
@for_the_office(Task.HELP)
def noted_receipt(one):
    made = objection.receipt(_found(one), recent("receipt").get("code", ""), sender())
    here = url_for(".note", one=one)
    return pdf(made, here) if made else redirect(here, 303)


@views.route(PATH + "/retrait", methods=["GET", "POST"])
@for_the_office(Task.HELP)
def note_withdrawal(one):
    record, form = _found(one), Demand()
    if request.method == "POST":
        act = lambda: objection.withdraw(record, _actor(), form.told) or True  # noqa: E731
        if accepted(form, act):
            say("C'est noté : l'espace est de nouveau préparé, et vide.")
            return done(".note", one=one)
    elif record.state is not State.OBJECTED:
        return redirect(url_for(".note", one=one), 303)
    return _page("note_withdrawal", record, form)


def _keep_code(one, code):
    if code:
        session["receipt"] = {"at": clock.now().isoformat(), "of": one, "code": code}
        say("L'opposition est notée. Donnez ou envoyez le reçu : il porte un code.")
    else:
        say("L'opposition était déjà notée.")


def _found(one):
    record = helpdesk.open_to(current_user.account, one)
    if record is None:
        abort(404)
    return record


def _actor():
    return office.actor(current_user.account)


def _page(name, record, form):
    kept = recent("receipt")
    return page(
        f"objection/{name}.html",
        422 if request.method == "POST" else 200,
        record=record,
        form=form,
        one=objection.standing(record),
        open_then=objection.would_be_open(record),
        coded=kept.get("of") == record.uid,
    )
