"""The matrix: a file that an association may edit, read as it is written."""

import csv

import pytest

from models.reference import professions
from models.reference.categories import LABELS
from models.reference.professions import FILE, PROFESSIONS, allowed

COLUMNS = ["code", "profession", *LABELS, "source", "remarque"]


@pytest.fixture(scope="module")
def rows():
    with FILE.open(encoding="utf-8", newline="") as text:
        return list(csv.reader(text, delimiter=";"))


def test_every_category_has_its_column_and_every_line_all_of_them(rows):
    assert sorted(rows[0]) == sorted(COLUMNS)
    assert all(len(row) == len(COLUMNS) for row in rows)


def test_no_value_but_yes_and_no_and_nothing_left_empty(rows):
    for row in (dict(zip(rows[0], row, strict=True)) for row in rows[1:]):
        assert {row[category] for category in LABELS} <= {"oui", "non"}, row["code"]
        assert all(value == value.strip() and value for value in row.values()), row["code"]


def test_no_profession_comes_twice(rows):
    codes = [row[0] for row in rows[1:]]
    assert len(set(codes)) == len(codes) == len(PROFESSIONS)
    assert len(set(PROFESSIONS.values())) == len(PROFESSIONS)


def test_a_podologist_reads_no_delivery_report_nor_a_dentist_the_directives():
    assert "CPT_REND" not in allowed("podiatrist")
    assert "DIR_ANT" not in allowed("dentist")


def test_doctors_read_everything_and_nobody_else_does():
    assert allowed("doctor") == frozenset(LABELS)
    assert [code for code in PROFESSIONS if allowed(code) == frozenset(LABELS)] == ["doctor"]


# What was published of the national table (November 2026).
@pytest.mark.parametrize(
    ("profession", "category", "opened"),
    [
        ("nurse", "BIOLOGIE", True),
        ("nurse", "CPT_REND", True),
        ("nurse", "CERT_MED", False),
        ("nurse", "DEPISTAG", False),
        ("pharmacist", "BIOLOGIE", True),
        ("pharmacist", "RADIO_SC", True),
        ("pharmacist", "CPT_REND", True),
        ("optician", "ORD_SOIN", True),
        ("optician", "BIOLOGIE", False),
        ("optician", "RADIO_SC", False),
        ("care-coordinator", "ORD_SOIN", False),
        ("care-coordinator", "CPT_REND", False),
        ("care-coordinator", "CERT_MED", False),
    ],
)
def test_what_was_published_is_followed(profession, category, opened):
    assert (category in allowed(profession)) is opened


@pytest.mark.parametrize("unknown", ["", "astrologer", "Médecin", "DOCTOR"])
def test_an_unknown_profession_reads_nothing(unknown):
    assert allowed(unknown) == frozenset()


def test_only_yes_opens(tmp_path):
    file = tmp_path / "matrix.csv"
    file.write_text("\ufeffcode;profession;BIOLOGIE;REMB\nx;X;Oui;oui\n", encoding="utf-8")
    line = professions._lines(file)["x"]
    assert professions._categories(line) == {"REMB"}
