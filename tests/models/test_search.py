"""Search: every word that is there is found, and no word of what may not be seen."""

import sys

import pytest

from models import bin, browsing, document, filing, folder, masking, search
from models.access import Role
from models.browsing import Filters

from ..world import SURGERY, holding


def found(world, words, access=None):
    page = browsing.browse(access or world.access("alice"), Filters(words=words))
    return {one.title for one in page.documents}


@pytest.fixture
def papers(world):
    world.paper("Compte rendu d'IRM du cœur", "L'échographie de Mme Exemple : œdème léger.")
    world.paper("Ordonnance", "Métoprolol 50 mg, matin et soir.", author="Dr Émile Fictif")
    return world


@pytest.mark.parametrize(
    "words",
    [
        "cœur",
        "coeur",
        "COEUR",
        "Cœur d’IRM",
        "d'irm",
        "echographie",
        "ÉCHOGRAPHIE",
        "e\u0301chographie",
        "échogra",
        "l’échographie",
        "œdème",
        "oedeme",
        "oed",
        "exemple léger",
        "rendu leger coeur",
        "IRM, cœur !",
        "papier-1.txt",
    ],
)
def test_words_are_found_whatever_the_accents_the_case_and_the_ligatures(papers, words):
    assert found(papers, words) == {"Compte rendu d'IRM du cœur"}


@pytest.mark.parametrize("words", ["emile", "Fictif ordonnance", "metoprolol 50", "matin soir"])
def test_authors_titles_and_texts_are_searched_together(papers, words):
    assert found(papers, words) == {"Ordonnance"}


@pytest.mark.parametrize("words", ["absent", "coeur absent", "chographie", "ordonnance coeur"])
def test_every_word_must_be_there_from_its_beginning(papers, words):
    assert found(papers, words) == set()


def test_the_words_of_its_folder_and_of_its_category_find_a_document(world):
    kept = world.folder("Mon suivi diabète")
    world.paper("Bilan", folder=kept, category="BIOLOGIE")
    world.paper("Autre")
    assert found(world, "diabete") == found(world, "résultats biolo") == {"Bilan"}
    assert found(world, "bilan suivi biologie") == {"Bilan"}
    folder.rename(world.access("alice"), kept, "Ma thyroïde")
    assert found(world, "diabete") == set()
    assert found(world, "thyroide") == {"Bilan"}


def test_the_words_of_another_record_are_never_found(world):
    world.paper(
        "Secret de Carole", "sarcoïdose", of="carole", folder=world.folder("Zona", "carole")
    )
    for words in ("secret", "sarcoidose", "zona", "000002sarcoidose"):
        assert found(world, words) == set()
    assert found(world, "sarcoidose", world.access("carole")) == {"Secret de Carole"}


def test_what_one_may_not_see_is_not_found(world):
    doctor = world.let_in("bruno", Role.PROFESSIONAL)
    world.paper("Masqué", "sarcoïdose", by=SURGERY, masked=True)
    late = world.paper("Pas encore annoncé", "sarcoïdose aussi", by=SURGERY)
    late.unannounced = True
    late.save()
    assert found(world, "sarcoidose") == {"Masqué"}
    assert found(world, "sarcoidose", doctor) == {"Pas encore annoncé"}
    masking.choose_all(world.access("alice"), masked=True)
    assert found(world, "sarcoidose", world.access("bruno", "alice")) == set()


def test_a_corrected_title_is_found_and_the_one_before_is_not(world):
    paper = world.paper("Ordonnance", "métoprolol")
    told = {"category": "BIOLOGIE", "dated": paper.dated, "author": "Dr Inventé"}
    filing.correct(world.access("alice"), paper, title="Bilan", **told)
    assert found(world, "ordonnance") == set()
    assert found(world, "bilan metoprolol invente") == {"Bilan"}


def test_an_erased_document_s_words_find_no_one_s_next_document(world):
    paper, alice = world.paper("Ordonnance", "métoprolol"), world.access("alice")
    bin.discard(alice, [paper])
    bin.erase(alice, paper)
    world.paper("Suivant", "rien")
    assert found(world, "metoprolol") == found(world, "ordonnance") == set()


HOSTILE = [
    *('"', '""', '"coeur', "cœur*", "*", "NEAR(coeur irm)", "NEAR/2", "(coeur", "coeur)", "()"),
    *("coeur AND", "OR", "NOT coeur", "words:coeur", "{words}:coeur", "^coeur", "-coeur", "+"),
    *("'; DROP TABLE entry; --", "coeur\0irm", "\0", "%", "_", "\\", "a" * 10_000, "a " * 5_000),
    *("🫀", "🫀 cœur", "é" * 10_000, "\u200b", "\ufb01", "a\U0001e900b", "\ud7ff", "ᦰ", "aᦰb"),
]


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_no_query_is_an_instruction_or_a_fault(papers, words):
    plain = search.words(words)[: search.MOST_WORDS]
    whole = "compte rendu d irm du coeur l echographie de mme exemple oedeme leger papier 1 txt"
    known = [*whole.split(), "alice", "comptes", "rendus"]
    expected = bool(plain) and all(any(k.startswith(w) for k in known) for w in plain)
    assert ("Compte rendu d'IRM du cœur" in found(papers, words)) == expected


def test_every_letter_of_unicode_makes_a_word_that_is_found_and_no_other(world):
    """The database cuts words as words.py does, or a query would fail or find too much."""
    letters = [c for c in map(chr, range(0x80, sys.maxunicode)) if c.isalnum()]
    chosen = letters[:: len(letters) // 150] + [chr(n) for n in range(0x19B0, 0x19CA)]
    world.paper("Rien")
    world.paper("Tout", " ".join(f"x{c}y" for c in chosen))
    alice = world.access("alice")
    for letter in chosen:
        for end, number in (("y", 1), ("z", 0)):
            query = alice.documents().where(holding(alice, f"x{letter}{end}"))
            assert query.count() == number, hex(ord(letter))


def test_a_document_keeps_its_readable_text(world):
    paper = world.paper("Bilan", "Ligne une\nLigne deux")
    assert document.read_text(world.access("alice"), paper) == "Ligne une\nLigne deux"
