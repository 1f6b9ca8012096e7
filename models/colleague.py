"""A colleague: an account that works for the association, and its duty. Whoever keeps the office is
told of each one added, changed or ended: what a thief does there is seen."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from peewee import SQL, fn

from . import clock, device, email_undo, ledger, means, notice, office, password, reset, session
from .access import Access, Actor
from .account import Account
from .database import MomentField, transaction
from .ledger import Act
from .office import LABELS, Duty, Task
from .person import LONGEST_NAME, checked_email
from .professional import Professional
from .record import Record
from .refusal import Refusal
from .session import Session
from .words import day, tidy

# For the first password: a letter may wait until she is back.
FIRST_LINK = timedelta(days=7)
KNOWN = "Cette personne a déjà un compte de l'association."
OF_ANOTHER = (
    "Cette adresse est celle d'un adhérent, d'un proche ou d'un professionnel. Il en faut une "
    "autre, qui ne serve qu'à l'association."
)
ONESELF = "C'est votre propre compte. Demandez à un autre compte « Bureau » de le changer."
LAST = "C'est le dernier compte « Bureau » : personne ne pourrait plus tenir l'association."
GONE = "Ce compte n'est plus un compte de l'association."
NOT_YOU = "Votre compte ne permet plus cela."
SUBJECT = "Votre compte de l'association est prêt"
WELCOME = """Bonjour,

{by} vous ouvre un compte de l'association sur {site}. Il sert à : {duty}.

Choisissez votre mot de passe à cette adresse, avant le {until} :

{address}

Ce lien sert une seule fois. À la première connexion, vous installerez une clé d'accès ou une
application de codes. Ayez votre téléphone près de vous.

Vous n'attendiez pas cet e-mail ? Ne faites rien, et prévenez l'association.
"""
CHANGED = """Bonjour,

{by} a changé ce que permet votre compte de l'association. Il sert maintenant à : {duty}.

Reconnectez-vous. Ce n'est pas prévu ? Parlez-en à l'association.
"""
ENDED = """Bonjour,

{by} a mis fin à votre compte de l'association. Il n'ouvre plus les pages de l'association.

Ce n'est pas prévu ? Parlez-en à l'association.
"""
TO_OFFICE = """Bonjour,

{by} {did} : {name}, {email}.
Ce compte {serves} : {duty}.

Ce n'est pas prévu ? Parlez-en tout de suite à {by}. La page « Comptes de l'association » permet de
mettre fin à ce compte. Le registre dit tout ce qu'il a fait.
"""


@dataclass(frozen=True)
class Colleague:
    account: Account
    # The last time that it was signed in, both steps done.
    seen_at: datetime | None = None

    @property
    def uid(self) -> str:
        """What addresses it: from the moment it was made, to the microsecond."""
        told = f"{self.account.id} {MomentField().db_value(self.account.made_at)}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def name(self) -> str:
        return self.account.name

    @property
    def duty(self) -> Duty:
        return Duty(self.account.duty)

    @property
    def label(self) -> str:
        return LABELS[self.duty]


@dataclass(frozen=True)
class Told:
    """What is written of a new one."""

    name: str
    email: str
    duty: str

    def checked(self) -> dict:
        """Raises Refusal at the field that is wrong."""
        email = checked_email(self.email) or _refuse("Écrivez son adresse e-mail.", "email")
        duty = checked_duty(self.duty).value
        return {"name": checked_name(self.name), "email": email, "duty": duty}


def all_of_them() -> list[Colleague]:
    theirs = (Session.account == Account.id) & Session.confirmed_at.is_null(False)
    seen = Session.select(fn.MAX(Session.seen_at)).where(theirs)
    # To the letter the condition of the index account_duty.
    query = Account.select(Account, seen.alias("last")).where(Account.duty != SQL("''"))
    rows = query.order_by(Account.name, Account.id)
    told = Session.seen_at.python_value
    return [Colleague(one, told(one.last)) for one in rows.objects()]


def find(uid: str) -> Colleague | None:
    return next((one for one in all_of_them() if one.uid == uid), None)


def add(actor: Actor, told: Told, site: str, link) -> Colleague:
    """She chooses her password by the letter; `link` makes the address from a token. Raises
    Refusal."""
    values = told.checked()
    with transaction():
        _check_may(actor)
        _check_free(values["email"])
        made = Colleague(_made(values))
        until = day((clock.now() + FIRST_LINK).astimezone(clock.PARIS).date())
        words = {"by": actor.name, "duty": made.label, "site": site, "until": until}
        reset.send(made.account, link, FIRST_LINK, SUBJECT, WELCOME, **words)
        _tell_office(actor, made, "a ajouté un compte de l'association", "sert à")
        ledger.write(actor, Act.ADDED_COLLEAGUE, made.uid, name=made.name, duty=made.duty)
    return made


def change(actor: Actor, one: Colleague, duty: str) -> None:
    """Its sessions end: what it may do is never more than it is now. Raises Refusal."""
    duty = checked_duty(duty)
    with transaction():
        one = _still(actor, one)
        before = one.duty
        if duty is before:
            return
        _check_not_last(one)
        _set(one, duty.value)
        words = CHANGED.format(by=actor.name, duty=one.label)
        notice.write(one.account.email, "Votre compte de l'association change", words)
        _tell_office(actor, one, "a changé un compte de l'association", "sert maintenant à")
        told = {"name": one.name, "duty": duty, "before": before}
        ledger.write(actor, Act.CHANGED_COLLEAGUE, one.uid, **told)


def end(actor: Actor, one: Colleague) -> None:
    """At once, in every open session. Raises Refusal."""
    with transaction():
        one = _still(actor, one)
        _check_not_last(one)
        words = ENDED.format(by=actor.name)
        notice.write(one.account.email, "Votre compte de l'association est terminé", words)
        ledger.write(actor, Act.ENDED_COLLEAGUE, one.uid, name=one.name, duty=one.duty)
        _tell_office(actor, one, "a mis fin à un compte de l'association", "servait à")
        _set(one, "")


def checked_name(text: str | None) -> str:
    name = tidy(text or "") or _refuse("Écrivez son prénom et son nom.", "name")
    if len(name) > LONGEST_NAME:
        _refuse(f"C'est trop long : {LONGEST_NAME} lettres au plus.", "name")
    return name


def checked_duty(text: str | None) -> Duty:
    return Duty(text) if text in list(Duty) else _refuse("Choisissez à quoi il sert.", "duty")


def _made(values):
    """A new account; or that of someone who was a colleague before. Nobody knows its password, nor
    holds what confirmed its sign-ins: the mailbox may be another's by now."""
    known = Account.named(values["email"]) or Account(email=values["email"])
    known.name, known.duty, known.made_at = values["name"], values["duty"], clock.now()
    known.password_hash = password.hashed(secrets.token_urlsafe(32))
    known.save()
    _close(known)
    means.forget(known)
    email_undo.void_all(known)
    device.forget_all(known)
    return known


def _set(one, duty):
    one.account.duty = duty
    one.account.save(only=[Account.duty])
    _close(one.account)


def _close(account):
    """What was opened, or could be, by what it was before."""
    session.end_all(account)
    reset.void_all(account)


def _still(actor, one):
    """As it is now, if this actor may change it."""
    _check_may(actor)
    now = Account.get_or_none((Account.id == one.account.id) & (Account.duty != ""))
    if now is None:
        raise Refusal(GONE)
    if now.id == actor.account_id:
        raise Refusal(ONESELF)
    return Colleague(now)


def _check_may(actor):
    """Two who end each other at the same time: the second one may not any more."""
    account = Account.get_or_none(Account.id == actor.account_id)
    if account is None or not office.may(account, Task.COLLEAGUES):
        raise Refusal(NOT_YOU)


def _check_not_last(one):
    if [each.id for each in Account.of_office()] == [one.account.id]:
        raise Refusal(LAST)


def _check_free(email):
    """It serves nobody for anything else: no health data is a step away from the office."""
    account = Account.named(email)
    if account and account.office:
        _refuse(KNOWN, "email")
    if Record.select().where(Record.email == email).exists() or account and _serves(account):
        _refuse(OF_ANOTHER, "email")


def _serves(account):
    tables = (Access, Professional)
    return any(table.select().where(table.account == account).exists() for table in tables)


def _tell_office(actor, one, did, serves):
    """Whoever did it too: it may be a thief, in her name."""
    told = {"by": actor.name, "did": did, "serves": serves, "duty": one.label}
    words = TO_OFFICE.format(name=one.name, email=one.account.email, **told)
    for account in Account.of_office():
        if account.id != one.account.id:
            notice.write(account.email, "Un compte de l'association a changé", words)


def _refuse(sentence, field):
    raise Refusal(sentence, field)
