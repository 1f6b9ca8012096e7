"""A professional's desk: the records that are open to her, and the ways into another."""

from flask import Blueprint, current_app, request
from wtforms import StringField

from models import consultation
from models import professional as professionals
from models.refusal import Refusal

from .door import for_professionals
from .forms import Form, required, said
from .page import done, page, say
from .rescues import remind

views = Blueprint("desk", __name__)

URGENT = "emergencies.declare"


class Code(Form):
    code = StringField("Le code", [required("Écrivez le code que la personne vous montre.")])


@views.get("/professionnel")
@for_professionals
def index(professional):
    remind()
    return page(
        "desk/index.html",
        one=professional,
        patients=professionals.patients(professional),
        urgent=URGENT if URGENT in current_app.view_functions else None,
    )


@views.route("/professionnel/code", methods=["GET", "POST"])
@for_professionals
def enter(professional):
    form = Code()
    if not form.is_submitted():
        return page("desk/code.html", form=form)
    if form.validate():
        try:
            made = consultation.use(professional, said(form.code), request.remote_addr)
        except Refusal as refusal:
            form.refuse(refusal)
    if form.faults:
        return page("desk/code.html", 422, form=form)
    say("L'espace vous est ouvert.")
    return done("records.show", record=made.record.uid)
