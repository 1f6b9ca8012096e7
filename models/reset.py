"""A link by e-mail to choose a password, good once: for one hour where it was forgotten, longer for
the first one of an account made by the association."""

import hashlib
import secrets
from datetime import timedelta

from peewee import ForeignKeyField, TextField

from . import alert, attempt, clock, device, factor, notice, password, session
from .account import Account, canonical
from .database import MomentField, Table, transaction
from .refusal import Refusal

GOOD_FOR = timedelta(hours=1)
SPENT = "Ce lien ne sert plus : il est bon une seule fois, et pas longtemps. Demandez-en un autre."
SUBJECT = "Changer votre mot de passe"
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
    expires_at = MomentField()
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
            send(account, link, GOOD_FOR, SUBJECT, LETTER)


def send(account: Account, link, lasts: timedelta, subject: str, letter: str, **words) -> None:
    """Write the link to the account, in the place of {address}; call it inside a transaction."""
    token = secrets.token_urlsafe(24)
    until = clock.now() + lasts
    Reset.create(account=account, token_hash=_hash(token), expires_at=until)
    notice.write(account.email, subject, letter.format(address=link(token), **words))


def usable(token: str) -> Reset:
    """Raises Refusal for a link that is spent, too old or unknown."""
    reset = Reset.get_or_none(Reset.token_hash == _hash(token))
    if reset is None or reset.used_at or reset.expires_at <= clock.now():
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
        device.distrust(account)
        attempt.succeeded(f"sign-in:{account.email}")
        factor.forgive(account.email)
        alert.changed_password(account)
        _proved(account)
        Reset.update(used_at=clock.now()).where(Reset.account == account).execute()
    return account


def void_all(account: Account) -> None:
    """The links of before serve no more. Call it inside a transaction."""
    waiting = (Reset.account == account) & Reset.used_at.is_null()
    Reset.update(used_at=clock.now()).where(waiting).execute()


def forget_old() -> int:
    return Reset.delete().where(Reset.made_at < clock.now() - timedelta(days=30)).execute()


def _proved(account):
    """The link came in a letter, which arrived."""
    unproved = (Account.id == account.id) & Account.email_proved_at.is_null()
    Account.update(email_proved_at=clock.now()).where(unproved).execute()


def _hash(token):
    return hashlib.sha256(token.encode()).hexdigest()
