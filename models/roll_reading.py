"""Reading a list of members in: its headings are looked for, its lines kept as they are. The
national health number is not, wherever it stands."""

import json
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain, islice
from pathlib import Path

from . import headings, ledger, roll
from .access import Actor
from .database import transaction
from .days import day_of
from .formats.table import MAX_BYTES, MAX_COLUMNS, Row, Table
from .headings import Column
from .ledger import Act
from .refusal import Refusal
from .roll import Roll
from .roll_line import RollLine, Verdict
from .words import tidy

MAX_LINES = 100_000
# Lines written at once.
WRITTEN = 500
PIECE = 1 << 16  # bytes
# How far the headings are looked for, and the national number below them.
TOP, SAMPLE = 10, 50
EXAMPLES = 3
TOO_MANY = "Cette liste a plus de 100 000 lignes. Coupez-la en plusieurs fichiers."
TOO_HEAVY = "Ce fichier pèse plus de 25 Mo. Gardez seulement la liste, ou coupez-la."
NO_HEADINGS = (
    "La première ligne doit dire ce que sont les colonnes : nom de naissance, prénoms, date de "
    "naissance, sexe…"
)
NO_LINES = "Ce fichier n'a que des titres de colonnes, et aucun adhérent."
WIDE = f"Ce fichier a trop de colonnes : {MAX_COLUMNS} au plus."
WIDER = "Cette ligne a plus de cases que la première n'a de titres."


def read(chunks: Iterable[bytes], filename: str, actor: Actor) -> Roll:
    """The list as it is: nothing of it is understood yet. Raises Refusal."""
    table = Table(_limited(chunks))
    rows = iter(table)
    titles, below = _headings(list(islice(rows, TOP)))
    below += islice(rows, SAMPLE)
    columns = headings.guessed(titles, [row.cells for row in below])
    made = Roll.create(
        filename=tidy(filename)[:100],
        form=table.form,
        headings=json.dumps(titles, ensure_ascii=False),
        made_by=actor.name,
        account=actor.account_id,
    )
    try:
        number = _keep(made, columns, chain(below, rows))
        _ready(made, table.form, columns, number, actor)
    except BaseException:
        roll.forget(made)
        raise
    return made


def read_file(file: Path, actor: Actor) -> Roll:
    """Raises Refusal."""
    try:
        with open(file, "rb") as stream:
            return read(iter(partial(stream.read, PIECE), b""), file.name, actor)
    except OSError as error:
        raise Refusal(f"{file} ne peut pas être lu ({error.strerror}).") from error


def examples(made: Roll) -> list[list[str]]:
    """A few values of each column."""
    lines = RollLine.select().where(RollLine.roll == made).order_by(RollLine.line).limit(SAMPLE)
    rows = [line.read for line in lines]
    found = []
    for place in range(len(made.titles)):
        values = dict.fromkeys(row[place] for row in rows if place < len(row) and row[place])
        found.append(list(values)[:EXAMPLES])
    return found


def _headings(top):
    """The titles of the columns, and the rows below: some lists bear a title of their own first."""
    place = next(
        (i for i, row in enumerate(top) if headings.looks_like_headings(row.cells) > 1), None
    )
    if place is None and len(top) > 1 and _may_be_headings(top[0].cells):
        place = 0
    if place is None:
        raise Refusal(NO_HEADINGS)
    if len(top[place].cells) > MAX_COLUMNS:
        raise Refusal(WIDE)
    return [title[:200] for title in top[place].cells], top[place + 1 :]


def _may_be_headings(cells):
    """Words that are not known, and nobody's birth date or address: the office will say."""
    return len(cells) >= len(headings.NEEDED) and not any(
        day_of(one) or "@" in one for one in cells
    )


def _keep(made, columns, rows) -> int:
    total = 0
    while lines := [_line(made, columns, row) for row in islice(rows, WRITTEN)]:
        total += len(lines)
        if total > MAX_LINES:
            raise Refusal(TOO_MANY)
        with transaction():
            RollLine.insert_many(lines).execute()
    if not total:
        raise Refusal(NO_LINES)
    return total


def _line(made, columns, row: Row):
    fault = row.fault or (WIDER if len(row.cells) > len(columns) else "")
    read = zip(columns, row.cells, strict=False)
    cells = [_cell(column, cell) for column, cell in read]
    return {
        "roll": made.id,
        "line": row.number,
        "cells": json.dumps([] if fault else cells, ensure_ascii=False),
        "verdict": Verdict.REFUSED.value if fault else Verdict.NONE.value,
        "sentence": fault,
    }


def _cell(column, text):
    if column is Column.FORBIDDEN:
        return ""
    return text if column is Column.INS else headings.without_national(text)


def _ready(made, form, columns, number, actor):
    made.form, made.columns = form, json.dumps(columns)
    with transaction():
        made.save(only=[Roll.form, Roll.columns])
        ledger.write(actor, Act.READ_ROLL, made.uid, file=made.filename, lines=number)


def _limited(chunks) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MAX_BYTES:
            raise Refusal(TOO_HEAVY)
        yield chunk
