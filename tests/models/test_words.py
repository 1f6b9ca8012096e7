"""Words: how names and texts are compared, and how what people type is tidied."""

import pytest

from models.words import fold, tidy, uid, words


@pytest.mark.parametrize(
    "text, folded",
    [
        ("Cœur d'Élise", "coeur d'elise"),
        ("l’Œdème", "l'oedeme"),
        ("ÆGIR", "aegir"),
        ("Straße", "strasse"),
        ("NGUYỄN", "nguyen"),
        ("e\u0301te\u0301", "ete"),
        ("\ufb01èvre", "fievre"),
        ("İstanbul", "istanbul"),
        ("Ångström Øre", "angstrom øre"),
        ("Ω μg ²", "ω μg 2"),
        ("", ""),
        ("PLAIN ascii 12", "plain ascii 12"),
    ],
)
def test_folding_forgets_case_accents_and_ligatures(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize("text", ["Cœur", "İ", "ŉ", "ǅ", "ΐ", "Straße", "ẞ", "ﬃ", "Ⅷ", "É"])
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    "text, found",
    [
        ("L'IRM du 12/03/2024", ["l", "irm", "du", "12", "03", "2024"]),
        ("compte_rendu-2.pdf", ["compte", "rendu", "2", "pdf"]),
        ("l’été", ["l", "ete"]),
        ('🫀 \0 — ( " * ', []),
        ("心臓 李", ["心臓", "李"]),
    ],
)
def test_words_are_what_lies_between_the_rest(text, found):
    assert words(text) == found


@pytest.mark.parametrize(
    "text, clean",
    [
        ("  deux \t mots \r\n", "deux mots"),
        ("nul\0ici", "nul ici"),
        ("sens\u202einversé\u200f", "sens inversé"),
        ("\ufeffmarque", "marque"),
        ("insécable\u00a0fine\u202fici", "insécable fine ici"),
        ("e\u0301", "é"),
        ("\u200b\u2060", ""),
        ("👩\u200d⚕️", "👩\u200d⚕️"),
        ("d’Été-Inventé", "d’Été-Inventé"),
    ],
)
def test_tidying_leaves_one_clean_line(text, clean):
    assert tidy(text) == clean
    assert tidy(clean) == clean


def test_an_address_s_name_is_unguessable_and_fits_in_an_address():
    made = {uid() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(one) == 16 for one in made)
    assert set("".join(made)) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    )
