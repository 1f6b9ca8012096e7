"""What the columns of a list are: proposed by Carnet, told by the office."""

from flask import abort, request
from wtforms import SelectField

from models import roll, roll_reading
from models.headings import Column, choices
from models.office import Task
from models.refusal import Refusal
from models.roll import Stage

from .door import for_the_office
from .forms import Form, options
from .jobs import run_soon
from .page import done, page
from .rolls import PATH, PATIENCE, actor, found, views


@views.route(PATH + "/<uid:one>/colonnes", methods=["GET", "POST"])
@for_the_office(Task.MEMBERS)
def columns(one):
    shown = found(one)
    if shown.stage is not Stage.COLUMNS:
        return done(".show", one=one)
    form = _form(shown)
    if request.method != "POST":
        return _columns(shown, form)
    wanted = [form[name].data if name in form else "" for name in _names(shown)]
    if not set(wanted) <= set(choices()):
        abort(400)
    try:
        roll.choose(shown, wanted, actor())
    except Refusal as refusal:
        form.refuse(refusal)
        return _columns(shown, form, 422)
    run_soon(PATIENCE)
    return done(".show", one=one)


def _names(shown):
    return [f"column-{place}" for place in range(len(shown.titles))]


def _form(shown):
    """A question for each column that may be read."""
    columns = list(zip(_names(shown), shown.titles, shown.chosen, strict=True))
    fields = {
        name: SelectField(
            title or "Colonne sans titre",
            choices=options({str(value): words for value, words in choices().items()}),
            validate_choice=False,
        )
        for name, title, column in columns
        if column is not Column.FORBIDDEN
    }
    form = type("Columns", (Form,), fields)()
    if request.method != "POST":
        for name, _, column in columns:
            if name in form:
                form[name].data = str(column)
    return form


def _columns(shown, form, status=200):
    examples = roll_reading.examples(shown)
    return page(
        "rolls/columns.html",
        status,
        roll=shown,
        form=form,
        columns=list(zip(_names(shown), shown.titles, examples, strict=True)),
        lines=shown.lines.count(),
        numbered=any(field.data == Column.NUMBER for field in form),
    )
