"""What Carnet shows of a record's documents to one person, by every way there is to know of one.

Each is asked as a page asks it, through the person's access; documents are told by their uid."""

import csv
import json
from dataclasses import replace

from models import bin, browsing, chronicle, document, folder, journal, sight, visibility
from models.access import Access, Forbidden
from models.chronicle import Words
from models.database import database
from models.document import Document

# A word that every document has.
WORD = "commun"
WORDS = Words(lambda entry: entry.role, lambda entry, titles: entry.act)


def documents(access: Access) -> dict:
    """What is listed and counted, page after page, and what is told of it elsewhere."""
    listed, count = _browsed(access, browsing.Filters())
    return {
        "listed": listed,
        "counted": count,
        "in folders": {one.name: one.documents for one in folder.counted(access)},
        "new": browsing.unseen_count(access),
        "told on its page": _in_hand(access),
        "in the activity": _told(access),
    }


def found(access: Access, word: str) -> dict:
    """`word` is of one document alone, or of its copies."""
    return {
        "found": _browsed(access, browsing.Filters(words=WORD))[0],
        "found by its own word": _browsed(access, browsing.Filters(words=word))[0],
        "authors": {name for _, name in browsing.authors(access)},
    }


def opened(access: Access, one: str, every: list[str]) -> dict:
    """One alone; those listed and those in the bin, all together."""
    alone = [document.find(access, one), document.find_binned(access, one)]
    return {
        "opened alone": {row.uid for row in alone if row},
        "opened": {row.uid for row in document.find_all(access, every)},
        "in the bin": {row.uid for row in bin.content(access)},
    }


def exported(access: Access) -> set[str] | None:
    """The documents that the activity names once exported; None where it may not be. The export is
    told in the activity: this one is undone."""
    try:
        with database.atomic() as only_asked:
            content = b"".join(chronicle.export(access, WORDS)).decode("utf-8-sig")
            only_asked.rollback(begin=False)
    except Forbidden:
        return None
    rows = csv.DictReader(content.splitlines(), delimiter=";")
    return {json.loads(row["Scellé"])[8] for row in rows if row["Scellé"]} - {None}


def viewers(access: Access, uid: str) -> set[str]:
    """The names that the page of the document tells."""
    return {one.name for one in visibility.viewers(access, document.find(access, uid))}


def through(access: Access, who: str) -> set[str]:
    """What is listed to whoever looks as someone else would."""
    return {one.uid for one in sight.through(access, who).documents()}


def _browsed(access, filters):
    """The uids over all pages, and the count, which is the same on each."""
    uids, counts, cursor = set(), set(), ""
    try:
        while cursor is not None:
            page = browsing.browse(access, replace(filters, cursor=cursor))
            uids |= {one.uid for one in page.documents}
            counts.add(page.count)
            cursor = page.next or None
    except Forbidden:
        return set(), 0
    (count,) = counts
    return uids, count


def _in_hand(access):
    rows = document.loaded(access, Document.select().where(Document.record == access.record_id))
    return {one.uid for one in rows if visibility.sees(access, one)}


def _told(access):
    """The documents that its activity names, over all pages."""
    named, before = set(), None
    try:
        while True:
            rows = journal.entries(access, journal.Filters(before=before))
            named |= {one.document_uid for one in rows[: journal.PAGE]} - {None}
            if len(rows) <= journal.PAGE:
                return named
            before = rows[journal.PAGE - 1].place
    except Forbidden:
        return set()
