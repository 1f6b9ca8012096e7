"""Folders: made, renamed, deleted; what is inside is the list of documents."""

from functools import partial

from flask import Blueprint, request
from wtforms import StringField

from models import document, folder, masking
from models.access import Right
from models.refusal import Refusal

from . import documents
from .door import needs, needs_one
from .forms import Form, said, yes_or_no
from .page import done, page, say
from .words import count

views = Blueprint("folders", __name__)


class Name(Form):
    name = StringField("Nom du dossier")


of_folder = partial(needs_one, folder.find)


@views.get("/espaces/<uid:record>/dossiers")
@needs(Right.READ)
def index(access):
    return _index(access, Name())


@views.post("/espaces/<uid:record>/dossiers")
@needs(Right.FILE)
def create(access):
    form = Name()
    try:
        form.validate()
        made = folder.make(access, said(form.name))
    except Refusal as refusal:
        form.refuse(refusal)
        return _index(access, form, 422)
    say(f"Le dossier « {made.name} » est créé.")
    return done("folders.index", record=access.record.uid)


@views.get("/espaces/<uid:record>/dossiers/<uid:one>")
@of_folder(Right.READ)
def show(access, shown):
    return documents.listing(access, documents.filters(folder=shown.uid), folder=shown)


@views.route("/espaces/<uid:record>/dossiers/<uid:one>/nom", methods=["GET", "POST"])
@of_folder(Right.FILE)
def rename(access, shown):
    form = Name(obj=None if request.method == "POST" else shown)
    if form.is_submitted() and form.validate():
        try:
            folder.rename(access, shown, said(form.name))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            say(f"Le dossier s'appelle maintenant « {shown.name} ».")
            return _back(access, shown)
    status = 422 if form.is_submitted() else 200
    return page("folders/rename.html", status, access=access, folder=shown, form=form)


@views.route("/espaces/<uid:record>/dossiers/<uid:one>/suppression", methods=["GET", "POST"])
@of_folder(Right.FILE)
def delete(access, shown):
    if request.method != "POST":
        return page("folders/delete.html", access=access, folder=shown)
    folder.delete(access, shown)
    say(f"Le dossier « {shown.name} » est supprimé. Ses documents sont gardés, sans dossier.")
    return done("folders.index", record=access.record.uid)


@views.post("/espaces/<uid:record>/dossiers/<uid:one>/masquage")
@of_folder(Right.MASK)
def mask(access, shown):
    masked = yes_or_no("masque")
    changed = masking.choose(access, document.inside(access, shown), masked)
    say(f"{count(changed, *documents.MASKED_WORDS[masked])}")
    return _back(access, shown)


def _index(access, form, status=200):
    return page(
        "folders/index.html",
        status,
        access=access,
        form=form,
        folders=folder.counted(access),
        most=folder.COUNTED,
    )


def _back(access, shown):
    return done("folders.show", record=access.record.uid, one=shown.uid)
