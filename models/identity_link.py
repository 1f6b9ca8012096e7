"""Links between an account and who a provider of identities says one is (OpenID Connect Core 1.0,
« iss » and « sub »). Made by whoever is signed in, and never guessed from an address or a name."""

from peewee import ForeignKeyField, TextField

from . import alert, clock
from .account import Account
from .database import MomentField, Table, transaction
from .refusal import Refusal
from .words import uid

TAKEN = "Cette identité est déjà reliée à un autre compte."
HAS_ONE = "Une autre identité est déjà reliée à ce compte. Retirez-la d'abord."


class IdentityLink(Table):
    uid = TextField(unique=True, default=uid)
    account = ForeignKeyField(Account, on_delete="CASCADE")
    issuer = TextField()
    subject = TextField()
    made_at = MomentField(default=clock.now)
    used_at = MomentField(null=True)

    class Meta:
        indexes = ((("issuer", "subject"), True),)


def of(account: Account, issuer: str) -> IdentityLink | None:
    return IdentityLink.get_or_none(
        (IdentityLink.account == account) & (IdentityLink.issuer == issuer)
    )


def make(account: Account, issuer: str, subject: str, name: str) -> None:
    """`name`: that of the provider. Done twice, it is done once. Raises Refusal."""
    with transaction():
        account.check_unchanged()
        known = _of(issuer, subject)
        if known and known.account_id != account.id:
            raise Refusal(TAKEN)
        if known:
            return
        if of(account, issuer):
            raise Refusal(HAS_ONE)
        IdentityLink.create(account=account, issuer=issuer, subject=subject)
        alert.linked(account, name)


def remove(account: Account, issuer: str, name: str) -> bool:
    """Whether there was one."""
    mine = (IdentityLink.account == account) & (IdentityLink.issuer == issuer)
    with transaction():
        removed = IdentityLink.delete().where(mine).execute()
        if removed:
            alert.unlinked(account, name)
    return bool(removed)


def come(issuer: str, subject: str) -> Account | None:
    """Whose this identity is, which comes in by it; nobody's, as long as nobody linked it."""
    known = _of(issuer, subject)
    if known is None:
        return None
    known.used_at = clock.now()
    known.save(only=[IdentityLink.used_at])
    return known.account


def _of(issuer, subject):
    return IdentityLink.get_or_none(
        (IdentityLink.issuer == issuer) & (IdentityLink.subject == subject)
    )
