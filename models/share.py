"""One document shared with someone outside, by a link: for some hours or days, as many readings as
were chosen, and a code that is said aloud. Neither the link nor the code works alone."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from peewee import ForeignKeyField, IntegerField, TextField

from . import access as accesses
from . import attempt, clock, journal, visibility
from .access import Access, Actor, Right
from .account import Account
from .database import MomentField, Table, transaction
from .document import Document
from .invitation import ALPHABET, LENGTH, normal
from .record import Record
from .refusal import Refusal
from .words import tidy, uid

LASTS = {
    "1h": (timedelta(hours=1), "1 heure"),
    "24h": (timedelta(days=1), "1 jour"),
    "3j": (timedelta(days=3), "3 jours"),
    "7j": (timedelta(days=7), "7 jours"),
}
READINGS = (1, 2, 3, 5, 10)
# What is opened once may be looked at and taken for that long: one reading.
READING = timedelta(minutes=15)
MOST_TRIES = 10
# As many links in force as one record may have.
MOST = 50
LONGEST_NAME = 100
# As the journal keeps whoever opens a link.
ROLE = "guest"
DOOR = "share-from"
WRONG = (
    "Ce lien et ce code ne vont pas ensemble, ou ne servent plus. Vérifiez le code. Demandez "
    "sinon un nouveau lien à la personne qui vous l'a envoyé."
)
TOO_MANY = f"Il y a déjà {MOST} liens en cours. Arrêtez-en un d'abord."


class Why(StrEnum):
    STOPPED = "stopped"
    LOCKED = "locked"


class State(StrEnum):
    LIVE = "live"
    READ_OUT = "read-out"
    EXPIRED = "expired"
    STOPPED = "stopped"
    LOCKED = "locked"


class Share(Table):
    """The link and the code are kept as long as they serve: whoever shares tells them again."""

    uid = TextField(unique=True, default=uid)
    record = ForeignKeyField(Record, backref="shares")
    document = ForeignKeyField(Document, backref="shares", on_delete="CASCADE")
    # Who shares: the link serves as long as this account decides here, and sees the document.
    account = ForeignKeyField(Account)
    # For whom, in the words of who shares.
    recipient = TextField()
    made_at = MomentField(default=clock.now)
    expires_at = MomentField()
    token_hash = TextField(unique=True)
    token = TextField()
    code = TextField()
    tries = IntegerField(default=0)
    # How many readings were chosen, and how many were taken.
    readings = IntegerField()
    taken = IntegerField(default=0)
    last_read_at = MomentField(null=True)
    ended_at = MomentField(null=True)
    ended_why = TextField(default="")

    @property
    def left(self) -> int:
        return max(0, self.readings - self.taken)

    @property
    def state(self) -> State:
        if self.ended_at:
            return State.LOCKED if self.ended_why == Why.LOCKED else State.STOPPED
        if self.expires_at <= clock.now():
            return State.EXPIRED
        return State.LIVE if self.left else State.READ_OUT

    @property
    def live(self) -> bool:
        return self.state == State.LIVE

    @property
    def stoppable(self) -> bool:
        """While it serves, and while the last reading may still go on."""
        if self.live or not self.last_read_at:
            return self.live
        return self.state == State.READ_OUT and self.last_read_at + READING > clock.now()

    @property
    def open_until(self) -> datetime:
        """How long what is opened now may be looked at."""
        return min(clock.now() + READING, self.expires_at)

    @property
    def written_code(self) -> str:
        return f"{self.code[:4]} {self.code[4:]}"


def make(access: Access, document: Document, recipient: str, lasts: str, readings: int) -> Share:
    """Raises Refusal, at the field."""
    access.require(Right.GRANT).require(Right.READ)
    name, (until, _words) = checked_recipient(recipient), checked_lasts(lasts)
    readings, token = checked_readings(readings), secrets.token_urlsafe(24)
    with transaction():
        accesses.check_open(access.record)
        if len([one for one in _of(access) if one.live]) >= MOST:
            raise Refusal(TOO_MANY)
        made = Share.create(
            record=access.record,
            document=document,
            account=access.account,
            recipient=name,
            expires_at=clock.now() + until,
            token=token,
            token_hash=_hash(token),
            code="".join(secrets.choice(ALPHABET) for _ in range(LENGTH)),
            readings=readings,
        )
        detail = {"name": name, "until": made.expires_at.isoformat(), "readings": readings}
        journal.write(access.record, access.actor, journal.Act.SHARED, document, **detail)
    return made


def stop(access: Access, one: Share) -> None:
    """At once; what was taken by then stays with who took it. Twice is once."""
    access.require(Right.GRANT)
    with transaction():
        if _end(one, Why.STOPPED):
            act = journal.Act.STOPPED_SHARING
            journal.write(access.record, access.actor, act, one.document, name=one.recipient)


def listed(access: Access) -> list[Share]:
    """Those whose document this access sees: in force first, then the latest."""
    access.require(Right.GRANT)
    rows = [one for one in _of(access) if visibility.sees(access, one.document)]
    return sorted(rows, key=lambda one: not one.live)


def find(access: Access, share_uid: str) -> Share | None:
    return next((one for one in listed(access) if one.uid == share_uid), None)


def open_with(token: str, code: str, address: str) -> Share:
    """One reading more: by the link and the code together. Raises Refusal, the same whatever is
    wrong; attempt.TooMany."""
    attempt.allow(f"{DOOR}:{address}")
    with transaction():
        one = _proven(token, code)
        if one:
            _take_reading(one)
            return one
        attempt.failed(f"{DOOR}:{address}")
    raise Refusal(WRONG, "code")


def under_way(share_uid: str) -> Share | None:
    """A reading that was begun may go on, unless the link was stopped or its maker lost it."""
    one = _loaded(Share.uid == share_uid)
    begun = one and one.state in (State.LIVE, State.READ_OUT) and one.taken
    return one if begun and _allowed(one) else None


def checked_recipient(text: str | None) -> str:
    name = tidy(text or "")
    if not name:
        raise Refusal(
            "Écrivez pour qui est ce lien. Par exemple : le cabinet dentaire.", "recipient"
        )
    if len(name) > LONGEST_NAME:
        raise Refusal(f"C'est trop long : {LONGEST_NAME} lettres au plus.", "recipient")
    return name


def checked_lasts(chosen: str | None) -> tuple[timedelta, str]:
    if chosen not in LASTS:
        raise Refusal("Choisissez combien de temps le lien sert.", "lasts")
    return LASTS[chosen]


def checked_readings(number: int | None) -> int:
    if number not in READINGS:
        raise Refusal("Choisissez combien de fois le document peut être ouvert.", "readings")
    return number


def forget_old() -> int:
    """A month after it ended, the journal alone remembers."""
    before = clock.now() - timedelta(days=30)
    over = (Share.expires_at < before) | (Share.ended_at < before)
    return Share.delete().where(over).execute()


def _of(access):
    mine = Share.select(Share, Document).join(Document).where(Share.record == access.record)
    rows = list(mine.order_by(Share.id.desc()))
    for one in rows:
        one.record = one.document.record = access.record
    return rows


def _loaded(condition):
    query = Share.select(Share, Document, Record).join(Document).switch(Share).join(Record)
    one = query.where(condition).first()
    if one:
        one.document.record = one.record
    return one


def _proven(token, code):
    """The same work whatever is wrong: the code is compared even where there is no link."""
    one = _loaded(Share.token_hash == _hash(token))
    kept = one.code if one else ""
    good = hmac.compare_digest(kept.encode(), normal(code).encode())
    if not one or not one.live or not _allowed(one):
        return None
    if good:
        return one
    _miss(one)
    return None


def _allowed(one):
    """Who shared it still decides here, and still sees the document."""
    maker = accesses.find(one.account, one.record.uid)
    if maker is None or not maker.can(Right.GRANT):
        return False
    if one.document.binned_at or one.record.closing_at:
        return False
    one.document.record = maker.record
    return visibility.sees(maker, one.document)


def _miss(one):
    here = Share.id == one.id
    Share.update(tries=Share.tries + 1).where(here).execute()
    if one.tries + 1 >= MOST_TRIES and _end(one, Why.LOCKED):
        act = journal.Act.LOCKED_SHARING
        journal.write(one.record, _guest(one), act, one.document, name=one.recipient)


def _take_reading(one):
    now = clock.now()
    here = Share.id == one.id
    Share.update(taken=Share.taken + 1, last_read_at=now, tries=0).where(here).execute()
    one.taken, one.last_read_at = one.taken + 1, now
    act = journal.Act.READ_BY_LINK
    journal.write(one.record, _guest(one), act, one.document, name=one.recipient)


def _guest(one):
    return Actor(None, one.recipient, ROLE)


def _end(one, why) -> bool:
    """Whether it was not over yet."""
    here = (Share.id == one.id) & Share.ended_at.is_null()
    now = clock.now()
    one.ended_at, one.ended_why = now, why.value
    return bool(Share.update(ended_at=now, ended_why=why.value).where(here).execute())


def _hash(token):
    return hashlib.sha256(b"share" + token.encode("utf-8", "replace")).hexdigest()
