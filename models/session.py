"""Sessions: one row for each device signed in (D5). The cookie carries a secret, the row a hash."""

import hashlib
import secrets
from datetime import timedelta

from peewee import ForeignKeyField, TextField

from . import attempt, clock, password
from .account import Account, canonical
from .database import MomentField, Prepared, Table, transaction
from .refusal import Refusal
from .words import uid

LONGEST = timedelta(hours=12)
# A look at a page is not worth a write to the disk each time.
SEEN_EVERY = timedelta(minutes=1)
OVER = "Cette connexion est terminée. Reconnectez-vous."
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
    # Of an account of the association: when the second factor was given (factor.py).
    confirmed_at = MomentField(null=True)

    @property
    def whole(self) -> bool:
        """It opens something; half of one only waits for its second factor."""
        return self.confirmed_at is not None or not self.account.office

    def live(self, idle: timedelta) -> bool:
        now = clock.now()
        return (
            self.ended_at is None and now - self.seen_at < idle and now - self.started_at < LONGEST
        )

    def end(self) -> None:
        Session.update(ended_at=clock.now()).where(
            (Session.id == self.id) & Session.ended_at.is_null()
        ).execute()

    def _seen(self):
        if clock.now() - self.seen_at > SEEN_EVERY:
            self.seen_at = clock.now()
            self.save(only=[Session.seen_at])


def sign_in(email: str, secret: str, device: str, address: str) -> str:
    """The token for the cookie. Raises Refusal with the same words whatever was wrong."""
    doors = (f"sign-in:{canonical(email)}", f"sign-in-from:{address}")
    attempt.allow(*doors)
    account = Account.proving(email, secret)
    if account is None:
        attempt.failed(*doors)
        raise Refusal(WRONG, field="email")
    attempt.succeeded(doors[0])
    return start(account, device)


def start(account: Account, device: str) -> str:
    """An account of the association has half a session, and a letter with a code. Raises
    TooMany."""
    from . import factor  # which knows of sessions

    token = secrets.token_urlsafe(32)
    with transaction():
        made = Session.create(account=account, token_hash=_hash(token), device=device)
        if not made.whole:
            factor.send(made, token)
    return token


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


def make_whole(half: Session) -> str:
    """Its new token: whoever knew the old one has nothing. Raises Refusal where it waits no more.
    Call it inside the transaction of the second factor."""
    token = secrets.token_urlsafe(32)
    waiting = Session.confirmed_at.is_null() & Session.ended_at.is_null()
    changed = Session.update(token_hash=_hash(token), confirmed_at=clock.now()).where(
        (Session.id == half.id) & waiting
    )
    if not changed.execute():
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
    """The live ones, the latest seen first; half a session is no device yet."""
    rows = account.sessions.where(Session.ended_at.is_null()).order_by(Session.seen_at.desc())
    whole = rows.where(Session.confirmed_at.is_null(False)) if account.office else rows
    return [session for session in whole if session.live(idle)]


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
    """The other devices of the account are signed out. Raises Refusal, TooMany."""
    account = session.account
    prove(account, current, "current")
    password.check(secret, [account.name, account.email])
    with transaction():
        account.change_password(secret)
        end_all(account, but=session)


def end_all(account: Account, but: Session | None = None) -> None:
    others = Session.account == account
    if but is not None:
        others &= Session.id != but.id
    with transaction():
        Session.update(ended_at=clock.now()).where(others & Session.ended_at.is_null()).execute()


def forget_old() -> int:
    return Session.delete().where(Session.started_at < clock.now() - timedelta(days=365)).execute()


def _hash(token):
    return hashlib.sha256(token.encode()).hexdigest()
