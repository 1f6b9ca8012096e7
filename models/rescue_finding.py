"""Finding whose account is to be given back: by her record, which was looked for (helpdesk.py), or
by the address that she signs in with; and always by the name on the paper that she shows. Nobody
learns from it who has an account here."""

from dataclasses import dataclass
from datetime import date

from . import access as accesses
from . import attempt, ledger
from .access import Access, Actor, Role
from .account import Account
from .database import transaction
from .record import Record
from .refusal import Refusal
from .words import words

NOBODY = (
    "Aucun compte ne répond à cela. Relisez le papier. Demandez aussi avec quelle adresse e-mail "
    "cette personne se connecte."
)
NOT_HERS = "Ce n'est pas le nom du compte à rendre. Relisez le papier."


@dataclass(frozen=True)
class Told:
    """What was seen and said at the desk: the name on the paper; how the account is found, by the
    address she signs in with, or by her birth date where her record was found; the new address."""

    paper: str
    name: str
    signs_in: str = ""
    birth_date: date | None = None
    email: str = ""


def look_for(actor: Actor, told: Told, record: Record | None) -> Account:
    """The account, if all that was said is right; which part of it is not, is not told.
    Raises Refusal, TooMany."""
    door = f"rescue:{actor.account_id}"
    attempt.allow(door)
    found = _in(record, told) if record else [Account.named(told.signs_in)]
    hers = [one for one in found if one and _answers(one, told.name)]
    if len(hers) == 1:
        return hers[0]
    with transaction():
        attempt.failed(door)
        ledger.write(actor, ledger.Act.LOOKED_FOR_ACCOUNT, record.uid if record else "")
    raise Refusal(NOBODY, "name")


def check_name(actor: Actor, account: Account, name: str) -> None:
    """Of the one whom the second person sees. Raises Refusal, TooMany."""
    door = f"rescue:{actor.account_id}"
    attempt.allow(door)
    if not _answers(account, name):
        attempt.failed(door)
        raise Refusal(NOT_HERS, "name")


def died(account: Account) -> bool:
    """Whoever it belonged to, as the association noted it."""
    return any(record.died_on for record in _own(account))


def _in(record, told):
    return accesses.deciders(record) if told.birth_date == record.birth_date else []


def _answers(account, name):
    """Whether the name on the paper is its own, or that of the record it is the holder of: a given
    name at least, the whole family name, and nothing that is not hers."""
    said, known = set(words(name)), set(words(account.name))
    if known and known <= said:
        return True
    return any(_is_hers(record, said) for record in _own(account))


def _is_hers(record, said):
    given = set(words(record.birth_given_names))
    families = [set(words(one)) for one in (record.birth_name, record.used_name) if one]
    whole = any(family <= said for family in families)
    return whole and bool(said & given) and said <= given.union(*families)


def _own(account):
    """Her own record, closed or not."""
    hers = (Access.account == account) & (Access.role == Role.HOLDER.value)
    return list(Record.select().join(Access).where(hers))
