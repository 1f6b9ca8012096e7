"""Search: full text (FTS5), where each word is stored behind the number of its record.

A search in one record then costs what that record weighs, whatever the others hold. The words of
a text never change; those of the labels (title, author, file) do, so they have their own table."""

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import and_

from peewee import SQL, NodeList, fn

from .database import database, transaction
from .document import Document, DocumentText
from .folder import Folder
from .instance import Mark
from .prepared import Prepared, Shaped, given
from .reference import categories
from .words import fold, words

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
MOST_WORDS = 8
FEW = 500
ONE = "SELECT rowid FROM (SELECT rowid FROM {0} WHERE {0} MATCH ? LIMIT {1})"
FIRST = " UNION ".join(ONE.format(table, FEW + 1) for table in ("search_label", "search_text"))
AROUND = 70
# Every index of words. What is taken from one only stops being found: its letters stay there until
# the index is merged, a few pages at a time.
INDEXES = ("search_label", "search_text", "member_search")
UNSWEPT = "unswept-words"
PAGES = 500
# An extract is looked for in the first pages only: it is drawn for twenty documents at once.
READ_FOR_EXTRACT = 50_000


@dataclass(frozen=True)
class Extract:
    """A piece of text, cut where the words found begin and end: (piece, found or not)."""

    pieces: list[tuple[str, bool]]


def index_labels(document: Document) -> None:
    labels = f"{document.title} {document.author} {document.filename}"
    _put("search_label", document, labels)


def index_text(document: Document, text: str) -> None:
    if text:
        # Composed, so that « é » is one character when the words found are shown.
        DocumentText.create(document=document, text=unicodedata.normalize("NFC", text))
        _put("search_text", document, text)


def forget(document: Document) -> None:
    for table in ("search_label", "search_text"):
        database.execute_sql(f"DELETE FROM {table} WHERE rowid = ?", (document.id,))
    leave_no_word()


def leave_no_word() -> None:
    """Something was taken from an index, for good: `sweep` will see to it. Call it inside the
    transaction."""
    Mark.insert(name=UNSWEPT, value="1").on_conflict_ignore().execute()


def sweep(pages: int = PAGES) -> bool:
    """Merge the indexes, this far at most, until nothing is left of what was taken from them;
    whether there is more to do."""
    if not Mark.select().where(Mark.name == UNSWEPT).exists():
        return False
    with transaction():
        more = any([_merge(table, pages) for table in INDEXES])
        if not more:
            Mark.delete().where(Mark.name == UNSWEPT).execute()
    return more


@dataclass(frozen=True)
class Word(Shaped):
    """A word looked for: what the indexes are asked, and the folders and categories named so."""

    match: str = given()
    folders: tuple[int, ...] = given()
    categories: tuple[str, ...]


def sought(record_id: int, query: str, folders: list[Folder]) -> tuple[Word, ...]:
    return tuple(_word(record_id, one, folders) for one in words(query)[:MOST_WORDS])


def condition(sought: tuple[Word, ...]):
    """The documents that hold every one of the words, or words that begin so."""
    return reduce(and_, map(_holds, sought)) if sought else SQL("0")


def few(sought: tuple[Word, ...]) -> str:
    """Where the longest of the words is in few documents of the record: their ids, as JSON, among
    which all that is found is; empty where it is in many. A query that starts from them (`among`)
    costs what they are, and not what the record holds."""
    word = max(sought, key=lambda one: len(one.match))
    ids = None if word.folders or word.categories else _ids_of_few(word)
    return "" if ids is None else json.dumps(ids)


def among(ids: str):
    return Document.id.in_(NodeList((SQL("(SELECT value FROM json_each("), ids, SQL("))"))))


def extracts(documents: list[Document], query: str) -> dict[int, Extract]:
    """Where the words stand in the texts of these documents, by document."""
    pattern = _pattern(query)
    found = {}
    for document_id, text in _beginnings(tuple(one.id for one in documents)):
        match = pattern.search(text)
        if match:
            found[document_id] = _extract(text, match.start(), pattern)
    return found


@Prepared
def _beginnings(document_ids):
    start = fn.SUBSTR(DocumentText.text, 1, READ_FOR_EXTRACT)
    query = DocumentText.select(DocumentText.document, start).tuples()
    return query.where(DocumentText.document.in_(document_ids))


def highlighted(text: str, query: str) -> Extract:
    return Extract(_cut(text, _pattern(query)))


def _put(table, document, text):
    # Each word of it once: a text says most of its words many times.
    prefix, text = _prefix(document.record_id), " ".join(set(text.split()))
    known = {prefix + word for word in words(text)}
    database.execute_sql(f"DELETE FROM {table} WHERE rowid = ?", (document.id,))
    database.execute_sql(
        f"INSERT INTO {table} (rowid, words) VALUES (?, ?)", (document.id, " ".join(sorted(known)))
    )


def _merge(table, pages):
    """Whether anything was left to merge: then SQLite has written more than the order itself."""
    before = database.execute_sql("SELECT total_changes()").fetchone()[0]
    # Below zero: what is in several pieces is merged into one, whatever their number.
    database.execute_sql(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', ?)", (-pages,))
    return database.execute_sql("SELECT total_changes()").fetchone()[0] - before > 1


def _prefix(record_id):
    """Always six characters, so that one record's words never begin like another's."""
    digits = ""
    for _ in range(6):
        record_id, digit = divmod(record_id, 36)
        digits = DIGITS[digit] + digits
    return digits


def _word(record_id, word, folders):
    return Word(
        match=f'"{_prefix(record_id)}{word}"*',
        folders=tuple(folder.id for folder in folders if _begins(folder.key, word)),
        categories=_categories(word),
    )


@lru_cache(256)
def _categories(word):
    return tuple(code for code, label in categories.LABELS.items() if _begins(label, word))


def _holds(word):
    holding = Document.id.in_(_rows("search_label", word.match))
    holding |= Document.id.in_(_rows("search_text", word.match))
    if word.folders:
        holding |= Document.folder.in_(word.folders)
    if word.categories:
        holding |= Document.category.in_(word.categories)
    return holding


def _ids_of_few(word):
    """None where they are many. First the word as it is: of a prefix, FTS5 gathers all that it has
    before it gives one."""
    for match in (word.match.removesuffix("*"), word.match):
        ids = [number for (number,) in database.execute_sql(FIRST, (match, match))]
        if len(ids) > FEW:
            return None
    return ids


def _rows(table, match):
    return NodeList((SQL(f"(SELECT rowid FROM {table} WHERE {table} MATCH"), match, SQL(")")))


def _begins(text, word):
    return any(one.startswith(word) for one in words(text))


@lru_cache(256)
def _pattern(query):
    """The words of the query at the beginning of words, whatever their accents and capitals."""
    found = sorted(set(words(query)[:MOST_WORDS]))
    return re.compile("|".join(rf"\b{_any_accent(word)}\w*" for word in found) or "$^", re.I)


def _any_accent(word):
    letters = "".join(f"[{c}{ACCENTED[c]}]{MARKS}" if c in ACCENTED else c for c in word)
    for plain, ligature in (("oe", "œ"), ("ae", "æ")):
        pair = "".join(f"[{c}{ACCENTED[c]}]{MARKS}" for c in plain)
        letters = letters.replace(pair, f"(?:{pair}|{ligature})")
    return letters


# Combining accents, in texts that write them apart from their letter.
MARKS = "[\u0300-\u036f]*"
ACCENTED = {letter: "" for letter in "abcdefghijklmnopqrstuvwxyz"}
for accented in map(chr, range(0xC0, 0x250)):
    if fold(accented) in ACCENTED:
        ACCENTED[fold(accented)] += accented


def _extract(text, place, pattern):
    least, most = max(0, place - 2 * AROUND), place + 2 * AROUND
    start = text.rfind(" ", least, max(least, place - AROUND)) + 1 or least
    end = text.find(" ", place + AROUND, most)
    end = end if end > 0 else most
    cut = _cut(" ".join(text[start:end].split()), pattern)
    return Extract(
        [("… ", False)] * (start > 0) + cut + [(" …", False)] * (end < len(text.rstrip()))
    )


def _cut(text, pattern):
    pieces, last = [], 0
    for match in pattern.finditer(text):
        pieces += [(text[last : match.start()], False), (text[match.start() : match.end()], True)]
        last = match.end()
    return [piece for piece in [*pieces, (text[last:], False)] if piece[0]]
