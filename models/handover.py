"""Handover: a record that has nobody is confided anew. Hers, to whoever turns 18, or is no longer
represented; a child's, to another parent, once the last one has left. The office then gives a code,
by hand or at an address that it knows to be the right one: that given for a child is a parent's."""

from datetime import date, timedelta

from peewee import SQL

from . import access as accesses
from . import activation_code, clock, journal, ledger, member, notice
from .access import Access, Actor, Measure, Right, Role
from .account import Account
from .activation_code import WAITING
from .database import transaction
from .enrolment import OFFICE
from .invitation import Invitation
from .person import checked_email
from .record import MAJORITY, Record
from .refusal import Refusal

# How long before someone is 18 the office is asked for her own address.
SOON = timedelta(days=90)
# Enrolled as a child, and 18 since: as text, both are days of the calendar. To the letter the
# expression of the index record_child.
ENROLLED_AS_A_CHILD = SQL(
    "announced_at < (CAST(substr(birth_date, 1, 4) AS INTEGER) + 18) || substr(birth_date, 5)"
)
GONE = "Cet espace n'attend plus personne : quelqu'un l'a activé, ou il est fermé."
TOO_EARLY = "C'est trop tôt : les parents tiennent cet espace jusqu'aux 18 ans de l'enfant."
OF_ANOTHER = "C'est l'adresse d'un proche. Il faut une adresse que cette personne lit seule."
SUBJECT = "Un espace de santé n'a plus personne"
TO_OFFICE = """Bonjour,

Plus personne n'ouvre un espace de santé. Numéro d'adhérent : {number}.

La page « Espaces à confier » dit pourquoi, et permet de préparer un code d'activation. Donnez-le à
la bonne personne, après avoir vérifié qui elle est.
"""


def release(record: Record) -> None:
    """Back to what it was before anyone activated it: each consent is asked again, and nobody
    waits for it to close. Call it inside a transaction."""
    from . import closing  # which knows of handovers

    closing.lapse(record, OFFICE)
    record.activated_at = record.emergency_samu = record.emergency_others = None
    record.emergency_masked = False
    columns = (Record.activated_at, Record.emergency_samu, Record.emergency_others)
    record.save(only=(*columns, Record.emergency_masked))
    activation_code.void_codes(record)


def ended(access: Access) -> None:
    """Where that was the last parent's, or representative's, the record has nobody: the office is
    told. Call it inside the transaction that ends it."""
    if access.role != Role.REPRESENTATIVE or held(access.record):
        return
    release(access.record)
    tell_office(access.record)


def taken(record: Record) -> None:
    """Someone holds it again, by an invitation that was waiting. Call it inside a transaction."""
    if not record.activated_at:
        record.opened_at, record.activated_at = record.opened_at or clock.now(), clock.now()
        record.save(only=[Record.opened_at, Record.activated_at])


def held(record: Record) -> bool:
    """Whether someone decides for it."""
    return any(one.can(Right.GRANT) for one in accesses.all_in(record))


def tell_office(record: Record) -> None:
    for account in Account.of_office():
        notice.write(account.email, SUBJECT, TO_OFFICE.format(number=record.member_number))


def waiting() -> list[Record]:
    """Those that the office confides: someone held them for her, or they were enrolled for a
    child."""
    born = Record.birth_date <= born_before(clock.today())
    grown = Record.select(Record.id).where(_unheld() & born & ENROLLED_AS_A_CHILD)
    found = Record.id.in_(_no_longer_held() + grown)
    rows = Record.select().where(_unheld() & found).order_by(Record.birth_name)
    return [one for one in rows if not held(one)]


def _unheld():
    over = Record.objected_at.is_null(False) | Record.closed_at.is_null(False)
    return Record.activated_at.is_null() & ~over


def _no_longer_held():
    """The records that a parent, or whoever represented her, held once."""
    # To the letter the condition of the index access_held.
    theirs = Access.select(Access.record).where(Access.role == SQL("'representative'"))
    past = Access.revoked_at.is_null() & (Access.ends_at <= clock.now())
    return theirs.where(Access.revoked_at.is_null(False)) + theirs.where(past)


def soon() -> list[Record]:
    """Those held by a parent whose child is about to be 18, the first first."""
    coming = Access.ends_at <= clock.now() + SOON
    query = (
        Record.select()
        .join(Access)
        .where(Access.live() & (Access.measure == Measure.PARENT.value) & coming)
    )
    return list(query.group_by(Record.id).order_by(Record.birth_date.desc()))


def find(record_uid: str) -> Record | None:
    """One of those."""
    return next((one for one in (*waiting(), *soon()) if one.uid == record_uid), None)


def prepare(actor: Actor, record: Record, link: str, days: int) -> str:
    """A code to hand over; it is shown once. Raises Refusal where nobody is waited for any more."""
    with transaction():
        check_waiting(record)
        code = activation_code.new_code(record, link, days, by_hand=True)
        journal.write(record, actor, journal.Act.MADE_ACTIVATION_CODE)
        ledger.write(actor, ledger.Act.PREPARED_CODE, record.uid)
    return code


def note_address(actor: Actor, record: Record, email: str, link: str, days: int) -> bool:
    """Her own, of someone who is 18 or about to be; whether a code went there at once, or will go
    on the day. Raises Refusal."""
    email = checked_email(email)
    if not email:
        raise Refusal("Écrivez son adresse e-mail.", "email")
    if record.majority > clock.now() + SOON:
        raise Refusal(TOO_EARLY, "email")
    with transaction():
        if email in _of_others(record):
            raise Refusal(OF_ANOTHER, "email")
        record.email, record.email_own = email, True
        record.save(only=[Record.email, Record.email_own])
        member.index(record)
        ledger.write(actor, ledger.Act.NOTED_ADDRESS, record.uid)
        if not record.adult:
            return False
        check_waiting(record)
        send(record, actor, link, days)
    return True


def send(record: Record, actor: Actor, link: str, days: int) -> None:
    """A code, at her own address. Call it inside a transaction."""
    activation_code.new_code(record, link, days)
    journal.write(record, actor, journal.Act.MADE_ACTIVATION_CODE)


def address_of(record: Record) -> str:
    """Where a code may be sent; nothing where the only address known is someone else's."""
    if reaches(record):
        return record.email
    own = record.adult and record.email_own and record.email not in _of_others(record)
    return record.email if own else ""


def reaches(record: Record) -> bool:
    """Whether what the association knows of her was given for whoever is to have the code today:
    her parents, or herself; and nobody held it for her meanwhile."""
    given_for_her = record.adult == (record.announced_at >= record.majority)
    return given_for_her and not _held_for_her(record.id).exists()


def check_waiting(record: Record) -> None:
    """Raises Refusal where nobody is to have a code."""
    now = Record.get_by_id(record.id)
    if now.state not in WAITING or held(now):
        raise Refusal(GONE)


def _held_for_her(record_id):
    """By a parent, or whoever represents her: still, or not any more."""
    here = (Access.record == record_id) & (Access.role == Role.REPRESENTATIVE.value)
    return Access.select(SQL("1")).where(here)


def _of_others(record):
    """Every address by which someone holds it for her, or was invited."""
    accounts = (
        Account.select()
        .join(Access)
        .where((Access.record == record) & (Access.role == Role.REPRESENTATIVE.value))
    )
    invited = Invitation.select().where(Invitation.record == record)
    return {row.email for row in (*accounts, *invited)}


def born_before(today: date) -> date:
    """Whoever was born by then is 18 that day."""
    try:
        return today.replace(year=today.year - MAJORITY)
    except ValueError:  # 29 February
        return today.replace(year=today.year - MAJORITY, day=28)
