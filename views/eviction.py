"""`flask sign-out`: one account, or everyone, is signed out everywhere."""

import sys

import click

from models import enrolment, eviction
from models.refusal import Refusal

from .commands_opened import opened


@click.command("sign-out", help="Déconnecte quelqu'un de tous ses appareils ; ou tout le monde.")
@click.argument("email", required=False)
@click.option("--everyone", is_flag=True, help="Tous les comptes, par exemple après un vol.")
@opened
def command(email, everyone):
    if bool(email) == everyone:
        sys.exit("Écrivez une adresse e-mail, ou --everyone.")
    try:
        if everyone:
            ended = eviction.everyone(enrolment.OFFICE)
        else:
            ended = eviction.one(enrolment.OFFICE, email)
    except Refusal as refusal:
        sys.exit(refusal.sentence)
    click.echo(f"{ended} connexions fermées. Aucun appareil n'est plus connu.")
