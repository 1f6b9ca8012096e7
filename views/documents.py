"""The list of documents: found, filtered, sorted, and acted upon several at once."""

import re

from flask import Blueprint, request

from models import bin, browsing, document, filing, folder, masking
from models.access import Right
from models.browsing import Filters, Sort
from models.reference import categories

from .door import needs
from .page import done, page, say, warn
from .words import count

views = Blueprint("documents", __name__)

MASKED = {"oui": True, "non": False}
SORTS = {
    Sort.NEWEST: "Les plus récents d'abord",
    Sort.OLDEST: "Les plus anciens d'abord",
    Sort.TITLE: "Par titre, de A à Z",
    Sort.TITLE_BACK: "Par titre, de Z à A",
    Sort.AUTHOR: "Par auteur, de A à Z",
    Sort.AUTHOR_BACK: "Par auteur, de Z à A",
}


@views.get("/espaces/<uid:record>/documents")
@needs(Right.READ)
def index(access):
    return listing(access, filters())


@views.get("/espaces/<uid:record>/documents/filtres")
@needs(Right.READ)
def choose_filters(access):
    return page(
        "documents/filters.html",
        access=access,
        filters=filters(),
        categories=categories.LABELS,
        folders=list(access.folders()),
        unfiled=browsing.UNFILED,
        years=browsing.years(access),
        authors=browsing.authors(access),
        sorts=SORTS,
    )


@views.post("/espaces/<uid:record>/documents/selection")
@needs(Right.READ)
def act_on_selection(access):
    chosen = document.find_all(access, request.form.getlist("document"))
    if not chosen:
        warn("Cochez d'abord un document, ou plusieurs, puis choisissez ce qu'il faut en faire.")
    else:
        _act(access, chosen, request.form.get("geste", ""))
    return done("documents.index", record=access.record.uid, **_asked())


def listing(access, filters, status=200, **context):
    shown = browsing.browse(access, filters)
    return page(
        "documents/index.html",
        status,
        access=access,
        filters=filters,
        chips=_chips(access, filters),
        page=shown,
        total=_total(shown),
        asked=_asked(),
        folders=shown.folders,
        folder_names={one.id: one.name for one in shown.folders},
        **context,
    )


def filters(**known) -> Filters:
    """What the address asks; what it asks that does not exist is left out."""
    asked = request.args
    year = asked.get("annee", "")
    return Filters(
        **{
            "words": asked.get("q", "").strip()[:200],
            "category": _among(asked.get("categorie"), categories.LABELS),
            "folder": asked.get("dossier", ""),
            "year": int(year) if re.fullmatch("(19|20)[0-9]{2}", year) else None,
            "author": asked.get("auteur", ""),
            "masked": MASKED.get(asked.get("masques")),
            "sort": Sort(_among(asked.get("tri"), SORTS) or Sort.NEWEST),
            "cursor": asked.get("suite", ""),
            **known,
        }
    )


ARGUMENTS = ("q", "categorie", "dossier", "annee", "auteur", "masques", "tri", "suite")


def _asked():
    """What the address asks of the list, to be asked again by its links."""
    return {name: value for name, value in request.args.items() if name in ARGUMENTS}


def _act(access, chosen, act):
    if act.startswith("vers:"):
        _move(access, chosen, act.removeprefix("vers:"))
    elif act in ("masquer", "montrer"):
        masked = act == "masquer"
        changed = masking.choose(access, chosen, masked)
        say(count(changed, *MASKED_WORDS[masked]))
    elif act == "jeter":
        binned, refused = bin.discard(access, chosen)
        for sentence in refused:
            warn(sentence)
        if binned:
            say(count(binned, "document mis", "documents mis") + " à la corbeille, pour 30 jours.")
    else:
        warn("Choisissez ce qu'il faut faire des documents cochés.")


MASKED_WORDS = {
    True: ("document masqué aux professionnels.", "documents masqués aux professionnels."),
    False: ("document visible.", "documents visibles."),
}


def _move(access, chosen, folder_uid):
    target = folder.find(access, folder_uid) if folder_uid else None
    if folder_uid and target is None:
        warn(folder.GONE)
        return
    moved = filing.move(access, chosen, target)
    where = f"dans « {target.name} »" if target else "hors de tout dossier"
    say(f"{count(moved, 'document rangé', 'documents rangés')} {where}.")


def _chips(access, filters):
    """The filters in force, each with the name that takes it away: (name, words)."""
    inside = folder.find(access, filters.folder) if filters.folder else None
    chosen = {
        "q": filters.words and f"« {filters.words} »",
        "categorie": categories.LABELS.get(filters.category),
        "dossier": inside.name if inside else filters.folder and "Sans dossier",
        "annee": filters.year,
        "auteur": filters.author,
        "masques": {True: "Masqués", False: "Visibles"}.get(filters.masked),
    }
    return [(name, words) for name, words in chosen.items() if words]


def _total(shown):
    return count(shown.count, "document", most=None if shown.counted else browsing.COUNTED)


def _among(value, known):
    return value if value in known else ""
