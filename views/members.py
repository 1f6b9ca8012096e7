"""The members, as the office keeps them: a list to search, a page for each, added and corrected."""

from flask import Blueprint, Response, abort, request, stream_with_context
from wtforms import RadioField, StringField

from models import clock, identity, ins, member, member_list, telling
from models.identity import Alike
from models.member import Standing
from models.member_list import Filters
from models.office import Task
from models.record import Sex
from models.refusal import Refusal

from . import files
from .door import for_the_office, officer, sure
from .forms import Form, options, required, said
from .page import done, page, say, warn
from .words import capitalize_first, count, of

views = Blueprint("members", __name__)

PATH = "/association/adherents"
STANDINGS = {
    Standing.ANNOUNCED: "Pas encore prévenu",
    Standing.TOLD: "Prévenu, en attente",
    Standing.OPEN: "Ouvert, pas activé",
    Standing.ACTIVATED: "Activé",
    Standing.OBJECTED: "Opposition",
    Standing.CLOSED: "Fermé",
}
HOW = {"email": "par e-mail", "post": "par lettre", "desk": "au guichet"}
WHAT = {
    "space": "L'annonce de son espace",
    "reminder": "Un rappel",
    "code": "Un nouveau code",
}
SEXES = {Sex.FEMALE: "Féminin", Sex.MALE: "Masculin", Sex.UNKNOWN: "Pas connu"}
BIRTH_DATE = "Écrivez la date de naissance. Par exemple : 14/03/1951."
VOIDED = (
    "Les codes envoyés avant ne servent plus : une autre personne a pu les recevoir. "
    "Envoyez-lui un nouveau code."
)


class Member(Form):
    member_number = StringField("Numéro d'adhérent")
    birth_name = StringField("Nom de naissance", [required("Écrivez le nom de naissance.")])
    used_name = StringField("Nom utilisé, s'il est différent")
    birth_given_names = StringField("Prénoms de naissance", [required("Écrivez les prénoms.")])
    birth_date = StringField("Date de naissance", [required(BIRTH_DATE)])
    sex = RadioField(
        "Sexe",
        [required("Choisissez l'une des trois réponses.")],
        choices=options(SEXES),
        validate_choice=False,
    )
    birthplace = StringField("Lieu de naissance")
    birthplace_code = StringField("Code de la commune de naissance")
    ins = StringField("Matricule INS")
    email = StringField("Adresse e-mail")
    postal_address = StringField("Adresse postale")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not ins.on():
            del self.ins

    @property
    def told(self) -> dict[str, str]:
        return {name: said(self[name]) for name in identity.names()}


@views.get(PATH)
@for_the_office(Task.MEMBERS)
def index():
    filters = _filters(request.args)
    found = member_list.browse(filters)
    most = None if found.counted else member_list.COUNTED
    return page(
        "members/index.html",
        filters=filters,
        found=found,
        total=count(found.count, "adhérent", most=most),
        standings=STANDINGS,
        standing=member.standing,
        asked=_asked(filters),
    )


@views.post(PATH + "/export")
@for_the_office(Task.MEMBERS)
@sure
def export():
    content = member_list.export(_filters(request.form), officer(), STANDINGS.get)
    response = Response(stream_with_context(content), mimetype="text/csv", direct_passthrough=True)
    return files.kept_by_nobody(response, f"adherents-{clock.today()}.csv")


@views.route(PATH + "/ajout", methods=["GET", "POST"])
@for_the_office(Task.MEMBERS)
def create():
    form = Member()
    if request.method != "POST":
        return page("members/new.html", form=form)
    others = frozenset(request.form.get("autres", "").split())
    try:
        made = _accepted(form, lambda told: identity.add(told, officer(), others))
    except Alike as alike:
        return _ask(form, alike.people)
    if made is None:
        return page("members/new.html", 422, form=form)
    say(f"L'espace {of(made.name)} est créé. Rien ne lui a encore été envoyé.")
    return done(".show", one=made.uid)


@views.get(PATH + "/<uid:one>")
@for_the_office(Task.MEMBERS)
def show(one):
    shown = _find(one)
    return page(
        "members/show.html",
        one=shown,
        standing=member.standing(shown),
        standings=STANDINGS,
        tellings=telling.of(shown),
        what=WHAT,
        how=HOW,
        sexes=SEXES,
        acts=[],
        number=ins.masked(shown.ins) if ins.on() else "",
        returned="campaign.returned",
    )


@views.route(PATH + "/<uid:one>/correction", methods=["GET", "POST"])
@for_the_office(Task.MEMBERS)
def edit(one):
    shown = _find(one)
    if request.method != "POST":
        form = Member(data=identity.told(shown))
        return page("members/edit.html", form=form, one=shown)
    form = Member()
    corrected = _accepted(form, lambda told: identity.correct(shown, told, officer()))
    if corrected is None:
        return page("members/edit.html", 422, form=form, one=shown)
    say("La fiche est à jour." if corrected.fields else "Rien n'a changé.")
    if corrected.voided:
        warn(VOIDED)
    return done(".show", one=shown.uid)


def _filters(asked) -> Filters:
    standing = asked.get("etat", "")
    return Filters(
        words=asked.get("q", "").strip(),
        standing=Standing(standing) if standing in STANDINGS else None,
        after=asked.get("apres", ""),
        before=asked.get("avant", ""),
    )


def _asked(filters):
    """The filters, as an address says them."""
    known = {"q": filters.words, "etat": filters.standing and filters.standing.value}
    return {name: value for name, value in known.items() if value}


def _ask(form, people):
    """Whether she is one of them; what was typed waits in the page."""
    others = " ".join(one.uid for one in people)
    return page(
        "members/alike.html",
        people=people,
        values=form.told | {"autres": others},
        standings=STANDINGS,
        standing=member.standing,
    )


def _accepted(form, act):
    """What the verb gives, or nothing once its refusal is at its field."""
    if not form.validate():
        return None
    try:
        return act(form.told)
    except Alike:
        raise
    except Refusal as refusal:
        form.refuse(Refusal(capitalize_first(refusal.sentence), refusal.field))
        return None


def _find(one):
    found = member.find(one)
    if found is None:
        abort(404)
    return found
