"""`flask export`: everything of a record in a file, for another server."""

import os
import secrets
import signal
import sys
from pathlib import Path

import click

from models import export
from models.record import Record
from models.refusal import Refusal

from .commands_opened import opened
from .rights import look

HELP = """Met tout un espace dans FILE (ZIP), pour un autre serveur, à la demande de la personne.

RECORD est l'espace, ou le numéro d'adhérent. Attention : qui lance cette commande peut lire toutes
les données de santé de cet espace, et ses volontés. Le fichier contient aussi ce qui n'est pas
encore annoncé à la personne, et ce qu'un mineur cache à ses parents : il va à l'autre serveur, pas
à eux. L'activité de l'espace et le registre de l'association diront qu'il a été fait."""
THERE = "« {file} » existe déjà : il n'a pas changé. Choisissez un autre nom."
UNREADABLE = "Le mot de passe ne peut pas être lu ({why})."
UNWRITTEN = "« {file} » n'a pas pu être écrit ({why}). Rien n'en est resté."


@click.command("export", help=HELP)
@click.argument("record")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--password-file",
    type=click.Path(path_type=Path),
    help="Un fichier dont la première ligne est le mot de passe du ZIP.",
)
@opened
def command(record, file, password_file):
    try:
        size = save(record, file, password_file)
    except Refusal as refusal:
        sys.exit(refusal.sentence)
    click.echo(f"{file}\t{size} octets")


def save(record_uid: str, file: Path, password_file: Path | None) -> int:
    """How many bytes it has. Raises Refusal; then there is no file."""
    record = Record.named(record_uid)
    if record is None:
        raise Refusal(f"Il n'y a pas d'espace « {record_uid} ».")
    if file.exists():
        raise Refusal(THERE.format(file=file))
    secret = export.checked_secret(record, _read(password_file)) if password_file else ""
    half = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    before = signal.signal(signal.SIGTERM, _end)
    try:
        size = _write(half, export.whole_for_office(record, look(record), secret))
        os.rename(half, file)
    except OSError as error:
        raise Refusal(UNWRITTEN.format(file=file, why=error.strerror)) from error
    finally:
        half.unlink(missing_ok=True)
        signal.signal(signal.SIGTERM, before)
    return size


def _end(*_told):
    """Stopped from outside, it leaves no half of a record behind either."""
    sys.exit(128 + signal.SIGTERM)


def _write(path, chunks):
    """For its owner alone, and on the disk before it has its name."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "wb") as stream:
        for chunk in chunks:
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
        return stream.tell()


def _read(password_file):
    """Its first line."""
    try:
        return password_file.read_text("utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "il n'est pas en UTF-8"
        raise Refusal(UNREADABLE.format(why=why)) from error
