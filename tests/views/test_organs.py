"""Organ donation: the rules, and the single thing that is kept."""

from datetime import timedelta

import pytest

from models import clock
from models.access import Role


@pytest.fixture
def address(world):
    return world.section() + "/organes"


def test_reading_is_noted_as_neither_a_yes_nor_a_no(visit, world, address):
    alice = visit("alice")
    page = alice.get(address)
    assert "Pas encore lu" in page.text and "registre national des refus" in page.text
    page = alice.submit("J'ai lu cette page")
    assert page.notices == ["C'est noté : vous avez lu cette page. Ce n'est ni un oui, ni un non."]
    assert "Page lue le" in page.text
    assert world.record("alice").organs_read_at


def test_opening_the_page_notes_nothing(visit, world, address):
    visit("alice").get(address)
    assert world.record("alice").organs_read_at is None


def test_there_is_nothing_to_choose_there(visit, address):
    page = visit("alice").get(address)
    assert not page.soup.main.select("input:not([type=hidden]), select, textarea")
    assert [words for words in page.buttons() if words != "Se déconnecter"] == [
        "J'ai lu cette page"
    ]


@pytest.mark.parametrize(
    "years, register, parents", [(12, True, True), (15, False, True), (75, False, False)]
)
def test_what_it_says_to_a_minor(visit, world, address, years, register, parents):
    world.born(clock.today() - timedelta(days=years * 366))
    text = visit("alice").get(address).text
    assert ("s'ouvre à 13 ans" in text) == register
    assert ("l'accord écrit de chaque parent" in text) == parents


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL, Role.EMERGENCY])
def test_it_is_nobody_else_s(visit, world, address, role):
    world.let_in("bruno", role)
    visit("bruno").get(address, 403)


def test_those_who_treat_are_told_that_it_is_not_here(visit, world, address):
    visit("alice").get(address)
    world.let_in("bruno", Role.PROFESSIONAL)
    text = visit("bruno").get(world.section()).text
    assert "ne dit rien du don d'organes" in text and "Page lue" not in text
