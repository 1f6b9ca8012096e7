"""Sessions: one row for each device signed in (D5). The cookie carries a secret, the row a hash."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from peewee import ForeignKeyField, TextField

from . import alert, attempt, clock, device, password, storage
from .account import OVER, Account, canonical
from .database import MomentField, Table, is_busy, transaction
from .device import Device
from .prepared import Prepared
from .refusal import Refusal
from .words import uid

LONGEST = timedelta(hours=12)
# How long a second factor answers for what matters most.
SURE_FOR = timedelta(minutes=15)
# A look at a page is not worth a write to the disk each time.
SEEN_EVERY = timedelta(minutes=1)
NOT_YOURS = "Ce n'est pas votre mot de passe actuel. Vérifiez, puis recommencez."
WRONG = "L'adresse e-mail et le mot de passe ne vont pas ensemble. Vérifiez, puis recommencez."


class Session(Table):
    uid = TextField(unique=True, default=uid)
    token_hash = TextField(unique=True)
    account = ForeignKeyField(Account, backref="sessions", on_delete="CASCADE")
    device = TextField()
    started_at = MomentField(default=clock.now)
    seen_at = MomentField(default=clock.now)
    ended_at = MomentField(null=True)
    known_device = ForeignKeyField(
        Device, null=True, column_name="device_id", on_delete="SET NULL", backref="sessions"
    )
    # Since when it opens something; half of one only waits for its second factor (factor.py).
    confirmed_at = MomentField(null=True)
    # When a second factor was last given.
    factor_at = MomentField(null=True)

    @property
    def whole(self) -> bool:
        return self.confirmed_at is not None

    @property
    def sure(self) -> bool:
        """Enough for what matters most: letting someone in, taking everything, closing."""
        return self.factor_at is not None and abs(clock.now() - self.factor_at) < SURE_FOR

    def live(self, idle: timedelta) -> bool:
        now = clock.now()
        recent = now - self.seen_at < idle and abs(now - self.started_at) < LONGEST
        return self.ended_at is None and recent

    def end(self) -> None:
        Session.update(ended_at=clock.now()).where(
            (Session.id == self.id) & Session.ended_at.is_null()
        ).execute()

    def _seen(self):
        """Where nothing can be written (storage.py), or not now, she goes on all the same. A moment
        that is not there yet, since the clock was set back, is corrected."""
        if abs(clock.now() - self.seen_at) <= SEEN_EVERY:
            return
        self.seen_at = clock.now()
        try:
            self.save(only=[Session.seen_at])
        except Exception as error:
            if not (storage.why(error) or is_busy(error)):
                raise


def sign_in(email: str, secret: str, name: str, address: str, tokens: Iterable[str] = ()) -> str:
    """The token for the cookie; `name` is that of the device, `tokens` what it keeps of its earlier
    sign-ins (device.py). Raises Refusal with the same words whatever was wrong."""
    doors = (_door(email, tokens), f"sign-in-from:{address}")
    attempt.allow(*doors)
    account = Account.proving(email, secret)
    if account is None:
        attempt.failed(*doors)
        raise Refusal(WRONG, field="email")
    attempt.succeeded(doors[0])
    return begin(account, name, tokens)


def begin(account: Account, name: str, tokens: Iterable[str] = ()) -> str:
    """Whole on a device that is trusted, unless the account works with the records of others; half
    of one otherwise, and the code leaves where there is one to send. Raises TooMany."""
    from . import factor  # which knows of sessions

    known = device.known(account, tokens)
    whole = known is not None and known.trusted and not factor.must_be_strong(account)
    with transaction():
        account.check_unchanged()
        made, token = _make(account, name, known, confirmed_at=clock.now() if whole else None)
        if not whole:
            factor.ask(made, token)
    return token


def start(account: Account, name: str) -> str:
    """A whole one, for whoever has just proved who she is in another way."""
    now = clock.now()
    return _make(account, name, None, confirmed_at=now, factor_at=now)[1]


def enter(account: Account, name: str) -> str:
    """The same by a way that is the whole sign-in: an account of the association says so in its
    ledger."""
    from . import ledger, office  # which know of accounts through many others

    with transaction():
        if account.office:
            ledger.write(office.actor(account), ledger.Act.SIGNED_IN, device=name)
        return start(account, name)


def find(token: str, idle: timedelta) -> Session | None:
    """The live session of this token, its account loaded in the same query; never half of one."""
    session = _live(token, idle)
    if session is None or not session.whole:
        return None
    session._seen()
    return session


def half(token: str, idle: timedelta) -> Session | None:
    """The session of this token, while it waits for its second factor."""
    session = _live(token, idle)
    return session if session and not session.whole else None


def renew(one: Session, whole: bool) -> str:
    """A second factor was given: its new token, for whoever knew the old one has nothing. `whole`:
    it opens something from now on. Raises Refusal where it is over, or another tab was faster. Call
    it inside the transaction of the factor."""
    token, now = secrets.token_urlsafe(32), clock.now()
    values = {"token_hash": _hash(token), "factor_at": now}
    if whole and not one.whole:
        values["confirmed_at"] = now
    same = (Session.id == one.id) & (Session.token_hash == one.token_hash)
    if not Session.update(values).where(same & Session.ended_at.is_null()).execute():
        raise Refusal(OVER)
    return token


def _live(token, idle):
    session = next(iter(_by_token(_hash(token))), None)
    return session if session and session.live(idle) else None


@Prepared
def _by_token(token_hash):
    return Session.select(Session, Account).join(Account).where(Session.token_hash == token_hash)


def known(session_uid: str) -> Session | None:
    """Whatever became of it: live, idle or ended."""
    sessions = Session.select(Session, Account).join(Account)
    return sessions.where(Session.uid == session_uid).first()


def of(account: Account, idle: timedelta) -> list[Session]:
    """The live ones, the latest seen first; half a session opens nothing."""
    whole = Session.ended_at.is_null() & Session.confirmed_at.is_null(False)
    rows = account.sessions.where(whole).order_by(Session.seen_at.desc())
    return [session for session in rows if session.live(idle)]


def end_one(account: Account, session_uid: str) -> Session | None:
    """One of the account's own; None where there is no such session."""
    session = account.sessions.where(Session.uid == session_uid).first()
    if session:
        session.end()
    return session


def prove(account: Account, secret: str, field: str = "password") -> None:
    """Whoever is signed in types her password again, before what matters most. Raises Refusal,
    TooMany."""
    door = f"password:{account.email}"
    attempt.allow(door)
    if not password.verify(account.password_hash, secret or ""):
        attempt.failed(door)
        raise Refusal(NOT_YOURS, field=field)


def change_password(session: Session, current: str, secret: str) -> None:
    """The other devices of the account are signed out, and no letter of before changes it again.
    Raises Refusal, TooMany."""
    from . import factor, reset  # which know of sessions

    account = session.account
    prove(account, current, "current")
    password.check(secret, [account.name, account.email])
    with transaction():
        account.check_unchanged()
        account.change_password(secret)
        end_all(account, but=session)
        reset.void_all(account)
        factor.forgive(account.email)
        device.distrust(account)
        alert.changed_password(account)


def recognise(
    one: Session, trusted: bool, tokens: Iterable[str] = (), told: bool = True
) -> str | None:
    """Once it is whole: the device it is on is known, or from now on, by the token to keep there;
    `trusted`: it is her own, and will not be asked for a second factor; `told`: a new one is told
    of, unless the account was made on it."""
    with transaction():
        found, token = device.known(one.account, tokens), None
        if found is None:
            found, token = device.learn(one.account, one.device)
            if told:
                alert.new_device(one.account, one.device)
        device.seen(found)
        if trusted:
            device.trust(found)
        Session.update(known_device=found).where(Session.id == one.id).execute()
    return token


def end_all(account: Account, but: Session | None = None) -> None:
    others = Session.account == account
    if but is not None:
        others &= Session.id != but.id
    with transaction():
        Session.update(ended_at=clock.now()).where(others & Session.ended_at.is_null()).execute()


def forget_old() -> int:
    return Session.delete().where(Session.started_at < clock.now() - timedelta(days=365)).execute()


def _door(email, tokens):
    """Wrong passwords are counted apart on a device that the account knows: nobody keeps her out by
    typing wrong ones elsewhere."""
    account = Account.named(email)
    known = device.known(account, tokens) if account else None
    return f"sign-in:{canonical(email)}" + (f":{known.uid}" if known else "")


def _make(account, name, known, **told):
    token = secrets.token_urlsafe(32)
    made = Session.create(
        account=account, token_hash=_hash(token), device=name, known_device=known, **told
    )
    return made, token


def _hash(token):
    return hashlib.sha256(token.encode()).hexdigest()
