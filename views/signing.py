"""What designations and directives share once printed: the signed paper attached or taken back, a
revocation, giving up what is being prepared. Their own files name the routes."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from wtforms import MultipleFileField, SelectField

from models import clock, signing, wishes
from models.formats import typesetting
from models.formats.kinds import PLAIN
from models.refusal import Refusal
from models.sheet import Sheet
from models.signing import Papers, Protection, State

from .deposits import limits
from .files import pdf
from .forms import DayField, Form, options
from .page import done, page, say, warn

PROTECTED = {
    Protection.NONE: "Non, aucune",
    Protection.ASSISTED: "Oui, quelqu'un m'assiste (curatelle)",
    Protection.REPRESENTED: "Oui, quelqu'un me représente pour mes choix personnels (tutelle)",
}


# What is said of a paper attached that does not hold.
KEPT = {
    State.REPLACED: "C'est gardé. Un papier plus récent existe : celui-ci ne le remplace pas.",
    State.DECLINED: "C'est gardé. Mais cette personne a refusé : choisissez quelqu'un d'autre.",
}
WITHDRAWN = {
    True: "C'est retiré. Le papier est à la corbeille, pour 30 jours.",
    False: "C'est retiré. Vos documents ne changent pas.",
}


@dataclass(frozen=True)
class Words:
    """How the pages speak of what is signed, and where they are."""

    noun: str  # of the blueprint and of the folder of templates
    title: str
    signed: str
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
    if one.is_signed or not one.ready_at:  # the form was sent twice, or another tab changed it
        if not one.is_signed:
            warn("Une réponse a changé depuis. Préparez la feuille de nouveau, puis signez-la.")
        return done(f"{words.noun}.index", record=access.record.uid)
    state = _signed(access, one, form) if form.is_submitted() else None
    if state:
        undo = url_for(f"{words.noun}.withdraw", record=access.record.uid, one=one.uid)
        say(words.valid if state is State.VALID else KEPT[state], undo=undo)
        return done(f"{words.noun}.index", record=access.record.uid)
    return _show("sign", access, one, form, words, formats=PLAIN)


def withdraw(access, one, words: Words):
    try:
        binned = signing.withdraw(access, one)
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        say(WITHDRAWN[binned])
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
    try:
        signing.give_up(access, one)
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
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


def _signed(access, one, form):
    try:
        form.validate()
        return signing.sign(access, one, form.signed_on.data, papers(), limits())
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def _show(template, access, one, form, words, **more):
    status = 422 if form.is_submitted() else 200
    names = {"access": access, "one": one, "form": form, "words": words, **more}
    return page(f"signing/{template}.html", status, **names)
