"""The list of members: sorted, filtered, searched, fifty at a time, at the same cost however many
they are.

Pages follow one another by the place of a member in it, never by counting rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from peewee import SQL, Tuple

from . import chronicle, clock, ledger
from .access import Actor
from .database import database, transaction
from .days import day_of
from .member import Standing, standing
from .record import STANDING, Record
from .words import tidy, words

PAGE = 50
# Counting stops here: « plus de 999 adhérents ».
COUNTED = 999
MOST_WORDS = 8
LONGEST = 200
# Members read at once from the database, for a table of all.
BATCH = 500
# What a line of the list shows: none of it tells of her health.
LISTED = (
    *(Record.id, Record.uid, Record.member_number, Record.birth_name, Record.used_name),
    *(
        Record.birth_given_names,
        Record.birth_date,
        Record.sex,
        Record.sort_key,
        Record.announced_at,
    ),
    *(Record.told_at, Record.told_how, Record.opened_at, Record.activated_at, Record.objected_at),
    *(Record.closed_at, Record.closing_at, Record.email_failed_at),
)
TAKEN = (*LISTED, Record.birthplace_code, Record.email, Record.postal_address)
COLUMNS = (
    *("Numéro d'adhérent", "Nom de naissance", "Nom utilisé", "Prénoms de naissance"),
    *("Date de naissance", "Sexe", "Code du lieu de naissance", "E-mail", "Adresse postale"),
    *("État", "Créé le", "Prévenu le", "Ouvert le", "Activé le", "Opposé le", "Fermé le"),
)


@dataclass(frozen=True)
class Filters:
    """`after`, `before`: the member beside whom the page is, by her uid."""

    words: str = ""
    standing: Standing | None = None
    after: str = ""
    before: str = ""

    @property
    def chosen(self) -> bool:
        return bool(self.words or self.standing)


@dataclass(frozen=True)
class Page:
    members: list[Record]
    count: int
    previous: str = ""
    next: str = ""

    @property
    def counted(self) -> bool:
        """False where there are more than `count` tells."""
        return self.count <= COUNTED


@dataclass(frozen=True)
class Found:
    """A condition on members; `count`: how many they are, COUNTED + 1 at most, where it is
    known."""

    condition: object = None
    count: int | None = None


def browse(filters: Filters) -> Page:
    found = _found(filters)
    count = found.count
    if count is None or filters.standing:
        count = _filtered(found, filters).select(SQL("1")).limit(COUNTED + 1).count()
    if not count:
        return Page([], 0)
    rows, before, after = _page(found, filters)
    previous = rows[0].uid if rows and before else ""
    return Page(rows, count, previous, rows[-1].uid if rows and after else "")


def export(filters: Filters, actor: Actor, words_of) -> Iterator[bytes]:
    """All those, as a table for a spreadsheet; `words_of` tells a standing. The ledger is told
    first."""
    with transaction():
        chosen = {"standing": filters.standing or "", "searched": bool(filters.words)}
        ledger.write(actor, ledger.Act.TOOK_MEMBERS, **chosen)
    return chronicle.written(_table(_found(filters), filters, words_of))


def _page(found, filters):
    """The members, and whether there are others before and after."""
    backwards, place = _place(filters)
    query = _placed(_sorted(found, filters, backwards), place, backwards)
    rows = list(query.select(*LISTED).limit(PAGE + 1))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if backwards:
        rows.reverse()
    return rows, more if backwards else bool(place), bool(place) if backwards else more


def _filtered(found, filters):
    query = Record.select()
    if filters.standing:
        query = query.where(SQL(f"({STANDING}) = ?", [filters.standing.value]))
    return query if found.condition is None else query.where(found.condition)


def _sorted(found, filters, backwards=False):
    order = [Record.sort_key, Record.id]
    if backwards:
        order = [one.desc() for one in order]
    return _filtered(found, filters).order_by(*order)


def _placed(query, place, backwards=False):
    here = Tuple(Record.sort_key, Record.id)
    if place is None:
        return query
    return query.where(here < Tuple(*place) if backwards else here > Tuple(*place))


def _place(filters):
    """(backwards, the sorting values of the member beside whom it is); the beginning for one whom
    nobody knows."""
    uid = filters.before or filters.after
    query = Record.select(Record.sort_key, Record.id).where(Record.uid == uid)
    place = query.tuples().first() if uid else None
    return bool(filters.before and place), place


def _found(filters) -> Found:
    text = tidy(filters.words[:LONGEST])
    if not text:
        return Found()
    numbers = Record.member_number.in_({text, text.upper(), text.lower()})
    known = [number for (number,) in Record.select(Record.id).where(numbers).tuples()]
    if known:
        return Found(Record.id.in_(known), len(known))
    days, others = _told_apart(text)
    match = " AND ".join(f'"{one}"*' for one in words(others)[:MOST_WORDS])
    if days:
        born = Record.birth_date.in_(days)
        return Found(born & _holding(match) if match else born)
    return _by_words(match)


def _told_apart(text) -> tuple[list[date], str]:
    """The days of « Exemple 14/03/1951 », and its other words."""
    days = [(day_of(one), one) for one in text.split()]
    whole = day_of(text)  # « 14 03 1951 »
    if whole:
        return [whole], ""
    return [day for day, _ in days if day], " ".join(one for day, one in days if not day)


def _by_words(match):
    """Those who hold every word, or words that begin so: few are named one by one; many are met
    while walking through the sorted list."""
    if not match:
        return Found(SQL("0"), 0)
    asked = "SELECT rowid FROM member_search WHERE member_search MATCH ? LIMIT ?"
    rows = database.execute_sql(asked, (match, COUNTED + 1)).fetchall()
    if len(rows) <= COUNTED:
        return Found(Record.id.in_([number for (number,) in rows]), len(rows))
    return Found(_holding(match), len(rows))


def _holding(match):
    # A plus sign keeps the index of ids from being used: another gives the order too.
    holding = "+id IN (SELECT rowid FROM member_search WHERE member_search MATCH ?)"
    return SQL(holding, [match])


def _table(found, filters, words_of):
    """Read in pieces: no transaction lasts as long as whoever downloads it."""
    yield COLUMNS
    place = None
    while rows := list(_placed(_sorted(found, filters), place).select(*TAKEN).limit(BATCH)):
        yield from (_row(one, words_of) for one in rows)
        place = rows[-1].sort_key, rows[-1].id


def _row(one, words_of):
    known = (one.member_number, one.birth_name, one.used_name, one.birth_given_names)
    told = (*known, f"{one.birth_date:%d/%m/%Y}", one.sex, one.birthplace_code, one.email)
    states = (one.announced_at, one.told_at, one.opened_at, one.activated_at, one.objected_at)
    days = [_day(moment) for moment in (*states, one.closed_at)]
    return (*map(chronicle.cell, (*told, one.postal_address, words_of(standing(one)))), *days)


def _day(moment):
    """In France, as spreadsheets read it."""
    return f"{moment.astimezone(clock.PARIS):%d/%m/%Y}" if moment else ""
