"""A report: someone says what seems wrong about one entry of the journal; the office answers.

The office reads her words and what the entry says, less any title, name or reason."""

from peewee import ForeignKeyField, TextField

from . import clock, journal, ledger, notice
from .access import Access, Actor, Right
from .account import Account
from .database import MomentField, Table, transaction
from .document import Document
from .journal import Entry
from .record import Record
from .refusal import Refusal
from .words import tidy_lines, uid

LONGEST = 2000
OWN = "C'est vous qui avez fait cela : il n'y a rien à signaler."
KNOWN = "Vous avez déjà signalé cet accès. Votre association ne l'a pas encore clos."
ANSWERED = "Une réponse est déjà partie."
NO_ANSWER = "Répondez d'abord : la personne attend."
CLOSED = "Ce signalement est clos."
TO_OFFICE = """Bonjour,

Un signalement vous attend. Il vient de l'adhérent numéro {member}.

Vous le trouverez dans Carnet, page de l'association, « Accès signalés ».
"""
TO_REPORTER = """Bonjour,

L'association vous a répondu. Sa réponse vous attend dans Carnet, à la page « Activité ».
"""


class Report(Table):
    uid = TextField(unique=True, default=uid)
    record = ForeignKeyField(Record)
    entry = ForeignKeyField(Entry)
    account = ForeignKeyField(Account)
    words = TextField()
    made_at = MomentField(default=clock.now)
    answer = TextField(default="")
    closed_at = MomentField(null=True)
    closed_by = TextField(default="")


def make(access: Access, entry: Entry, words: str) -> Report:
    """Raises Refusal where it is one's own act, or was reported in other words. Sent twice, it is
    one report."""
    access.require(Right.EXPORT)
    if entry.account_id == access.account_id:
        raise Refusal(OWN)
    words = _checked(words, "words", "Écrivez ce qui vous semble anormal.")
    with transaction():
        known = of_entry(access, entry)
        if known and known.words != words:
            raise Refusal(KNOWN)
        if known:
            return known
        made = Report.create(record=access.record, entry=entry, account=access.account, words=words)
        _tell(made, access.actor, journal.Act.REPORTED)
        _write_to_office(access.record)
    return made


def entry_of(access: Access, uid: str) -> Entry | None:
    """What may be reported: what another did, as far as this access may read it."""
    entry = journal.find(access, uid)
    return entry if entry and entry.account_id != access.account_id else None


def of_entry(access: Access, entry: Entry) -> Report | None:
    """The one that its account made of this entry, and that is not closed."""
    mine = (Report.entry == entry) & (Report.account == access.account_id)
    return Report.get_or_none(mine & Report.closed_at.is_null())


def find(access: Access, one_uid: str) -> Report | None:
    """Only by whoever made it, of an entry that she may still read."""
    mine = (Report.account == access.account_id) & (Report.record == access.record_id)
    one = _loaded().where(mine & (Report.uid == one_uid)).first()
    return one if one and journal.find(access, one.entry.uid) else None


def all_for_office() -> list[Report]:
    """Those that are open first, the oldest of them on top; then the last closed."""
    rows = list(_loaded().order_by(Report.id))
    waiting = [one for one in rows if not one.closed_at]
    closed = [one for one in rows if one.closed_at]
    return waiting + sorted(closed, key=lambda one: one.closed_at, reverse=True)


def waiting() -> int:
    return Report.select().where(Report.closed_at.is_null()).count()


def find_for_office(one_uid: str) -> Report | None:
    return _loaded().where(Report.uid == one_uid).first()


def answer(actor: Actor, one: Report, words: str) -> None:
    """Raises Refusal where it was answered meanwhile."""
    words = _checked(words, "answer", "Écrivez votre réponse.")
    with transaction():
        _check_open(one)
        if Report.get_by_id(one.id).answer:
            raise Refusal(ANSWERED)
        one.answer = words
        one.save(only=[Report.answer])
        _tell(one, actor, journal.Act.ANSWERED_REPORT)
        ledger.write(actor, ledger.Act.ANSWERED_REPORT, one.record.uid)
        notice.write(one.account.email, "Une réponse vous attend", TO_REPORTER)


def close(actor: Actor, one: Report) -> None:
    """Once it is answered. Raises Refusal."""
    with transaction():
        _check_open(one)
        if not Report.get_by_id(one.id).answer:
            raise Refusal(NO_ANSWER)
        one.closed_at, one.closed_by = clock.now(), actor.name
        one.save(only=[Report.closed_at, Report.closed_by])
        _tell(one, actor, journal.Act.CLOSED_REPORT)
        ledger.write(actor, ledger.Act.CLOSED_REPORT, one.record.uid)


def _loaded():
    query = Report.select(Report, Entry, Record, Account).join(Entry).switch(Report)
    return query.join(Record).switch(Report).join(Account)


def _check_open(one):
    if Report.get_by_id(one.id).closed_at:
        raise Refusal(CLOSED)


def _tell(one, actor, act):
    """In the chain of the document it is about: who may not know of that does not of this."""
    document = Document.get_or_none(Document.uid == one.entry.document_uid)
    journal.write(one.record, actor, act, document, report=one.uid)


def _write_to_office(record):
    letter = TO_OFFICE.format(member=record.member_number)
    for account in Account.of_office():
        notice.write(account.email, "Un signalement vous attend", letter)


def _checked(words, field, missing):
    words = tidy_lines(words or "")
    if not words:
        raise Refusal(missing, field)
    if len(words) > LONGEST:
        raise Refusal(f"C'est trop long : {LONGEST} caractères au plus.", field)
    return words
