"""Browsing a record's documents: filtered, sorted, twenty at a time, at the same cost however many.

Pages follow one another by the sorting value of their last row, never by counting rows."""

import base64
import json
from dataclasses import dataclass, field, replace
from enum import StrEnum

from peewee import JOIN, SQL, Select, Tuple, fn

from . import journal, scope, search
from .access import Access, Right
from .database import database
from .document import UNSEEN, Document, DocumentSeen, loaded, seen_by
from .folder import Folder
from .masking import masked_condition
from .prepared import Prepared, Shaped, given
from .record import Shown
from .scope import Scope

PAGE = 20
# Counting stops here: « plus de 999 documents ».
COUNTED = 999
MOST_AUTHORS = 25


class Sort(StrEnum):
    NEWEST = "recents"
    OLDEST = "anciens"
    TITLE = "titre"
    TITLE_BACK = "titre-z-a"
    AUTHOR = "auteur"
    AUTHOR_BACK = "auteur-z-a"


COLUMNS = {
    Sort.NEWEST: (Document.dated, True),
    Sort.OLDEST: (Document.dated, False),
    Sort.TITLE: (Document.title_key, False),
    Sort.TITLE_BACK: (Document.title_key, True),
    Sort.AUTHOR: (Document.author_key, False),
    Sort.AUTHOR_BACK: (Document.author_key, True),
}


# What a line of the list shows, and what its page is placed by.
LISTED = (
    *(Document.id, Document.uid, Document.title, Document.category, Document.dated),
    *(Document.author, Document.folder, Document.masked, Document.masking_rank),
    *(Document.wish, Document.type_code, Document.unannounced),
    *(Document.title_key, Document.author_key),
)


@dataclass(frozen=True)
class Filters:
    words: str = ""
    category: str = ""
    folder: str = ""
    year: int | None = None
    author: str = ""
    masked: bool | None = None
    sort: Sort = Sort.NEWEST
    cursor: str = ""

    @property
    def chosen(self) -> bool:
        """Something is left out of the list."""
        return replace(self, sort=Sort.NEWEST, cursor="") != Filters()


@dataclass(frozen=True)
class Asked(Shaped):
    """The same, as the query takes it: found in the record, and written as the database does."""

    words: tuple[search.Word, ...] | None
    # The ids of what may be found, as JSON, where they are few (search.py).
    few: str = given()
    category: str = given()
    unfiled: bool
    folder: int | None = given()
    year: tuple[str, ...] = given()
    author: str = given()
    masked: bool | None
    sort: Sort
    backwards: bool
    place: tuple = given()


@dataclass
class Page:
    """`folders` are all those of the record that may be known of."""

    documents: list[Document]
    count: int
    previous: str
    next: str
    folders: list[Folder]
    extracts: dict = field(default_factory=dict)

    @property
    def counted(self) -> bool:
        """False where there are more than `count` tells."""
        return self.count <= COUNTED


# The folder that holds what is in none.
UNFILED = "aucun"


def browse(access: Access, filters: Filters) -> Page:
    """A page of the list, each document with `unseen`; the journal is told, once an hour."""
    access.require(Right.READ)
    journal.write_once(access, journal.Act.LOOKED, section="documents")
    of, folders = access.scope, folders_of(access)
    asked = _asked(access, filters, folders)
    documents, before, after = _page(loaded(access, _rows(of, asked, PAGE + 1)), asked)
    ((count,),) = _number(of, replace(asked, sort=Sort.NEWEST, backwards=False, place=()))
    page = Page(documents, count, before, after, folders)
    if filters.words:
        page.extracts = search.extracts(documents, filters.words)
    return page


def folders_of(access: Access) -> list[Folder]:
    """Those that this access may know of, by name."""
    return _folders(access.scope)


def pinned(access: Access) -> list[Document]:
    return loaded(access, _pinned(access.scope, PAGE))


@Prepared
def _pinned(of: Scope, most):
    query = scope.listed(of).select(*LISTED).where(Document.pinned_at.is_null(False))
    return query.order_by(Document.pinned_at.desc()).limit(most)


def unseen_count(access: Access) -> int:
    """New documents, COUNTED + 1 at most."""
    ((count,),) = _unseen(access.scope)
    return count


@Prepared
def _unseen(of: Scope):
    query = scope.listed(of).join(DocumentSeen, JOIN.LEFT_OUTER, on=seen_by(of.eyes))
    return _counted(query.where(DocumentSeen.account.is_null()))


def newest(access: Access, number: int) -> list[Document]:
    """The last that came in."""
    return loaded(access, _newest(access.scope, number))


@Prepared
def _newest(of: Scope, number):
    query = scope.listed(of).select(*LISTED)
    return query.order_by(Document.deposited_at.desc(), Document.id.desc()).limit(number)


def years(access: Access) -> list[int]:
    """From the year of the newest document to that of the oldest."""
    ends = [
        access.listed().select(Document.dated).order_by(order).limit(1).scalar()
        for order in (Document.dated.desc(), Document.dated)
    ]
    return list(range(ends[0].year, ends[1].year - 1, -1)) if ends[0] else []


def authors(access: Access) -> list[tuple[str, str]]:
    """(key, name), in order: one query jumps from each author to the next through the index."""
    least = fn.MIN(Document.author_key)
    found = access.listed().select(least).cte("found", recursive=True, columns=("key",))
    following = access.listed().select(least).where(Document.author_key > found.c.key)
    found = found.union_all(Select([found], [following]).where(found.c.key.is_null(False)))
    name = access.listed().select(Document.author).where(Document.author_key == found.c.key)
    query = Select([found], [found.c.key, name.limit(1)]).with_cte(found)
    return list(query.where(found.c.key.is_null(False)).limit(MOST_AUTHORS).bind(database).tuples())


def _asked(access, filters, folders):
    backwards, place = _cursor(filters.cursor)
    # By its id, found first: the index then gives the order too.
    inside = (one.id for one in folders if one.uid == filters.folder)
    words = search.sought(access.record_id, filters.words, folders) if filters.words else None
    year = filters.year
    return Asked(
        words=words,
        few=search.few(words) if words else "",
        category=filters.category,
        unfiled=filters.folder == UNFILED,
        folder=next(inside, 0) if filters.folder not in ("", UNFILED) else None,
        year=(f"{year}-01-01", f"{year}-12-31") if year else (),
        author=filters.author,
        masked=filters.masked,
        sort=filters.sort,
        backwards=backwards,
        place=place,
    )


def _filtered(of: Scope, asked: Asked):
    query = scope.listed(of)
    if asked.few:
        query = scope.listed_by_id(of).where(search.among(asked.few))
    if asked.words is not None:
        query = query.where(search.condition(asked.words))
    if asked.category:
        query = query.where(Document.category == asked.category)
    if asked.unfiled:
        query = query.where(Document.folder.is_null())
    if asked.folder is not None:
        query = query.where(Document.folder == asked.folder)
    if asked.year:
        query = query.where(Document.dated.between(*asked.year))
    if asked.author:
        query = query.where(Document.author_key == asked.author)
    if asked.masked is not None:
        masked = masked_condition(of)
        query = query.where(masked if asked.masked else ~masked)
        if asked.masked and not of.masked_by_default and of.wishes_shown != Shown.NOBODY:
            # It says no more, but tells of the index of those that are.
            query = query.where(Document.masked)
    return query


def _page(rows, asked):
    """The rows, and the cursors of the pages before and after."""
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if asked.backwards:
        rows.reverse()
    before = more if asked.backwards else bool(asked.place)
    after = bool(asked.place) if asked.backwards else more
    column, _ = COLUMNS[asked.sort]
    return (
        rows,
        _placed(rows[0], column, True) if rows and before else "",
        _placed(rows[-1], column, False) if rows and after else "",
    )


@Prepared
def _rows(of: Scope, asked: Asked, most):
    (column, falling), query = COLUMNS[asked.sort], _filtered(of, asked)
    rising = falling == asked.backwards
    if asked.place:
        here, there = Tuple(column, Document.id), Tuple(*asked.place)
        query = query.where(here > there if rising else here < there)
    order = [column, Document.id]
    if not rising:
        order = [one.desc() for one in order]
    query = query.join(DocumentSeen, JOIN.LEFT_OUTER, on=seen_by(of.eyes))
    return query.select(*LISTED, UNSEEN).order_by(*order).limit(most).objects()


@Prepared
def _number(of: Scope, asked: Asked):
    """How many there are, COUNTED + 1 at most."""
    return _counted(_filtered(of, asked))


def _counted(query):
    some = query.select(SQL("1")).order_by().limit(COUNTED + 1)
    return Select([some], [fn.COUNT(SQL("1"))]).bind(database).tuples()


@Prepared
def _folders(of: Scope):
    return scope.folders(of)


def _placed(document, column, backwards):
    value = column.db_value(getattr(document, column.name))
    place = json.dumps([int(backwards), value, document.id], separators=(",", ":"))
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _cursor(text):
    """(backwards, (value, id)) of a cursor; the beginning for one that is not ours."""
    try:
        backwards, value, number = json.loads(base64.urlsafe_b64decode((text + "==").encode()))
        value, number = str(value), int(number)
        value.encode()  # half a character would not reach the database
        number.to_bytes(8, signed=True)  # nor would a number beyond its own
    except (ValueError, TypeError, OverflowError, RecursionError):
        return False, ()
    return bool(backwards), (value, number)
