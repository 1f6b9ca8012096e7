"""The list of members: sorted, filtered, searched, and at the same cost however many."""

import csv
import io
from datetime import date, timedelta

import pytest

from models import clock, enrolment, erasure, ledger, member, member_list
from models.database import database, transaction
from models.member import Standing
from models.member_list import Filters
from models.record import STANDING, Record

from ..world import enrolled

SHORT = 3
EVERYONE = Filters()


def enrol(number, birth_name="Fictive", given="Nadia", born=date(1960, 1, 31), **more):
    values = {
        "member_number": number,
        "birth_name": birth_name,
        "birth_given_names": given,
        "birth_date": born,
        "sex": "F",
        "birthplace_code": "",
    }
    with transaction():
        return enrolment.create(values | more, enrolment.OFFICE)


def found(words="", standing=None, **place):
    page = member_list.browse(Filters(words, standing, **place))
    return [one.member_number for one in page.members]


@pytest.fixture
def people(world):
    enrol("B-10", "Élan-Modèle", "Zoé", email="zoe.fictive@exemple.invalid")
    enrol("B-11", "d'Été Inventé", "Ægir Noël", date(1951, 3, 14), used_name="Œuvré")
    return world


def test_it_is_sorted_by_name_whatever_the_accents(people):
    assert found() == ["B-11", "B-10", "A-1", "A-2"]


@pytest.mark.parametrize(
    "words, numbers",
    [
        ("B-10", ["B-10"]),
        ("b-10", ["B-10"]),
        ("elan", ["B-10"]),
        ("MODELE élan", ["B-10"]),
        ("mod zo", ["B-10"]),
        ("aegir", ["B-11"]),
        ("oeuv", ["B-11"]),
        ("zoe.fictive@exemple.invalid", ["B-10"]),
        ("14/03/1951", ["B-11", "A-1"]),
        ("1951-03-14", ["B-11", "A-1"]),
        ("exemple 14/03/1951", ["A-1"]),
        ("elan 14/03/1951", []),
        ("31/02/1951", []),
        ("exemple.invalid", ["B-10", "A-1", "A-2"]),
        ("personne", []),
    ],
)
def test_it_is_searched_by_number_name_email_and_birth_date(people, words, numbers):
    assert found(words) == numbers


@pytest.mark.parametrize(
    "words",
    [
        *('"', '""', "*", "a*", "NEAR(a b)", "a OR b", "-a", "words:alice", "a\x00lice", "'; --"),
        *("alice AND", "(", "{a b}", "^a", "\ud800", "é" * 5000, "a " * 3000, "½ ²", "%", "_"),
    ],
)
def test_no_word_is_an_order(people, words):
    found(words)


def test_what_looks_like_syntax_is_words(people):
    assert found('"alice"') == found("alice*") == found("ALICE -") == ["A-1"]
    assert found("alice OR carole") == []


def test_a_number_written_whole_is_one_member_s(world):
    for number in ("t-1", "T-10", "T-100"):
        enrol(number)
    assert found("T-1") == found("t-1") == ["t-1"]
    assert found("T-10") == found("t-10") == ["T-10"]
    assert found("t") == ["t-1", "T-10", "T-100"]


def test_a_search_of_nothing_but_signs_finds_nobody(people):
    assert found("***") == found("«»") == []


def test_it_is_filtered_by_where_the_record_stands(people, monkeypatch):
    monkeypatch.setattr(member_list, "COUNTED", 1)
    now = clock.now()
    states = {"told": "told_at", "open": "opened_at", "objected": "objected_at"}
    states["closed"] = "closed_at"
    for name, column in states.items():
        record = enrol(f"S-{name}", "Standing")
        Record.update({getattr(Record, column): now}).where(Record.id == record.id).execute()
    for name in states:
        assert found(standing=Standing(name)) == [f"S-{name}"]
        assert found("standing", Standing(name)) == [f"S-{name}"]
    assert found(standing=Standing.ACTIVATED) == ["A-1", "A-2"]
    assert found(standing=Standing.ANNOUNCED) == ["B-11", "B-10"]
    assert found("alice", Standing.CLOSED) == []


def test_a_record_says_of_itself_what_the_index_says(world):
    now = clock.now()
    columns = ("told_at", "opened_at", "activated_at", "objected_at", "closed_at")
    record = enrolled().record
    for column in (None, *columns):
        if column:
            Record.update({getattr(Record, column): now}).where(Record.id == record.id).execute()
        asked = f"SELECT {STANDING} FROM record WHERE id = ?"
        (said,) = database.execute_sql(asked, (record.id,)).fetchone()
        assert member.standing(Record.get_by_id(record.id)) == said


@pytest.mark.parametrize("words", ["", "fictive", "nadia fictive"])
@pytest.mark.parametrize("counted", [2, 999])
def test_each_is_on_one_page_forth_and_back(world, monkeypatch, words, counted):
    monkeypatch.setattr(member_list, "PAGE", SHORT)
    monkeypatch.setattr(member_list, "COUNTED", counted)
    for number in range(8):
        enrol(f"T-{number}")
    pages, page = [], member_list.browse(Filters(words))
    while True:
        pages.append([one.member_number for one in page.members])
        if not page.next:
            break
        page = member_list.browse(Filters(words, after=page.next))
    shown = [number for one in pages for number in one]
    assert len(shown) == len(set(shown)) == (10 if not words else 8)
    back = [pages[-1]]
    while page.previous:
        page = member_list.browse(Filters(words, before=page.previous))
        back.insert(0, [one.member_number for one in page.members])
    assert back == pages


def test_a_page_beside_nobody_is_the_first(people):
    assert found(after="AAAAAAAAAAAAAAAA") == found(before="x" * 500) == found()


def test_it_counts_no_further_than_it_says(world, monkeypatch):
    monkeypatch.setattr(member_list, "COUNTED", 3)
    for number in range(5):
        enrol(f"T-{number}")
    for words in ("", "nadia"):
        page = member_list.browse(Filters(words))
        assert page.count == 4 and not page.counted
    assert member_list.browse(Filters("alice")).counted


def plans(filters):
    """How the database finds each page, in its words."""
    asked, real = [], database.obj.execute_sql

    def listen(sql, params=None):
        asked.append((sql, params))
        return real(sql, params)

    database.obj.execute_sql = listen
    try:
        member_list.browse(filters)
    finally:
        del database.obj.execute_sql
    said = [real(f"EXPLAIN QUERY PLAN {sql}", params).fetchall() for sql, params in asked]
    return len(asked), [row[3] for rows in said for row in rows]


@pytest.mark.parametrize("counted", [1, 999])
def test_nothing_is_found_by_reading_every_member(world, monkeypatch, counted):
    monkeypatch.setattr(member_list, "COUNTED", counted)
    uid = enrol("T-1").uid
    for words in ("", "fictive", "e", "14/03/1951", "exemple 14/03/1951", "T-1", "zzz"):
        for standing in (None, Standing.OBJECTED):
            for place in ({}, {"after": uid}, {"before": uid}):
                number, plan = plans(Filters(words, standing, **place))
                assert number <= 5
                read = [step for step in plan if step.startswith("SCAN t1")]
                assert all("USING" in step for step in read), (words, standing, plan)
                many = not words or (counted == 1 and words in ("fictive", "e"))
                if many or (not words and standing):
                    assert "USE TEMP B-TREE FOR ORDER BY" not in plan, (words, standing, plan)
                if standing and not words:
                    assert all(
                        "record_state" in step
                        for step in plan
                        if "t1" in step and "uid=?" not in step
                    ), plan


def test_a_name_corrected_is_found_and_the_former_is_not(world):
    record = enrol("T-1", "Avant")
    record.birth_name = "Après"
    with transaction():
        member.keep(record)
    assert found("apres") == ["T-1"] and found("avant") == []
    assert found()[0] == "T-1"


def test_what_is_erased_is_found_by_name_and_not_by_email(world):
    record = enrol("T-1", "Effacée", email="secrete@exemple.invalid")
    with transaction():
        erasure.erase(record)
    assert found("effacee") == ["T-1"] and found("secrete") == []


def table(filters=EVERYONE):
    content = b"".join(member_list.export(filters, enrolment.OFFICE, str))
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_the_table_holds_them_all_each_once_in_order(world, monkeypatch):
    monkeypatch.setattr(member_list, "BATCH", SHORT)
    for number in range(7):
        enrol(f"T-{number}")
    lines = table()
    assert lines[0] == list(member_list.COLUMNS)
    assert [line[0] for line in lines[1:]] == ["A-1", *(f"T-{n}" for n in range(7)), "A-2"]
    assert lines[1][4:6] == ["14/03/1951", "F"] and lines[1][7] == "alice@exemple.invalid"
    assert [line[0] for line in table(Filters("nadia"))[1:]] == [f"T-{n}" for n in range(7)]


def test_no_cell_of_the_table_is_computed(world):
    enrol("T-1", "Formule", "=cmd|' /C calc'!A1", postal_address="@SUM(A1)\n+1")
    (line,) = table(Filters("formule"))[1:]
    assert line[3] == "'=cmd|' /C calc'!A1" and line[8] == "'@SUM(A1) +1"


def test_whoever_takes_it_is_in_the_ledger(world):
    table(Filters("alice", Standing.ACTIVATED))
    told = ledger.Line.select().order_by(ledger.Line.id.desc()).get()
    assert told.act == ledger.Act.TOOK_MEMBERS
    assert told.details == {"searched": True, "standing": "activated"}


def test_a_page_of_members_costs_as_many_queries_as_there_are_few(world, monkeypatch):
    few, _ = plans(Filters())
    for number in range(60):
        enrol(f"T-{number}", born=date(1960, 1, 1) + timedelta(days=number))
    assert plans(Filters())[0] == few <= 3
