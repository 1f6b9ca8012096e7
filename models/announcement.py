"""What a professional deposited that the person must hear of first (R1111-53): announced by whoever
deposited it, spoken of after two weeks, shown by itself after a month."""

from datetime import timedelta

from . import access as accesses
from . import clock, journal, notice, replacement, visibility
from .access import Access, Right
from .admission import SYSTEM
from .database import transaction
from .document import Document
from .record import Record
from .refusal import Refusal
from .visibility import Limit

SPOKEN_OF = timedelta(days=14)
SHOWN = timedelta(days=30)
NOT_YOURS = "Seule la personne qui a déposé ce document peut l'annoncer."
DONE = "Ce document est déjà annoncé."
SUBJECT = "Un nouveau document vous attend"
LETTER = """Bonjour,

Un nouveau document vous attend dans un espace de santé que vous tenez. Connectez-vous pour le voir.
"""
WAITS = """Bonjour,

Quelque chose vous attend dans un espace de santé que vous tenez. Mieux vaut l'apprendre avec
quelqu'un qui sait expliquer. Parlez-en avec un professionnel de santé.

Sinon, cela s'ouvrira tout seul dans quelques semaines.
"""


def may_announce(access: Access, document: Document) -> bool:
    own = document.depositor_id == access.account_id
    return document.unannounced and own and access.can(Right.ANNOUNCE)


def announce(access: Access, document: Document) -> None:
    """The person has been told: she sees it from now on. Raises Refusal."""
    access.require(Right.ANNOUNCE)
    if document.depositor_id != access.account_id:
        raise Refusal(NOT_YOURS)
    with transaction():
        if not _show(document):
            raise Refusal(DONE)
        document.record = access.record
        for one in [document, *_shown_with(document)]:
            journal.write(access.record, access.actor, journal.Act.ANNOUNCED_DOCUMENT, one)
        tell(access.record, document)


def tell(record: Record, document: Document) -> None:
    """Write to those who decide for the record and see the document, once an hour at most; call it
    inside the transaction that makes them see it."""
    for one in _deciders(record):
        if visibility.sees(one, document):
            key = f"new:{record.uid}:{one.account_id}:{clock.now():%Y-%m-%d %H}"
            notice.write_once(key, one.account.email, SUBJECT, LETTER)


def work() -> int:
    """Apply both delays; how many documents became visible."""
    query = Document.select(Document, Record).join(Record).where(Document.unannounced)
    for document in list(query.where(_older(SPOKEN_OF) & ~_older(SHOWN))):
        _speak_of(document)
    due = list(query.where(_older(SHOWN)))
    return sum(_show_at_last(document) for document in due)


def _show(document):
    """Whether it was not shown yet."""
    here = (Document.id == document.id) & Document.unannounced
    document.unannounced = False
    return bool(Document.update(unannounced=False).where(here).execute())


def _shown_with(document):
    return [one for one in replacement.shown_with(document) if _show(one)]


def _older(than):
    return Document.deposited_at <= clock.now() - than


def _speak_of(document):
    """To whom will see it; not to those from whom it is kept for another reason."""
    with transaction():
        for one in _deciders(document.record):
            if _will_see(one, document):
                key = f"waits:{document.uid}:{one.account_id}"
                notice.write_once(key, one.account.email, "Quelque chose vous attend", WAITS)


def _will_see(decider, document):
    return not visibility.hidden_by(decider) & visibility.limits_of(document) - {Limit.UNANNOUNCED}


def _show_at_last(document):
    with transaction():
        shown = _show(document)
        if shown:
            for one in [document, *_shown_with(document)]:
                journal.write(document.record, SYSTEM, journal.Act.SHOWED_UNANNOUNCED, one)
            tell(document.record, document)
    return shown


def _deciders(record):
    return [one for one in accesses.all_in(record) if one.can(Right.GRANT)]
