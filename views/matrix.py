"""« Qui peut voir quoi » : what each role may do, and what each profession may read."""

from flask import Blueprint, request

from models.access import RIGHTS, SENTENCES, Role
from models.reference.categories import LABELS
from models.reference.professions import (
    ORIGINS,
    PROFESSIONS,
    REMARKS,
    SOURCE,
    SOURCE_DATE,
    allowed,
    closed_types,
)
from models.reference.types import TYPES

from .door import public
from .page import page

views = Blueprint("matrix", __name__)

# Who it is, and what the list of rights does not say.
ROLES = {
    Role.HOLDER: ("Vous", "C'est votre espace."),
    Role.REPRESENTATIVE: (
        "La personne qui vous représente",
        "Un parent, jusqu'à vos 18 ans. Ou la personne qu'un juge a nommée.",
    ),
    Role.CARER: (
        "Un proche qui vous aide",
        "Vous choisissez dans cette liste. Le reste lui est fermé.",
    ),
    Role.PROFESSIONAL: (
        "Un soignant que vous laissez entrer",
        "Son métier décide de ce qu'il lit : voyez plus bas.",
    ),
    Role.EMERGENCY: (
        "Un soignant, en cas d'urgence",
        "Seulement si vous l'avez permis. Son métier compte aussi.",
    ),
}


@views.get("/qui-peut-voir-quoi")
@public
def index():
    asked = request.args.get("profession")
    return page(
        "matrix/index.html",
        roles=[(*words, _may(role)) for role, words in ROLES.items()],
        professions=[_profession(code) for code in PROFESSIONS],
        chosen=_profession(asked) if asked in PROFESSIONS else None,
        choices=[("", "Tous les métiers"), *PROFESSIONS.items()],
        source=SOURCE,
        source_date=SOURCE_DATE,
    )


def _may(role):
    return [words for right, words in SENTENCES.items() if right in RIGHTS[role]]


def _profession(code):
    read = allowed(code)
    return {
        "code": code,
        "name": PROFESSIONS[code],
        "reads": [label for category, label in LABELS.items() if category in read],
        "closed": [label for category, label in LABELS.items() if category not in read],
        "but": [
            one
            for type_code, one in TYPES.items()
            if type_code in closed_types(code) and one.category in read
        ],
        "remark": REMARKS[code],
        "origin": ORIGINS[code],
    }
