"""What is valid only once signed on paper: a designation, directives. Prepared here, printed,
signed by hand, then attached. The newest signed one holds; none is ever deleted (D9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from peewee import BooleanField, CharField, ForeignKeyField, TextField

from . import bin, clock, deposit, journal
from .access import Access, Right
from .database import DayField, MomentField, Table, transaction
from .document import Document
from .record import MAJORITY, Record, years
from .refusal import Refusal
from .vault import Spool
from .words import day, uid

MINOR = "Il faut avoir 18 ans. La page en dit plus."
NO_FILE = "Choisissez la photo ou le PDF du papier signé."
NO_AUTHORISATION = (
    "Avec une tutelle, il faut aussi l'autorisation du juge ou du conseil de famille. "
    "Choisissez sa photo ou son PDF."
)
NO_DATE = "Écrivez la date de la signature : jour, mois, année. Par exemple 12/03/2024."


class State(StrEnum):
    NOTHING = "nothing"
    BEGUN = "begun"
    TO_SIGN = "to-sign"
    VALID = "valid"
    DECLINED = "declined"
    REPLACED = "replaced"
    REVOKED = "revoked"


class Protection(StrEnum):
    """A measure that protects an adult; under representation she needs an authorisation
    (L1111-6, L1111-11)."""

    NONE = "none"
    ASSISTED = "assisted"
    REPRESENTED = "represented"


class Signed(Table):
    """`state` and `newer`, the one that replaced it, are set by `history`."""

    uid = TextField(unique=True, default=uid)
    record = ForeignKeyField(Record)
    begun_at = MomentField(default=clock.now)
    protection = CharField(default=Protection.NONE.value)
    # By two witnesses, for someone who cannot write or sign (R1111-17).
    witnessed = BooleanField(default=False)
    ready_at = MomentField(null=True)
    signed_on = DayField(null=True)
    signed_at = MomentField(null=True)
    paper = ForeignKeyField(Document, null=True)
    authorisation = ForeignKeyField(Document, null=True)
    revoked_on = DayField(null=True)
    revoked_at = MomentField(null=True)

    acts: "Acts"
    category: str
    plural = False
    state = State.NOTHING
    newer = None

    @property
    def is_signed(self) -> bool:
        return self.signed_on is not None

    @property
    def represented(self) -> bool:
        return self.protection == Protection.REPRESENTED

    def paper_title(self, on: date) -> str:
        raise NotImplementedError

    @property
    def prepared_here(self) -> bool:
        return True

    def changed(self) -> None:
        """Called in the transaction that makes it valid, or ends it."""


@dataclass(frozen=True)
class Acts:
    """What the journal says of each verb."""

    signed: journal.Act
    withdrew: journal.Act
    revoked: journal.Act
    gave_up: journal.Act


@dataclass(frozen=True)
class Papers:
    """The files sent, as (spool, name): several photos of one paper become one PDF."""

    signed: tuple[tuple[Spool, str], ...]
    authorisation: tuple[tuple[Spool, str], ...] = ()


def history(access: Access, kind: type[Signed]) -> list[Signed]:
    """All of them, what is being prepared first, then by date of signature, the newest first."""
    access.require(Right.WISHES)
    rows = sorted(kind.select().where(kind.record == access.record_id), key=_age, reverse=True)
    newer = None
    for row in rows:
        row.record = access.record
        row.state, row.newer = _state(row, newer), newer
        newer = row if row.is_signed else newer
    return rows


def current(rows: Iterable[Signed]) -> Signed | None:
    """The one that holds, or else was the last to."""
    return next((row for row in rows if row.is_signed), None)


def in_preparation(rows: Iterable[Signed]) -> Signed | None:
    return next((row for row in rows if not row.is_signed), None)


def find(access: Access, kind: type[Signed], one_uid: str) -> Signed | None:
    return next((row for row in history(access, kind) if row.uid == one_uid), None)


def check_adult(access: Access) -> None:
    access.require(Right.WILL)
    if not access.record.adult:
        raise Refusal(MINOR)


def sign(access: Access, one: Signed, on: date | None, papers: Papers, limits) -> None:
    """Attach what was signed by hand `on` that day: from then on it is valid. Raises Refusal."""
    check_adult(access)
    check_signature_day(access, on)
    if not papers.signed:
        raise Refusal(NO_FILE, "files")
    if one.represented and not (papers.authorisation or one.authorisation_id):
        raise Refusal(NO_AUTHORISATION, "authorisation")
    paper = _keep(access, papers.signed, one.paper_title(on), one.category, on, limits)
    _check_not_attached(one, paper)
    if papers.authorisation:
        title = "Autorisation du juge ou du conseil de famille"
        one.authorisation = _keep(access, papers.authorisation, title, "VDP", on, limits)
    with transaction():
        one.paper, one.signed_on, one.signed_at = paper, on, clock.now()
        one.save()
        journal.write(access.record, access.actor, one.acts.signed, paper)
        one.changed()


def withdraw(access: Access, one: Signed) -> None:
    """Take the paper attached by mistake back: it goes to the bin, and is to sign again.

    Raises Refusal while another one is being prepared: there is one at a time."""
    access.require(Right.WILL)
    if one.prepared_here and in_preparation(history(access, type(one))):
        raise Refusal("Un autre papier est en préparation : signez-le ou abandonnez-le d'abord.")
    with transaction():
        paper, one.paper = one.paper, None
        one.signed_on = one.signed_at = None
        if one.prepared_here:
            one.save()
        else:
            one.delete_instance()
        journal.write(access.record, access.actor, one.acts.withdrew, paper)
        Document.update(wish=False).where(Document.id == paper.id).execute()
        paper.wish = False
        bin.discard(access, [paper])


def give_up(access: Access, one: Signed) -> None:
    """What is being prepared: nothing of it was ever valid."""
    access.require(Right.WILL)
    with transaction():
        one.delete_instance()
        journal.write(access.record, access.actor, one.acts.gave_up)


def revoke(access: Access, one: Signed, on: date | None) -> None:
    """At once, by the person alone. Those it had replaced stay replaced."""
    access.require(Right.WILL)
    if on is None or on > clock.today():
        raise Refusal("Écrivez la date d'aujourd'hui, ou une date passée.", "on")
    if on < one.signed_on:
        raise Refusal(f"Ce papier a été signé le {day(one.signed_on)} : c'est après.", "on")
    with transaction():
        one.revoked_on, one.revoked_at = on, clock.now()
        one.save()
        journal.write(access.record, access.actor, one.acts.revoked, on=on.isoformat())
        one.changed()


def has_newer(one: Signed) -> bool:
    """Whether another, signed later, has replaced it."""
    kind = type(one)
    later = (kind.signed_on > one.signed_on) | (
        (kind.signed_on == one.signed_on) & (kind.signed_at > one.signed_at)
    )
    return kind.select().where((kind.record == one.record_id) & later).exists()


def check_signature_day(access: Access, on: date | None) -> None:
    if on is None:
        raise Refusal(NO_DATE, "signed_on")
    if on > clock.today():
        raise Refusal("Cette date est dans le futur. Vérifiez l'année.", "signed_on")
    if years(access.record.birth_date, on) < MAJORITY:
        raise Refusal("Ce jour-là, vous n'aviez pas 18 ans. Vérifiez l'année.", "signed_on")


def _check_not_attached(one, paper):
    kind = type(one)
    if kind.select().where((kind.paper == paper) & (kind.id != one.id)).exists():
        raise Refusal(f"Ce papier est déjà joint : « {paper.title} ».", "files")


def _age(row):
    """What is not signed is the newest."""
    return (row.signed_on or date.max, row.signed_at or row.begun_at)


def _state(row, newer):
    if not row.is_signed:
        return State.TO_SIGN if row.ready_at else State.BEGUN
    if row.revoked_at:
        return State.REVOKED
    if newer is not None:
        return State.REPLACED
    return State.DECLINED if getattr(row, "declined", False) else State.VALID


def _keep(access, files, title, category, on, limits):
    """A document of the record, that follows the choice made for wishes and not the masking."""
    spools, names = [spool for spool, _ in files], [name for _, name in files]
    if len(files) == 1:
        return _keep_one(access, spools[0], names[0], title, category, on, limits)
    joined = deposit.join_photos(spools, names, limits)
    try:
        return _keep_one(access, joined, f"{title}.pdf", title, category, on, limits)
    finally:
        joined.discard()


def _keep_one(access, spool, name, title, category, on, limits):
    known = deposit.known(access, spool)
    if known:
        Document.update(wish=True).where(Document.id == known.id).execute()
        return known
    told = deposit.Description(
        category=category, dated=on, title=title, author=access.record.name, wish=True
    )
    return deposit.by_access(access, spool, name, told, limits)
