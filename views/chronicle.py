"""The activity taken out: a table to verify, a sheet to read, and how anyone verifies."""

from functools import partial
from pathlib import Path

from flask import Blueprint, Response, redirect, request, stream_with_context, url_for

from models import chronicle, clock, journal
from models.access import Right
from models.formats import typesetting
from models.sheets import activity

from . import files
from .door import needs, public
from .journal import GROUPS, as_what, filters, sentence
from .page import page, warn

views = Blueprint("chronicle", __name__)

PATH = "/espaces/<uid:record>/activite/export"
# What anyone runs to verify, without Carnet.
PROGRAM = Path(__file__).parents[1] / "templates/chronicle/program.py"
FAILED = "Le PDF n'a pas pu être fait. Essayez une période plus courte, ou le tableur."


@views.get(PATH + "/csv")
@needs(Right.EXPORT)
def table(access):
    words = chronicle.Words(partial(as_what, person=access.record.name), sentence)
    content = stream_with_context(chronicle.export(access, words))
    response = Response(content, mimetype="text/csv", direct_passthrough=True)
    return files.kept_by_nobody(response, f"activite-{clock.today()}.csv")


@views.get(PATH + "/pdf")
@needs(Right.EXPORT)
def sheet(access):
    ends, asked = chronicle.begin(access), filters()
    entries = journal.entries(access, asked, activity.MOST + 1)
    titles = journal.titles(access, entries)
    lines = [(entry.at, _line(entry, access.record, titles)) for entry in entries]
    made = activity.sheet(access.record, lines, ends, asked, GROUPS.get(asked.what, ""))
    try:
        return files.pdf(typesetting.pdf(made), made.title)
    except typesetting.TypesettingFailed:
        warn(FAILED)
        return redirect(url_for("journal.index", record=access.record.uid, **request.args), 303)


@views.get("/verifier-l-activite")
@public
def explain():
    return page("chronicle/explain.html", program=PROGRAM.read_text())


@views.get("/verifier-l-activite/programme")
@public
def program():
    response = Response(PROGRAM.read_text(), mimetype="text/x-python")
    response.headers["Content-Disposition"] = files.disposition(True, "verifier.py")
    return response


def _line(entry, record, titles):
    return f"{entry.actor}, {as_what(entry, record.name)}, {sentence(entry, titles)}."
