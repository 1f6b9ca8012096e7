"""« Qui peut voir quoi » : open to anyone, drawn from the tables that the code applies."""

import pytest

from models.access import RIGHTS, SENTENCES, Role
from models.reference.categories import LABELS
from models.reference.professions import PROFESSIONS, allowed, closed_types
from models.reference.types import TYPES
from tests.readability import EASY, LONGEST_SENTENCE, reading
from views.matrix import ROLES

ADDRESS = "/qui-peut-voir-quoi"


def following(page, heading, name):
    """The items of the list that comes after this heading."""
    title = next(h for h in page.soup.select("h2, h3") if h.get_text(strip=True) == heading)
    found = title.find_next(["ul", "h2"])
    return [li.get_text() for li in found.select(name)] if found.name == "ul" else []


def closed(code):
    """The types that stay closed to it in the categories that it reads."""
    types = [TYPES[one] for one in closed_types(code)]
    return {one.label for one in types if one.category in allowed(code)}


def plain(words):
    return words.replace("\u00a0", " ")


@pytest.mark.parametrize("who", [None, "alice"])
def test_anyone_may_read_it(visit, who):
    assert "Qui peut voir quoi" in visit(who).get(ADDRESS).title


def test_every_role_has_its_list_as_the_table_of_rights_says_it(visit):
    assert set(ROLES) == set(Role)
    page = visit().get(ADDRESS)
    for role, (name, _note) in ROLES.items():
        shown = [plain(words) for words in following(page, name, "li")]
        assert shown == [words for right, words in SENTENCES.items() if right in RIGHTS[role]]


def test_the_whole_table_is_there(visit):
    table = visit().get(ADDRESS).soup.dl
    shown = {}
    for cell in table.select("dt, dd"):
        if cell.name == "dt":
            read = shown.setdefault(cell.get_text(), set())
        else:
            read.add(cell.get_text())
    assert list(shown) == list(PROFESSIONS.values())
    for code, name in PROFESSIONS.items():
        labels = {LABELS[category] for category in allowed(code)}
        whole = {"Tout"} if len(labels) == len(LABELS) else labels
        but = {plain(one) for one in shown[name] if one.startswith("Sauf")}
        assert {one for one in shown[name] if not one.startswith("Sauf")} == (whole or {"Rien"})
        assert {part for one in but for part in one[7:].split(", ")} == closed(code), name


@pytest.mark.parametrize("code", PROFESSIONS)
def test_one_profession_has_its_two_lists(visit, code):
    page = visit().get(f"{ADDRESS}?profession={code}")
    assert PROFESSIONS[code] in page.title
    read = {LABELS[category] for category in allowed(code)}
    assert set(following(page, "Peut lire", "li")) == read
    assert set(following(page, "Ne peut pas lire", "li")) == set(LABELS.values()) - read
    but = (
        following(page, "Dans ce qu'il peut lire, ce qui lui est fermé", "li")
        if closed(code)
        else []
    )
    assert {plain(words) for words in but} == closed(code)
    assert page.soup.select_one("option[selected]")["value"] == code


def test_a_profession_is_chosen_in_a_plain_form(visit):
    visitor = visit()
    visitor.get(ADDRESS)
    page = visitor.submit("Voir ce qu'il lit", profession="podiatrist")
    assert "Pédicure-podologue" in page.title
    assert "Comptes rendus" in following(page, "Ne peut pas lire", "li")
    assert "Qui peut voir quoi" in visitor.follow("Revenir à toute la page").title


@pytest.mark.parametrize("unknown", ["", "astrologer", "<b>"])
def test_an_unknown_profession_shows_the_whole_page(visit, unknown):
    page = visit().get(ADDRESS, query_string={"profession": unknown})
    assert "Qui peut voir quoi" in page.title and page.soup.dl


def test_it_says_where_it_comes_from_and_what_is_not_known(visit):
    text = plain(visit().get(ADDRESS).text)
    assert "arrêté du 26 octobre 2023" in text
    assert "Nous n'avons pas pu lire le tableau" in text
    assert "notre lecture de la loi" in text


@pytest.mark.parametrize("query", ["", *(f"?profession={code}" for code in PROFESSIONS)])
def test_it_reads_easily(visit, query):
    soup = visit().get(ADDRESS + query).soup
    blocks = [
        " ".join(part.get_text().split())
        for part in soup.main.select("h1, h2, h3, p, li, dt, label, button")
    ]
    found = reading(blocks)
    assert found.ease >= EASY, found.ease
    assert found.longest_words <= LONGEST_SENTENCE, found.longest
