"""Masking ten thousand documents in one click, against the bare UPDATE of each of them."""

import statistics
import time

from models import access, masking
from models.account import Account
from models.database import database, transaction
from models.record import Record

from . import inside
from .generate import made
from .report import Row, at_most, told

# The instance that growth.py measures too.
FEW_RECORDS, DOCUMENTS, LIMIT, TIMES = 1_000, 10_000, 3, 9


def rows() -> list[Row]:
    one = made(FEW_RECORDS, DOCUMENTS)
    with inside.carnet(one):
        holder = access.of(Account.named(one.email))[0]
        holder = access.find(Account.named(one.email), holder.record.uid)
        verb = _median(lambda masked: masking.choose_all(holder, masked))
        with inside.listening() as seen:
            masking.choose_all(holder, True)
        bare = _median(lambda masked: _update(holder.record, masked))
    on_documents = sum('"document"' in statement for statement in seen)
    return [
        at_most(
            f"masking {DOCUMENTS:,} ÷ the bare UPDATE",
            verb / bare,
            LIMIT,
            "×",
            f"{verb:.1f} ÷ {bare:.1f} ms, commit included",
        ),
        at_most("masking: statements on documents", on_documents, 1, ""),
        told("masking: statements in all", f"{len(seen)}, the journal's included"),
    ]


def _update(record: Record, masked: bool) -> None:
    with transaction():
        database.execute_sql(
            "UPDATE document SET masked = ? WHERE record_id = ?", (int(masked), record.id)
        )


def _median(act) -> float:
    """In milliseconds; each time undoes the one before."""
    times = []
    for number in range(TIMES):
        start = time.perf_counter()
        act(number % 2 == 0)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)
