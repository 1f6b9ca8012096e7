"""Telephone numbers, of any country."""

import pytest

from models import phone
from models.refusal import Refusal


@pytest.mark.parametrize(
    "typed, kept, shown",
    [
        ("0639980012", "+33 6 39 98 00 12", "06 39 98 00 12"),
        ("06.39.98.00.12", "+33 6 39 98 00 12", "06 39 98 00 12"),
        ("+33 (0)6 39-98-00-12", "+33 6 39 98 00 12", "06 39 98 00 12"),
        ("  06 39 98 00 12\u200e ", "+33 6 39 98 00 12", "06 39 98 00 12"),
        ("٠٦٣٩٩٨٠٠١٢", "+33 6 39 98 00 12", "06 39 98 00 12"),
        ("01 99 00 12 34 ext. 12", "+33 1 99 00 12 34 ext. 12", "01 99 00 12 34 ext. 12"),
        ("01 99 00 12 34 poste 4", "+33 1 99 00 12 34 ext. 4", "01 99 00 12 34 ext. 4"),
        ("01 99 00 12 34 Poste. 4", "+33 1 99 00 12 34 ext. 4", "01 99 00 12 34 ext. 4"),
        ("0692 12 34 56", "+262 692 12 34 56", "0692 12 34 56"),
        ("+262 692 12 34 56", "+262 692 12 34 56", "0692 12 34 56"),
        ("0690 00 12 34", "+590 690 00 12 34", "0690 00 12 34"),
        ("+32 470 12 34 56", "+32 470 12 34 56", "+32 470 12 34 56"),
        ("00 41 22 345 67 89", "+41 22 345 67 89", "+41 22 345 67 89"),
        ("+44 20 7946 0958", "+44 20 7946 0958", "+44 20 7946 0958"),
        ("+1 (202) 555-0136", "+1 202-555-0136", "+1 202-555-0136"),
        ("+213 551 23 45 67", "+213 551 23 45 67", "+213 551 23 45 67"),
    ],
)
def test_a_number_is_kept_with_its_country_and_shown_as_its_people_write_it(typed, kept, shown):
    assert phone.understood(typed) == kept
    assert phone.shown(kept).replace("\u00a0", " ") == shown
    assert phone.understood(shown) == kept


@pytest.mark.parametrize("kept", ["+33 6 39 98 00 12", "+32 470 12 34 56", "+262 692 12 34 56"])
def test_a_number_is_never_cut_at_the_end_of_a_line(kept):
    assert " " not in phone.shown(kept) and "\u00a0" in phone.shown(kept)


@pytest.mark.parametrize(
    "typed",
    [
        *("15", "3966", "06 39 98 00", "06 39 98 00 12 34", "+", "1" * 40, "+999 123456789"),
        *("pas de téléphone", "06 39 98 00 12 / 06 39 98 00 13", "06 39 98 OO 12", "📞"),
    ],
)
def test_what_is_no_whole_number_is_refused_with_an_example(typed):
    with pytest.raises(Refusal, match="n'est pas un numéro complet") as refused:
        phone.understood(typed, "other_phone")
    assert refused.value.field == "other_phone"
    assert "dix chiffres" in refused.value.sentence and "+32" in refused.value.sentence


def test_a_long_text_is_not_repeated_whole():
    with pytest.raises(Refusal) as refused:
        phone.understood("appelez-moi " * 1000)
    assert len(refused.value.sentence) < 250


def test_nothing_typed_is_no_number():
    assert phone.understood("") == phone.understood(" \u200f ") == ""
    assert phone.shown("") == ""


def test_a_link_calls_it_with_its_extension():
    assert phone.dialled("+33 6 39 98 00 12") == "tel:+33-6-39-98-00-12"
    assert phone.dialled("+33 1 99 00 12 34 ext. 12") == "tel:+33-1-99-00-12-34;ext=12"
