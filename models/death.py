"""A death, declared by the office, which has seen a paper. The record is closed at once, and
archived ten years: nobody reads it, the office neither. An error is undone: all is as before."""

from datetime import date

from . import access as accesses
from . import clock, closing, farewell, handover, journal, ledger, notice, professional, telling
from . import session as sessions
from .access import BY_PROFESSION, Access, Actor, Why
from .account import Account
from .closing import How
from .database import transaction
from .notice import Notice
from .record import Record
from .refusal import Refusal
from .telling import Telling

# What was shown, and nothing of the cause.
PAPERS = {
    "certificate": "Un acte de décès",
    "booklet": "Un livret de famille à jour",
    "notary": "Un courrier de notaire",
}
NO_DAY = "Écrivez la date du décès. Par exemple 14/03/2026."
FUTURE = "Cette date est dans le futur. Vérifiez l'année."
TOO_EARLY = "Cette date est avant la naissance de la personne. Vérifiez l'année."
CHOOSE = "Choisissez le papier que vous avez vu."
KNOWN = "Un décès est déjà noté pour cette personne."
NOT_DECLARED = "Aucun décès n'est noté pour cette personne."
UNTOLD = "Un décès a été noté avant l'envoi."
SUBJECT = "Votre espace de santé est rouvert"
UNDONE = """Bonjour,

Votre association avait fermé votre espace de santé par erreur. Elle l'a rouvert : tout est comme
avant. Elle vous prie de l'excuser.
"""


def declare(record: Record, actor: Actor, died_on: date | None, paper: str) -> None:
    """Raises Refusal."""
    _check(record, died_on, paper)
    with transaction():
        now = Record.get_by_id(record.id)
        if now.died_on:
            raise Refusal(KNOWN)
        now.died_on = died_on
        now.save(only=[Record.died_on])
        journal.write(now, actor, journal.Act.DECLARED_DEATH)
        told = {"died_on": died_on.isoformat(), "paper": paper}
        ledger.write(actor, ledger.Act.DECLARED_DEATH, about=now.uid, **told)
        _stop_letters(now)
        if not now.erased_at and not now.closed_at:
            _close(now, actor)


def undo(record: Record, actor: Actor) -> None:
    """It was an error. Raises Refusal."""
    with transaction():
        now = Record.get_by_id(record.id)
        if not now.died_on:
            raise Refusal(NOT_DECLARED)
        now.died_on = None
        now.save(only=[Record.died_on])
        if _closed_by_it(now):
            _reopen(now)
        journal.write(now, actor, journal.Act.UNDECLARED_DEATH)
        ledger.write(actor, ledger.Act.UNDECLARED_DEATH, about=now.uid)


def _check(record, died_on, paper):
    if died_on is None:
        raise Refusal(NO_DAY, "died_on")
    if died_on > clock.today():
        raise Refusal(FUTURE, "died_on")
    if died_on < record.birth_date:
        raise Refusal(TOO_EARLY, "died_on")
    if paper not in PAPERS:
        raise Refusal(CHOOSE, "paper")


def _close(record, actor):
    """An erasure that she had asked for is still done, on its day (closing.py)."""
    holder = accesses.holder_of(record)
    record.closed_at, record.archived_until = clock.now(), closing.archived_until()
    record.save(only=[Record.closed_at, Record.archived_until])
    closing.shut(record, Why.DEATH, actor)
    if holder and not farewell.serves(holder, but=record):
        sessions.end_all(holder)
        unsent = Notice.sent_at.is_null() & (Notice.recipient == holder.email)
        Notice.delete().where(unsent & ~telling.of_another(record)).execute()


def _stop_letters(record):
    """Those that told her of her record, or carry a code to it, and have not left."""
    waits = Telling.sent_at.is_null() & Telling.failed_at.is_null()
    here = (Telling.record == record) & waits
    Telling.update(failed_at=clock.now(), fault=UNTOLD).where(here).execute()
    Notice.delete().where(telling.waiting_for(record)).execute()


def _closed_by_it(record):
    """And not by its holder before."""
    archived = record.closing_how == How.ARCHIVE and not record.closing_at
    return record.closed_at and not record.erased_at and not archived


def _reopen(record):
    record.closed_at = record.archived_until = None
    record.save(only=[Record.closed_at, Record.archived_until])
    query = Access.select(Access, Account).join(Account)
    for one in query.where((Access.record == record) & (Access.ended_why == Why.DEATH.value)):
        if _comes_back(one):
            one.revoked_at, one.ended_why = None, ""
            one.save(only=[Access.revoked_at, Access.ended_why])
    for account in closing.holders(record):
        notice.write(account.email, SUBJECT, UNDONE)
    if record.activated_at and not handover.held(record):
        handover.release(record)
        handover.tell_office(record)


def _comes_back(one):
    lasts = one.ends_at is None or one.ends_at > clock.now()
    verified = one.role not in BY_PROFESSION or professional.of(one.account)
    return bool(lasts and verified)
