"""Lists of members sent in by the office: the file, its columns, what each line will make; and the
records made once the office says so."""

from flask import Blueprint, Response, abort, current_app, request
from flask_login import current_user
from wtforms import FileField

from models import office, remainder, roll, roll_line, roll_reading
from models.office import Task
from models.refusal import Refusal
from models.roll import Stage
from models.roll_line import PAGE, Answer, Verdict

from . import files
from .door import for_the_office
from .forms import Form, number
from .jobs import run_soon
from .page import done, page, say, warn
from .uploads import takes_files
from .words import count

views = Blueprint("rolls", __name__)

PATH = "/association/adherents/listes"
TEMPLATES = {
    Stage.JUDGING: "rolls/progress.html",
    Stage.MAKING: "rolls/progress.html",
    Stage.PREVIEW: "rolls/preview.html",
    Stage.DONE: "rolls/done.html",
}
# In the address → what it shows.
SHOWN = {
    "a-creer": Verdict.CREATE,
    "questions": Verdict.ASK,
    "connues": Verdict.KNOWN,
    "repetees": Verdict.TWICE,
    "refusees": Verdict.REFUSED,
    "creees": Verdict.CREATED,
}
TITLES = {
    Verdict.CREATE: "À créer",
    Verdict.ASK: "À vous demander",
    Verdict.KNOWN: "Déjà connues",
    Verdict.TWICE: "Répétées",
    Verdict.REFUSED: "Refusées",
    Verdict.CREATED: "Créées",
}
# Once the list is dealt with.
NOT_MADE = "Pas créées : ressemblent à quelqu'un"
ANSWERS = {Answer.OTHER: "Une autre personne : créer", Answer.SAME: "La même : ne rien créer"}
# Seconds that the page waits for its job: a short list shows no progress.
PATIENCE = 1.0


class File(Form):
    file = FileField("Fichier de la liste")


@views.get(PATH)
@for_the_office(Task.MEMBERS)
def index():
    return page("rolls/index.html", rolls=roll.latest(), most=roll.LISTED, Stage=Stage)


@views.route(PATH + "/nouvelle", methods=["GET", "POST"])
@takes_files
@for_the_office(Task.MEMBERS)
def new():
    form = File()
    if request.method != "POST":
        return page("rolls/new.html", form=form)
    try:
        made = _read()
    except Refusal as refusal:
        form.refuse(refusal)
        return page("rolls/new.html", 422, form=form)
    return done(".columns", one=made.uid)


@views.get(PATH + "/<uid:one>")
@for_the_office(Task.MEMBERS)
def show(one):
    shown = found(one)
    if shown.stage is Stage.COLUMNS:
        return done(".columns", one=one)
    counts = roll_line.counts(shown)
    kept = sum(counts.values())
    if shown.stage is Stage.DONE:
        counts = remainder.totals(shown)
    total = sum(counts.values())
    context = {"roll": shown, "counts": counts, "total": total, "kept": kept, "stage": shown.stage}
    if shown.stage in (Stage.PREVIEW, Stage.DONE):
        context |= _lines(shown, counts)
    return page(TEMPLATES[shown.stage], **context)


@views.post(PATH + "/<uid:one>/reponses")
@for_the_office(Task.MEMBERS)
def answer(one):
    shown = found(one)
    try:
        answers = _answers()
    except ValueError:
        abort(400)
    if _accepted(lambda: roll.answer(shown, answers)):
        say(f"{count(len(answers), 'réponse gardée', 'réponses gardées')}.")
    return done(".show", one=one, etat="questions", page=request.form.get("page", "1"))


@views.post(PATH + "/<uid:one>/creation")
@for_the_office(Task.MEMBERS)
def make(one):
    shown = found(one)
    if _accepted(lambda: roll.make(shown, actor())):
        run_soon(PATIENCE)
    return done(".show", one=one)


@views.post(PATH + "/<uid:one>/abandon")
@for_the_office(Task.MEMBERS)
def drop(one):
    shown = found(one)
    if not _accepted(lambda: roll.drop(shown, actor())):
        return done(".show", one=one)
    say("Cette liste est oubliée. Aucun espace n'a été créé.")
    return done(".index")


@views.post(PATH + "/<uid:one>/a-corriger")
@for_the_office(Task.MEMBERS)
def correct(one):
    """A POST: taking them is an act, which the ledger keeps."""
    shown = found(one)
    if shown.stage not in (Stage.PREVIEW, Stage.DONE):
        return done(".show", one=one)
    try:
        content = remainder.export(shown, actor())
    except Refusal as refusal:
        warn(refusal.sentence)
        return done(".show", one=one)
    response = Response(content, mimetype="text/csv", direct_passthrough=True)
    return files.kept_by_nobody(response, "lignes-a-corriger.csv")


def found(one):
    known = roll.find(one)
    if known is None:
        abort(404)
    return known


def actor():
    return office.actor(current_user.account)


def _read():
    file = request.files.get("file")
    if not file or not file.filename:
        raise Refusal("Choisissez un fichier.", "file")
    spool = file.stream
    if spool.too_large:
        most = current_app.config["SETTINGS"].max_document_mb
        raise Refusal(f"Ce fichier pèse plus de {most} Mo. Coupez la liste en deux.", "file")
    try:
        return roll_reading.read(spool.chunks(), file.filename, actor())
    except Refusal as refusal:
        raise Refusal(refusal.sentence, "file") from refusal


def _lines(shown, counts):
    """Those of the page asked for; at first, of what there is."""
    shows = {name: verdict for name, verdict in SHOWN.items() if counts[verdict]}
    asked = request.args.get("etat", "")
    name = asked if asked in shows else next(iter(shows), "a-creer")
    here = _page_number()
    lines = roll_line.page(shown, SHOWN[name], here)
    over = {Verdict.ASK: NOT_MADE} if shown.stage is Stage.DONE else {}
    titles, unanswered = TITLES | over, roll_line.unanswered(shown).count()
    return {
        "shows": [(one, titles[verdict], counts[verdict]) for one, verdict in shows.items()],
        "name": name,
        "title": titles[SHOWN[name]],
        "verdict": SHOWN[name],
        "lines": lines[:PAGE],
        "page": here,
        "more": len(lines) > PAGE,
        "to_make": roll_line.number_to_make(shown),
        "to_correct": counts[Verdict.REFUSED] + unanswered,
        "unanswered": unanswered,
        "month_first": roll_line.month_first(shown),
        "answers": ANSWERS,
    }


def _page_number():
    try:
        return min(max(number(request.args.get("page", "1")), 1), 10_000)
    except ValueError:
        return 1


def _answers():
    """Those of a page; ValueError where the form is not ours."""
    asked = [number(one) for one in request.form.getlist("asked")]
    if request.form.get("all"):
        return dict.fromkeys(asked, Answer.OTHER)
    given = ((line, request.form.get(f"line-{line}")) for line in asked)
    return {line: Answer(answer) for line, answer in given if answer is not None}


def _accepted(act):
    try:
        act()
    except Refusal as refusal:
        warn(refusal.sentence)
        return False
    return True
