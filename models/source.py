"""A source: a piece of software that the office lets deposit documents. It proves itself with a
token, shown once; a day has a limit, and it may have a last day."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from peewee import CompositeKey, ForeignKeyField, IntegerField, TextField

from . import clock, ledger
from .access import Actor
from .account import canonical, is_email
from .database import DayField, MomentField, Table, transaction
from .ledger import Act
from .origin import Origin
from .refusal import Refusal
from .words import tidy, uid

ROLE = "source"
PREFIX = "carnet_"
MAILBOX = "depot-"
LONGEST_NAME = 100
MOST_A_DAY = 100_000
USUAL_A_DAY = 500
KINDS = {
    Origin.LABORATORY: "Laboratoire",
    Origin.ESTABLISHMENT: "Établissement : hôpital, clinique, centre",
    Origin.PROFESSIONAL: "Cabinet, pharmacie",
    Origin.OTHER: "Autre",
}
FULL = "Ce logiciel a déjà déposé {number} documents aujourd'hui : c'est sa limite."
OVER = "Ce logiciel ne dépose plus : son enregistrement a pris fin."


class Over(Refusal):
    """It deposits no more."""


class Exhausted(Refusal):
    """It has deposited all that it may today."""


class Unmatched(StrEnum):
    """What becomes of a document whose person is not known for certain (stray.py)."""

    QUEUE = "queue"
    REFUSE = "refuse"


UNMATCHED = {
    Unmatched.QUEUE: "À rattacher par l'association",
    Unmatched.REFUSE: "Le refuser",
}


class Source(Table):
    uid = TextField(unique=True, default=uid)
    name = TextField()
    kind = TextField()
    contact = TextField()
    token_hash = TextField(unique=True)
    per_day = IntegerField()
    made_at = MomentField(default=clock.now)
    made_by = TextField()
    last_day = DayField(null=True)
    unmatched = TextField(default=Unmatched.QUEUE.value)
    # What comes before the @ of its address, where it deposits by mail too; unguessable.
    mailbox = TextField(default="")
    ended_at = MomentField(null=True)
    last_used_at = MomentField(null=True)

    @property
    def live(self) -> bool:
        return self.ended_at is None and not self.expired

    @property
    def expired(self) -> bool:
        return self.last_day is not None and self.last_day < clock.today()

    @property
    def label(self) -> str:
        return KINDS[self.kind]

    @property
    def actor(self) -> Actor:
        """As journals keep it."""
        return Actor(None, self.name, ROLE)


class Use(Table):
    """How many documents a source deposited in a day, of France."""

    source = ForeignKeyField(Source)
    day = DayField()
    number = IntegerField()

    class Meta:
        table_name = "source_use"
        primary_key = CompositeKey("source", "day")


@dataclass(frozen=True)
class Told:
    """What the office says of it."""

    name: str
    kind: str
    contact: str = ""
    per_day: int | None = USUAL_A_DAY
    last_day: date | None = None
    unmatched: str = Unmatched.QUEUE

    def checked(self) -> dict:
        """Raises Refusal at the field that is wrong."""
        return {
            "name": checked_name(self.name),
            "kind": checked_kind(self.kind),
            "contact": checked_contact(self.contact),
            "per_day": checked_per_day(self.per_day),
            "last_day": checked_last_day(self.last_day),
            "unmatched": checked_unmatched(self.unmatched),
        }


def register(actor: Actor, told: Told) -> tuple[Source, str]:
    """The source and its token, which nothing shows again. Raises Refusal."""
    values, token = told.checked(), _token()
    with transaction():
        _check_free(values["name"])
        made = Source.create(token_hash=_hash(token), made_by=actor.name, **values)
        ledger.write(actor, Act.REGISTERED_SOURCE, made.uid, name=made.name)
    return made, token


def change(actor: Actor, one: Source, told: Told) -> None:
    """Raises Refusal."""
    values = told.checked()
    with transaction():
        _check_free(values["name"], one)
        Source.update(**values).where(Source.id == one.id).execute()
        ledger.write(actor, Act.CHANGED_SOURCE, one.uid, name=values["name"])


def renew(actor: Actor, one: Source) -> str:
    """Another token; the one before serves no more. Raises Refusal where it has ended."""
    token = _token()
    with transaction():
        here = (Source.id == one.id) & Source.ended_at.is_null()
        if not Source.update(token_hash=_hash(token)).where(here).execute():
            raise Refusal(OVER)
        ledger.write(actor, Act.RENEWED_SOURCE, one.uid, name=one.name)
    return token


def end(actor: Actor, one: Source) -> None:
    """For good: what it deposited stays."""
    with transaction():
        here = (Source.id == one.id) & Source.ended_at.is_null()
        if Source.update(ended_at=clock.now(), mailbox="").where(here).execute():
            ledger.write(actor, Act.ENDED_SOURCE, one.uid, name=one.name)


def open_mailbox(actor: Actor, one: Source) -> None:
    """An address to deposit by mail; the one before serves no more. Raises Refusal."""
    name = MAILBOX + base64.b32encode(secrets.token_bytes(15)).decode().lower()
    with transaction():
        _keep_mailbox(one, name)
        ledger.write(actor, Act.OPENED_MAILBOX, one.uid, name=one.name)


def close_mailbox(actor: Actor, one: Source) -> None:
    """It deposits by mail no more. Raises Refusal."""
    with transaction():
        _keep_mailbox(one, "")
        ledger.write(actor, Act.CLOSED_MAILBOX, one.uid, name=one.name)


def of_mailbox(local_part: str) -> Source | None:
    """By what comes before the @, whatever its case: the index answers as fast for a wrong one, of
    which 120 bits are to be guessed. As long as it may deposit."""
    name = local_part.lower()
    ours = name.isascii() and name.startswith(MAILBOX)
    one = Source.get_or_none(Source.mailbox == name) if ours else None
    return one if one and one.live else None


def find(source_uid: str) -> Source | None:
    return Source.get_or_none(Source.uid == source_uid)


def listed() -> list[Source]:
    """Those that deposit first, by name."""
    rows = Source.select().order_by(Source.name)
    return sorted(rows, key=lambda one: not one.live)


def used_today() -> dict[int, int]:
    """How many documents each has deposited, by source."""
    rows = Use.select(Use.source, Use.number).where(Use.day == clock.today())
    return dict(rows.tuples())


def proven(token: str) -> Source | None:
    """The source of this token, as long as it may deposit."""
    one = Source.get_or_none(Source.token_hash == _hash(token))
    return one if one and one.live else None


def admit(one: Source) -> None:
    """Count one more deposit of today. Raises Refusal at its limit, or if it has just ended."""
    today = clock.today()
    with transaction():
        now = Source.get_by_id(one.id)
        if not now.live:
            raise Over(OVER)
        Use.insert(source=now, day=today, number=0).on_conflict_ignore().execute()
        here = (Use.source == now) & (Use.day == today) & (Use.number < now.per_day)
        if not Use.update(number=Use.number + 1).where(here).execute():
            raise Exhausted(FULL.format(number=now.per_day))
        Source.update(last_used_at=clock.now()).where(Source.id == now.id).execute()


def checked_name(text: str | None) -> str:
    name = tidy(text or "")
    if not name:
        raise Refusal("Écrivez le nom du logiciel, ou de qui dépose.", "name")
    if len(name) > LONGEST_NAME:
        raise Refusal(f"C'est trop long : {LONGEST_NAME} lettres au plus.", "name")
    return name


def checked_kind(kind: str | None) -> str:
    if kind not in list(KINDS):
        raise Refusal("Choisissez qui dépose avec ce logiciel.", "kind")
    return kind


def checked_contact(text: str | None) -> str:
    email = canonical(text or "")
    if email and not is_email(email):
        raise Refusal(
            "Cette adresse e-mail n'est pas complète. Exemple : nom@exemple.fr.", "contact"
        )
    return email


def checked_per_day(number: int | None) -> int:
    if number is None or not 1 <= number <= MOST_A_DAY:
        raise Refusal(f"Écrivez un nombre de 1 à {MOST_A_DAY}.", "per_day")
    return number


def checked_unmatched(answer: str | None) -> str:
    if answer not in list(UNMATCHED):
        raise Refusal("Choisissez ce que devient un tel document.", "unmatched")
    return answer


def checked_last_day(last: date | None) -> date | None:
    if last and last < clock.today():
        raise Refusal("Ce jour est déjà passé.", "last_day")
    return last


def _check_free(name, but=None):
    """Two of the same name would be one in every journal."""
    same = (Source.name == name) & Source.ended_at.is_null()
    if Source.select().where(same & (Source.id != (but.id if but else 0))).exists():
        raise Refusal("Un logiciel de ce nom est déjà dans la liste.", "name")


def _keep_mailbox(one, name):
    here = (Source.id == one.id) & Source.ended_at.is_null()
    if not Source.update(mailbox=name).where(here).execute():
        raise Refusal(OVER)
    one.mailbox = name


def _token():
    return PREFIX + secrets.token_urlsafe(32)


def _hash(token):
    # 256 random bits: no slow hash is needed.
    return hashlib.sha256(b"source" + token.encode("utf-8", "replace")).hexdigest()
