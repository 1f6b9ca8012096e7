"""Checking, by a command: the instance, backups, or an exported journal. Exit 1 where something is
wrong."""

import sys
from pathlib import Path

import click
from flask import current_app

from models import checking, instance, proof
from models.instance import Instance
from models.keeping import key_file, verifying
from models.refusal import Refusal
from models.settings import WrongSetting

from . import journal
from .commands_opened import opened
from .words import count

# Not a fault of the instance: a remark on where it is.
CONFINED = "Les fichiers sont lus par des programmes moins bien enfermés : ce système n'a pas"
path = click.Path(path_type=Path)


@click.command(help="Vérifie la base, le coffre et la chaîne de l'activité ; ou des sauvegardes.")
@click.argument("directory", type=path, required=False)
@click.option(
    "--journal",
    "file",
    type=path,
    help="Vérifie plutôt une activité exportée (CSV), sans instance.",
)
def check(directory, file):
    if file:
        _check_chronicle(file)
    elif directory:
        _check_backups(directory)
    else:
        _check_instance()


def _check_chronicle(file):
    try:
        with open(file, encoding="utf-8-sig", newline="") as lines:
            verdict = proof.verify(lines, journal.sentence)
    except OSError as error:
        sys.exit(f"Ce fichier ne peut pas être lu ({error.strerror}).")
    except proof.Broken as broken:
        sys.exit(broken.sentence)
    for one in verdict.chains.values():
        click.echo(f"Chaîne {one.name} : {one.length} entrées, dernière empreinte {one.head}")
        if one.closed:
            click.echo(f"  {one.closed} ne sont pas montrées : leur contenu n'est pas vérifié.")
    for line, told in verdict.odd:
        click.echo(f"Attention, ligne {line} : cette version de Carnet écrirait « {told} ».")
    click.echo("Tout se suit. Comparez les dernières empreintes à celles gardées ailleurs.")


def _check_backups(directory):
    """The key is enough: where backups are kept, there may be no instance."""
    settings = current_app.config["SETTINGS"]
    try:
        held = Instance(settings.instance, instance.key_of(settings))
        _tell(verifying.faults(held, directory))
    except (Refusal, WrongSetting, OSError) as error:
        sys.exit(str(error))


@opened
def _check_instance():
    for name in checking.orphans():
        click.echo(f"fichier {name} du coffre : plus rien ne le nomme, « flask work » l'ôtera")
    if lacking := checking.not_confined():
        click.echo(f"{CONFINED} {' ni '.join(lacking)}.")
    settings = current_app.config["SETTINGS"]
    _tell([*key_file.faults(settings), *checking.faults()])


def _tell(faults):
    number = 0
    for fault in faults:
        click.echo(fault)
        number += 1
    click.echo(f"{count(number, 'défaut')}." if number else "Tout est en ordre.")
    sys.exit(1 if number else 0)
