"""The page of figures, its table to download, and the same for a program."""

import csv
import io
import json

import pytest

from models import clock, figures
from models.ledger import Line
from models.record import Record
from tests.models.test_figures import members

PATH = "/association/chiffres"


@pytest.fixture
def counted(opened):
    members(30, told_at=clock.now(), told_how="email", opened_at=clock.now())
    members(20, opened_at=clock.now(), activated_at=clock.now())
    members(3, objected_at=clock.now())


def values(page):
    terms = page.soup.select("main dt")
    return {term.text: term.find_next_sibling("dd").text.strip() for term in terms}


def test_the_page_tells_how_many_and_singles_nobody_out(counted, visit):
    shown = visit("diane").get(PATH)
    told = values(shown)
    assert told["Espaces créés"] == "55"
    assert told["Adhérents prévenus par e-mail"] == "30"
    assert told["Oppositions"] == "moins de 5"
    assert told["Espaces ouverts"] == "presque tous"
    assert told["Espaces activés"] == "22, soit 40,0 %"
    assert told["Aidants"] == "moins de 5"


def test_the_table_beside_the_plot_says_the_same(counted, visit):
    shown = visit("diane").get(PATH)
    table = shown.soup.find("caption", string="Espaces activés, mois par mois").parent
    cells = [row.td.text for row in table.select("tbody tr")]
    assert len(cells) == 13 and cells[-1] == "22"
    plot = shown.soup.select_one("svg")
    over = [text.text for text in plot.select("text")][1::2]
    assert over == ["< 5"] * 11 + ["22"]
    assert plot.title.text and plot["role"] == "img"


def test_the_table_is_downloaded_and_the_ledger_says_by_whom(counted, visit):
    diane = visit("diane")
    diane.get(PATH)
    taken = diane.submit("Télécharger le tableau").response
    rows = list(csv.reader(io.StringIO(taken.get_data().decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Chiffre", "Détail", "Valeur"]
    assert ["Espaces activés", "", "22"] in rows and ["Oppositions", "", "moins de 5"] in rows
    assert "no-store" in taken.headers["Cache-Control"]
    line = Line.select().order_by(Line.id.desc()).get()
    assert (line.name, line.act) == ("Diane Modèle", "took-figures")


def test_coming_in_is_counted(world, visit):
    visit("alice").get(f"/espaces/{world.record('alice').uid}/")
    assert figures._counted()["visitors"][figures.this_month()] == 1


@pytest.mark.parametrize("name", ["alice", "bruno"])
def test_it_is_for_the_office(visit, name):
    visit(name).get(PATH, 403)


def test_the_command_tells_a_program_the_same(counted, app):
    from views import figures as told

    with app.app_context():
        answer = json.loads(json.dumps(told.told()))
    assert answer["members"] == 55 and answer["objected"] == "moins de 5"
    assert answer["told"]["email"] == 30 and answer["messages"] is None
    assert answer["share"] == 0.4 and answer["as_of"] == clock.today().isoformat()
    assert Record.select().count() == 55
