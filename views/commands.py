"""The commands: `flask …`. Like a view: words read, one verb called, an answer."""

import getpass
import json
import os
import sys
import time
from datetime import date
from pathlib import Path

import click
from flask import current_app

from models import (
    account,
    bounce,
    chores,
    clock,
    enrolment,
    instance,
    job,
    notice,
    password,
    roll,
    roll_line,
    roll_reading,
    source,
)
from models.enrolment import day_of
from models.refusal import Refusal
from models.roll_line import Verdict

from . import eviction, export, figures, jobs
from .commands_check import check
from .commands_exchange import import_, receive
from .commands_keeping import backup, rekey, restore
from .commands_opened import opened
from .commands_rescue import command as rescue_
from .sender import sender

WORK_EVERY = 20
WITHOUT_CONTACT = (
    "Attention : CARNET_CONTACT est vide. Ces e-mails ne disent pas comment joindre l'association."
)


def register(app):
    of_records = (enrol, import_, receive, export.command, source_)
    for command in (
        init,
        demo,
        *of_records,
        figures_,
        bounces,
        work,
        check,
        backup,
        restore,
        rekey,
        eviction.command,
        rescue_,
    ):
        app.cli.add_command(command)


@click.command(help="Crée l'instance et son premier administrateur.")
@click.option("--email", help="Son adresse e-mail.")
@click.option("--name", help="Son nom.")
@click.option("--if-needed", is_flag=True, help="Ne dit rien si l'instance existe déjà.")
def init(email, name, if_needed):
    settings = current_app.config["SETTINGS"]
    if instance.exists(settings):
        if if_needed:
            return
        sys.exit(f"Il y a déjà une instance dans {settings.instance} : elle n'a pas changé.")
    _stop_if_begun(settings)
    email = email or click.prompt("Adresse e-mail de l'administrateur")
    name = name or click.prompt("Son nom")
    secret = os.environ.get("CARNET_ADMIN_PASSWORD") or getpass.getpass("Son mot de passe : ")
    try:
        password.check(secret, [email, name])
    except Refusal as refusal:
        sys.exit(refusal.sentence)
    instance.create(settings)
    instance.open_instance(settings)
    account.make_office(email, name, secret)
    held = "CARNET_KEY" if settings.key else f"le fichier {settings.instance / 'key'}"
    click.echo(f"L'instance est prête dans {settings.instance}.")
    click.echo(f"LA CLÉ : copiez {held} maintenant, ailleurs, en deux endroits,")
    click.echo("jamais avec les sauvegardes. SANS CETTE CLÉ, RIEN NE PEUT PLUS JAMAIS ÊTRE LU.")
    click.echo(
        f"À chaque connexion, un code est envoyé à {email} : « flask work --loop » doit tourner."
    )


@click.command(help="Remplit une instance vide d'une association fictive.")
@click.option("--json", "as_json", is_flag=True, help="Écrit les comptes en JSON.")
@click.option("--documents", type=int, help="Combien de documents pour la titulaire.")
def demo(as_json, documents):
    from models import demonstration  # all its papers, which no real instance has

    settings = current_app.config["SETTINGS"]
    _stop_if_begun(settings)
    if not instance.exists(settings):
        instance.create(settings)
        instance.open_instance(settings)
    try:
        made = demonstration.fill(_sender(demonstration=True), documents)
    except Refusal as refusal:
        sys.exit(refusal.sentence)
    notice.send_due(settings, keep=True)
    if as_json:
        click.echo(json.dumps(made.as_dict(), ensure_ascii=False))
        return
    click.echo(f"\nDémonstration de {settings.site_name} : tout y est fictif.\n")
    for one in made.accounts:
        click.echo(f"  {one.role:10} {one.email:28} {one.password:26} {one.name}")
    told = made.activation
    born = date.fromisoformat(told["birth_date"]).strftime("%d/%m/%Y")
    click.echo(f"\n  À activer : {told['member']}, date de naissance {born}, code {told['code']}")
    click.echo("\n  Pour entrer, il faut aussi un code : d'une application pour l'association et")
    click.echo("  les professionnels, d'un e-mail pour les autres. Tous sont à la page")
    click.echo("  « Courrier de la démonstration ».\n")


@click.command(help="Crée un espace pour chaque adhérent d'une liste (CSV, XLSX, XLS, ODS).")
@click.argument("file", type=click.Path(path_type=Path))
@opened
def enrol(file):
    writer = _sender()
    if not writer.contact:
        click.echo(WITHOUT_CONTACT, err=True)
    try:
        made, number = roll_reading.read_file(file, enrolment.OFFICE), 0
        for one in roll.enrol(made, enrolment.OFFICE, writer, job.PAUSE):
            # Shown once: only its hash is kept. For the letters of those who have no e-mail.
            told = (one.record.member_number, one.record.name, one.record.uid, one.code)
            click.echo("\t".join(told))
            number += 1
    except Refusal as refusal:
        sys.exit(refusal.sentence)
    for line in roll_line.left(made):
        click.echo(f"ligne {line.line} : {line.sentence}", err=True)
    counts = roll_line.counts(made)
    refused = counts[Verdict.REFUSED] + counts[Verdict.ASK]
    known = counts[Verdict.KNOWN] + counts[Verdict.TWICE]
    told = f"{number} espaces créés, {refused} lignes refusées, {known} déjà connues."
    click.echo(told, err=True)
    sys.exit(1 if refused else 0)


@click.command("figures", help="Dit combien d'espaces, de documents, de visites : jamais qui.")
@click.option("--json", "as_json", is_flag=True, help="Pour un programme.")
@opened
def figures_(as_json):
    if as_json:
        click.echo(json.dumps(figures.told(), ensure_ascii=False))
        return
    for name, detail, number in figures.rows():
        click.echo(f"{name}{' ' * bool(detail)}{detail} : {number}")


@click.command("source", help="Enregistre un logiciel qui dépose, et affiche son jeton.")
@click.argument("name")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in source.KINDS]),
    default="other",
    help="Son genre.",
)
@click.option(
    "--per-day", type=int, default=source.USUAL_A_DAY, help="Documents par jour, au plus."
)
@click.option("--until", help="Dernier jour.")
@opened
def source_(name, kind, per_day, until):
    last_day = day_of(until) if until else None
    if until and last_day is None:
        sys.exit(f"Le jour « {until} » n'existe pas.")
    told = source.Told(name, kind, per_day=per_day, last_day=last_day)
    try:
        _made, token = source.register(enrolment.OFFICE, told)
    except Refusal as refusal:
        sys.exit(refusal.sentence)
    click.echo(token)


@click.command(help="Lit les e-mails revenus : une boîte Maildir ou mbox, un dossier, un fichier.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@opened
def bounces(paths):
    read = returned = unproven = 0
    for path in paths:
        try:
            done = bounce.read(path)
        except OSError as error:
            sys.exit(f"{path} ne peut pas être lu ({error.strerror}).")
        read, returned = read + done.messages, returned + done.came_back
        unproven += done.unproven
    click.echo(f"{read} messages lus, {returned} envois notés comme revenus.")
    if unproven:
        click.echo(f"{unproven} retours reçus sans preuve : rien n'est noté pour eux.")


@click.command(help="Envoie les avis et applique les délais, une fois ou sans arrêt.")
@click.option("--loop", is_flag=True, help="Recommence sans arrêt.")
@click.option("--every", type=float, default=WORK_EVERY, help="Secondes entre deux fois (20).")
@opened
def work(loop, every):
    beside, stop = None, None
    while True:
        done = _work_once()
        _tell_stop(stop, done.stop)
        stop = done.stop
        if not loop:
            if not stop:
                job.run_due(_sender(), job.PAUSE)
            sys.exit(1 if done.faults else 0)
        # In a thread: a long one holds up no letter that someone is waiting for.
        if beside is None or not beside.is_alive():
            beside = jobs.run_soon(writer=_sender())
        if not (done.sent and notice.waiting()):
            time.sleep(every)


def _tell_stop(before, now):
    """Once when it begins, once when it is over."""
    if now and now != before:
        click.echo(f"Rien ne peut être enregistré : {now}. Nouvel essai bientôt.", err=True)
    if before and not now:
        click.echo("De nouveau, tout s'enregistre.", err=True)


def _stop_if_begun(settings):
    """A restore, or a change of key, that has not reached its end."""
    if instance.begun(settings):
        sys.exit(instance.closed(settings))


def _work_once() -> chores.Round:
    settings = current_app.config["SETTINGS"]
    done = chores.run(settings, _sender(), current_app.config["INSTANCE"].demonstration)
    if done.told:
        click.echo(
            f"{clock.now():%Y-%m-%d %H:%M} : {done.sent} avis envoyés, {done.unsent} pas encore "
            f"partis, {done.number('opened')} espaces ouverts, {done.number('emptied')} documents "
            f"effacés de la corbeille, {done.number('swept')} fichiers orphelins ôtés."
        )
    return done


def _sender(demonstration=False):
    with current_app.test_request_context():
        return sender(demonstration)
