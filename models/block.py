"""A block: someone whom the holder keeps out of her record, for good or until she lifts it.

It holds in advance, against an access, a code and an emergency alike: to whoever is blocked, the
record does not exist. She is not told."""

from peewee import ForeignKeyField

from . import access as accesses
from . import admission, clock, journal
from .access import Access, Right
from .account import Account
from .database import MomentField, Table, transaction
from .professional import Professional
from .record import Record
from .refusal import Refusal

KEEPER = "Cette personne tient cet espace : elle ne peut pas y être bloquée."
LIFTED = "Cette personne n'est plus bloquée."


class Block(Table):
    record = ForeignKeyField(Record, backref="blocks")
    account = ForeignKeyField(Account, backref="blocks")
    made_at = MomentField(default=clock.now)
    lifted_at = MomentField(null=True)


def block(access: Access, account: Account) -> bool:
    """Keep her out from now on; whether that ended an access. Raises Refusal."""
    access.require(Right.GRANT)
    with transaction():
        if standing(access.record, account):
            return False
        live = accesses.find(account, access.record.uid)
        if live and not admission.may_end(access, live):
            raise Refusal(KEEPER)
        Block.create(record=access.record_id, account=account)
        told = {"access": live.uid} if live else {}
        journal.write(access.record, access.actor, journal.Act.BLOCKED, name=account.name, **told)
        if live:
            admission.shut_out(live)
    return live is not None


def lift(access: Access, account: Account) -> None:
    """She may be let in again; what she had does not come back. Raises Refusal."""
    access.require(Right.GRANT)
    with transaction():
        here = _standing(access.record) & (Block.account == account)
        if not Block.update(lifted_at=clock.now()).where(here).execute():
            raise Refusal(LIFTED)
        journal.write(access.record, access.actor, journal.Act.UNBLOCKED, name=account.name)


def standing(record: Record, account: Account) -> Block | None:
    return Block.get_or_none(_standing(record) & (Block.account == account))


def all_in(record: Record) -> list[Block]:
    """The latest first, each with its account, and the `professional` that it is."""
    query = Block.select(Block, Account, Professional).join(Account)
    query = query.join(Professional, on=Professional.account == Account.id, attr="professional")
    return list(query.where(_standing(record)).order_by(Block.id.desc()))


def _standing(record):
    return (Block.record == record.id) & Block.lifted_at.is_null()
