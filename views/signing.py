"""What designations and directives share once printed: the signed paper attached or taken back, a
revocation, giving up what is being prepared. Their own files name the routes."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from wtforms import MultipleFileField, SelectField

from models import clock, signing, wishes
from models.formats import typesetting
from models.formats.kinds import ACCEPTED
from models.refusal import Refusal
from models.sheet import Sheet
from models.signing import Papers, Protection

from .deposits import limits
from .files import pdf
from .forms import DayField, Form, options
from .page import done, page, say, warn

PROTECTED = {
    Protection.NONE: "Non, aucune",
    Protection.ASSISTED: "Oui, quelqu'un m'assiste (curatelle)",
    Protection.REPRESENTED: "Oui, quelqu'un me représente (tutelle, habilitation familiale)",
}


@dataclass(frozen=True)
class Words:
    """How the pages speak of what is signed, and where they are."""

    noun: str  # of the blueprint and of the folder of templates
    title: str
    valid: str
    revoked: str
    given_up: str


class ProtectionField(SelectField):
    """Without an answer, there is no measure."""

    def __init__(self, label="Une mesure de protection vous concerne-t-elle ?", **given):
        super().__init__(label, choices=options(PROTECTED), validate_choice=False, **given)

    @property
    def protection(self) -> Protection:
        return Protection(self.data) if self.data in list(Protection) else Protection.NONE


class Signature(Form):
    signed_on = DayField("Date de la signature")
    files = MultipleFileField("Le papier signé")
    authorisation = MultipleFileField("L'autorisation du juge ou du conseil de famille")


class Revocation(Form):
    on = DayField("Date de la révocation")


def attach(access, one, words: Words):
    form = Signature()
    if form.is_submitted() and _taken(access, one, form):
        undo = url_for(f"{words.noun}.withdraw", record=access.record.uid, one=one.uid)
        say(words.valid, undo=undo)
        return done(f"{words.noun}.index", record=access.record.uid)
    return _show("sign", access, one, form, words, formats=ACCEPTED)


def withdraw(access, one, words: Words):
    try:
        signing.withdraw(access, one)
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        say("Ce papier est à la corbeille, pour 30 jours.")
    return done(f"{words.noun}.index", record=access.record.uid)


def revoke(access, one, words: Words):
    form = Revocation()
    if not form.is_submitted():
        form.on.data = clock.today()
    else:
        try:
            form.validate()
            signing.revoke(access, one, form.on.data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            say(words.revoked)
            return done(f"{words.noun}.index", record=access.record.uid)
    return _show("revoke", access, one, form, words)


def give_up(access, one, words: Words):
    if request.method != "POST":
        return page("signing/give_up.html", access=access, one=one, words=words)
    signing.give_up(access, one)
    say(words.given_up)
    return done(f"{words.noun}.index", record=access.record.uid)


def printed(access, sheet: Sheet):
    """The sheet as a PDF, larger where it is asked for; failing that its page, which prints too."""
    try:
        content = typesetting.pdf(sheet, large=request.args.get("gros") == "oui")
    except typesetting.TypesettingFailed:
        warn("Le PDF n'a pas pu être fait. Vous pouvez imprimer cette page.")
        return redirect(request.path.removesuffix("/pdf"), 303)
    wishes.print_out(access, sheet.title)
    return pdf(content, sheet.title)


def papers() -> Papers:
    """The files sent with the form."""
    return Papers(_sent("files"), _sent("authorisation"))


def _sent(name):
    files = (file for file in request.files.getlist(name) if file and file.filename)
    return tuple((file.stream, file.filename) for file in files)


def _taken(access, one, form):
    try:
        form.validate()
        signing.sign(access, one, form.signed_on.data, papers(), limits())
    except Refusal as refusal:
        form.refuse(refusal)
    return not form.faults


def _show(template, access, one, form, words, **more):
    status = 422 if form.is_submitted() else 200
    names = {"access": access, "one": one, "form": form, "words": words, **more}
    return page(f"signing/{template}.html", status, **names)
