"""Queries written once: whoever asks is answered by her own values."""

from dataclasses import dataclass

import pytest
from peewee import Value, fn

from models import browsing, clock, folder, prepared
from models.browsing import Filters
from models.document import Document
from models.folder import Folder
from models.prepared import Prepared, Shaped, given


@dataclass(frozen=True)
class Asked(Shaped):
    record_id: int = given()
    names: tuple[str, ...] = given()
    backwards: bool


def built():
    """A Prepared, and what it was built with."""
    seen = []

    @Prepared
    def named(asked):
        seen.append(asked)
        query = Folder.select().where(Folder.record == asked.record_id)
        if asked.names:
            query = query.where(Folder.name.in_(asked.names))
        return query.order_by(Folder.key.desc() if asked.backwards else Folder.key)

    return named, seen


@pytest.fixture
def two(world):
    alice, carole = world.access("alice"), world.access("carole")
    for one in (alice, carole):
        for name in ("Analyses", "Bilans"):
            folder.make(one, f"{name} {one.record.birth_given_names}")
    return alice, carole


def names(found):
    return [one.name.partition(" ")[0] for one in found]


def test_each_is_answered_by_her_own_values(two):
    named, seen = built()
    for access in (*two, *two):
        found = named(Asked(access.record_id, (), False))
        assert {one.record_id for one in found} == {access.record_id}
        assert names(found) == ["Analyses", "Bilans"]
    assert len(seen) == 1


def test_what_is_no_value_makes_another_query(two):
    named, seen = built()
    alice, _ = two
    own = tuple(one.name for one in alice.folders())
    assert names(named(Asked(alice.record_id, (), True))) == ["Bilans", "Analyses"]
    assert names(named(Asked(alice.record_id, own[:1], False))) == ["Analyses"]
    assert names(named(Asked(alice.record_id, own[1:], False))) == ["Bilans"]
    assert names(named(Asked(alice.record_id, own, False))) == ["Analyses", "Bilans"]
    assert len(seen) == 3


def test_a_query_is_built_with_no_value(two):
    named, seen = built()
    alice, _ = two
    named(Asked(alice.record_id, ("Analyses",), False))
    (asked,) = seen
    assert all(isinstance(one, Value) for one in (asked.record_id, *asked.names))


def test_nobody_fills_the_memory_by_asking(world, monkeypatch):
    monkeypatch.setattr(prepared, "MOST", 3)
    named, _ = built()
    for number in range(10):
        named(Asked(1, ("x",) * number, False))
        assert len(named._written) <= 3


def test_the_time_is_never_that_of_the_first_who_asked(world):
    @Prepared
    def made_before(record_id):
        return Folder.select().where((Folder.record == record_id) & (Folder.made_at < clock.now()))

    with pytest.raises(ValueError, match="once for all"):
        made_before(1)


def test_a_value_alone(world):
    @Prepared
    def entitled(title):
        return Document.select(fn.COUNT(Document.id)).where(Document.title == title).tuples()

    world.paper("Un bilan")
    assert entitled("Un bilan") == [(1,)] and entitled("Un autre") == [(0,)] == entitled("")


def test_the_list_is_written_once_for_all_holders(world, monkeypatch):
    """Two of them, two words: nothing is left of the one who asked before."""
    written, write = [], Prepared._write
    monkeypatch.setattr(Prepared, "_write", lambda *told: written.append(told) or write(*told))
    for name, title in (("alice", "Bilan de mai"), ("carole", "Bilan de juin")):
        world.paper(title, text="wombat", of=name)
        for words in ("wombat", "bilan"):
            found = browsing.browse(world.access(name), Filters(words=words))
            assert [one.title for one in found.documents] == [title] and found.count == 1
        if name == "alice":
            written.clear()
    assert written == []
