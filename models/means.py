"""Means: all that an account answers with beside its password."""

from datetime import datetime

from .account import Account
from .database import MomentField, database

TABLES = ("factor", "recovery_code", "identity_link")


def forget(account: Account, since: datetime | None = None) -> None:
    """All of them, or those made since then. Call it inside a transaction."""
    for table in TABLES:
        asked = f"DELETE FROM {table} WHERE account_id = ?"
        if since is None:
            database.execute_sql(asked, (account.id,))
        else:
            moment = MomentField().db_value(since)
            database.execute_sql(f"{asked} AND made_at >= ?", (account.id, moment))
