"""Who may enter a record: those let in, what each may do, and how it ends."""

from datetime import date
from functools import partial

from flask import Blueprint, abort, request
from wtforms import RadioField, SelectMultipleField

from models import access as accesses
from models import (
    admission,
    browsing,
    child,
    clock,
    document,
    exclusion,
    folder,
    invitation,
    professional,
    statement,
)
from models.access import SECTIONS, SENTENCES, Right, Role
from models.browsing import Filters
from models.refusal import Refusal

from .deposits import limits
from .door import needs, needs_one, sure
from .files import pdf
from .forms import DayField, Form, options, required, yes_or_no
from .page import done, page, say, warn
from .words import capitalize_first

views = Blueprint("accesses", __name__)

PATH = "/espaces/<uid:record>/acces"
HEADINGS = {
    "documents": "Dans les documents",
    "wishes": "Dans « Entourage et volontés »",
    "activity": "Dans l'activité",
}


# What may be chosen → months from today; a day is written in the field after.
LENGTHS = {"1": "1 mois", "6": "6 mois", "12": "1 an", "jour": "Jusqu'à un jour que je choisis"}
MONTHS = {"1": 1, "6": 6, "12": 12}


def length_field(lengths) -> RadioField:
    return RadioField(
        "Jusqu'à quand ?",
        [required("Choisissez jusqu'à quand.")],
        choices=options(lengths),
        validate_choice=False,
    )


class Lasting(Form):
    """Until when an access lasts."""

    length = length_field(LENGTHS)
    until = DayField("Ce jour")

    @property
    def last_day(self) -> date | None:
        months = MONTHS.get(self.length.data)
        return clock.months_later(clock.today(), months) if months else self.until.data


def rights_field(section) -> SelectMultipleField:
    words = {right.value: capitalize_first(SENTENCES[right]) for right in SECTIONS[section]}
    return SelectMultipleField(HEADINGS[section], choices=options(words), validate_choice=False)


class Rights(Form):
    """What a carer may do, section by section, and the folders left out."""

    documents = rights_field("documents")
    wishes = rights_field("wishes")
    activity = rights_field("activity")
    folders = SelectMultipleField("Dossiers à laisser de côté", validate_choice=False)

    def show(self, rights, folders=()) -> None:
        for section in SECTIONS:
            self[section].data = [right.value for right in SECTIONS[section] if right in rights]
        self.folders.data = [one.uid for one in folders]

    def name_folders(self, access) -> None:
        names = {one.uid: one.name for one in access.folders()}
        self.folders.choices = options(names)

    @property
    def given(self) -> frozenset[Right]:
        """The rights ticked; what is no right of a carer is left for the model to refuse."""
        ticked = {name for section in SECTIONS for name in self[section].data or []}
        return frozenset(Right(name) for name in ticked if name in list(Right))

    def left_out(self, access) -> list:
        found = (folder.find(access, one) for one in self.folders.data or [])
        return [one for one in found if one]


def find_other(access, one):
    found = accesses.one_in(access.record, one)
    return found if found and found.id != access.id and not found.own else None


def find_carer(access, one):
    found = find_other(access, one)
    return found if found and found.role == Role.CARER else None


of_other = partial(needs_one, find_other, Right.GRANT)


@views.get(PATH)
@needs(Right.GRANT)
def index(access):
    people = [one for one in accesses.all_in(access.record) if one.id != access.id and not one.own]
    return page(
        "accesses/index.html",
        access=access,
        people=people,
        invitations=[*invitation.of(access), *invitation.refused(access)],
        parent=access.measure == accesses.Measure.PARENT,
    )


@views.get(PATH + "/<uid:one>")
@of_other()
def show(access, one):
    return page(
        "accesses/show.html",
        access=access,
        one=one,
        professional=professional.of(one.account),
        sentences=sentences(one.rights),
        never=_never(one),
        left_out=_left_out(access, one),
        longer=admission.longer(one),
        may_end=admission.may_end(access, one),
    )


@views.route(PATH + "/<uid:one>/droits", methods=["GET", "POST"])
@needs_one(find_carer, Right.GRANT)
@sure
def change(access, one):
    form = Rights()
    form.name_folders(access)
    if not form.is_submitted():
        form.show(one.rights, _left_out(access, one)[0])
        return page("accesses/rights.html", access=access, one=one, form=form)
    try:
        form.validate()
        admission.change(access, one, form.given, form.left_out(access))
    except Refusal as refusal:
        _refuse(form, refusal)
        return page("accesses/rights.html", 422, access=access, one=one, form=form)
    say(f"C'est changé : {one.account.name} n'a plus que ces droits, dès maintenant.")
    return done(".show", record=access.record.uid, one=one.uid)


@views.post(PATH + "/<uid:one>/prolongation")
@of_other()
@sure
def renew(access, one):
    try:
        until = admission.renew(access, one)
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        say(f"L'accès de {one.account.name} dure maintenant jusqu'au {until:%d/%m/%Y}.")
    return done(".show", record=access.record.uid, one=one.uid)


@views.route(PATH + "/<uid:one>/fin", methods=["GET", "POST"])
@of_other()
def end(access, one):
    if request.method != "POST":
        return page("accesses/end.html", access=access, one=one)
    try:
        admission.end(access, one)
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        statement.file_due(limits())
        say(f"C'est fait : {one.account.name} n'entre plus, dès maintenant.")
    return done(".index", record=access.record.uid)


@views.get(PATH + "/mon-acces")
@needs(Right.LEAVE)
def mine(access):
    return page(
        "accesses/mine.html",
        access=access,
        sentences=sentences(access.rights),
        never=_never(access),
    )


@views.get(PATH + "/mon-acces/attestation")
@needs(Right.LEAVE)
def my_statement(access):
    content = statement.of(access, access)
    if content is None:
        abort(404)
    return pdf(content, "attestation d'accès")


@views.route(PATH + "/mon-acces/fin", methods=["GET", "POST"])
@needs(Right.LEAVE)
def leave(access):
    if request.method != "POST":
        last_parent = child.is_last_parent(access)
        return page("accesses/leave.html", access=access, last_parent=last_parent)
    try:
        admission.leave(access)
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        statement.file_due(limits())
        say("C'est fait : cet espace ne vous est plus ouvert.")
    return done("records.index")


@views.get(PATH + "/invitations/<uid:one>/documents")
@needs_one(invitation.find_of_carer, Right.GRANT)
def left_out(access, one):
    words = request.args.get("mots", "").strip()[:200]
    return page(
        "accesses/left_out.html",
        access=access,
        one=one,
        words=words,
        found=browsing.browse(access, Filters(words=words)) if words else None,
        documents=exclusion.documents_of(access, one),
        folders=exclusion.folders_of(one),
    )


@views.post(PATH + "/invitations/<uid:one>/documents")
@needs_one(invitation.find_of_carer, Right.GRANT)
def leave_out(access, one):
    paper = document.find(access, request.form.get("document", ""))
    out = yes_or_no("laisser")
    if paper is None:
        warn("Ce document n'est plus là.")
    elif out:
        exclusion.leave_out(access, one, paper)
        say(f"« {paper.title} » est laissé de côté : {one.name} ne le voit pas.")
    else:
        exclusion.take_back(access, one, paper)
        say(f"« {paper.title} » n'est plus laissé de côté.")
    return done(".left_out", record=access.record.uid, one=one.uid)


def sentences(rights) -> list[str]:
    """What they let do; giving up one's access is said apart."""
    return [SENTENCES[right] for right in Right if right in rights - {Right.LEAVE}]


def _never(one):
    """What it may not do, in sentences: what a carer might expect, and does not have."""
    return sentences(frozenset(Right) - one.rights - {Right.ANNOUNCE})


def _left_out(access, one):
    """(folders, documents) left out of it."""
    if not one.invitation_id:
        return [], []
    folders = exclusion.folders_of(one.invitation)
    return folders, exclusion.documents_of(access, one.invitation)


def _refuse(form, refusal):
    """What is said of the rights is said at the first of their questions."""
    field = "documents" if refusal.field == "given" else refusal.field
    form.refuse(Refusal(refusal.sentence, field))
