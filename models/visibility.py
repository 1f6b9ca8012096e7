"""Who sees a document (D8): one table, read by the queries and by the page that tells it.

A document may be masked (to professionals), kept from its holder until a professional has
announced it (R1111-53), or kept from a minor's representatives (R1111-33, R1111-50). A paper of
« Entourage et volontés » is seen by who may read that section; a statement about an access, by who
decides on accesses and by whom it is about. Beyond that, a carer does not see what was left out of
his access, nor a professional what is not for her profession."""

from dataclasses import dataclass
from enum import StrEnum

from . import exclusion
from .access import BY_PROFESSION, Access, Right, Role, all_in
from .document import Document
from .masking import is_masked
from .record import Shown


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
SEES_OWN = BY_PROFESSION


@dataclass(frozen=True)
class Viewer:
    """One line of « Qui peut voir ce document » ; `why` is set where one might be surprised."""

    name: str
    why: str = ""


def hidden_by(access: Access) -> frozenset[Limit]:
    """The limits that hide a document from this access."""
    limits = {limit for limit, roles in HIDES.items() if access.role in roles}
    if access.administrator and access.role == Role.PROFESSIONAL:
        limits.discard(Limit.MASKED)
    if access.masked_too and access.role == Role.EMERGENCY:
        limits.discard(Limit.MASKED)
    return frozenset(limits)


def sees(access: Access, document: Document) -> bool:
    """What scope.py asks of many, for one document in hand."""
    eyes = [one for one in (access, access.through) if one]
    left_out = exclusion.leaving_out(document) if any(one.invitation_id for one in eyes) else ()
    return all(_sees(one, document, left_out) for one in eyes)


def _sees(access, document, left_out):
    if not access.can(Right.READ):
        return False
    if access.role in SEES_OWN and document.depositor_id == access.eyes:
        return True
    reads = access.reads()
    return not (
        hidden_by(access) & limits_of(document)
        or (document.wish and not access.can(Right.WISHES))
        or (document.about_id not in (None, access.id) and not access.can(Right.GRANT))
        or (reads is not None and not document.wish and document.category not in reads)
        or document.type_code in access.closed_types()
        or access.invitation_id in left_out
    )


def limits_of(document: Document) -> frozenset[Limit]:
    flags = {
        Limit.MASKED: is_masked(document),
        Limit.UNANNOUNCED: document.unannounced,
        Limit.FROM_REPRESENTATIVES: document.from_representatives,
    }
    return frozenset(limit for limit, set_ in flags.items() if set_)


def viewers(access: Access, document: Document) -> list[Viewer]:
    """Who sees this document now: people by name, and those who could come, by their role."""
    rows = let_in(access)
    left_out = exclusion.leaving_out(document) if any(row.invitation_id for row in rows) else ()
    people = [
        Viewer(_name(row, access), _why(row, document))
        for row in rows
        if _sees(row, document, left_out)
    ]
    return people + list(_to_come(document, access))


def let_in(access: Access) -> list[Access]:
    """Those whom this access may know of: all, or none but the person and herself."""
    rows = all_in(access.record)
    if access.can(Right.GRANT):
        return rows
    # Eyes that nobody has yet (sight.py) see themselves too.
    more = [] if access.id else [access]
    return [row for row in rows if row.own or row.eyes == access.eyes] + more


def _name(row, access):
    return "Moi" if row.eyes == access.eyes else row.account.name


def _why(row, document):
    if row.role not in BY_PROFESSION or Limit.MASKED not in limits_of(document):
        return ""
    if document.depositor_id == row.eyes:
        return "parce que cette personne l'a déposé"
    if row.role == Role.EMERGENCY:
        return "en urgence, comme vous l'avez permis"
    return "parce que vous l'avez choisie comme « administrateur »"


def _to_come(document, access):
    record = access.record
    if Limit.MASKED not in limits_of(document):
        yield Viewer("Les professionnels de santé à qui l'accès sera donné", "selon leur métier")
    elif not document.by_member and document.depositor_id is None:
        yield Viewer(document.depositor_name, "parce que le document vient de là")
    masked = Limit.MASKED in limits_of(document) and not record.emergency_masked
    people = record.emergency_people
    if people and not masked and not _kept_in_emergency(document, record):
        why = "" if document.wish else "selon le métier"
        yield Viewer(f"{people[0].upper()}{people[1:]}, en cas d'urgence", why)


def _kept_in_emergency(document, record):
    return document.wish and record.wishes_shown != Shown.EMERGENCY
