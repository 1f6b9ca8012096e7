"""What is asked of the database while something is done."""

from collections.abc import Iterator
from contextlib import contextmanager

from models.database import database

ASKS = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")


@contextmanager
def listening() -> Iterator[list[tuple]]:
    """(SQL, its values) of each query; a transaction's own words left out."""
    asked = []

    def hear(event):
        if event.sql.lstrip("( ").startswith(ASKS):
            asked.append((event.sql, event.params))

    database.obj.query_hooks.append(hear)
    try:
        yield asked
    finally:
        database.obj.query_hooks.remove(hear)
