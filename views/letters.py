"""Letters for those who are told by post: printed together, posted, or given up."""

from datetime import timedelta

from flask import Blueprint, Response, abort, request, stream_with_context
from wtforms import BooleanField, RadioField

from models import clock, letters, pile
from models.office import Task
from models.refusal import Refusal
from models.telling import Run, What
from models.vault import Damaged

from . import files, jobs
from .door import for_the_office, officer
from .forms import DayField, Form, options
from .page import done, page, say, warn
from .sender import sender

views = Blueprint("letters", __name__)

PATH = "/association/lettres"
MOST_LISTED = 100
WHATS = {What.SPACE: "Première lettre", What.REMINDER: "Rappel"}
LOST = "Ce PDF a été abîmé ou effacé. Abandonnez ces lettres, puis préparez-les de nouveau."


class Order(Form):
    what = RadioField("Quelle lettre ?", choices=options(WHATS), validate_choice=False)
    dated = DayField("Date écrite sur les lettres")
    large = BooleanField("Écrire en grands caractères")


class Posting(Form):
    posted_on = DayField("Elles ont été postées le")


@views.get(PATH)
@for_the_office(Task.TELL)
def index():
    return page(
        "letters/index.html",
        runs=letters.latest(),
        whats=WHATS,
        under_way=letters.under_way(),
        first=letters.how_many(What.SPACE),
        unreachable=letters.unreachable(0)[1],
    )


@views.route(PATH + "/preparation", methods=["GET", "POST"])
@for_the_office(Task.TELL)
def create():
    form = Order()
    if request.method != "POST":
        form.dated.data = clock.today() + timedelta(days=1)
        return _create(form)
    try:
        if not form.validate():
            return _create(form, 422)
        terms = (form.what.data, form.dated.data, form.large.data)
        run = letters.begin(*terms, officer(), sender())
    except Refusal as refusal:
        form.refuse(refusal)
        return _create(form, 422)
    jobs.run_soon()
    return done(".show", one=run.uid)


@views.get(PATH + "/a-part")
@for_the_office(Task.TELL)
def unreachable():
    people, number = letters.unreachable(MOST_LISTED)
    return page("letters/unreachable.html", people=people, number=number, most=MOST_LISTED)


@views.get(PATH + "/<uid:one>")
@for_the_office(Task.TELL)
def show(one):
    return _show(_find(one), Posting(data={"posted_on": clock.today()}))


@views.post(PATH + "/<uid:one>/fichier")
@for_the_office(Task.TELL)
def take(one):
    run = _find(one)
    try:
        content = letters.take(run, officer())
    except Refusal as refusal:
        warn(refusal.sentence)
        return done(".show", one=run.uid)
    except Damaged:
        warn(LOST)
        return done(".show", one=run.uid)
    response = Response(stream_with_context(content), mimetype="application/pdf")
    return files.kept_by_nobody(response, f"lettres-{run.dated}.pdf")


@views.post(PATH + "/<uid:one>/envoi")
@for_the_office(Task.TELL)
def post(one):
    run, form = _find(one), Posting()
    try:
        form.validate()
        letters.post(run, form.posted_on.data, officer())
    except Refusal as refusal:
        form.refuse(refusal)
        return _show(run, form, 422)
    jobs.run_soon()
    say("C'est noté. Le temps pour dire non court à partir de ce jour.")
    return done(".show", one=run.uid)


@views.route(PATH + "/<uid:one>/abandon", methods=["GET", "POST"])
@for_the_office(Task.TELL)
def drop(one):
    run = _find(one)
    if request.method != "POST":
        return page("letters/drop.html", run=run, whats=WHATS)
    try:
        letters.drop(run, officer())
    except Refusal as refusal:
        warn(refusal.sentence)
        return done(".show", one=run.uid)
    say("Ces lettres sont abandonnées. Leurs codes ne servent plus à activer.")
    return done(".index")


def _find(one) -> Run:
    run = letters.find(one)
    if run is None:
        abort(404)
    return run


def _create(form, status=200):
    numbers = {what: letters.how_many(what) for what in WHATS}
    waited_for = [what for what, number in numbers.items() if number]
    if request.method != "POST" and len(waited_for) == 1:
        form.what.data = waited_for[0].value
    limits = {"days": letters.DAYS, "most": letters.MOST}
    return page("letters/new.html", status, form=form, numbers=numbers, **limits)


def _show(run, form, status=200):
    job, today = letters.under_way().get(run.uid), clock.today()
    if job and not letters.made(run):
        return page("letters/making.html", run=run, job=job, whats=WHATS)
    return page(
        "letters/show.html",
        status,
        form=form,
        run=run,
        job=job,
        whats=WHATS,
        made=letters.made(run),
        ready=letters.ready(run),
        out=[] if run.posted_on else pile.to_take_out(run),
        too_old=run.dated + timedelta(days=sender().code_days) < today,
        until=run.posted_on and run.posted_on + timedelta(days=letters.KEPT),
    )
