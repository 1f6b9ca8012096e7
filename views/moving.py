"""« Arriver avec mes documents »: the archive of another Carnet, or of the national service, sent,
shown, then taken whole."""

from flask import Blueprint, abort, request
from wtforms import FileField, PasswordField

from models import moving, moving_item
from models.access import Right
from models.moving import NO_FILE, Stage
from models.moving_item import PAGE, Verdict
from models.refusal import Refusal

from .deposits import limits
from .door import needs, needs_one
from .forms import Form, number
from .jobs import run_soon
from .page import done, page, say, warn
from .uploads import takes_archive

views = Blueprint("moving", __name__)

PATH = "/espaces/<uid:record>/arrivee"
ONE = PATH + "/<uid:one>"
TEMPLATES = {
    Stage.READING: "moving/progress.html",
    Stage.TAKING: "moving/progress.html",
    Stage.BINNING: "moving/progress.html",
    Stage.PROTECTED: "moving/protected.html",
    Stage.PREVIEW: "moving/preview.html",
    Stage.DONE: "moving/done.html",
    Stage.REFUSED: "moving/refused.html",
}
# In the address → what it shows.
SHOWN = {
    "a-ajouter": Verdict.TAKE,
    "ajoutes": Verdict.TAKEN,
    "deja-la": Verdict.KNOWN,
    "refuses": Verdict.REFUSED,
}
TITLES = {
    Verdict.TAKE: "À ajouter",
    Verdict.TAKEN: "Ajoutés",
    Verdict.KNOWN: "Déjà là",
    Verdict.REFUSED: "Refusés",
}
# Seconds that the page waits for its job: a small archive shows no progress.
PATIENCE = 1.0


class Archive(Form):
    file = FileField("Fichier ZIP de l'autre espace")
    password = PasswordField("Son mot de passe, s'il en a un")


class Opening(Form):
    password = PasswordField("Mot de passe du fichier")


@views.route(PATH, methods=["GET", "POST"])
@takes_archive
@needs(Right.MOVE)
def create(access):
    form = Archive()
    if request.method != "POST":
        return _page(access, form)
    try:
        made = _bring(access, form)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(access, form, 422)
    run_soon(PATIENCE)
    return done(".show", record=access.record.uid, one=made.uid)


@views.get(ONE)
@needs_one(moving.find, Right.MOVE)
def show(access, one):
    return _show(access, one, Opening())


@views.post(ONE + "/mot-de-passe")
@needs_one(moving.find, Right.MOVE)
def unlock(access, one):
    form = Opening()
    try:
        moving.open_with(access, one, form.password.data or "", limits())
    except Refusal as refusal:
        form.refuse(refusal)
        return _show(access, one, form, 422)
    run_soon(PATIENCE)
    return done(".show", record=access.record.uid, one=one.uid)


@views.post(ONE + "/ajout")
@needs_one(moving.find, Right.MOVE)
def take(access, one):
    return _begun(access, one, moving.take)


@views.post(ONE + "/corbeille")
@needs_one(moving.find, Right.MOVE)
def put_in_bin(access, one):
    return _begun(access, one, moving.put_in_bin)


@views.post(ONE + "/annulation")
@needs_one(moving.find, Right.MOVE)
def drop(access, one):
    try:
        moving.drop(access, one)
    except Refusal as refusal:
        warn(refusal.sentence)
        return done(".show", record=access.record.uid, one=one.uid)
    say("L'arrivée est annulée. Le fichier envoyé est effacé.")
    return done(".create", record=access.record.uid)


def _bring(access, form):
    file = request.files.get("file")
    if not file or not file.filename:
        raise Refusal(NO_FILE, "file")
    return moving.bring(access, file.stream, file.filename, form.password.data or "", limits())


def _begun(access, one, act):
    try:
        act(access, one, limits())
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        run_soon(PATIENCE)
    return done(".show", record=access.record.uid, one=one.uid)


def _page(access, form, status=200):
    return page(
        "moving/new.html",
        status,
        access=access,
        form=form,
        going=moving.current(access),
        brought=moving.of(access),
        most=moving.limit_of(limits()),
        keeps=moving.UNFINISHED_DAYS,
        Stage=Stage,
    )


def _show(access, one, form, status=200):
    stage = Stage(one.stage)
    context = {"access": access, "one": one, "told": one.details, "stage": stage, "form": form}
    if stage in (Stage.PREVIEW, Stage.DONE):
        context |= _lines(one)
    return page(TEMPLATES[stage], status, **context)


def _lines(one):
    """Those of the page asked for; at first, of what there is."""
    counts = moving_item.counts(one)
    shows = {name: verdict for name, verdict in SHOWN.items() if counts[verdict]}
    asked = request.args.get("etat", "")
    name = asked if asked in shows else next(iter(shows), "")
    here = _page_number()
    lines = moving_item.page(one, SHOWN[name], here) if name else []
    return {
        "counts": {verdict.value: number for verdict, number in counts.items()},
        "shows": [(each, TITLES[verdict], counts[verdict]) for each, verdict in shows.items()],
        "name": name,
        "title": TITLES[SHOWN[name]] if name else "",
        "lines": lines[:PAGE],
        "page": here,
        "more": len(lines) > PAGE,
        "weight": moving_item.weight(one, Verdict.TAKE),
        "folders": moving_item.folders(one),
        "made_on": one.made_there,
        "something": moving.takes_something(one),
    }


def _page_number():
    try:
        return min(max(number(request.args.get("page", "1")), 1), 10_000)
    except ValueError:
        abort(404)
