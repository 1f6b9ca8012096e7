"""The commands that keep: backup, restore, rekey. Exit 0 all is well; 1 nothing was done; 3 it was,
but the instance, or the backup, had lost something, which is told."""

import os
import sys
from pathlib import Path

import click
from flask import current_app

from models import checking, instance
from models.keeping import backup as backups
from models.keeping import rekeying, restoring
from models.refusal import Refusal
from models.settings import WrongSetting

from .commands_opened import opened
from .words import count, size

WITH_FAULTS = 3
folder = click.Path(path_type=Path)
KEY_APART = (
    "La clé n'y est pas. Sans elle, rien de cette sauvegarde ne pourra jamais être lu : gardez-la "
    "ailleurs, en deux endroits."
)


@click.command(help="Sauvegarde l'instance dans un dossier, sans l'arrêter.")
@click.argument("directory", type=folder)
@click.option("--keep", type=click.IntRange(min=1), help="Ne garde que les dernières : combien.")
@opened
def backup(directory, keep):
    made = _tried(backups.make, current_app.config["INSTANCE"], directory, keep)
    told = made.inventory
    click.echo(
        f"{made.folder} : la base ({size(told.database.size)}) et "
        f"{count(len(told.files), 'fichier')}, dont {count(made.added, 'nouveau', 'nouveaux')} "
        f"({size(made.bytes)}). Relus, tout est là."
    )
    if made.pruned:
        old = count(len(made.pruned), "sauvegarde plus ancienne", "sauvegardes plus anciennes")
        click.echo(f"Ôté : {old}.")
    click.echo(KEY_APART)
    if made.beside:
        click.echo(f"Attention : la clé est dans {made.beside}. Ôtez-la d'ici.", err=True)
    faults = [f"fichier {name} : l'instance l'a perdu, ou abîmé" for name in made.lost]
    if made.unpruned:
        faults.append(f"Les plus anciennes n'ont pas pu être ôtées : {made.unpruned}.")
    _end(faults)


@click.command(help="Refait une instance d'une sauvegarde, dans un dossier vide.")
@click.argument("directory", type=folder)
@click.option("--despite-faults", is_flag=True, help="Même s'il y manque des fichiers.")
def restore(directory, despite_faults):
    settings = current_app.config["SETTINGS"]
    done = _tried(restoring.restore, settings, directory, despite_faults)
    click.echo(
        f"{settings.instance} est l'instance telle que le {done.inventory.made_at} "
        f"({done.source.name}). Vérification…"
    )
    _tried(instance.open_instance, settings)
    faults = list(checking.faults())
    click.echo("Ce qui a été fait depuis n'y est pas : accès retirés et effacements compris.")
    if not faults:
        click.echo("Tout est en ordre.")
    _end(faults)


@click.command(help="Change la clé : la base et chaque fichier sont chiffrés de nouveau.")
def rekey():
    settings = current_app.config["SETTINGS"]
    if not instance.exists(settings):
        sys.exit(instance.closed(settings))
    given = os.environ.get("CARNET_NEW_KEY", "").strip()
    done = _tried(rekeying.rekey, settings, given, _progress)
    files = count(done.files, "fichier")
    click.echo(f"La clé {done.new_mark} remplace la clé {done.old_mark} ({files}).")
    if settings.key:
        click.echo("Mettez la valeur de CARNET_NEW_KEY dans CARNET_KEY avant de redémarrer Carnet.")
    else:
        click.echo(f"Copiez {settings.instance / 'key'} ailleurs maintenant, en deux endroits :")
        click.echo("sans cette clé, rien ne peut plus être lu.")
    click.echo("Gardez l'ancienne clé aussi longtemps que les sauvegardes faites avec elle.")
    click.echo("Chacun devra se connecter de nouveau.")
    _end(
        [
            f"fichier {name} : abîmé, il n'a pas pu changer de clé. Gardez l'ancienne"
            for name in done.damaged
        ]
    )


def _tried(verb, *words):
    try:
        return verb(*words)
    except Refusal as refusal:
        sys.exit(refusal.sentence)
    except WrongSetting as wrong:
        sys.exit(str(wrong))


def _end(faults):
    for fault in faults:
        click.echo(fault, err=True)
    sys.exit(WITH_FAULTS if faults else 0)


def _progress(done, everything):
    click.echo(f"{done} fichiers sur {everything}…", err=True)
