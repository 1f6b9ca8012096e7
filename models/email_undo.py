"""Undoing a change of address, by the link that the old address received: for a week, the account
belongs to whoever reads it, as it did before."""

import secrets
from datetime import timedelta

from . import clock, device, means, notice, reset, session
from .account import Account
from .database import transaction
from .email_change import (
    UNDO_FOR,
    EmailChange,
    change,
    digest,
    forget_awaited,
    tell_ledger,
)
from .refusal import Refusal

LINK_FOR = timedelta(days=1)
SPENT = "Ce lien ne sert plus : sept jours ont passé, ou le changement est déjà annulé."
SERVES = (
    "Cette adresse sert maintenant à un autre compte. Demandez à votre association : elle peut "
    "vous rendre le vôtre."
)
SUBJECT = "Le changement d'adresse est annulé"
LETTER = """Bonjour,

Le changement d'adresse e-mail de votre compte est annulé. Cette adresse est de nouveau la sienne.

Choisissez un autre mot de passe à cette adresse, avant demain soir :

{address}

Ce lien sert une seule fois. Ensuite, ouvrez « Mon compte ». Regardez vos appareils et vos façons de
confirmer vos connexions. Ôtez ce que vous ne connaissez pas.
"""
TO_OTHER = """Bonjour,

Un changement d'adresse e-mail vient d'être annulé, depuis l'ancienne adresse. Celle-ci ne sert donc
plus à se connecter.

C'est une surprise ? Parlez-en à votre association.
"""


def usable(token: str) -> EmailChange:
    """Raises Refusal for a link that is spent, too old or unknown."""
    one = EmailChange.get_or_none(EmailChange.undo_hash == digest(token))
    if one is None or one.undone_at or one.done_at + UNDO_FOR <= clock.now():
        raise Refusal(SPENT)
    return one


def use(token: str, link) -> None:
    """The account has its old address back, whatever it became since; nobody is signed in, not even
    by the password of before, and what was added to sign in with is gone: meanwhile, or as long as
    whoever changed the address may have been there. `link` makes the address where a password is
    chosen. Raises Refusal."""
    with transaction():
        one = usable(token)
        account, other = one.account, one.account.email
        if other != one.old_email and Account.named(one.old_email):
            raise Refusal(SERVES)
        change(account, one.old_email)
        session.end_all(account)
        device.forget_all(account)
        means.forget(account, since=one.made_at - session.LONGEST)
        account.change_password(secrets.token_urlsafe(32))
        forget_awaited(account)
        _void(account, EmailChange.done_at >= one.done_at)
        if other != account.email:
            notice.write(other, SUBJECT, TO_OTHER)
        reset.send(account, link, LINK_FOR, SUBJECT, LETTER)
        tell_ledger(account)


def void_all(account: Account) -> None:
    """None is awaited, none can be undone. Call it inside a transaction."""
    forget_awaited(account)
    _void(account, EmailChange.done_at.is_null(False))


def _void(account, these):
    """Of one that is undone, those after it: a thief's own change gives him nothing back. One that
    came before may still be undone."""
    here = (EmailChange.account == account) & these
    EmailChange.update(undone_at=clock.now()).where(here).execute()
