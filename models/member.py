"""A member, as the office knows her: who she is, how to write to her, and where her record stands.
Never anything of her health."""

from enum import StrEnum

from .database import database
from .record import Record, State
from .words import fold, words


class Standing(StrEnum):
    """Of a record, as record.STANDING tells them apart."""

    ANNOUNCED = "announced"
    TOLD = "told"
    OPEN = "open"
    ACTIVATED = "activated"
    OBJECTED = "objected"
    CLOSED = "closed"


def keep(record: Record) -> Record:
    """Save it, sorted and found by what the office knows. Call it inside a transaction."""
    record.sort_key = fold(f"{record.birth_name} {record.birth_given_names}")
    record.save()
    index(record)
    return record


def index(record: Record) -> None:
    told = (record.birth_name, record.birth_given_names, record.used_name)
    known = sorted(set(words(" ".join((*told, record.member_number, record.email)))))
    database.execute_sql("DELETE FROM member_search WHERE rowid = ?", (record.id,))
    database.execute_sql(
        "INSERT INTO member_search (rowid, words) VALUES (?, ?)", (record.id, " ".join(known))
    )


def find(record_uid: str) -> Record | None:
    return Record.get_or_none(Record.uid == record_uid)


def standing(record: Record) -> Standing:
    if record.state is State.ANNOUNCED and record.told_at:
        return Standing.TOLD
    return Standing(record.state.value)
