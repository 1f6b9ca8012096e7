"""`flask rescue`: whoever holds the server gives an account back at once. The only administrator of
an association may have lost her telephone."""

import sys

import click
from flask import current_app

from models import enrolment, rescue_doing
from models.refusal import Refusal

from .commands_opened import opened
from .sender import sender


@click.command("rescue", help="Rend tout de suite son compte à qui a tout perdu pour se connecter.")
@click.argument("email")
@click.option("--other", default="", help="Sa nouvelle adresse e-mail, si l'ancienne est perdue.")
@opened
def command(email, other):
    with current_app.test_request_context():
        writer = sender()
    try:
        address = rescue_doing.at_once(enrolment.OFFICE, email, other, writer)
    except Refusal as refusal:
        sys.exit(refusal.sentence)
    click.echo("Ses appareils, ses clés d'accès et ses codes sont oubliés. Tout est au registre.")
    click.echo("Cette adresse sert une fois, pendant 7 jours, à choisir un mot de passe :")
    click.echo(address)
