"""Browsing: filters, years and authors, new documents. How pages follow: test_paging.py."""

from datetime import date

from models import browsing, document, masking
from models.access import Role
from models.browsing import UNFILED, Filters
from models.words import fold

from ..world import SURGERY


def browse(world, access=None, **filters):
    return browsing.browse(access or world.access("alice"), Filters(**filters))


def titles(page):
    return {one.title for one in page.documents}


def test_each_filter_keeps_what_it_says(world):
    folder = world.folder("Analyses")
    world.paper("Un", category="BIOLOGIE", dated=date(2023, 12, 31), author="Dr Émile Fictif")
    world.paper("Deux", folder=folder, dated=date(2024, 1, 1), masked=True)
    world.paper("Trois", folder=folder, dated=date(2024, 12, 31))
    for filters, wanted in (
        ({"category": "BIOLOGIE"}, {"Un"}),
        ({"folder": folder.uid}, {"Deux", "Trois"}),
        ({"folder": UNFILED}, {"Un"}),
        ({"folder": "inconnu"}, set()),
        ({"year": 2024}, {"Deux", "Trois"}),
        ({"author": fold("Dr Émile Fictif")}, {"Un"}),
        ({"masked": True}, {"Deux"}),
        ({"masked": False}, {"Un", "Trois"}),
        ({"masked": False, "year": 2024, "folder": folder.uid, "words": "trois"}, {"Trois"}),
    ):
        page = browse(world, **filters)
        assert (titles(page), page.count) == (wanted, len(wanted)), filters


def test_a_choice_for_all_is_what_the_filter_reads(world):
    world.paper("Avant", masked=False)
    masking.choose_all(world.access("alice"), masked=True)
    world.paper("Après", masked=False)
    assert titles(browse(world, masked=True)) == {"Avant"}
    assert titles(browse(world, masked=False)) == {"Après"}


def test_another_record_s_folder_filters_everything_out(world):
    theirs = world.folder("Analyses", of="carole")
    world.paper("À Carole", of="carole", folder=theirs)
    assert browse(world, folder=theirs.uid).documents == []


def test_years_and_authors_are_of_what_one_sees(world):
    doctor = world.let_in("bruno", Role.PROFESSIONAL)
    assert browsing.years(doctor) == browsing.authors(doctor) == []
    world.paper(dated=date(2019, 1, 1), author="Dr Zoé Fictive", masked=True)
    world.paper(dated=date(2021, 1, 1), author="dr émile fictif")
    world.paper(dated=date(2022, 1, 1), author="Dr Émile Fictif")
    assert browsing.years(world.access("alice")) == [2022, 2021, 2020, 2019]
    assert browsing.years(doctor) == [2022, 2021]
    assert [key for key, _ in browsing.authors(doctor)] == ["dr emile fictif"]
    assert len(browsing.authors(world.access("alice"))) == 2


def test_new_documents_are_marked_until_they_are_read(world):
    world.paper("Bilan", by=SURGERY)
    (one,) = browse(world).documents
    assert one.unseen
    world.paper("Reçu", by=SURGERY)
    assert [one.title for one in browsing.newest(world.access("alice"), 1)] == ["Reçu"]
    document.read(world.access("alice"), one)
    assert {d.title: bool(d.unseen) for d in browse(world).documents} == {"Bilan": 0, "Reçu": 1}


def test_a_paper_of_the_wishes_is_not_called_masked_with_the_others(world):
    world.directive(signed_on=date(2025, 3, 1))
    world.paper("Bilan")
    masking.choose_all(world.access("alice"), masked=True)
    listed = {one.title: masking.is_masked(one) for one in browse(world).documents}
    assert listed.pop("Bilan") is True
    assert list(listed.values()) == [False]
