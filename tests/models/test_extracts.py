"""The words found are shown where they stand, in a short piece of the text."""

import unicodedata

import pytest

from models import browsing, search
from models.browsing import Filters


def extract(world, words):
    (one,) = browsing.browse(world.access("alice"), Filters(words=words)).extracts.values()
    return "".join(f"[{piece}]" if hit else piece for piece, hit in one.pieces)


def test_the_words_found_are_shown_in_their_place(world):
    start, end = "Avant propos. " * 20, " Après coup." * 20
    world.paper("Bilan", f"{start}Un œdème et des OEDÈMES,\n  un cœur sain.{end}")
    shown = extract(world, "oedeme coeur")
    assert "Un [œdème] et des [OEDÈMES], un [cœur] sain." in shown
    assert shown.startswith("… ") and shown.endswith(" …")
    assert len(shown) < 400
    assert "[" not in extract(world, "bilan oedeme").split("œdème")[0][:-1]


def test_an_extract_shows_decomposed_accents_and_says_when_nothing_is_left_out(world):
    world.paper("Bilan", unicodedata.normalize("NFD", "Une échographie légère."))
    assert extract(world, "echographie") == "Une [échographie] légère."


@pytest.mark.parametrize("between", ["", "\n", "\t"])
def test_an_extract_stays_short_where_there_are_no_spaces(world, between):
    world.paper("Liste", ("x" * 9 + between + ".") * 3000 + between + "-métoprolol-" + "z" * 30_000)
    shown = extract(world, "metoprolol")
    assert "[métoprolol]" in shown
    assert len(shown) < 400


def test_a_title_shows_the_words_found(world):
    pieces = search.highlighted("Échographie du cœur", "coeur ECHO").pieces
    assert pieces == [("Échographie", True), (" du ", False), ("cœur", True)]
    assert search.highlighted("Bilan (1)", "(").pieces == [("Bilan (1)", False)]
