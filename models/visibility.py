"""Who sees a document (D8): one table, read by the queries and by the page that tells it.

A document may be masked (to professionals), kept from its holder until a professional has
announced it (R1111-53), or kept from a minor's representatives (R1111-33, R1111-50). A paper of
« Entourage et volontés » is seen by who may read that section, and by nobody else."""

from dataclasses import dataclass
from enum import StrEnum

from peewee import SQL

from .access import Access, Right, Role
from .account import Account
from .document import Document
from .masking import is_masked, masked_condition
from .record import Record, Shown


class Limit(StrEnum):
    MASKED = "masked"
    UNANNOUNCED = "unannounced"
    FROM_REPRESENTATIVES = "from_representatives"


# From whom each limit hides a document. Whoever deposited it sees it always (R1111-49), and so
# does a professional whom the holder made « administrateur », as far as masking goes.
HIDES = {
    Limit.MASKED: frozenset({Role.PROFESSIONAL, Role.EMERGENCY}),
    Limit.UNANNOUNCED: frozenset({Role.HOLDER, Role.REPRESENTATIVE, Role.CARER}),
    Limit.FROM_REPRESENTATIVES: frozenset({Role.REPRESENTATIVE, Role.CARER}),
}
# The depositor's own eyes: the law speaks of professionals.
SEES_OWN = frozenset({Role.PROFESSIONAL})


@dataclass(frozen=True)
class Viewer:
    """One line of « Qui peut voir ce document » ; `why` is set where one might be surprised."""

    name: str
    why: str = ""


def hidden_by(role: Role, administrator: bool = False) -> frozenset[Limit]:
    """The limits that hide a document from this role."""
    limits = {limit for limit, roles in HIDES.items() if role in roles}
    if administrator and role is Role.PROFESSIONAL:
        limits.discard(Limit.MASKED)
    return frozenset(limits)


def condition(access: Access):
    """The documents of the record that this access may see, as an SQL condition."""
    limits = hidden_by(Role(access.role), access.administrator)
    seen = (
        ~_any([_limited(limit, access.record) for limit in sorted(limits)]) if limits else SQL("1")
    )
    if not access.can(Right.WISHES):
        seen &= ~Document.wish
    if access.role in SEES_OWN:
        seen |= Document.depositor_id == access.account_id
    return seen


def sees(access: Access, document: Document) -> bool:
    """The same for one document in hand, to tell it on its page."""
    limits = hidden_by(Role(access.role), access.administrator)
    own = access.role in SEES_OWN and document.depositor_id == access.account_id
    kept = document.wish and not access.can(Right.WISHES)
    return own or not (kept or limits & limits_of(document))


def limits_of(document: Document) -> frozenset[Limit]:
    flags = {
        Limit.MASKED: is_masked(document),
        Limit.UNANNOUNCED: document.unannounced,
        Limit.FROM_REPRESENTATIVES: document.from_representatives,
    }
    return frozenset(limit for limit, set_ in flags.items() if set_)


def viewers(access: Access, document: Document) -> list[Viewer]:
    """Who sees this document now: people by name, and those who could come, by their role."""
    rows = Access.select(Access, Account).join(Account).switch(Access).join(Record)
    rows = rows.where((Access.record == access.record_id) & Access.live())
    people = [
        Viewer(_name(row, access), _why(row, document)) for row in rows if sees(row, document)
    ]
    return people + list(_to_come(document, access))


def _name(row, access):
    return "Moi" if row.account_id == access.account_id else row.account.name


def _why(row, document):
    if row.role != Role.PROFESSIONAL or Limit.MASKED not in limits_of(document):
        return ""
    if document.depositor_id == row.account_id:
        return "parce que cette personne l'a déposé"
    return "parce que vous l'avez choisie comme « administrateur »"


def _to_come(document, access):
    if Limit.MASKED not in limits_of(document):
        yield Viewer("Les professionnels de santé à qui l'accès sera donné")
        if access.record.emergency_allowed and not _kept_in_emergency(document, access.record):
            yield Viewer("Les professionnels de santé, en cas d'urgence")
    elif not document.by_member and document.depositor_id is None:
        yield Viewer(document.depositor_name, "parce que le document vient de là")


def _kept_in_emergency(document, record):
    return document.wish and record.wishes_shown != Shown.EMERGENCY


def _limited(limit, record):
    if limit is Limit.MASKED:
        return masked_condition(record)
    if limit is Limit.UNANNOUNCED:
        return Document.unannounced
    return Document.from_representatives


def _any(conditions):
    whole = conditions[0]
    for one in conditions[1:]:
        whole |= one
    return whole
