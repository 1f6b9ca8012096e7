"""The figures of the association: a page, a table to download, and the same for a program."""

import csv
import io
from dataclasses import asdict

from babel.dates import format_date
from flask import Blueprint, Response
from flask_login import current_user

from models import clock, figures, office, plot
from models.figures import BEFORE
from models.office import Task
from models.origin import LABELS

from . import files
from .door import for_the_office
from .page import page

views = Blueprint("figures", __name__)

PATH = "/association/chiffres"
WAYS = {"email": "par e-mail", "post": "par lettre", "desk": "au guichet"}
SHORT = {figures.FEW: "< 5", figures.KEPT: "–"}
NOT_YET = "pas encore dans Carnet"


@views.get(PATH)
@for_the_office(Task.FIGURES)
def index():
    shown = figures.published()
    return page(
        "figures/index.html",
        shown=shown,
        ways=WAYS,
        origins=LABELS,
        month=month,
        before=BEFORE,
        few=figures.FEW,
        activations=_plot(shown.activations),
        deposits=_plot(shown.deposits),
    )


@views.post(PATH + "/csv")
@for_the_office(Task.FIGURES)
def table():
    figures.taken(office.actor(current_user.account))
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";")
    writer.writerows([("Chiffre", "Détail", "Valeur"), *rows()])
    response = Response("\ufeff" + written.getvalue(), mimetype="text/csv")
    return files.kept_by_nobody(response, f"chiffres-{clock.today()}.csv")


def told() -> dict:
    """For a program: names in English, numbers or words, months as « 2026-11 »."""
    return {"as_of": clock.today().isoformat(), **asdict(figures.published())}


def month(code: str) -> str:
    """« novembre 2026 »."""
    if code == BEFORE:
        return "avant"
    year, number = map(int, code.split("-"))
    return format_date(clock.today().replace(year, number, 1), "MMMM y", locale="fr")


def _plot(numbers):
    last = {_short(code): number for code, number in numbers.items() if code != BEFORE}
    return plot.plot(last, SHORT)


def _short(code):
    """« 11/26 »."""
    return f"{code[5:]}/{code[2:4]}"


def rows():
    """For people: what, a detail or nothing, the number or its words."""
    shown = figures.published()
    yield "Espaces créés", "", shown.members
    for way, number in shown.told.items():
        yield "Adhérents prévenus", WAYS[way], number
    yield "Oppositions", "", shown.objected
    yield "Espaces ouverts", "", shown.opened
    yield "Espaces activés", "", shown.activated
    yield "Part des espaces activés", "%", _percent(shown.share)
    for code, number in shown.activations.items():
        yield "Espaces activés", month(code), number
    yield "Personnes venues ce mois", "", shown.came
    yield "Documents", "", shown.documents
    for origin, number in shown.origins.items():
        yield "Documents", LABELS[origin], number
    for code, number in shown.deposits.items():
        yield "Documents", month(code), number
    yield "Espaces dont un document a été ouvert", "", shown.readers
    yield "Aidants", "", shown.carers
    yield "Messages", "", NOT_YET


def _percent(share):
    return figures.KEPT if share is None else f"{100 * share:.1f}".replace(".", ",")
