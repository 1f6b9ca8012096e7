"""What the vault must keep: all that a row names."""

from collections.abc import Iterable

from .. import document, letters, moving, part, stray
from ..document import Document
from ..part import Part


def names() -> set[str]:
    """All of them, at once in memory: for a backup, which keeps their list."""
    return document.contents() | part.contents() | others()


def others() -> set[str]:
    """Those of no document: few, and for a while."""
    return letters.contents() | stray.contents() | moving.contents()


def known(some: Iterable[str]) -> set[str]:
    """Those of these names that a row has, found by an index."""
    some = list(some)
    found = others().intersection(some)
    for table in (Document, Part):
        rows = table.select(table.content).where(table.content.in_(some))
        found |= {name for (name,) in rows.tuples()}
    return found
