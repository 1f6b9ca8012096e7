"""One document: what it is, its content, its text, and what may be done with it."""

from functools import partial

from flask import Blueprint, request, url_for
from wtforms import SelectField, StringField

from models import (
    announcement,
    bin,
    browsing,
    document,
    filing,
    folder,
    masking,
    part,
    version,
    visibility,
    wrapping,
)
from models.access import Right
from models.reference import categories
from models.refusal import Refusal

from .door import needs_one
from .files import served
from .forms import DayField, Form, accepted, options, said, yes_or_no
from .page import done, page, say, warn

views = Blueprint("document", __name__)


class Correction(Form):
    title = StringField("Titre", [accepted(filing.checked_title)])
    dated = DayField("Date du document", [accepted(filing.checked_date)])
    category = SelectField("Catégorie", validate_choice=False)
    author = StringField("Qui l'a écrit ?")

    def __init__(self, shown, **named):
        """What software says it is may be none of the categories to choose from: it may stay."""
        super().__init__(**named)
        kept = {shown.category: shown.category_label}
        self.category.choices = options(categories.CHOSEN | kept)
        check = partial(filing.checked_category, kept=shown.category)
        self.category.validators = [accepted(check)]


of_document = partial(needs_one, document.find)


@views.get("/espaces/<uid:record>/documents/<uid:one>")
@of_document(Right.READ)
def show(access, shown):
    document.read(access, shown)
    newest, earlier = version.around(access, shown)
    return page(
        "document/show.html",
        access=access,
        document=shown,
        parts=part.shown(shown),
        newest=newest,
        earlier=earlier,
        folders=browsing.folders_of(access),
        viewers=visibility.viewers(access, shown),
        masked=masking.is_masked(shown),
        may_mask=masking.may_choose(access, shown),
        may_announce=announcement.may_announce(access, shown),
        text=shown.short_text,
        changeable=shown.changeable,
        wrapped=wrapping.can_wrap(shown),
    )


@views.get("/espaces/<uid:record>/documents/<uid:one>/contenu")
@of_document(Right.READ)
def content(access, shown):
    attached = request.args.get("telecharger") == "oui" or not shown.opens_in_browser
    read = document.download if attached else document.show
    return served(shown, lambda span: read(access, shown, span=span), attached)


@views.get("/espaces/<uid:record>/documents/<uid:one>/texte")
@of_document(Right.READ)
def text(access, shown):
    return page(
        "document/text.html",
        access=access,
        document=shown,
        paragraphs=document.read_text(access, shown).split("\n\n"),
    )


@views.route("/espaces/<uid:record>/documents/<uid:one>/modification", methods=["GET", "POST"])
@of_document(Right.CORRECT)
def edit(access, shown):
    if not shown.changeable:
        warn(filing.locked(shown))
        return _back(access, shown)
    form = Correction(shown, obj=None if request.method == "POST" else shown)
    if form.is_submitted() and form.validate():
        try:
            filing.correct(
                access,
                shown,
                title=said(form.title),
                category=form.category.data,
                dated=form.dated.data,
                author=said(form.author),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            say("Le document est modifié.")
            return _back(access, shown)
    status = 422 if form.is_submitted() else 200
    return page("document/edit.html", status, access=access, document=shown, form=form)


@views.post("/espaces/<uid:record>/documents/<uid:one>/masquage")
@of_document(Right.MASK)
def mask(access, shown):
    masked = yes_or_no("masque")
    if not masking.may_choose(access, shown):
        warn(masking.WISH)
        return _back(access, shown)
    masking.choose(access, [shown], masked)
    say(
        "Ce document est masqué aux professionnels de santé."
        if masked
        else "Ce document est visible par les professionnels de santé qui ont accès à l'espace."
    )
    return _back(access, shown)


@views.post("/espaces/<uid:record>/documents/<uid:one>/annonce")
@of_document(Right.ANNOUNCE)
def announce(access, shown):
    try:
        announcement.announce(access, shown)
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        say("C'est annoncé : la personne peut voir ce document.")
    return _back(access, shown)


@views.post("/espaces/<uid:record>/documents/<uid:one>/epingle")
@of_document(Right.FILE)
def pin(access, shown):
    pinned = request.form.get("epingle") == "oui"
    filing.pin(access, shown, pinned)
    say("Ce document est épinglé à l'accueil." if pinned else "Ce document n'est plus épinglé.")
    return _back(access, shown)


@views.post("/espaces/<uid:record>/documents/<uid:one>/dossier")
@of_document(Right.FILE)
def move(access, shown):
    wanted = request.form.get("dossier", "")
    target = folder.find(access, wanted) if wanted else None
    if wanted and target is None:
        warn(folder.GONE)
        return _back(access, shown)
    filing.move(access, [shown], target)
    say(f"Rangé dans « {target.name} »." if target else "Ce document n'est dans aucun dossier.")
    return _back(access, shown)


@views.post("/espaces/<uid:record>/documents/<uid:one>/suppression")
@of_document(Right.DISCARD)
def discard(access, shown):
    _newest, earlier = version.around(access, shown)
    binned, refused = bin.discard(access, [shown])
    for sentence in refused:
        warn(sentence)
    if not binned:
        return _back(access, shown)
    say(
        f"« {shown.title} » est à la corbeille, pour 30 jours.",
        undo=url_for("bin.restore", record=access.record.uid, one=shown.uid),
    )
    if earlier:
        say("La version précédente est de nouveau dans la liste.")
    return done("documents.index", record=access.record.uid)


def _back(access, shown):
    return done("document.show", record=access.record.uid, one=shown.uid)
