"""What is written of a rescue: to whoever it concerns, wherever she may read it, and to all who
keep the office. Each is written inside the transaction of what it tells."""

from . import access as accesses
from . import clock, envelope, ledger, notice, printing
from .access import HOLDING, Actor, Role
from .account import Account
from .database import transaction
from .email_change import hidden
from .record import Record
from .sender import Sender
from .sheet import Letter
from .sheets import rescue as sheets
from .words import day

SUBJECT = "Votre compte va vous être rendu"
BEGUN = """Bonjour,

Une personne est venue à l'association, et dit avoir tout perdu pour se connecter. Elle a montré un
papier à ce nom : {name}.

Il a été vu par {asked_by}, puis par {seen_by}.

Sans réponse de vous, votre compte change le {due}. Le mot de passe et les appareils d'avant ne
serviront plus. {then}

C'est bien vous ? Ne faites rien.

Ce n'est pas vous ? Arrêtez tout, à cette adresse :

{address}

Vous pouvez aussi vous connecter, ou le dire à l'association.{contact}
"""
SAME = "Un lien pour choisir un mot de passe arrivera à cette adresse."
OTHER = "L'adresse e-mail du compte deviendra {email}."
SUBJECT_NEW = "Un compte va reprendre à cette adresse"
TO_NEW = """Bonjour,

L'association a reçu la demande de rendre un compte. Cette adresse e-mail en deviendra l'adresse.

Ce sera fait le {due}, si personne ne l'arrête. Un lien pour choisir un mot de passe arrivera alors
ici.

Vous n'avez rien demandé ? Dites-le à l'association.{contact}
"""
SUBJECT_STOPPED = "Rien ne change dans votre compte"
STOPPED = """Bonjour,

Quelqu'un demandait à l'association de lui rendre votre compte. C'est arrêté : rien n'a changé.

Arrêté par : {by}.

Ce n'était pas prévu ? Retournez à l'association, dans sept jours au plus tôt.
"""
SUBJECT_DONE = "Votre compte vous est rendu"
DONE = """Bonjour,

Votre compte vous est rendu, comme prévu. Choisissez votre mot de passe à cette adresse, avant le
{until} :

{address}

Ce lien sert une seule fois. Les appareils et les codes d'avant ne servent plus. Ensuite, ouvrez
« Mon compte » et imprimez des codes de secours.

Ce n'est pas vous qui l'avez demandé ? Appelez l'association tout de suite.
"""
TOLD_DONE = """Bonjour,

Un compte vient d'être rendu, après une demande faite à l'association : {name}.

Le mot de passe et les appareils d'avant ne servent plus.{moved}

Ce n'est pas vous qui l'avez demandé ? Appelez l'association tout de suite.
"""
MOVED = " Cette adresse e-mail ne sert plus à se connecter."
SUBJECT_OFFICE = "Un compte à rendre"
OFFICE_BEGUN = """Bonjour,

{asked_by}, puis {seen_by}, ont vu un papier à ce nom : {name}. Son compte lui sera rendu le {due}.

Ce n'est pas normal ? Arrêtez-le : page « Comptes à rendre ». Une seule personne suffit.
"""
OFFICE_STOPPED = """Bonjour,

Un compte ne sera pas rendu : {name}. {by} l'a arrêté.

{asked_by} et {seen_by} avaient vu un papier à ce nom. Parlez-en ensemble : quelqu'un a pu vous
tromper.
"""
OFFICE_DONE = """Bonjour,

Un compte est rendu : {name}. {seen}

Ce n'est pas normal ? Appelez cette personne, et lisez le registre.
"""
SEEN = "{asked_by} et {seen_by} avaient vu son papier."
ON_SERVER = "C'était par une commande, sur le serveur."


def begun(one, address: str, contact: str) -> None:
    words = _words(one) | {"address": address, "contact": f" {contact}" if contact else ""}
    words["then"] = OTHER.format(email=hidden(one.email)) if one.email else SAME
    for email in addresses(one.account):
        notice.write(email, SUBJECT, BEGUN.format(**words))
    if one.email:
        notice.write(one.email, SUBJECT_NEW, TO_NEW.format(**words))
    _tell_office(one.account, OFFICE_BEGUN.format(**words))


def stopped(one) -> None:
    words = _words(one)
    for email in addresses(one.account):
        notice.write(email, SUBJECT_STOPPED, STOPPED.format(**words))
    _tell_office(one.account, OFFICE_STOPPED.format(**words))


def done(one, before: list[str]) -> None:
    """`before`: where she was written to until now; the link to a password goes apart."""
    _done(one.account, before, SEEN.format(**_words(one)))


def done_on_server(account: Account, before: list[str]) -> None:
    _done(account, before, ON_SERVER)


def addresses(account: Account) -> list[str]:
    """Where she may read what is written to her: first her account's, then that of the list of
    members."""
    known = [account.email, *(record.email for record in _own(account))]
    return list(dict.fromkeys(email for email in known if email))


def letter(one, sender: Sender, actor: Actor) -> bytes | None:
    """To post (PDF); nothing where no postal address is known. Raises TypesettingFailed."""
    record = to_post(one.account)
    if record is None:
        return None
    with transaction():
        ledger.write(actor, ledger.Act.MADE_LETTERS, one.uid, number=1)
    sheet = sheets.sheet(one.account.name, one.due_at, sender)
    return printing.pdf([Letter(envelope.lines(record), sheet)], sender, clock.today(), large=False)


def to_post(account: Account) -> Record | None:
    """The record whose address is hers: her own, or that of a child whom she represents."""
    rows = [one for one in accesses.of(account) if one.role in HOLDING]
    hers = [one.record for one in rows if one.own or not one.record.adult]
    return next((record for record in hers if record.postal_address), None)


def _done(account, before, seen):
    signed_in_with = before[0]
    for email in before:
        if email != account.email:
            moved = MOVED if email == signed_in_with else ""
            notice.write(email, SUBJECT_DONE, TOLD_DONE.format(name=account.name, moved=moved))
    _tell_office(account, OFFICE_DONE.format(name=account.name, seen=seen))


def _words(one):
    return {
        "name": one.account.name,
        "asked_by": one.asked_by,
        "seen_by": one.seen_by,
        "by": one.stopped_by,
        "due": one.due_at and moment(one.due_at),
    }


def moment(at) -> str:
    """« 12 mars 2026 à 9 h 05 »."""
    at = at.astimezone(clock.PARIS)
    return f"{day(at.date())} à {at.hour} h {at:%M}"


def _own(account):
    return [access.record for access in accesses.of(account) if access.role == Role.HOLDER]


def _tell_office(account, letter):
    """Whoever keeps it; it is said to herself otherwise."""
    for each in Account.of_office():
        if each.id != account.id:
            notice.write(each.email, SUBJECT_OFFICE, letter)
