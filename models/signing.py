"""What is valid only once signed on paper: a designation, directives. Prepared here, printed,
signed by hand, then attached. The newest signed one holds; none is ever deleted (D9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from peewee import JOIN, BooleanField, CharField, ForeignKeyField, TextField

from . import attachment, clock, journal
from .access import Access, Right
from .attachment import Files
from .database import DayField, MomentField, Table, transaction
from .deposit import Description
from .document import Document
from .record import MAJORITY, Record, years
from .refusal import Refusal
from .words import day, uid

MINOR = "Il faut avoir 18 ans. La page en dit plus."
NO_FILE = "Choisissez la photo ou le PDF du papier signé."
NO_AUTHORISATION = (
    "Avec une tutelle, il faut aussi l'autorisation du juge ou du conseil de famille. "
    "Choisissez sa photo ou son PDF."
)
AUTHORISATION = "Autorisation du juge ou du conseil de famille"
NO_DATE = "Écrivez la date de la signature : jour, mois, année. Par exemple 12/03/2024."


class State(StrEnum):
    NOTHING = "nothing"
    BEGUN = "begun"
    TO_SIGN = "to-sign"
    VALID = "valid"
    DECLINED = "declined"
    REPLACED = "replaced"
    REVOKED = "revoked"


# What the title of a paper that does not hold ends with.
ENDED = {State.REPLACED: " (remplacé)", State.REVOKED: " (révoqué)"}


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

    def check(self) -> None:
        """Raises Refusal where it may not be signed any more."""

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
    signed: Files
    authorisation: Files = ()


def history(access: Access, kind: type[Signed]) -> list[Signed]:
    """All of them, what is being prepared first, then by date of signature, the newest first."""
    access.require(Right.WISHES)
    return all_of(access.record, kind)


def all_of(record: Record, kind: type[Signed]) -> list[Signed]:
    """The same, for what Carnet does by itself."""
    query = kind.select(kind, Document).join(
        Document, JOIN.LEFT_OUTER, on=(kind.paper == Document.id), attr="paper"
    )
    rows = sorted(query.where(kind.record == record), key=_age, reverse=True)
    newer = None
    for row in rows:
        row.record = record
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


def sign(access: Access, one: Signed, on: date | None, papers: Papers, limits) -> State:
    """Attach what was signed by hand `on` that day; the state it has from then on.

    Raises Refusal; then nothing is kept."""
    check_adult(access)
    check_signature_day(access, on)
    if not papers.signed:
        raise Refusal(NO_FILE, "files")
    if one.represented and not (papers.authorisation or one.authorisation_id):
        raise Refusal(NO_AUTHORISATION, "authorisation")
    one.check()
    kept = _keep(access, one, on, papers, limits)
    try:
        with transaction():
            _attach(access, one, on, kept)
    except Refusal:
        _give_back(access, kept)
        raise
    return find(access, type(one), one.uid).state


def _attach(access, one, on, kept):
    check_unsigned(one)
    before = one.authorisation
    one.paper, one.signed_on, one.signed_at = kept[0].document, on, clock.now()
    if len(kept) > 1:
        one.authorisation = kept[1].document
    _save(one, "paper", "authorisation", "signed_on", "signed_at")
    for each in kept:
        attachment.mark(each.document)
    if before and before != one.authorisation:
        attachment.release(access, before)
    journal.write(access.record, access.actor, one.acts.signed, one.paper)
    if not has_newer(one):
        one.changed()
    name_papers(access, type(one))


def withdraw(access: Access, one: Signed) -> bool:
    """Take back what was attached, or declared, by mistake; whether its paper is in the bin.

    Raises Refusal while another one is being prepared: there is one at a time."""
    access.require(Right.WILL)
    with transaction():
        if one.prepared_here and in_preparation(history(access, type(one))):
            raise Refusal(
                "Un autre papier est en préparation : signez-le ou abandonnez-le d'abord."
            )
        paper = one.paper
        one.paper = one.signed_on = one.signed_at = None
        if one.prepared_here:
            _save(one, "paper", "signed_on", "signed_at")
        else:
            _delete(access, one)
        journal.write(access.record, access.actor, one.acts.withdrew, paper)
        name_papers(access, type(one))
        return paper is not None and attachment.release(access, paper)


def give_up(access: Access, one: Signed) -> None:
    """What is being prepared: nothing of it was ever valid."""
    access.require(Right.WILL)
    with transaction():
        check_unsigned(one)
        _delete(access, one)
        journal.write(access.record, access.actor, one.acts.gave_up)


def revoke(access: Access, one: Signed, on: date | None) -> None:
    """At once, by the person alone. Those it had replaced stay replaced."""
    access.require(Right.WILL)
    if on is None or on > clock.today():
        raise Refusal("Écrivez la date d'aujourd'hui, ou une date passée.", "on")
    if on < one.signed_on:
        raise Refusal(f"Ce papier date du {day(one.signed_on)} : écrivez un jour d'après.", "on")
    with transaction():
        _check_signed(one)
        one.revoked_on, one.revoked_at = on, clock.now()
        _save(one, "revoked_on", "revoked_at")
        journal.write(access.record, access.actor, one.acts.revoked, on=on.isoformat())
        if not has_newer(one):
            one.changed()
        name_papers(access, type(one))


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


def _keep(access, one, on, papers, limits):
    """The paper, then the authorisation if there is one: both or none."""
    kept = []
    try:
        told = Description(one.category, on, one.paper_title(on), access.record.name, wish=True)
        kept.append(attachment.keep(access, papers.signed, told, limits))
        _check_new(one, kept[0].document)
        if papers.authorisation:
            kept.append(_keep_authorisation(access, on, papers.authorisation, limits))
            _check_other(kept)
    except Refusal:
        _give_back(access, kept)
        raise
    return kept


def _give_back(access, kept):
    for each in kept:
        attachment.give_back(access, each)


def _keep_authorisation(access, on, files, limits):
    told = Description("VDP", on, AUTHORISATION, access.record.name, wish=True)
    try:
        return attachment.keep(access, files, told, limits)
    except Refusal as refusal:
        raise Refusal(refusal.sentence, "authorisation") from refusal


def _check_new(one, paper):
    kind = type(one)
    if kind.select().where((kind.paper == paper) & (kind.id != one.id)).exists():
        raise Refusal(f"Ce papier est déjà joint : « {paper.title} ».", "files")
    if paper == one.authorisation:
        raise Refusal("Ce fichier est l'autorisation : choisissez le papier signé.", "files")


def _check_other(kept):
    if kept[0].document == kept[1].document:
        raise Refusal("C'est le même fichier que le papier signé.", "authorisation")


def name_papers(access, kind):
    """A paper that does not hold any more says so wherever its title is read."""
    for row in history(access, kind):
        if row.paper:
            attachment.name(row.paper, ENDED.get(row.state, ""), tuple(ENDED.values()))


def check_unsigned(one: Signed) -> None:
    """Call it inside the transaction: another device may have signed it, or given it up."""
    kind = type(one)
    unsigned = (kind.id == one.id) & kind.signed_on.is_null()
    if one.id and not kind.select().where(unsigned).exists():
        raise Refusal("Ce n'est plus à signer : un autre appareil l'a changé. Revenez en arrière.")


def _check_signed(one):
    kind = type(one)
    signed = (kind.id == one.id) & kind.signed_on.is_null(False) & kind.revoked_at.is_null()
    if not kind.select().where(signed).exists():
        raise Refusal("Un autre appareil l'a changé entre-temps. Revenez en arrière.")


def _delete(access, one):
    one.delete_instance()
    if one.authorisation:
        attachment.release(access, one.authorisation)


def _save(one, *names):
    """Only these: another tab may be changing an answer. A new one is saved whole."""
    one.save(only=[getattr(type(one), name) for name in names] if one.id else None)


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
