"""An instance, exactly: one hash of every row of every table and of every byte that they name."""

import hashlib
from collections.abc import Iterator

from models import vault
from models.database import database
from models.keeping import kept


class Exactly:
    """`of_now` is called often: what the vault keeps under a name is read once."""

    def __init__(self):
        self._contents: dict[str, bytes] = {}

    def of_now(self) -> str:
        """Inside a transaction, or nobody else writes. What an index is made of is rows too."""
        whole = hashlib.sha256()
        for table in _tables():
            whole.update(f"\n{table}\n".encode())
            for row in database.execute_sql(f'SELECT * FROM "{table}"'):
                whole.update(repr(row).encode())
        for name in sorted(kept.names()):
            whole.update(self._content(name))
        return whole.hexdigest()

    def _content(self, name):
        if name not in self._contents:
            self._contents[name] = hashlib.sha256(b"".join(vault.read(name))).digest()
        return self._contents[name]


def _tables() -> Iterator[str]:
    asked = """
        SELECT name FROM sqlite_master
        WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name
    """
    return (name for (name,) in database.execute_sql(asked).fetchall())
