"""Documents of nobody knows whom: the office says so, by the traits alone."""

from flask import Blueprint, abort, request

from models import ins, member, member_list, stray
from models.member_list import Filters
from models.office import Task
from models.refusal import Refusal

from .deposits import limits
from .door import for_the_office, officer
from .forms import Form
from .members import SEXES
from .page import done, page, say, warn
from .sources import PATH as SOURCES
from .words import of

views = Blueprint("strays", __name__)

PATH = SOURCES + "/a-rattacher"
LABELS = {
    "birth_name": "Nom de naissance",
    "used_name": "Nom utilisé",
    "birth_given_names": "Prénoms de naissance",
    "used_given_name": "Prénom utilisé",
    "birth_date": "Date de naissance",
    "sex": "Sexe",
    "birthplace_code": "Code du lieu de naissance",
    "ins": "Matricule INS",
}


@views.get(PATH)
@for_the_office(Task.ATTACH)
def index():
    return page("strays/index.html", strays=stray.listed(), waiting=stray.waiting(), words=words)


@views.get(PATH + "/<uid:one>")
@for_the_office(Task.ATTACH)
def show(one):
    shown, asked = _find(one), request.args.get("q", "").strip()
    found = member_list.browse(Filters(words=asked)) if asked else None
    return page(
        "strays/show.html",
        one=shown,
        told=told(shown),
        proposed=stray.proposed(shown),
        asked=asked,
        found=found,
    )


@views.route(PATH + "/<uid:one>/adherents/<uid:her>", methods=["GET", "POST"])
@for_the_office(Task.ATTACH)
def attach(one, her):
    shown, record = _find(one), member.find(her)
    if record is None:
        abort(404)
    form = Form()
    if request.method != "POST":
        return _compare(form, shown, record)
    try:
        stray.attach(shown, record, officer(), limits())
    except Refusal as refusal:
        form.refuse(refusal)
        return _compare(form, shown, record, 422)
    say(f"Ce document est maintenant dans l'espace {of(record.name)}.")
    return _next(shown)


@views.route(PATH + "/<uid:one>/refus", methods=["GET", "POST"])
@for_the_office(Task.ATTACH)
def refuse(one):
    shown = _find(one)
    if request.method != "POST":
        return page("strays/refuse.html", one=shown, told=told(shown))
    try:
        stray.refuse(shown, officer())
        say("Ce document est refusé, et effacé.")
    except Refusal as refusal:
        warn(refusal.sentence)
    return _next(shown)


def told(one) -> list[tuple[str, str]]:
    """The traits that the document tells, in words."""
    person = one.told
    known = {name: getattr(person, name) for name in LABELS if name != "ins" or ins.on()}
    return [(LABELS[name], words(name, value)) for name, value in known.items() if value]


def words(name, value) -> str:
    """A trait, as it is read."""
    if not value:
        return ""
    if name == "birth_date":
        return f"{value:%d/%m/%Y}"
    if name == "ins":
        return ins.masked(value)
    return SEXES.get(value, value) if name == "sex" else value


def _compare(form, one, record, status=200):
    against, faults = stray.doubts(one, record)
    return page(
        "strays/attach.html",
        status,
        form=form,
        one=one,
        her=record,
        traits=stray.compared(one, record),
        labels=LABELS,
        words=words,
        against=against,
        faults=faults,
    )


def _next(settled):
    """To the one that waits after it."""
    following = stray.following(settled)
    return done(".show", one=following.uid) if following else done(".index")


def _find(one):
    found = stray.find(one)
    if found is None:
        abort(404)
    return found
