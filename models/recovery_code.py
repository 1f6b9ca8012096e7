"""Recovery codes: ten, on paper, each in the place of a second factor that is lost or out of reach.
Kept as passwords are; shown once."""

import secrets

from peewee import ForeignKeyField, TextField

from . import alert, clock, password
from .account import Account
from .activation_code import ALPHABET
from .database import MomentField, Table, transaction

NUMBER = 10
LENGTH = 12
# It is time to make others.
FEW = 3
WRONG = "Ce code de secours n'est pas bon, ou il a déjà servi. Recopiez-en un autre de la feuille."


class RecoveryCode(Table):
    account = ForeignKeyField(Account, backref="recovery_codes", on_delete="CASCADE")
    code_hash = TextField()
    made_at = MomentField(default=clock.now)
    used_at = MomentField(null=True)


def make(account: Account) -> list[str]:
    """Ten new ones, as they are written on paper; those of before serve no more. Raises
    Refusal."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(NUMBER)]
    hashes = [password.hashed(code) for code in codes]  # 18 ms each: out of the transaction
    with transaction():
        account.check_unchanged()
        RecoveryCode.delete().where(RecoveryCode.account == account).execute()
        for code_hash in hashes:
            RecoveryCode.create(account=account, code_hash=code_hash)
        alert.made_recovery_codes(account)
    return [f"{code[:4]} {code[4:8]} {code[8:]}" for code in codes]


def left(account: Account) -> int:
    return _good(account).count()


def found(account: Account, code: str) -> RecoveryCode | None:
    """The one that is written so. Each that is left is tried, at 18 ms: out of any transaction."""
    if len(code) != LENGTH:
        return None
    given = code.upper()
    return next((one for one in _good(account) if password.verify(one.code_hash, given)), None)


def fault(account: Account, one: RecoveryCode | None) -> str | None:
    """What is wrong with it; it serves once. Call it inside a transaction."""
    unused = RecoveryCode.used_at.is_null() & (RecoveryCode.id == (one and one.id))
    if not RecoveryCode.update(used_at=clock.now()).where(unused).execute():
        return WRONG
    alert.used_recovery_code(account, left(account))
    return None


def _good(account):
    return account.recovery_codes.where(RecoveryCode.used_at.is_null())
