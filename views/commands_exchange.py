"""The commands by which documents come in: files, and the messages of a source."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
from flask import current_app

from models import deposit, enrolment, filing, intake, lot, postbox, storage
from models.document import Document
from models.enrolment import day_of
from models.postbox import Outcome, Verdict
from models.record import Record
from models.reference import types
from models.reference.outcomes import OUTCOMES
from models.refusal import Refusal
from models.vault import Spool
from models.words import tidy

from .commands_opened import opened

PIECE = 1 << 16


@click.command("import", help="Dépose des fichiers, ou ceux de dossiers, dans un espace.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--record", "record_uid", required=True, help="L'espace, ou le numéro d'adhérent.")
@click.option("--category", help="Code de la catégorie ; sinon celle que dit le fichier.")
@click.option("--dated", help="Date des documents ; sinon celle que dit le fichier, ou la sienne.")
@click.option("--author", default="", help="Qui les a écrits ; sinon qui dit le fichier.")
@click.option("--any-patient", is_flag=True, help="Même au nom de quelqu'un d'autre.")
@opened
def import_(files, record_uid, **options):
    record = Record.named(record_uid)
    if record is None:
        sys.exit(f"Il n'y a pas d'espace « {record_uid} ».")
    refused = 0
    for file in _each(files):
        try:
            made = _import_one(record, file, **options)
        except Refusal as refusal:
            refused += 1
            _say("refused", file, refusal.sentence)
        except Exception as error:
            # Where nothing can be written, the other files are not tried.
            if not (stop := storage.why(error)):
                raise
            sys.exit(f"Rien ne peut être enregistré : {stop}. Relancez la commande ensuite.")
        else:
            titles, kinds = [one.title for one in made], [_kind(one) for one in made]
            _say("taken", file, " ; ".join(titles), " ; ".join(kinds))
    sys.exit(1 if refused else 0)


def _say(*words):
    """One line, whatever the name of the file."""
    click.echo("\t".join(tidy(str(word)) for word in words))


def _each(paths) -> Iterator[Path]:
    for path in paths:
        inside = (
            sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
        )
        yield from inside


def _kind(document: Document) -> str:
    """« Compte rendu d'examens biologiques (11502-2) », or the category of a plain file."""
    if not document.type_code:
        return document.category_label
    return f"{document.type_label} ({document.type_code})"


def _import_one(record, file, category, dated, author, any_patient) -> list[Document]:
    day = day_of(dated) if dated else None
    if dated and day is None:
        raise Refusal(f"la date « {dated} » n'existe pas.")
    if category:
        filing.checked_category(category)
    settings = current_app.config["SETTINGS"]
    spool = Spool(settings.max_document)
    try:
        _fill(spool, file)
        plain = not lot.describes_itself(spool, file.name)
        told = deposit.Description(
            category=category or (types.OTHER if plain else ""),
            dated=day or (date.fromtimestamp(file.stat().st_mtime) if plain else None),
            author=author,
            any_patient=any_patient,
        )
        limits = deposit.Limits(settings.max_document, settings.max_record)
        return intake.put(record, enrolment.OFFICE, spool, file.name, told, limits)
    finally:
        spool.discard()


def _fill(spool, file):
    for chunk in _pieces(file):
        spool.write(chunk)
    spool.finish()


def _pieces(file):
    """Raises Refusal."""
    try:
        with open(file, "rb") as stream:
            while chunk := stream.read(PIECE):
                yield chunk
    except OSError as error:
        raise Refusal(f"ce fichier ne peut pas être lu ({error.strerror}).") from error


@click.command(help="Dépose les documents d'un message, envoyé à l'adresse d'un logiciel.")
@click.option("--to", "address", help="Cette adresse ; le message se lit sur l'entrée standard.")
@click.option("--lmtp", help="Plutôt, sans arrêt, par LMTP : unix:/chemin ou 127.0.0.1:24.")
def receive(address, lmtp):
    if bool(address) == bool(lmtp):
        sys.exit("Donnez --to ADRESSE, ou --lmtp.")
    if current_app.config["INSTANCE"] is None:
        click.echo("Carnet n'a pas encore d'instance.", err=True)
        sys.exit(Outcome.LATER)
    settings = current_app.config["SETTINGS"]
    limits = deposit.Limits(settings.max_document, settings.max_record)
    if lmtp:
        _serve(lmtp, limits)
    else:
        sys.exit(_take_one(address, limits))


def _take_one(address, limits) -> int:
    """What a mail server is told, as it understands it."""
    message = iter(lambda: sys.stdin.buffer.read1(PIECE), b"")
    try:
        verdict = postbox.take(address, message, limits)
    except Exception as error:  # it is tried again: nothing of the message may show in a log
        click.echo(f"{type(error).__name__}", err=True)
        verdict = Verdict(Outcome.LATER, "failure")
    if verdict.fault:
        told = OUTCOMES[verdict.fault]
        click.echo(f"{told.french} {told.english}".format(megabytes=limits.document // 1_000_000))
    return int(verdict.outcome)


def _serve(address, limits):
    # Imported here: no other command has a use for it, and all would wait for it.
    import asyncio

    from . import lmtp as server

    try:
        asyncio.run(server.serve(address, limits, lambda: click.echo(f"LMTP : {address}")))
    except (OSError, ValueError) as error:
        sys.exit(f"« {address} » ne peut pas servir : {error}.")
    except KeyboardInterrupt:
        pass
