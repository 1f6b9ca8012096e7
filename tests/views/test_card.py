"""A card to carry, with the lines chosen."""

from datetime import date

import pytest

from models.access import Role
from models.formats import typesetting
from models.formats.qr import TOO_LONG
from models.journal import Act, Entry
from models.refusal import Refusal

DAY = date(2025, 3, 1)


@pytest.fixture
def address(world):
    return world.section() + "/carte"


@pytest.fixture
def alice(visit, world, address):
    world.contact("Zoé", called=True)
    world.contact("Anne", called=True)
    visitor = visit("alice")
    visitor.get(address)
    return visitor


def card(page):
    """The lines of the card as it is drawn."""
    found = page.soup.select(".card p")
    return [" ".join(one.get_text().split()).replace("\u00a0", " ") for one in found]


def boxes(page):
    return page.soup.select("[name=ligne][type=checkbox]")


def test_it_begins_with_all_that_may_be_on_it(alice):
    assert card(alice.page) == [
        "En cas d'urgence : Alice Exemple",
        "Née le 14 mars 1951",
        "Appeler Zoé Imaginaire, fille : 06 39 98 00 12",
        "Appeler Anne Imaginaire, fille : 06 39 98 00 12",
    ]
    assert all(box.has_attr("checked") for box in boxes(alice.page))


def test_only_the_chosen_lines_are_on_it_and_the_choice_is_kept_in_the_form(alice):
    zoe = boxes(alice.page)[1]["value"]
    page = alice.submit("Montrer la carte ainsi", ligne=zoe)
    assert card(page) == [
        "En cas d'urgence : Alice Exemple",
        "Appeler Zoé Imaginaire, fille : 06 39 98 00 12",
    ]
    assert [box.has_attr("checked") for box in boxes(page)] == [False, True, False]
    assert f"ligne={zoe}" in page.link("Télécharger la carte")


def test_no_line_at_all_leaves_the_name(alice, address):
    page = alice.get(f"{address}?ligne=")
    assert card(page) == ["En cas d'urgence : Alice Exemple"]
    assert not any(box.has_attr("checked") for box in boxes(page))


def test_a_line_that_does_not_exist_is_not_on_it(alice, address):
    page = alice.get(f"{address}?ligne=<b>Moi</b>&ligne=naissance&x=y")
    assert card(page)[1:] == ["Née le 14 mars 1951"]


def test_the_trusted_person_and_the_directives_are_offered_once_valid(alice, world, address):
    world.designation(person=world.contact("Paule"))
    world.directive()
    assert len(boxes(alice.get(address))) == 3
    world.directive(signed_on=DAY)
    world.designation(signed_on=DAY)
    assert len(boxes(alice.get(address))) == 5


def test_the_code_is_drawn_on_the_page_and_named_for_those_who_do_not_see_it(alice):
    (drawing,) = alice.page.soup.select(".card svg[role=img]")
    assert drawing["aria-label"] and drawing.select_one("path")["d"]


def test_too_long_a_card_is_said_and_fewer_lines_may_be_chosen(alice, world, address):
    for number in range(3):
        world.contact("é" * 99 + str(number), family_name="ü" * 100, called=True)
    page = alice.get(address)
    assert len(boxes(page)) == 6
    assert "choisissez moins de lignes" in page.soup.select_one(".fault").get_text()
    assert not page.soup.select(".card, a[href*='/pdf']")
    page = alice.submit("Montrer la carte ainsi", ligne="naissance")
    assert card(page)[1:] == ["Née le 14 mars 1951"]


def test_a_card_downloaded_holds_the_lines_chosen_and_is_told(alice, address, monkeypatch):
    drawn = []
    monkeypatch.setattr(typesetting, "card_pdf", lambda one: drawn.append(one) or b"%PDF-1.7")
    answer = alice.client.get(f"{address}/pdf?ligne=naissance")
    assert answer.mimetype == "application/pdf"
    assert [one.lines for one in drawn] == [("Née le 14 mars 1951",)]
    assert Entry.select().order_by(Entry.id.desc()).get().act == Act.PRINTED


def test_too_long_a_card_is_not_downloaded_but_said(alice, world, address, monkeypatch):
    def refuse(one):
        raise Refusal(*TOO_LONG)

    monkeypatch.setattr(typesetting, "card_pdf", refuse)
    page = alice.get(f"{address}/pdf?ligne=naissance")
    assert page.address == f"{address}?ligne=naissance"
    assert "choisissez moins de lignes" in page.notices[0]


def test_when_the_pdf_cannot_be_made_the_card_is_shown_with_a_sentence(alice, address, monkeypatch):
    def fail(one):
        raise typesetting.TypesettingFailed

    monkeypatch.setattr(typesetting, "card_pdf", fail)
    page = alice.get(f"{address}/pdf?ligne=naissance")
    assert page.address == f"{address}?ligne=naissance"
    assert "Le PDF n'a pas pu être fait" in page.notices[0]
    assert Act.PRINTED not in [entry.act for entry in Entry.select()]


def test_a_representative_prints_one(visit, world, address, alice):
    world.let_in("bruno", Role.REPRESENTATIVE)
    assert card(visit("bruno").get(address))[0] == "En cas d'urgence : Alice Exemple"


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL, Role.EMERGENCY])
def test_nobody_else_prints_one(visit, world, address, role):
    world.let_in("bruno", role)
    bruno = visit("bruno")
    bruno.get(address, 403)
    bruno.get(f"{address}/pdf", 403)
