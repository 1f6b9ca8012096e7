"""The entrance of a record: the one place where an account becomes an access."""

from . import access, journal
from .session import Session


def enter(session: Session, record_uid: str) -> access.Access | None:
    """None for a stranger, as for a record that does not exist. The journal is told hourly."""
    found = access.find(session.account, record_uid, session.id)
    if found:
        journal.write_once(found, journal.Act.ENTERED)
    return found
