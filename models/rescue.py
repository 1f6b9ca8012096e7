"""Rescue: someone lost all that she signs in with. Two people of the association see her and her
paper; she is told wherever she may be; three days later, unless she stops it, her account is given
back to her (rescue_doing.py). None of them ever chooses a password, nor opens anything."""

import hashlib
import secrets
from datetime import timedelta

from peewee import ForeignKeyField, TextField

from . import access as accesses
from . import clock, giving, journal, ledger, rescue_finding, rescue_letters, rescue_witness
from .access import HOLDING, Actor, Role
from .account import Account
from .database import MomentField, Table, transaction
from .email_change import taken
from .person import checked_email
from .prepared import Prepared
from .record import Record
from .refusal import Refusal
from .rescue_finding import Told, died
from .words import uid

DELAY = timedelta(hours=72)
# How long the first of the two waits for the second.
OPEN = timedelta(days=7)
# Nobody asks again and again.
REST = timedelta(days=7)
PAPERS = {key: told for key, told in giving.PAPERS.items() if key != "known"}
CHOOSE = "Choisissez le papier montré. Sans papier, ce n'est pas possible."
NOT_FREE = "Cette adresse ne peut pas servir. Demandez-en une autre."
UNDER_WAY = "C'est déjà demandé pour ce compte. La page « Comptes à rendre » dit où c'en est."
REST_FIRST = (
    "C'est trop tôt : ce compte a été rendu, ou la demande arrêtée, depuis moins de 7 jours."
)
DIED = "Cette personne est notée comme décédée. Personne ne se connecte plus à sa place."
OTHER_EMAIL = (
    "Ce n'est pas ce qui a été écrit la première fois. Demandez à la personne quelle adresse elle "
    "veut. Si la première est fausse, arrêtez cette demande."
)
OVER = "Cette demande est finie : elle a été faite, ou arrêtée, ou elle est trop vieille."
SEEN = "Deux personnes ont déjà vérifié. Il n'y a plus qu'à attendre."
TOO_LATE = "C'est trop tard : le compte a déjà été rendu. Appelez l'association tout de suite."
UNKNOWN = "Ce lien n'est pas bon. Recopiez-le en entier, ou appelez l'association."


class Rescue(Table):
    """`email`: another address, where the mailbox is lost too; `asker` saw her first, then
    `witness`. It lasts as long as its account: the ledger names it."""

    uid = TextField(unique=True, default=uid)
    account = ForeignKeyField(Account, backref="rescues", on_delete="CASCADE")
    email = TextField(default="")
    paper = TextField()
    asker = ForeignKeyField(
        Account, null=True, column_name="asked_by_id", backref="+", on_delete="SET NULL"
    )
    asked_by = TextField()
    asked_at = MomentField(default=clock.now)
    witness = ForeignKeyField(
        Account, null=True, column_name="seen_by_id", backref="+", on_delete="SET NULL"
    )
    seen_by = TextField(default="")
    seen_at = MomentField(null=True)
    due_at = MomentField(null=True)
    stop_hash = TextField(null=True)
    stopped_at = MomentField(null=True)
    stopped_by = TextField(default="")
    done_at = MomentField(null=True)

    @property
    def over(self) -> bool:
        late = self.seen_at is None and self.asked_at <= clock.now() - OPEN
        return bool(self.done_at or self.stopped_at or late)

    @classmethod
    def open(cls):
        waits = cls.seen_at.is_null(False) | (cls.asked_at > clock.now() - OPEN)
        return cls.done_at.is_null() & cls.stopped_at.is_null() & waits


def ask(actor: Actor, told: Told, record: Record | None = None) -> Rescue:
    """The first of the two saw her. Raises Refusal, TooMany."""
    paper, email = checked_paper(told.paper), checked_email(told.email)
    account = rescue_finding.look_for(actor, told, record)
    with transaction():
        rescue_witness.check(actor, account)
        _check_rests(account)
        email = "" if email == account.email else email
        if email and taken(account, email):
            raise Refusal(NOT_FREE, "email")
        by = {"asker": actor.account_id, "asked_by": actor.name, "paper": paper}
        one = Rescue.create(account=account, email=email, **by)
        trace(one, actor, ledger.Act.ASKED_RESCUE, journal.Act.ASKED_RESCUE, PAPERS[paper])
    return one


def confirm(actor: Actor, one: Rescue, told: Told, link, contact: str = "") -> Rescue:
    """The second saw her too, and heard the same new address from her: or the first could have
    written his own. She is told at once, by all ways; `link` makes the address that stops it.
    Raises Refusal, TooMany."""
    paper, email = checked_paper(told.paper), checked_email(told.email)
    rescue_finding.check_name(actor, one.account, told.name)
    with transaction():
        now = _open(one)
        rescue_witness.check_both(actor, now)
        if (email or now.account.email) != (now.email or now.account.email):
            raise Refusal(OTHER_EMAIL, "email")
        token = secrets.token_urlsafe(24)
        now.witness, now.seen_by, now.seen_at = actor.account_id, actor.name, clock.now()
        now.due_at, now.stop_hash = clock.now() + DELAY, _hash(token)
        now.save()
        rescue_letters.begun(now, link(token), contact)
        trace(now, actor, ledger.Act.SAW_RESCUE, journal.Act.SAW_RESCUE, PAPERS[paper])
    return now


def stop(one: Rescue, by: Actor, why: str = "") -> bool:
    """Anyone alone may. Whether it was not stopped yet; `why`: where it is not someone's wish.
    Raises Refusal once it is done."""
    with transaction():
        still = (Rescue.id == one.id) & Rescue.done_at.is_null() & Rescue.stopped_at.is_null()
        told = {"stopped_at": clock.now(), "stopped_by": why or by.name}
        if not Rescue.update(told).where(still).execute():
            if Rescue.get_by_id(one.id).done_at:
                raise Refusal(TOO_LATE)
            return False
        now = Rescue.get_by_id(one.id)
        if now.seen_at:
            rescue_letters.stopped(now)
        trace(now, by, ledger.Act.STOPPED_RESCUE, journal.Act.STOPPED_RESCUE)
    return True


def by_link(token: str) -> Rescue:
    """Whatever became of it. Raises Refusal."""
    one = Rescue.get_or_none(Rescue.stop_hash == _hash(token))
    if one is None:
        raise Refusal(UNKNOWN)
    return one


def find(rescue_uid: str) -> Rescue | None:
    return Rescue.get_or_none(Rescue.uid == rescue_uid)


def of(account: Account) -> Rescue | None:
    """What is about to happen to this account, once two people saw its owner."""
    return next(iter(_seen(account.id)), None)


@Prepared
def _seen(account_id):
    seen = (Rescue.account == account_id) & Rescue.seen_at.is_null(False)
    waiting = Rescue.done_at.is_null() & Rescue.stopped_at.is_null()
    return Rescue.select().where(seen & waiting).limit(1)


def under_way() -> list[Rescue]:
    """The oldest first."""
    return list(Rescue.select().where(Rescue.open()).order_by(Rescue.id))


def oneself(account: Account) -> Actor:
    return Actor(account.id, account.name, Role.HOLDER.value)


def held(account: Account) -> list[Record]:
    """The records that it holds, for oneself or for someone else, her own first."""
    return [access.record for access in accesses.of(account) if access.role in HOLDING]


def trace(
    one: Rescue, actor: Actor, done: ledger.Act, told: journal.Act, checked: str = ""
) -> None:
    """In the ledger, and in each record that the account holds. Call it inside a transaction."""
    detail = {"checked": checked} if checked else {}
    ledger.write(actor, done, one.uid, **detail)
    for record in held(one.account):
        journal.write(record, actor, told, name=one.account.name, **detail)


def checked_paper(paper: str | None) -> str:
    if paper not in PAPERS:
        raise Refusal(CHOOSE, "paper")
    return paper


def _check_rests(account):
    if died(account):
        raise Refusal(DIED)
    if Rescue.select().where((Rescue.account == account) & Rescue.open()).exists():
        raise Refusal(UNDER_WAY)
    lately = clock.now() - REST
    # What nobody else had seen yet told her nothing: it may begin again.
    stopped = Rescue.seen_at.is_null(False) & (Rescue.stopped_at > lately)
    ended = (Rescue.done_at > lately) | stopped
    if Rescue.select().where((Rescue.account == account) & ended).exists():
        raise Refusal(REST_FIRST)


def _open(one):
    now = Rescue.get_or_none(Rescue.id == one.id)
    if now is None or now.over:
        raise Refusal(OVER)
    if now.seen_at:
        raise Refusal(SEEN)
    return now


def _hash(token):
    return hashlib.sha256(token.encode()).hexdigest()
