"""Closing: whoever holds a record asks for it, and has 30 days to change her mind. Then it is
archived for ten years, or erased, as she chose (R1111-36)."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from . import access as accesses
from . import admission, clock, consultation, erasure, farewell, invitation, journal, notice
from . import session as sessions
from .access import HOLDING, Access, Actor, Right, Role, Why
from .account import Account
from .admission import SYSTEM
from .database import transaction
from .record import Record
from .refusal import Refusal
from .words import day

DAYS = 30
YEARS = 10
# Before the end, when it is spoken of again.
WARNED = timedelta(days=7)


class How(StrEnum):
    ARCHIVE = "archive"
    ERASE = "erase"


CHOOSE = "Choisissez ce que devient votre espace : archivé, ou effacé."
OTHERWISE = "La fermeture est déjà demandée, autrement. Annulez-la d'abord, puis redemandez-la."
NOT_CLOSING = "Aucune fermeture n'est en cours : rien n'a changé."
GONE = "Vous n'entrez plus dans cet espace."
BECOMES = {
    How.ARCHIVE: "Il sera alors archivé dix ans. Vous pourrez le rouvrir.",
    How.ERASE: "Tout y sera alors effacé, pour toujours.",
}
SUBJECT = "Un espace de santé va fermer"
ASKED = """Bonjour,

La fermeture d'un espace de santé que vous tenez vient d'être demandée.

Il reste ouvert pour vous jusqu'au {until} inclus. {becomes}

Vous n'êtes pas d'accord, ou vous changez d'avis ? Connectez-vous : le bouton « Annuler la
fermeture » est en haut de chaque page de l'espace.

Ce n'est pas vous ? Annulez, changez votre mot de passe, et prévenez votre association.
"""
SOON = """Bonjour,

Un espace de santé que vous tenez ferme bientôt : il reste ouvert jusqu'au {until} inclus.
{becomes}

Vous changez d'avis ? Connectez-vous avant, et choisissez « Annuler la fermeture ». Vous pouvez
aussi tout télécharger.
"""
SUBJECT_CANCELLED = "Un espace de santé ne ferme plus"
CANCELLED = """Bonjour,

La fermeture d'un espace de santé que vous tenez est annulée. Tout est comme avant.
"""
SUBJECT_CLOSED = "Un espace de santé est fermé"
ARCHIVED = """Bonjour,

Un espace de santé que vous teniez est fermé, comme prévu. Il est archivé jusqu'au {until}, puis il
sera effacé.

Personne ne peut le lire. Vous pouvez le rouvrir, ou l'effacer : connectez-vous.
"""


def ask(access: Access, how: str, secret: str) -> None:
    """From now on, nobody else comes in. Asked twice, it is asked once. Raises Refusal, TooMany."""
    access.require(Right.CLOSE)
    if how not in list(How):
        raise Refusal(CHOOSE, "how")
    sessions.prove(access.account, secret)
    with transaction():
        record = _live(access)
        if record.closing_at and record.closing_how != how:
            raise Refusal(OTHERWISE)
        if record.closing_at:
            return
        record.closing_at, record.closing_how, record.closes_at = clock.now(), how, _end()
        _save(record)
        until = record.closes_at.isoformat()
        journal.write(record, access.actor, journal.Act.ASKED_CLOSING, how=how, until=until)
        for account in holders(record):
            notice.write(account.email, SUBJECT, _written(ASKED, record))


def cancel(access: Access) -> None:
    """Everything is as before. Raises Refusal where nothing is being closed."""
    access.require(Right.CLOSE)
    with transaction():
        record = _live(access)
        if not record.closing_at:
            raise Refusal(NOT_CLOSING)
        lapse(record, access.actor)


def lapse(record: Record, actor: Actor) -> None:
    """It is not being closed any more, if it was. Call it inside a transaction."""
    if not Record.get_by_id(record.id).closing_at:
        return
    told = holders(record)
    record.closing_at, record.closing_how, record.closes_at = None, "", None
    _save(record)
    journal.write(record, actor, journal.Act.CANCELLED_CLOSING)
    for account in told:
        notice.write(account.email, SUBJECT_CANCELLED, CANCELLED)


def of(account: Account) -> list[Access]:
    """Its records that it may close, each by its access."""
    return [one for one in accesses.of(account) if one.can(Right.CLOSE)]


def last_day(record: Record) -> date:
    """Until when one may change one's mind."""
    return clock.last_day(record.closes_at)


def warn() -> int:
    """Write once more before the end; how many letters."""
    soon = Record.closes_at.between(clock.now(), clock.now() + WARNED)
    closing = Record.select().where(soon & Record.closed_at.is_null())
    return sum(_warn(record) for record in list(closing))


def close_due() -> int:
    """Do what was asked 30 days ago; how many records."""
    due = list(Record.select(Record.id).where(_due()).tuples())
    return sum(_close(number) for (number,) in due)


def beside(access: Access) -> list[Account]:
    """Those who hold the record too."""
    return [one for one in holders(access.record) if one.id != access.eyes]


def holders(record: Record) -> list[Account]:
    """Those who hold it, for themselves or for someone else."""
    return [one.account for one in accesses.all_in(record) if one.role in HOLDING]


def shut(record: Record, why: Why, actor: Actor) -> None:
    """Nobody is in any more; those who were let in are told. Call it inside a transaction, once
    the record is closed: who held it may then ask for it again (Access.archived)."""
    query = Access.select(Access, Account).join(Account)
    rows = list(query.where((Access.record == record) & Access.revoked_at.is_null()))
    for one in rows:
        one.revoked_at, one.ended_why = clock.now(), why.value
        one.save(only=[Access.revoked_at, Access.ended_why])
        if one.role != Role.HOLDER:
            told = {"access": one.uid, "name": one.account.name, "role": one.role}
            journal.write(record, actor, journal.Act.ENDED_ACCESS, **told)
        if one.role not in HOLDING | {Role.EMERGENCY}:
            notice.write(one.account.email, admission.SUBJECT_ENDED, admission.ENDED)


def archived_until() -> datetime:
    return clock.midnight(clock.months_later(clock.today(), 12 * YEARS))


def _due():
    # Whoever asked for erasure, and died since, asked for it all the same.
    asked = Record.closed_at.is_null() | (Record.closing_how == How.ERASE.value)
    return (Record.closes_at <= clock.now()) & asked


def _close(number):
    with transaction():
        # She may just have changed her mind.
        record = Record.get_or_none((Record.id == number) & _due())
        if record is None:
            return 0
        if record.closing_how == How.ERASE:
            erase(record, SYSTEM)
        else:
            _archive(record)
    return 1


def _archive(record):
    told = holders(record)
    record.closed_at, record.archived_until = clock.now(), archived_until()
    record.save(only=[Record.closed_at, Record.archived_until])
    shut(record, Why.CLOSED, SYSTEM)
    invitation.cancel_all(record, SYSTEM)
    consultation.end_waiting(record)
    record.closing_at = record.closes_at = None
    _save(record)
    until = record.archived_until.isoformat()
    journal.write(record, SYSTEM, journal.Act.CLOSED, until=until)
    letter = ARCHIVED.format(until=day(clock.last_day(record.archived_until)))
    for account in told:
        notice.write(account.email, SUBJECT_CLOSED, letter)


def erase(record: Record, actor: Actor) -> None:
    """Nothing is left of it, nor of the accounts that served it alone. Call it inside a
    transaction."""
    known = farewell.known_in(record)
    record.closed_at = record.closed_at or clock.now()
    record.save(only=[Record.closed_at])
    erasure.erase(record)
    journal.write(record, actor, journal.Act.ERASED_RECORD)
    farewell.bid(record, known, told=not record.died_on)


def _live(access):
    """The record as it is now, if one still comes in. Raises Refusal."""
    now = accesses.find(access.account, access.record.uid)
    if now is None:
        raise Refusal(GONE)
    return now.record


def _end():
    """The 30 days are whole: it ends with the last one."""
    return clock.midnight(clock.today() + timedelta(days=DAYS + 1))


def _warn(record):
    letter, written = _written(SOON, record), 0
    with transaction():
        for account in holders(record):
            key = f"closing:{record.uid}:{record.closes_at:%Y-%m-%d}:{account.id}"
            written += notice.write_once(key, account.email, SUBJECT, letter)
    return written


def _written(letter, record):
    return letter.format(until=day(last_day(record)), becomes=BECOMES[How(record.closing_how)])


def _save(record):
    record.save(only=[Record.closing_at, Record.closing_how, Record.closes_at])
