"""The receipt of an objection: who, when, by which way, what it means, and how to change one's mind
with the code it bears."""

from datetime import date

from .. import clock
from ..activation_code import spaced
from ..record import Record
from ..sender import Sender
from ..sheet import Facts, Heading, Paragraph, Points, Scan, Sheet
from ..words import day

TITLE = "Reçu d'opposition à un espace de santé"
MEANING = (
    "L'espace n'est pas ouvert, et il ne le sera pas sans vous.",
    "Ce qui y était déjà est effacé pour toujours : documents, activité, adresses.",
    "L'association garde votre identité, votre numéro et ce choix. Ainsi, l'espace n'est pas "
    "refait.",
    "Elle ne vous écrit plus pour cet espace. Vos soins n'en dépendent pas.",
)
OF_A_MINOR = (
    "L'espace n'est pas ouvert, et il ne le sera pas sans vous.",
    "Ce qui y était déjà est effacé pour toujours : documents, activité, adresses.",
    "L'association garde l'identité de l'enfant, son numéro et ce choix. Ainsi, l'espace n'est pas "
    "refait.",
    "Elle ne vous écrit plus pour cet espace. Les soins n'en dépendent pas.",
)
AS_EASY = (
    "C'est aussi simple. Ouvrez cette adresse. Écrivez la date de naissance et ce code. Le code de "
    "la lettre ou de l'e-mail convient aussi."
)
WITHOUT_CODE = (
    "C'est aussi simple. Ouvrez cette adresse. Écrivez la date de naissance, et le code de la "
    "lettre, de l'e-mail ou d'un reçu d'avant."
)
EMPTY = "L'espace est alors de nouveau préparé, et vide. Vous pourrez l'activer avec ce code."
SECRET = "Gardez ce reçu. Ne donnez le code à personne."
OR_SAY_SO = "Vous pouvez aussi le dire à l'association."


def receipt(record: Record, one, code: str, until: date | None, sender: Sender) -> Sheet:
    """`one`: the objection; `code`: a new one, with its last day, or nothing."""
    blocks = [
        Facts(tuple(_facts(record, one, sender))),
        Heading("Ce que cela veut dire"),
        Points(MEANING if record.adult else OF_A_MINOR),
        Heading("Pour changer d'avis"),
        *(_with_code(code, until, sender) if code else _without(sender)),
        Paragraph(f"{OR_SAY_SO} {sender.contact}".strip()),
    ]
    # Not her birth date: with it and the code, whoever found the paper would need nothing else.
    return Sheet(TITLE, tuple(blocks), record.name, one_page=True)


def _facts(record, one, sender):
    made = one.made_at.astimezone(clock.PARIS)
    yield "Numéro de ce reçu", one.uid
    yield "Personne", f"{record.birth_given_names} {record.used_name or record.birth_name}"
    yield "Numéro d'adhérent", record.member_number
    yield "Opposition faite", f"le {day(made.date())} à {made.hour} h {made:%M}, {one.way}"
    yield ("Notée par" if one.noted else "Par"), one.by
    if sender.publisher:
        yield "Association", sender.publisher


def _with_code(code, until, sender):
    yield Paragraph(AS_EASY)
    rows = (("Adresse", sender.objection), ("Code", spaced(code)), ("Pour activer", _until(until)))
    yield Scan(rows, sender.objection)
    yield Paragraph(f"{EMPTY} {SECRET}")


def _until(day_):
    return f"jusqu'au {day(day_)}"


def _without(sender):
    yield Paragraph(WITHOUT_CODE)
    yield Scan((("Adresse", sender.objection),), sender.objection)
