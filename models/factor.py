"""The second factor: what a person has, beside the password she knows. A passkey or an application
that makes codes, where she chose one; otherwise a code by e-mail. Whoever works with the records
of others, at the association or as a professional, must have one of the first two."""

from enum import StrEnum
from functools import partial

from peewee import ForeignKeyField, IntegerField, TextField

from . import alert, attempt, clock, ledger, office, session
from .account import Account
from .database import MomentField, Table, transaction
from .refusal import Refusal
from .session import Session
from .words import uid

# Of an application's codes, and of those by e-mail: a longer one is a recovery code.
LENGTH = 6
LAST = (
    "Votre compte doit garder une clé d'accès ou une application de codes. Ajoutez-en une autre "
    "d'abord."
)
NOT_BY_CODE = "Ce compte s'ouvre avec sa clé d'accès, ou avec un code de secours."


class Kind(StrEnum):
    PASSKEY = "passkey"
    TOTP = "totp"
    MAIL = "mail"


class Factor(Table):
    """`secret`: that of an application (base32, RFC 6238), or the public key of a passkey
    (base64url); `credential`: how the latter is named, or the session that an application was shown
    to, until it has answered; `counter`: the last step or signature that it answered with, and none
    before it serves again; `proved_at`: none before it has answered once."""

    uid = TextField(unique=True, default=uid)
    account = ForeignKeyField(Account, backref="factors", on_delete="CASCADE")
    kind = TextField()
    name = TextField()
    secret = TextField()
    credential = TextField(default="")
    counter = IntegerField(default=0)
    made_at = MomentField(default=clock.now)
    proved_at = MomentField(null=True)
    used_at = MomentField(null=True)


def of(account: Account) -> list[Factor]:
    """Those that she has proved to have, in their order."""
    proved = account.factors.where(Factor.proved_at.is_null(False))
    return list(proved.order_by(Factor.id))


def kinds(account: Account) -> set[Kind]:
    """What she may answer with: by e-mail, as long as she chose nothing else."""
    return {Kind(one.kind) for one in of(account)} or {Kind.MAIL}


def must_be_strong(account: Account) -> bool:
    """A mailbox is not enough for whoever works with the records of others."""
    from . import professional  # which knows of accounts through many others

    return account.office or professional.of(account) is not None


def ask(one: Session, token: str) -> None:
    """The code leaves, where that is how she answers. Raises TooMany."""
    from . import mail_code  # which knows of sessions

    if Kind.MAIL in kinds(one.account):
        mail_code.send_if_none(one, token)


def give(one: Session, token: str, typed: str) -> str:
    """A code, of whatever kind. The new token of the session, for the old one serves no more; it is
    whole, unless she has yet to choose a strong factor. Raises Refusal, TooMany."""
    attempt.allow(door(one.account.email))
    fault = _judge(one, token, "".join(typed.split()).replace("-", ""))
    renewed, wrong = "", None
    with transaction():
        attempt.allow(door(one.account.email))
        wrong = fault()
        if wrong:
            attempt.failed(door(one.account.email))
        else:
            renewed = given(one)
    # Out of the transaction: a wrong try stays counted.
    if wrong:
        raise Refusal(wrong, "code")
    return renewed


def given(one: Session) -> str:
    """The session's new token, once its second factor was given, whatever it was. Raises Refusal
    where the session is over. Call it inside the transaction that verified it."""
    enrolling = not of(one.account) and must_be_strong(one.account)
    token = session.renew(one, whole=not enrolling)
    if one.account.office and not one.whole and not enrolling:
        ledger.write(office.actor(one.account), ledger.Act.SIGNED_IN, device=one.device)
    return token


def enrolling(one: Session) -> bool:
    """A half session that gave its second factor, and has yet to choose a strong one: unless the
    account has one by now, which is then asked for."""
    return not one.whole and one.factor_at is not None and not of(one.account)


def enrolled(one: Session) -> str:
    """The new token of such a session, once the strong one is chosen. Raises Refusal."""
    with transaction():
        return given(one)


def door(email: str) -> str:
    """Ten wrong tries a day, over all the sessions of the account; signing in does not wipe them
    away, or whoever tries codes would begin again each time its owner comes."""
    return f"sign-in-code:{email}"


def remove(account: Account, factor_uid: str) -> Factor | None:
    """One of the account's own, which serves no more; None where there is none. Raises Refusal for
    the last strong one of an account that must have one."""
    with transaction():
        mine = of(account)
        one = next((each for each in mine if each.uid == factor_uid), None)
        if one is None:
            return None
        if len(mine) == 1 and must_be_strong(account):
            raise Refusal(LAST)
        one.delete_instance()
        alert.removed_factor(account, one.name)
    return one


def forgive(email: str) -> None:
    """The wrong tries of before count no more, nor the letters that were asked for: the account has
    another password."""
    attempt.succeeded(door(email), f"code-letter:{email}")


def forget_unproved() -> int:
    """Those begun and left."""
    old = Factor.proved_at.is_null() & (Factor.made_at < clock.now() - session.LONGEST)
    return Factor.delete().where(old).execute()


def _judge(one, token, code):
    """What says, inside the transaction, what is wrong with the code."""
    from . import mail_code, recovery_code, totp  # which know of factors

    if len(code) > LENGTH:
        return partial(recovery_code.fault, one.account, recovery_code.found(one.account, code))
    known = kinds(one.account)
    if Kind.TOTP in known:
        return partial(totp.fault, one.account, code)
    return partial(mail_code.fault, one, token, code) if Kind.MAIL in known else lambda: NOT_BY_CODE
