"""The letter to whoever is about to have her account back, or to lose it to someone else."""

from datetime import datetime

from .. import clock
from ..sender import Sender
from ..sheet import Box, Heading, Paragraph, Points, Sheet
from ..words import day

TITLE = "Votre compte va vous être rendu"
HELLO = "Bonjour,"
WHY = (
    "Une personne est venue à l'association, et dit avoir tout perdu pour se connecter. Deux "
    "personnes de l'association ont vu un papier à ce nom : {name}."
)
WHEN = "Le {due}, le mot de passe et les appareils d'avant ne servent plus."
HERS = "C'est bien vous ? Vous n'avez rien à faire."
NOT_HERS = "Ce n'est pas vous ? Agissez tout de suite."
WAYS = (
    "Avant cette date : appelez l'association. Elle arrête tout, sans rien vous demander d'autre.",
    "Ou bien connectez-vous : le bouton « Annuler » est en haut de la page.",
    "Après cette date : appelez l'association. Elle vous aide à reprendre votre compte.",
)


def sheet(name: str, due_at: datetime, sender: Sender) -> Sheet:
    due = day(due_at.astimezone(clock.PARIS).date())
    blocks = [
        Paragraph(HELLO),
        Paragraph(WHY.format(name=name)),
        Box(WHEN.format(due=due)),
        Paragraph(HERS),
        Heading(NOT_HERS),
        Points(WAYS),
        Paragraph(f"Pour joindre l'association : {sender.contact}." if sender.contact else ""),
    ]
    said = [one for one in blocks if one != Paragraph("")]
    return Sheet(TITLE, tuple(said), one_page=True)
