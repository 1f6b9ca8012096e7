"""Archives: closed records, that nobody reads until whoever held one asks for it again. Ten years
on, they are erased."""

from peewee import SQL, fn

from . import access as accesses
from . import admission, clock, closing, handover, journal, ledger, notice
from . import session as sessions
from .access import Access, Actor, Role, Why
from .account import Account
from .admission import SYSTEM
from .database import transaction
from .record import Record
from .refusal import Refusal

GONE = "Cet espace n'est plus archivé ici : il a été rouvert, ou effacé."
DEAD = (
    "L'association a noté un décès : cet espace ne se rouvre pas. Si c'est une erreur, "
    "prévenez-la, elle la corrigera."
)
NOT_ALONE = (
    "Une autre personne tient aussi cet espace. Rouvrez-le, puis demandez sa fermeture en "
    "choisissant de tout effacer : elle sera prévenue, et aura 30 jours pour répondre."
)
SUBJECT = "Un espace de santé est rouvert"
REOPENED = """Bonjour,

Un espace de santé archivé, que vous teniez, vient d'être rouvert. Vous y entrez de nouveau.

Les accès donnés aux proches et aux soignants ne sont pas revenus.

Ce n'est pas vous ? Changez votre mot de passe, et prévenez votre association.
"""


def of(account: Account) -> list[Record]:
    """The records it held that are closed, the latest first; those of the dead too, which it does
    not open. None of the association's accounts opens any."""
    if account.office:
        return []
    query = Access.select(Access, Record).join(Record)
    mine = query.where((Access.account == account) & Access.archived())
    found = {one.record: None for one in mine}
    return sorted(found, key=lambda record: record.closed_at, reverse=True)


def find(account: Account, record_uid: str) -> Record | None:
    return next((one for one in of(account) if one.uid == record_uid), None)


def reopen(account: Account, record: Record, secret: str) -> Access:
    """She enters again, and so does whoever holds it with her: a parent does not evict the other,
    nor an adult the measure that a judge decided. The others do not. Raises Refusal, TooMany."""
    sessions.prove(account, secret)
    with transaction():
        now = _check(account, record)
        held = holders(now)
        _open(now)
        made = [_let_in(one, now) for one in held]
        mine = next(one for one in made if one.account_id == account.id)
        for one in made:
            act = journal.Act.REOPENED if one is mine else journal.Act.LET_IN
            told = {"access": one.uid, "name": one.account.name, "role": one.role}
            journal.write(now, mine.actor, act, **told)
            notice.write(one.account.email, SUBJECT, REOPENED)
    return mine


def erase(account: Account, record: Record, secret: str) -> None:
    """At once. Raises Refusal, TooMany."""
    sessions.prove(account, secret)
    with transaction():
        now = _check(account, record)
        mine, *others = sorted(holders(now), key=lambda one: one.account_id != account.id)
        if others:
            raise Refusal(NOT_ALONE)
        closing.erase(now, mine.actor)


def expire_due() -> int:
    """Erase what has been kept for ten years; how many."""
    over = Record.archived_until <= clock.now()
    due = list(Record.select(Record.id).where(over & Record.erased_at.is_null()).tuples())
    for (number,) in due:
        with transaction():
            closing.erase(Record.get_by_id(number), SYSTEM)
    return len(due)


def unheld() -> list[Record]:
    """Closed by a parent, or whoever represented her, whose time has passed: the person is 18, or
    represented no more. She alone may ask for it, at the office."""
    held = Access.select(SQL("1")).where((Access.record == Record.id) & Access.archived())
    kept = Record.archived_until.is_null(False) & Record.died_on.is_null()
    query = Record.select().where(kept & Record.erased_at.is_null() & ~fn.EXISTS(held))
    return list(query.order_by(Record.birth_name))


def hand_back(record: Record, actor: Actor) -> None:
    """By the office, to the person who asked for it: it waits for her to activate it, and nobody
    else enters. Raises Refusal."""
    with transaction():
        now = Record.get_by_id(record.id)
        if now not in unheld():
            raise Refusal(GONE)
        _open(now)
        handover.release(now)
        journal.write(now, actor, journal.Act.REOPENED)
        ledger.write(actor, ledger.Act.REOPENED_RECORD, about=now.uid)


def holders(record: Record) -> list[Access]:
    """Those who may ask for it again: none where it is not closed."""
    query = Access.select(Access, Account).join(Account).switch(Access).join(Record)
    here = (Access.record == record) & Access.archived()
    return list(query.where(here).order_by(Access.id))


def end(actor: Actor, other: Access) -> None:
    """By the office, as a judge decided: whoever acted for her asks for it no more. Raises
    Refusal."""
    with transaction():
        if other not in holders(other.record):
            raise Refusal(admission.GONE)
        other.ended_why = Why.OFFICE.value
        other.save(only=[Access.ended_why])
        told = {"access": other.uid, "name": other.account.name, "role": other.role}
        journal.write(other.record, actor, journal.Act.ENDED_ACCESS, **told)
        ledger.write(actor, ledger.Act.ENDED_MEASURE, other.record.uid)
        notice.write(other.account.email, admission.SUBJECT_ENDED, admission.ENDED)


def _check(account, record):
    """As it is now. Raises Refusal."""
    now = find(account, record.uid)
    if now is None:
        raise Refusal(GONE)
    if now.died_on:
        raise Refusal(DEAD)
    return now


def _open(record):
    record.closed_at = record.archived_until = None
    record.closing_how = ""
    record.save(only=[Record.closed_at, Record.archived_until, Record.closing_how])


def _let_in(one, record):
    terms = ("measure", "link", "ends_at", "invitation")
    given = {name: getattr(one, name) for name in terms}
    return accesses.grant(one.account, record, Role(one.role), **given)
