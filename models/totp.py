"""The codes of an application on a telephone (TOTP, RFC 6238), through PyOTP."""

import hmac

from . import alert, clock
from .account import Account
from .database import transaction
from .factor import Factor, Kind
from .refusal import Refusal

NAME = "Application de codes"
WRONG = "Ce n'est pas le bon code. Recopiez celui que l'application montre en ce moment."
# A clock that is half a minute late, or early, still serves.
LATE = 1
STEP = 30


def begin(account: Account, asker: str = "") -> Factor:
    """The one that waits for its first code; another is made where the last one was proved.
    `asker`: the session that it is shown to. Another is shown another: whoever once read a secret
    here would have that of the application which its owner installs next."""
    import pyotp

    with transaction():
        shown_here = Factor.proved_at.is_null() & (Factor.credential == asker)
        waiting = _of(account).where(shown_here).first()
        secret = pyotp.random_base32()
        return waiting or Factor.create(
            account=account, kind=Kind.TOTP, name=NAME, secret=secret, credential=asker
        )


def address(one: Factor, site: str) -> str:
    """What its QR code says (« otpauth:// »)."""
    import pyotp

    return pyotp.TOTP(one.secret).provisioning_uri(name=one.account.email, issuer_name=site)


def proved() -> list[Factor]:
    """Of everyone: a demonstration shows their codes to anyone."""
    rows = Factor.select(Factor, Account).join(Account).where(Factor.kind == Kind.TOTP)
    return list(rows.where(Factor.proved_at.is_null(False)).order_by(Factor.id))


def prove(account: Account, code: str, asker: str = "") -> Factor:
    """Its first code: from now on it is her second factor, in the place of an application that she
    had. Raises Refusal."""
    with transaction():
        account.check_unchanged()
        one = begin(account, asker)
        if not _answers(one, "".join(code.split())):
            raise Refusal(WRONG, "code")
        Factor.delete().where(_mine(account) & Factor.proved_at.is_null(False)).execute()
        one.proved_at, one.credential = clock.now(), ""
        one.save()
        alert.added_factor(account, one.name)
    return one


def install(account: Account) -> Factor:
    """At once, without its first code: for a demonstration, and for tests."""
    import pyotp

    return Factor.create(
        account=account,
        kind=Kind.TOTP,
        name=NAME,
        secret=pyotp.random_base32(),
        proved_at=clock.now(),
    )


def shown(one: Factor) -> str:
    """The code that it shows at this moment."""
    import pyotp

    return pyotp.TOTP(one.secret).at(clock.now())


def fault(account: Account, code: str) -> str | None:
    """What is wrong with it; each serves once. Call it inside a transaction."""
    proved = _of(account).where(Factor.proved_at.is_null(False))
    return None if any(_answers(one, code) for one in proved) else WRONG


def _answers(one, code):
    import pyotp

    codes, now = pyotp.TOTP(one.secret), int(clock.now().timestamp()) // STEP
    for step in range(now - LATE, now + LATE + 1):
        told = codes.at(step * STEP)
        # Further than any code goes: the clock was set back since it was given.
        new = step > one.counter or one.counter > now + LATE
        if new and hmac.compare_digest(told.encode(), code.encode()):
            one.counter, one.used_at = step, clock.now()
            one.save(only=[Factor.counter, Factor.used_at])
            return True
    return False


def _of(account):
    return Factor.select().where(_mine(account)).order_by(Factor.id)


def _mine(account):
    return (Factor.account == account) & (Factor.kind == Kind.TOTP.value)
