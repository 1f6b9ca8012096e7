"""Majority: the day she is 18, a record is hers alone.

What opened it closes: every access given while she was a minor, every invitation and code, what was
allowed in an emergency, the choice made for all documents. What protects stays until she says
otherwise: documents masked one by one, professionals kept out. She then activates her record with
a code of her own, and each consent is asked again."""

from datetime import timedelta

from . import clock, consultation, handover, invitation, journal, notice
from .access import Access, Measure, Role, Why
from .account import Account
from .admission import SYSTEM
from .database import transaction
from .record import Record
from .words import day

# Days before, when it is spoken of.
WARNED = (90, 30)
SUBJECT_BEFORE = "Bientôt 18 ans : ce qui change dans son espace de santé"
BEFORE = """Bonjour,

{name} aura 18 ans le {day}. Son espace de santé ne sera alors plus qu'à lui, ou à elle.

Ce jour-là, votre accès prendra fin, comme tous ceux que vous avez donnés. {name} recevra un code
pour l'activer, et fera ses propres choix.

Pour le recevoir par e-mail, {name} donne à l'association une adresse que personne d'autre ne lit.
Sinon, l'association lui remet le code.
"""
SUBJECT_TO_HER = "Bientôt 18 ans : votre espace de santé sera à vous"
TO_HER = """Bonjour,

Vous aurez 18 ans le {day}. Votre espace de santé, tenu jusque-là par vos parents, ne sera alors
plus qu'à vous.

Ce jour-là, leurs accès prendront fin. Vous recevrez à cette adresse un code pour l'activer. Vous
déciderez qui y entre.
"""
SUBJECT_AFTER = "Votre accès à un espace de santé a pris fin"
AFTER = """Bonjour,

La personne a 18 ans : son espace de santé n'est plus qu'à elle. Votre accès a pris fin.

Si elle veut que vous y reveniez, elle vous y invitera.
"""


def warn() -> int:
    """Write before the day, once for each of WARNED; how many letters."""
    soon = clock.now() + timedelta(days=max(WARNED))
    query = Access.select(Access, Record, Account).join(Record).switch(Access).join(Account)
    held = Access.live() & (Access.measure == Measure.PARENT.value)
    return sum(_warn(one) for one in list(query.where(held & (Access.ends_at < soon))))


def come_of_age(link: str, days: int) -> int:
    """Of those who are 18 by now; how many. `link` is the page of activation, `days` the life of a
    code."""
    due = [record for record in _due() if record.adult]
    for record in due:
        with transaction():
            _come_of_age(record, link, days)
    return len(due)


def _warn(parent):
    record = parent.record
    left = (record.majority - clock.now()).days
    reached = [days for days in WARNED if left < days]
    if not reached:
        return 0
    on = day(record.majority.astimezone(clock.PARIS).date())
    to_parent = BEFORE.format(name=record.first_given_name, day=on)
    letters = [(parent.account.email, SUBJECT_BEFORE, to_parent)]
    if record.email_own:
        letters.append((record.email, SUBJECT_TO_HER, TO_HER.format(day=on)))
    with transaction():
        return sum(_once(record, min(reached), *letter) for letter in letters)


def _once(record, days, email, subject, letter):
    return notice.write_once(f"majority:{record.uid}:{days}:{email}", email, subject, letter)


def _due():
    """Where an access ended that was given until then (access.until_majority)."""
    over = Access.revoked_at.is_null() & (Access.ends_at <= clock.now())
    given = Access.select(Access, Record).join(Record).where(over & (Access.role != Role.HOLDER))
    return {one.record for one in given if _from_before(one)}


def _from_before(one):
    return one.role != Role.HOLDER and one.starts_at < one.record.majority


def _come_of_age(record, link, days):
    for one in _to_end(record):
        one.revoked_at, one.ended_why = clock.now(), Why.MAJORITY.value
        one.save(only=[Access.revoked_at, Access.ended_why])
        told = {"access": one.uid, "name": one.account.name, "role": one.role}
        journal.write(record, SYSTEM, journal.Act.ACCESS_EXPIRED, **told)
        if one.role != Role.EMERGENCY:
            notice.write(one.account.email, SUBJECT_AFTER, AFTER)
    invitation.cancel_all(record, SYSTEM)
    consultation.end_waiting(record)
    handover.release(record)
    journal.write(record, SYSTEM, journal.Act.CAME_OF_AGE)
    if handover.address_of(record):
        handover.send(record, SYSTEM, link, days)
    else:
        handover.tell_office(record)


def _to_end(record):
    query = Access.select(Access, Account).join(Account)
    rows = list(query.where((Access.record == record) & Access.revoked_at.is_null()))
    for one in rows:
        one.record = record
    return [one for one in rows if _from_before(one)]
