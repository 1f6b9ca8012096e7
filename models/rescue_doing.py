"""Giving an account back: once the three days are over (rescue.py), or at once by whoever holds the
server, so that the only administrator of an association is never shut out of it."""

import secrets
from datetime import timedelta

from . import (
    clock,
    device,
    email_undo,
    factor,
    ledger,
    means,
    rescue_letters,
    rescue_witness,
    reset,
    session,
)
from . import journal as journals
from .access import Actor
from .account import Account
from .admission import SYSTEM
from .database import transaction
from .email_change import taken
from .person import checked_email
from .refusal import Refusal
from .rescue import DIED, Rescue, stop, trace
from .rescue_finding import died
from .sender import Sender
from .words import day

LINK_FOR = timedelta(days=7)
NOBODY = "Aucun compte n'a cette adresse e-mail."
TAKEN = "Cette adresse e-mail sert déjà ici. Il en faut une autre."
# Who is said to have stopped it.
ENDED = "Carnet, car l'un des deux n'est plus de l'association"
NOT_FREE = "Carnet, car la nouvelle adresse e-mail sert maintenant ailleurs"
GONE = "Carnet, car un décès a été noté"


def give_back_due(sender: Sender) -> int:
    """How many accounts."""
    return sum(_give(number, sender) for number in _due())


def at_once(actor: Actor, email: str, other: str, sender: Sender) -> str:
    """The address where its password is chosen, to be read on the spot: its mailbox may be lost
    too. Raises Refusal."""
    other, links = checked_email(other), []
    with transaction():
        account = Account.named(email)
        if account is None:
            raise Refusal(NOBODY)
        if died(account):
            raise Refusal(DIED)
        if other and taken(account, other):
            raise Refusal(TAKEN)
        before = rescue_letters.addresses(account)
        one = _written(actor, account, other)
        _start_anew(account, other, lambda token: _kept(links, sender.password(token)))
        rescue_letters.done_on_server(account, before)
        trace(one, actor, ledger.Act.RESCUED, journals.Act.RESCUED)
    return links[0]


def _due():
    due = Rescue.select(Rescue.id).where(Rescue.open() & (Rescue.due_at <= clock.now()))
    return [number for (number,) in due.tuples()]


def _give(number, sender):
    with transaction():
        # It may just have been stopped.
        due = (Rescue.id == number) & Rescue.open() & (Rescue.due_at <= clock.now())
        one = Rescue.get_or_none(due)
        if one is None:
            return 0
        if why := _hindered(one):
            stop(one, SYSTEM, why)
            return 0
        before = rescue_letters.addresses(one.account)
        one.done_at = clock.now()
        one.save(only=[Rescue.done_at])
        _start_anew(one.account, one.email, sender.password)
        rescue_letters.done(one, before)
        trace(one, SYSTEM, ledger.Act.RESCUED, journals.Act.RESCUED)
    return 1


def _hindered(one):
    """What became wrong in the three days."""
    if not (rescue_witness.stands(one.asker) and rescue_witness.stands(one.witness)):
        return ENDED
    if one.email and taken(one.account, one.email):
        return NOT_FREE
    return GONE if died(one.account) else ""


def _start_anew(account, email, link):
    """Nothing of before opens it, not even its password; whoever reads the letter chooses
    another."""
    session.end_all(account)
    device.forget_all(account)
    means.forget(account)
    reset.void_all(account)
    email_undo.void_all(account)
    factor.forgive(account.email)
    account.change_password(secrets.token_urlsafe(32))
    if email:
        account.email, account.email_proved_at = email, None
        account.save(only=[Account.email, Account.email_proved_at])
    until = day((clock.now() + LINK_FOR).astimezone(clock.PARIS).date())
    letter = rescue_letters.DONE
    reset.send(account, link, LINK_FOR, rescue_letters.SUBJECT_DONE, letter, until=until)


def _written(actor, account, email):
    """What was under way for it is over."""
    now, by = clock.now(), {"asked_by": actor.name, "seen_by": actor.name}
    waiting = (Rescue.account == account) & Rescue.open()
    Rescue.update(stopped_at=now, stopped_by=actor.name).where(waiting).execute()
    told = by | {"seen_at": now, "due_at": now, "done_at": now}
    return Rescue.create(account=account, email=email, paper="", **told)


def _kept(links, address):
    links.append(address)
    return address
