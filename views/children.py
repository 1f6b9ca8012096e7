"""A child's record: a parent invites the other one."""

from flask import Blueprint, abort
from wtforms import StringField

from models import child, invitation, person
from models.access import Right
from models.invitation import Terms
from models.phone import understood
from models.refusal import Refusal

from .accesses import PATH
from .door import needs, sure
from .forms import Form, accepted, required, said
from .invitations import link, sent, site
from .page import done, page, say

views = Blueprint("children", __name__)


class Parent(Form):
    name = StringField("Son prénom et son nom", [accepted(invitation.checked_name)])
    link = StringField(
        "Qui est-ce pour l'enfant ?",
        [required("Dites qui c'est : sa mère, son père…"), accepted(invitation.checked_link)],
    )
    email = StringField("Son adresse e-mail", [accepted(person.checked_email)])
    phone = StringField("Ou son numéro de téléphone", [accepted(understood)])

    @property
    def terms(self) -> Terms:
        words = ("name", "link", "email", "phone")
        return Terms(**{name: said(self[name]) for name in words}, given=frozenset(), until=None)


@views.route(PATH + "/parent", methods=["GET", "POST"])
@needs(Right.GRANT)
@sure
def invite(access):
    if not child.is_held_by(access):
        abort(404)
    form = Parent()
    if not form.is_submitted():
        return page("children/invite.html", access=access, form=form)
    made = _invited(access, form) if form.validate() else None
    if made is None:
        return page("children/invite.html", 422, access=access, form=form)
    say(sent(made))
    return done("invitations.show", record=access.record.uid, one=made.uid)


def _invited(access, form):
    """The invitation, or nothing once its refusal is at its field."""
    try:
        return invitation.invite_parent(access, form.terms, site(), link)
    except Refusal as refusal:
        form.refuse(refusal)
        return None
