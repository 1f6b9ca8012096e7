"""Admission: how those who were let in stay, are told, and leave. Each end is for good (D9):
whoever is to come back is invited anew."""

from datetime import date, datetime, timedelta

from . import access as accesses
from . import clock, exclusion, handover, invitation, journal, ledger, notice
from .access import Access, Actor, Right, Role, Why
from .account import Account
from .database import transaction
from .record import Record
from .refusal import Refusal
from .words import day

SYSTEM = Actor(None, "Carnet", "system")
# Days before its end when an access is spoken of.
WARNED = (30, 7)
NOT_BY_YOU = (
    "Vous ne pouvez pas ôter cet accès : un parent n'ôte pas l'accès de l'autre, et une mesure de "
    "protection ne se défait pas ici. Demandez à l'association."
)
GONE = "Cet accès a déjà pris fin."
FIRST = """Bonjour,

Une personne à qui l'accès a été donné vient d'ouvrir pour la première fois l'espace de santé que
vous tenez. La page « Activité » dit qui, et quand.

Ce n'était pas prévu ? La page « Qui peut entrer » permet d'y mettre fin tout de suite.
"""
SUBJECT_ENDED = "Un accès a pris fin"
ENDED = """Bonjour,

Un accès à un espace de santé a pris fin aujourd'hui.

Il vous avait été donné, ou c'est vous qui l'aviez donné. Connectez-vous pour savoir lequel.
"""
ENDS = """Bonjour,

Un accès à un espace de santé prend fin le {until}.

Il vous a été donné, ou c'est vous qui l'avez donné. Seule la personne qui l'a donné peut le
prolonger, dans son espace, page « Qui peut entrer ».
"""
NOT_A_PROFESSIONAL = "Seul un professionnel de santé peut être « administrateur »."
NOT_VERIFIED = "L'association a suspendu ce compte professionnel : il ne peut pas entrer."
LET_IN = """Bonjour,

Un patient vous a donné accès à son espace de santé. Vous le trouverez dans votre bureau, une fois
que vous serez connecté.
"""
RENEWED = """Bonjour,

Un accès qui vous avait été donné à un espace de santé est prolongé jusqu'au {until}.
"""


def change(access: Access, other: Access, given, folders, documents=None) -> None:
    """What a carer may do, and what is left out, from now on; without `documents`, those already
    left out stay so. Raises Refusal."""
    access.require(Right.GRANT)
    given = invitation.checked_given(given)
    with transaction():
        _check_live(other)
        other.given = accesses.written(given)
        other.save(only=[Access.given])
        if other.invitation_id:
            exclusion.choose(other.invitation, folders, documents)
        journal.write(access.record, access.actor, journal.Act.CHANGED_ACCESS, **_who(other))


def renewable(other: Access) -> date | None:
    """The last day it would have if it were renewed now, for as long as it was given, and never
    less than what is left; None where it has no end, or one that nobody here may move."""
    if other.role not in (Role.CARER, Role.PROFESSIONAL) or other.measure or other.lasts is None:
        return None
    lasts = timedelta(days=max(1, other.lasts))
    until = clock.today() + min(lasts, invitation.LONGEST)
    ends_at = accesses.until_majority(other.record, _end_of(until))
    return _last_day(max(ends_at, other.ends_at))


def longer(other: Access) -> date | None:
    """The same, where renewing it now would change something."""
    until = renewable(other)
    return until if until and _end_of(until) > other.ends_at else None


def renew(access: Access, other: Access) -> date:
    """Until when it now lasts. Raises Refusal."""
    access.require(Right.GRANT)
    with transaction():
        now = _check_live(other)
        until = renewable(now)
        if until is None:
            raise Refusal("Cet accès ne se prolonge pas ici.")
        other.ends_at = _end_of(until)
        if other.ends_at == now.ends_at:
            return until  # asked twice, or too soon to change anything
        other.save(only=[Access.ends_at])
        act = journal.Act.RENEWED_ACCESS
        journal.write(access.record, access.actor, act, until=until.isoformat(), **_who(other))
        letter = RENEWED.format(until=_day(other.ends_at))
        notice.write(other.account.email, "Un accès est prolongé", letter)
    return until


def may_end(access: Access, other: Access) -> bool:
    """A parent does not evict another, nor an adult the measure that a judge decided."""
    if other.role in (Role.HOLDER, Role.REPRESENTATIVE) or other.id == access.id:
        return False
    return access.can(Right.GRANT)


def end(access: Access, other: Access) -> None:
    """At once, in every open session. Raises Refusal."""
    access.require(Right.GRANT)
    if not may_end(access, other):
        raise Refusal(NOT_BY_YOU)
    _end(other, Why.HOLDER, access.actor, journal.Act.ENDED_ACCESS)


def leave(access: Access) -> None:
    """Whoever was let in gives it up, parents included."""
    access.require(Right.LEAVE)
    _end(access, Why.ONESELF, access.actor, journal.Act.LEFT)


def end_by_office(actor: Actor, other: Access) -> None:
    """What no one of the record may end: a parent's access, a measure's. Raises Refusal."""
    with transaction():
        _end(other, Why.OFFICE, actor, journal.Act.ENDED_ACCESS)
        ledger.write(actor, ledger.Act.ENDED_MEASURE, other.record.uid)


def end_all_of(actor: Actor, account: Account, why: Why) -> None:
    """Of a professional who is no longer verified."""
    query = Access.select(Access, Record).join(Record)
    for one in list(query.where((Access.account == account) & Access.live())):
        if one.role in accesses.BY_PROFESSION:
            _end(one, why, actor, journal.Act.ENDED_ACCESS)


def shut_out(other: Access) -> None:
    """Of someone who is blocked: the journal says it so, and she is not told. Call it inside a
    transaction."""
    _close(other, Why.HOLDER)
    if other.role != Role.EMERGENCY:
        _write_end({one.email for one in accesses.deciders(other.record)})


def let_in(access: Access, professional, until: date | None) -> Access:
    """A verified professional may enter from now on, until that day included, or until the access
    is ended. Raises Refusal."""
    access.require(Right.GRANT)
    last = invitation.checked_until(until) if until else None
    with transaction():
        made = admit(professional, access.record, _end_of(last) if last else None)
        told = {"until": last.isoformat()} if last else {}
        journal.write(access.record, access.actor, journal.Act.LET_IN, **_who(made), **told)
        notice.write(made.account.email, "Un patient vous a donné accès", LET_IN)
    return made


def admit(professional, record: Record, ends_at: datetime | None) -> Access:
    """Call it inside a transaction. Raises Refusal."""
    now = type(professional).get_by_id(professional.id)
    if now.suspended_at:
        raise Refusal(NOT_VERIFIED)
    live = accesses.find(now.account, record.uid)
    if live and live.role == Role.EMERGENCY:
        # Whoever is let in needs her emergency no more.
        _close(live, Why.HOLDER)
    terms = {"profession": now.profession, "ends_at": ends_at}
    return accesses.grant(now.account, record, Role.PROFESSIONAL, **terms)


def make_administrator(access: Access, other: Access, yes: bool) -> None:
    """Whether a professional reads everything, what is masked too (R1111-49). Raises Refusal."""
    access.require(Right.GRANT)
    if other.role != Role.PROFESSIONAL:
        raise Refusal(NOT_A_PROFESSIONAL)
    with transaction():
        _check_live(other)
        here = (Access.id == other.id) & (Access.administrator != yes)
        other.administrator = yes
        if Access.update(administrator=yes).where(here).execute():
            act = journal.Act.MADE_ADMINISTRATOR if yes else journal.Act.UNMADE_ADMINISTRATOR
            journal.write(access.record, access.actor, act, **_who(other))


def expire_due() -> int:
    """Tell of those whose last day has passed: they opened nothing since. How many."""
    query = Access.select(Access, Record, Account).join(Record).switch(Access).join(Account)
    over = Access.revoked_at.is_null() & (Access.ends_at <= clock.now())
    return sum(_expire(one) for one in list(query.where(over)))


def warn() -> int:
    """Write to both sides before an end, once for each of WARNED; how many letters."""
    query = Access.select(Access, Record, Account).join(Record).switch(Access).join(Account)
    soon = clock.now() + timedelta(days=max(WARNED))
    written = 0
    for one in query.where(Access.live() & (Access.ends_at < soon)):
        # What was given without an end, and ends when a child is 18, is spoken of by majority.py.
        if one.role in (Role.CARER, Role.PROFESSIONAL) and one.lasts is not None:
            written += _warn(one)
    return written


def entered(access: Access) -> None:
    """The first time that someone who was let in comes: those who decide are told."""
    if access.first_entered_at or access.role in (Role.HOLDER, Role.EMERGENCY):
        return
    access.first_entered_at = clock.now()
    with transaction():
        first = (Access.id == access.id) & Access.first_entered_at.is_null()
        if not Access.update(first_entered_at=access.first_entered_at).where(first).execute():
            return
        for account in accesses.deciders(access.record):
            if account.id != access.account_id:
                notice.write(account.email, "Un premier accès à un espace de santé", FIRST)


def _expire(other):
    try:
        _end(other, other.why, SYSTEM, journal.Act.ACCESS_EXPIRED)
    except Refusal:  # someone has just ended it
        return False
    return True


def _end(other, why, actor, act):
    with transaction():
        _close(other, why)
        journal.write(other.record, actor, act, **_who(other))
        if other.can(Right.GRANT):
            # A parent who leaves still lets the other one in.
            invitation.withdraw_all(other, SYSTEM, but_parents=why is Why.ONESELF)
        if other.role != Role.EMERGENCY:
            deciders = accesses.deciders(other.record)
            _write_end({other.account.email, *(one.email for one in deciders)})
        handover.ended(other)


def _close(other, why):
    if Access.get_by_id(other.id).revoked_at:
        raise Refusal(GONE)
    other.revoked_at, other.ended_why = clock.now(), why.value
    other.save(only=[Access.revoked_at, Access.ended_why])


def _write_end(emails):
    for email in sorted(emails):
        notice.write(email, SUBJECT_ENDED, ENDED)


def _warn(one):
    left = (one.ends_at - clock.now()).days
    # What was given for a month is not spoken of the day after.
    reached = [days for days in WARNED if left < days <= one.lasts / 2]
    if not reached:
        return 0
    letter = ENDS.format(until=_day(one.ends_at))
    told = {one.account.email, *(each.email for each in accesses.deciders(one.record))}
    written = 0
    with transaction():
        for email in sorted(told):
            key = f"ends:{one.uid}:{one.ends_at:%Y-%m-%d}:{min(reached)}:{email}"
            written += notice.write_once(key, email, "Un accès prend bientôt fin", letter)
    return written


def _check_live(other):
    """As it is now. Raises Refusal."""
    query = Access.select(Access, Record).join(Record)
    now = query.where((Access.id == other.id) & Access.live()).first()
    if now is None:
        raise Refusal(GONE)
    return now


def _end_of(last_day):
    return clock.midnight(last_day + timedelta(days=1))


def _day(moment):
    return day(_last_day(moment))


def _last_day(moment):
    return (moment - timedelta(seconds=1)).astimezone(clock.PARIS).date()


def _who(other):
    return {"access": other.uid, "name": other.account.name, "role": other.role}
