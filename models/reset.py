"""A forgotten password: a link by e-mail, good once and for one hour."""

import hashlib
import secrets
from datetime import timedelta

from peewee import ForeignKeyField, TextField

from . import attempt, clock, notice, password, session
from .account import Account, canonical
from .database import MomentField, Table, transaction
from .refusal import Refusal

GOOD_FOR = timedelta(hours=1)
SPENT = "Ce lien ne sert plus : il est bon une seule fois, pendant une heure. Demandez-en un autre."
LETTER = """Bonjour,

Quelqu'un, sans doute vous, a demandé à changer le mot de passe de votre compte.
Ouvrez cette adresse dans l'heure pour en choisir un autre :

{address}

Si ce n'est pas vous, ne faites rien : votre mot de passe reste le même.
"""


class Reset(Table):
    account = ForeignKeyField(Account, on_delete="CASCADE")
    token_hash = TextField(unique=True)
    made_at = MomentField(default=clock.now)
    used_at = MomentField(null=True)


def ask(email: str, address: str, link) -> None:
    """Send the link where there is an account; otherwise the same, without a letter.

    `link` makes the address from the token. Raises TooMany."""
    doors = (f"reset:{canonical(email)}", f"reset-from:{address}")
    attempt.allow(*doors)
    with transaction():
        attempt.failed(*doors)  # what is counted is the asking
        account = Account.named(email)
        if account:
            token = secrets.token_urlsafe(24)
            Reset.create(account=account, token_hash=_hash(token))
            notice.write(
                account.email, "Changer votre mot de passe", LETTER.format(address=link(token))
            )


def usable(token: str) -> Reset:
    """Raises Refusal for a link that is spent, too old or unknown."""
    reset = Reset.get_or_none(Reset.token_hash == _hash(token))
    if reset is None or reset.used_at or clock.now() - reset.made_at > GOOD_FOR:
        raise Refusal(SPENT)
    return reset


def use(token: str, secret: str) -> Account:
    """Change the password and end every session of the account."""
    with transaction():
        reset = usable(token)
        account = reset.account
        password.check(secret, [account.name, account.email])
        account.change_password(secret)
        session.end_all(account)
        attempt.succeeded(f"sign-in:{account.email}")
        Reset.update(used_at=clock.now()).where(Reset.account == account).execute()
    return account


def forget_old() -> int:
    return Reset.delete().where(Reset.made_at < clock.now() - timedelta(days=30)).execute()


def _hash(token):
    return hashlib.sha256(token.encode()).hexdigest()
