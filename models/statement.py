"""Statements: a PDF for each access of a carer, a parent or a representative, as it is given, and
as it ends. It names the acts of the journal that made it, and the journal seals the file.

It is filed after the act, out of its transaction: what a crash left out, `flask work` files."""

from dataclasses import replace

from peewee import SQL, IntegrityError, fn

from . import clock, deposit, journal, log
from .access import Access, Right, Role
from .account import Account
from .admission import SYSTEM
from .deposit import Description, Limits
from .document import Document
from .formats import typesetting
from .formats.typesetting import TypesettingFailed
from .journal import Act, Entry
from .record import Record
from .refusal import Refusal
from .sheet import Sheet
from .sheets import statement as sheets
from .vault import Spool

STATED = (Role.CARER, Role.REPRESENTATIVE)
GIVEN, ENDED = "statement-given-", "statement-ended-"
GIVING = (
    *(Act.ACTIVATED, Act.LET_IN, Act.INVITED, Act.SENT_INVITATION),
    *(Act.AGREED_TO_INVITATION, Act.ACCEPTED_INVITATION, Act.REOPENED),
)
ENDING = (Act.ENDED_ACCESS, Act.LEFT, Act.ACCESS_EXPIRED, Act.BLOCKED)
# However full the record is, a proof of who entered it is kept.
ROOM = 10**15


def file_due(limits: Limits) -> int:
    """File what is not yet; how many."""
    limits = replace(limits, record=ROOM)
    filed = sum(_file(one, GIVEN, limits) for one in _without(GIVEN))
    return filed + sum(_file(one, ENDED, limits) for one in _without(ENDED))


def of(access: Access, other: Access) -> bytes | None:
    """That it was given: for whom it is about, even if she reads no document, and for whoever
    decides who enters; None where none is made. Raises Forbidden."""
    if other.id != access.id:
        access.require(Right.GRANT)
    if other.role not in STATED:
        return None
    filed = Document.get_or_none(
        (Document.about == other.id) & (Document.sending == GIVEN + other.uid)
    )
    if filed is None:
        return typesetting.pdf(given(other))
    journal.write(access.record, access.actor, Act.DOWNLOADED, filed)
    return b"".join(filed.content_chunks())


def given(access: Access) -> Sheet:
    return sheets.given(access, _acts(access, GIVING))


def ended(access: Access) -> Sheet:
    return sheets.ended(access, _acts(access, GIVING), _acts(access, ENDING))


def _without(which):
    """The accesses that lack this one."""
    rows = Access.select(Access, Record, Account).join(Record).switch(Access).join(Account)
    filed = Document.select(Document.id).where(
        (Document.about == Access.id) & (Document.sending == which + Access.uid)
    )
    # Nothing is deposited in a record that is being closed: what it lacks is not even drawn.
    open_ones = Record.closed_at.is_null() & Record.closing_at.is_null()
    # To the letter the condition of the index access_of_others: most accesses are the holders'.
    wanted = (Access.role != SQL("'holder'")) & Access.role.in_(list(STATED)) & open_ones
    if which == ENDED:
        wanted &= Access.revoked_at.is_null(False)
    return list(rows.where(wanted & Record.objected_at.is_null() & ~fn.EXISTS(filed)))


def _file(access, which, limits):
    """How many: none where no act is known, or where another process has just filed it."""
    acts = _acts(access, GIVING if which == GIVEN else ENDING)
    if not acts:
        return 0
    try:
        content = typesetting.pdf(given(access) if which == GIVEN else ended(access))
    except TypesettingFailed as failed:
        log.failed("a statement could not be drawn", failed)
        return 0
    spool = Spool(limits.document)
    spool.write(content)
    spool.finish()
    try:
        told = _described(access, which, acts[-1])
        made = deposit.put(access.record, SYSTEM, spool, "attestation.pdf", told, limits)
    except (IntegrityError, Refusal):
        return 0
    finally:
        spool.discard()
    return int(made.content == spool.name)


def _described(access, which, act):
    what = "accès" if which == GIVEN else "fin de l'accès"
    return Description(
        category="DOC_ADM",
        dated=act.at.astimezone(clock.PARIS).date(),
        title=f"Attestation : {what} de {access.account.name}",
        author=SYSTEM.name,
        sending=which + access.uid,
        about=access,
    )


def _acts(access, acts) -> list[Entry]:
    """Those that gave it, or ended it, in their order."""
    uids = [access.uid, access.invitation.uid] if access.invitation_id else [access.uid]
    named = [Entry.detail.contains(uid) for uid in uids]
    query = Entry.select().where((Entry.record == access.record_id) & Entry.act.in_(list(acts)))
    found = query.where(named[0] | named[-1]).order_by(Entry.id)
    return [entry for entry in found if _concerns(entry, uids)]


def _concerns(entry, uids):
    return {entry.details.get("access"), entry.details.get("invitation")} & set(uids)
