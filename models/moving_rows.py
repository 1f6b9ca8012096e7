"""The documents of an archive as they are told: by its manifest, or by their names and folders."""

import json
from pathlib import PurePosixPath

from . import deposit, guessing, manifest_reading
from .moving_item import Verdict
from .words import tidy

ACTIVITY = "Activité.csv"
ACTIVITY_TITLE = "Activité de mon ancien espace"
MISSING = "Ce document n'est pas dans l'archive."
WAS_DAMAGED = "Ce document était déjà abîmé dans l'ancien espace."
TOO_HEAVY = "Ce document est trop gros : {most} Mo au plus."
NOTHING_IN = "Ce fichier est vide."


def described(said, limits):
    told = manifest_reading.document(said["document"])
    sentence = _fault(said, limits, told["damaged"])
    return _made(
        said,
        path=told["path"],
        title=told["title"] or told["filename"],
        sha256=told["sha256"],
        told=told,
        verdict=Verdict.REFUSED if sentence else Verdict.TAKE,
        sentence=sentence,
    )


def activity(said, limits):
    """Who did what there: a document like any other, and no proof of anything here."""
    told = {"title": ACTIVITY_TITLE, "category": "DOC_ADM", "masked": True}
    told |= {"filename": f"{ACTIVITY_TITLE}.txt", "activity": True}
    sentence = _fault(said, limits)
    verdict = Verdict.REFUSED if sentence else Verdict.TAKE
    return _made(said, path=ACTIVITY, title=ACTIVITY_TITLE, told=told, verdict=verdict)


def guessed(said, folders, limits):
    path, sentence = said["name"], _fault(said, limits)
    name = PurePosixPath(path).name
    day = guessing.day_of(name)
    told = {"filename": name, "folder": folders[path], "category": guessing.category_of(path)}
    told |= {"dated": day.isoformat() if day else "", "zipped": said["day"]}
    told |= {"title": deposit.proposed_title(name)}
    verdict = Verdict.REFUSED if sentence else Verdict.NONE
    title = told["title"]
    return _made(said, path=path, title=title, told=told, verdict=verdict, sentence=sentence)


def _made(said, *, path, title, told, verdict, sha256="", sentence=""):
    return {
        "entry": said["entry"],
        "path": tidy(path),
        "title": title,
        "size": said["size"],
        "sha256": sha256,
        "told": json.dumps(told, ensure_ascii=False),
        "verdict": verdict.value,
        "sentence": sentence,
    }


def _fault(said, limits, damaged=False):
    """Why it is not taken, known before it is read; nothing where it may be."""
    if damaged:
        return WAS_DAMAGED
    if said["entry"] is None:
        return MISSING
    if not said["size"]:
        return NOTHING_IN
    return (
        TOO_HEAVY.format(most=limits.document // 1_000_000)
        if said["size"] > limits.document
        else ""
    )
