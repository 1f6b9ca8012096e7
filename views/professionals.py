"""The professionals of a record: found in the directory, let in, made administrators."""

from datetime import date

from flask import Blueprint, request
from wtforms import StringField

from models import access as accesses
from models import admission, block, invitation, professional
from models.access import Right
from models.refusal import Refusal

from .accesses import LENGTHS, PATH, Lasting, length_field
from .door import needs, needs_one, sure_to_act
from .forms import Form, said, yes_or_no
from .page import done, page, say, warn

views = Blueprint("professionals", __name__)

LENGTHS_AND_MORE = LENGTHS | {"toujours": "Jusqu'à ce que j'y mette fin"}


class Search(Form):
    q = StringField("Nom, lieu ou métier")


class LetIn(Lasting):
    length = length_field(LENGTHS_AND_MORE)

    @property
    def last_day(self) -> date | None:
        """None where it lasts until it is ended. Raises Refusal."""
        if self.length.data == "toujours":
            return None
        return invitation.checked_until(super().last_day)


def find(_access, one):
    """Even suspended: she may still be blocked, or unblocked."""
    return professional.find(one)


@views.get(PATH + "/professionnels")
@needs(Right.GRANT)
def index(access):
    form = Search(data={"q": request.args.get("q", "").strip()})
    found = _found(form) if "q" in request.args else None
    people = [one for one in accesses.all_in(access.record) if one.role in accesses.BY_PROFESSION]
    return page(
        "professionals/index.html",
        422 if form.faults else 200,
        access=access,
        form=form,
        found=found,
        most=professional.MOST_FOUND,
        people=people,
        professionals=professional.of_accounts(one.account_id for one in people),
        blocked={one.account_id for one in block.all_in(access.record)},
    )


@views.route(PATH + "/professionnels/<uid:one>", methods=["GET", "POST"])
@needs_one(find, Right.GRANT)
@sure_to_act
def show(access, one):
    form = LetIn()
    if not form.is_submitted():
        return _show(access, one, form)
    if form.validate():
        try:
            admission.let_in(access, one, form.last_day)
        except Refusal as refusal:
            form.refuse(refusal)
    if form.faults:
        return _show(access, one, form, 422)
    say(f"C'est fait : {one.name} peut entrer dès maintenant.")
    return _back(access, one)


@views.post(PATH + "/professionnels/<uid:one>/administrateur")
@needs_one(find, Right.GRANT)
@sure_to_act
def administer(access, one):
    yes, live = yes_or_no("administrateur"), _live(access, one)
    try:
        if live is None:
            raise Refusal(admission.GONE)
        admission.make_administrator(access, live, yes)
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        say(f"{one.name} est administrateur." if yes else f"{one.name} n'est plus administrateur.")
    return _back(access, one)


def _found(form):
    try:
        return professional.search(said(form.q))
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def _live(access, one):
    return accesses.find(one.account, access.record.uid)


def _show(access, one, form, status=200):
    live = _live(access, one)
    return page(
        "professionals/show.html",
        status,
        access=access,
        one=one,
        form=form,
        live=live,
        may_end=live and admission.may_end(access, live),
        blocked=block.standing(access.record, one.account),
    )


def _back(access, one):
    return done(".show", record=access.record.uid, one=one.uid)
