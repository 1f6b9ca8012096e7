"""Days are read in the ways that people write them, and never guessed."""

from datetime import date

import pytest

from models.days import day_of, month_first, short_year


@pytest.mark.parametrize(
    "text",
    [
        *("12/03/2024", "12/3/2024", "2024-03-12", "12.03.2024 ", "12 3 2024", "12-03-2024"),
        *("12032024", "20240312", "12 mars 2024", "12 MARS 2024", "2024-03-12 00:00:00"),
        "2024-03-12T00:00",
    ],
)
def test_a_day_is_read_however_it_is_written(text):
    assert day_of(text) == date(2024, 3, 12)


@pytest.mark.parametrize(
    "text, day",
    [
        ("1er août 1951", date(1951, 8, 1)),
        ("14 fevrier 1951", date(1951, 2, 14)),
        ("29/02/2024", date(2024, 2, 29)),
        ("19121920", date(1920, 12, 19)),
        ("20201231", date(2020, 12, 31)),
    ],
)
def test_and_these(text, day):
    assert day_of(text) == day


@pytest.mark.parametrize(
    "text",
    [
        *("", "12/03", "12/13/2024", "12/03/24", "le 12/03/2024", "0/0/0000", "29/02/2023"),
        *("31 avril 2020", "12 mars 24", "3 brumaire 1951", "1203202", "120320244", "18700"),
        *("2024/13/01", "1951-03-14 10:30", "30022020", "12/03/02024"),
    ],
)
def test_what_is_not_a_day_is_not_guessed(text):
    assert day_of(text) is None


def test_a_year_of_two_figures_and_a_month_put_first_are_told_apart():
    assert short_year("14/03/51") and short_year("1.2.05")
    assert not short_year("14/03/1951") and not short_year("2051-3-14")
    assert month_first("03/25/1960") and not month_first("25/03/1960")
    assert not month_first("03/04/1960") and not month_first("13/13/1960")
