"""Pages follow one another, in six orders, with each document once; at the same cost."""

import base64
import json
import logging
import random
from datetime import date

import pytest

from models.browsing import PAGE, Sort
from models.document import Document
from models.words import fold

from .test_browsing import browse, titles

NUMBER = 95


KEYS = {
    Sort.NEWEST: (lambda d: (d["dated"], d["id"]), True),
    Sort.OLDEST: (lambda d: (d["dated"], d["id"]), False),
    Sort.TITLE: (lambda d: (d["title_key"], d["id"]), False),
    Sort.TITLE_BACK: (lambda d: (d["title_key"], d["id"]), True),
    Sort.AUTHOR: (lambda d: (d["author_key"], d["id"]), False),
    Sort.AUTHOR_BACK: (lambda d: (d["author_key"], d["id"]), True),
}


@pytest.fixture
def many(world):
    """95 documents, with few dates, titles and authors: what is equal must still be in order."""
    row = Document.select().where(Document.id == world.paper().id).dicts().get()
    Document.delete().execute()
    chance, rows = random.Random(95), []
    for number in range(NUMBER):
        title, author = chance.choice(["Bilan", "Élan", "eau", "Œil"]), f"Dr {chance.choice('ÀbC')}"
        told = {"title": title, "title_key": fold(title), "author": author}
        told |= {"author_key": fold(author), "dated": date(2024, 1, chance.randint(1, 4))}
        rows.append(row | told | {"id": 1000 + number, "uid": f"u{number}", "sha256": f"{number}"})
    Document.insert_many(rows).execute()
    return rows


def walk(world, sort):
    pages = [browse(world, sort=sort)]
    while pages[-1].next:
        pages.append(browse(world, sort=sort, cursor=pages[-1].next))
    return [[one.id for one in page.documents] for page in pages], pages[-1]


@pytest.mark.parametrize("sort", Sort)
def test_every_document_comes_once_and_in_order_forwards_and_back(world, many, sort):
    key, falling = KEYS[sort]
    wanted = [row["id"] for row in sorted(many, key=key, reverse=falling)]
    pages, last = walk(world, sort)
    assert [len(page) for page in pages] == [PAGE] * 4 + [15]
    assert sum(pages, []) == wanted
    back, cursor = [pages[-1]], last.previous
    while cursor:
        page = browse(world, sort=sort, cursor=cursor)
        back.insert(0, [one.id for one in page.documents])
        assert page.next
        cursor = page.previous
    assert back == pages


def test_a_document_added_meanwhile_neither_repeats_nor_hides_another(world, many):
    first = browse(world, sort=Sort.NEWEST)
    world.paper("Arrivé entre-temps", dated=date(2024, 5, 1))
    second = browse(world, sort=Sort.NEWEST, cursor=first.next)
    wanted = sorted(many, key=KEYS[Sort.NEWEST][0], reverse=True)[PAGE : 2 * PAGE]
    assert [one.id for one in second.documents] == [row["id"] for row in wanted]


def told(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


CURSORS = [
    *("x", "é", "====", "\0", "A" * 10_000, told(5), told([]), told([1]), told({"a": 1})),
    *(told([False, None, None]), told([False, "2024-01-01", 10**30]), told([True, "a", -(10**30)])),
    *(
        told([False, "a", float("inf")]),
        told([False, "a", float("nan")]),
        told([False, "\ud800", 1]),
    ),
    *(base64.urlsafe_b64encode(b"[" * 50_000).decode(), told([False, {"a": "\0"}, "7"])),
]


@pytest.mark.parametrize("cursor", CURSORS, ids=range(len(CURSORS)))
def test_a_cursor_that_is_not_ours_is_no_fault(world, many, cursor):
    page = browse(world, cursor=cursor)
    assert len(page.documents) <= PAGE


def test_another_record_s_cursor_shows_one_s_own_documents_only(world, many):
    for number in range(30):
        world.paper(f"À Carole {number}", of="carole", dated=date(2024, 1, 2))
    cursor = browse(world, world.access("carole")).next
    assert cursor
    assert not titles(browse(world, cursor=cursor)) & titles(browse(world, world.access("carole")))


@pytest.mark.parametrize(
    "filters", [{}, {"words": "bilan"}, {"sort": Sort.AUTHOR, "masked": False}]
)
def test_a_page_costs_as_many_statements_whatever_the_number(world, many, caplog, filters):
    def statements():
        caplog.clear()
        browse(world, **filters)
        return len(caplog.records)

    with caplog.at_level(logging.DEBUG, "peewee"):
        browse(world, **filters)
        whole = statements()
        Document.delete().where(Document.id > 1020).execute()
        assert statements() == whole > 0
