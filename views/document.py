"""One document: what it is, its content, its text, and what may be done with it."""

from functools import partial

from flask import Blueprint, Response, request, url_for
from wtforms import SelectField, StringField

from models import announcement, bin, document, filing, folder, masking, visibility
from models.access import Right
from models.formats.kinds import PDF
from models.reference import categories
from models.refusal import Refusal

from .door import needs_one
from .files import disposition
from .forms import DayField, Form, accepted, options, said, yes_or_no
from .page import done, page, say, warn

views = Blueprint("document", __name__)

# What is served as itself can neither run nor load anything, whoever wrote it.
CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
# Browsers refuse to start their own PDF viewer in a sandbox; it runs apart from our pages anyway.
PDF_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"
)


class Correction(Form):
    title = StringField("Titre", [accepted(filing.checked_title)])
    dated = DayField("Date du document", [accepted(filing.checked_date)])
    category = SelectField(
        "Catégorie",
        [accepted(filing.checked_category)],
        choices=options(categories.CHOSEN),
        validate_choice=False,
    )
    author = StringField("Qui l'a écrit ?")


of_document = partial(needs_one, document.find)


@views.get("/espaces/<uid:record>/documents/<uid:one>")
@of_document(Right.READ)
def show(access, shown):
    document.read(access, shown)
    return page(
        "document/show.html",
        access=access,
        document=shown,
        folders=list(access.folders()),
        viewers=visibility.viewers(access, shown),
        masked=masking.is_masked(shown),
        may_announce=announcement.may_announce(access, shown),
        text=document.text_on_page(shown),
    )


@views.get("/espaces/<uid:record>/documents/<uid:one>/contenu")
@of_document(Right.READ)
def content(access, shown):
    attached = request.args.get("telecharger") == "oui" or not shown.opens_in_browser
    chunks = (document.download if attached else document.show)(access, shown)
    response = Response(chunks, mimetype=shown.media_type, direct_passthrough=True)
    response.headers["Content-Length"] = shown.size
    policy = PDF_POLICY if shown.media_type == PDF else CONTENT_POLICY
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Disposition"] = disposition(attached, shown.download_name)
    return response


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
    form = Correction(obj=None if request.method == "POST" else shown)
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
    if shown.wish:
        warn(filing.locked(shown))
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
    binned, refused = bin.discard(access, [shown])
    for sentence in refused:
        warn(sentence)
    if not binned:
        return _back(access, shown)
    say(
        f"« {shown.title} » est à la corbeille, pour 30 jours.",
        undo=url_for("bin.restore", record=access.record.uid, one=shown.uid),
    )
    return done("documents.index", record=access.record.uid)


def _back(access, shown):
    return done("document.show", record=access.record.uid, one=shown.uid)
