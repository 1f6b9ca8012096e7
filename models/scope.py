"""What an access sees of a record, as queries: the table of visibility.py, in SQL."""

from dataclasses import dataclass

from peewee import SQL, NodeList

from . import exclusion, version
from .access import Access, Right
from .document import Document
from .folder import Folder
from .masking import masked_condition
from .prepared import Shaped, given
from .visibility import SEES_OWN, Limit, hidden_by


@dataclass(frozen=True)
class Scope(Shaped):
    """What an access may see, as queries need it: those of one shape see by the same SQL."""

    record_id: int = given()
    id: int | None = given()
    eyes: int = given()
    invitation_id: int | None = given()
    masking_rank: int = given()
    masked_by_default: bool
    wishes_shown: str
    rights: frozenset[Right]
    limits: frozenset[Limit]
    reads: frozenset[str] | None
    closed_types: frozenset[str]
    sees_own: bool
    through: "Scope | None"


def of(access: Access) -> Scope:
    record = access.record
    return Scope(
        record_id=access.record_id,
        id=access.id,
        eyes=access.eyes,
        invitation_id=access.invitation_id,
        masking_rank=record.masking_rank,
        masked_by_default=record.masked_by_default,
        wishes_shown=record.wishes_shown,
        rights=access.rights,
        limits=hidden_by(access),
        reads=access.reads(),
        closed_types=access.closed_types(),
        sees_own=access.role in SEES_OWN,
        through=access.through and of(access.through),
    )


def documents(scope: Scope):
    """A query to refine."""
    return Document.select().where(sees(scope) & Document.binned_at.is_null())


def listed(scope: Scope):
    """The newest version of each."""
    return documents(scope).where(_newest(scope))


def listed_by_id(scope: Scope):
    """The same for a query that knows their ids: a plus sign keeps it from walking the record."""
    here = NodeList((SQL("+"), Document.record, SQL("="), scope.record_id))
    seen = here & condition(scope) & Document.binned_at.is_null()
    return Document.select().where(seen & _newest(scope))


def binned(scope: Scope):
    return Document.select().where(sees(scope) & Document.binned_at.is_null(False))


def _newest(scope):
    return Document.id.not_in(version.replaced(sees(scope)))


def sees(scope: Scope):
    """The documents that may be seen, as an SQL condition."""
    return (Document.record == scope.record_id) & condition(scope)


def condition(scope: Scope):
    """The same among documents of its record."""
    seen = _condition(scope)
    return seen & _condition(scope.through) if scope.through else seen


def folders(scope: Scope):
    """The folders of the record that may be known of: a query to refine."""
    seen = (Folder.record == scope.record_id) & _known(scope)
    return Folder.select().where(seen).order_by(Folder.key)


def _condition(scope):
    if Right.READ not in scope.rights:
        return SQL("0")
    limits = [_limited(limit, scope) for limit in sorted(scope.limits)]
    seen = ~_any(limits) if limits else SQL("1")
    if Right.WISHES not in scope.rights:
        seen &= ~Document.wish
    if Right.GRANT not in scope.rights:
        seen &= Document.about.is_null() | (Document.about == scope.id)
    if scope.reads is not None:
        seen &= Document.wish | Document.category.in_(sorted(scope.reads))
    if scope.closed_types:
        seen &= Document.type_code.not_in(sorted(scope.closed_types))
    if scope.invitation_id:
        seen &= exclusion.kept_documents(scope.invitation_id)
    if scope.sees_own:
        seen |= Document.depositor_id == scope.eyes
    return seen


def _known(scope):
    if Right.READ not in scope.rights:
        return SQL("0")
    return exclusion.kept_folders(scope.invitation_id) if scope.invitation_id else SQL("1")


def _limited(limit, scope):
    if limit is Limit.MASKED:
        return masked_condition(scope)
    if limit is Limit.UNANNOUNCED:
        return Document.unannounced
    return Document.from_representatives


def _any(conditions):
    whole = conditions[0]
    for one in conditions[1:]:
        whole |= one
    return whole
