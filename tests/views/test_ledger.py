"""The page of the ledger: what each did, in sentences."""

import re

import pytest

from models import ledger
from models.access import Actor
from models.ledger import Act, Group, Line
from views.ledger import GROUPS, SENTENCES, sentence

PATH = "/association/registre"
DETAILS = {
    "file": "liste.csv",
    "lines": 12,
    "created": 10,
    "number": 7,
    "how": "email",
    "checked": "passeport",
    "name": "Nom Fictif",
    "duty": "support",
    "before": "office",
    "device": "Firefox sur Linux",
}


@pytest.fixture
def diane(visit):
    return visit("diane")


def fill(number, act=Act.TOOK_FIGURES, name="Sami Fictif", **detail):
    for _ in range(number):
        ledger.write(Actor(1, name, "office"), act, **detail)


def test_each_act_and_each_kind_has_its_words():
    assert set(SENTENCES) == set(Act)
    assert set(GROUPS) == set(Group)


@pytest.mark.parametrize("act", Act)
def test_each_sentence_is_whole(act):
    line = Line(act=act.value, about="A" * 16, name="Diane Modèle")
    line.detail = ledger.json.dumps(DETAILS)
    told = sentence(line, {"A" * 16: "Alice Exemple (adhérent A-1)"})
    assert not re.search(r"[{}…]", told) and len(told.split()) < 20
    needed = set(re.findall(r"{(\w+)}", SENTENCES[act]))
    assert needed <= {"about", *DETAILS}
    # A line of before, which lacks a detail, is told all the same.
    line.detail = "{}"
    assert sentence(line, {})


def test_what_was_done_by_whom_and_to_whom(diane, world):
    hugo = world.professional("hugo")
    fill(1, Act.SENT_CODE, about=world.record("alice").uid, how="post")
    fill(1, Act.SUSPENDED_PROFESSIONAL, about=hugo.uid)
    fill(1, Act.GAVE_CODE, about="A" * 16, checked="passeport")
    fill(1, Act.LOOKED_FOR_MEMBER)
    diane.get("/association")
    page = diane.follow("Registre")
    told = [" ".join(li.get_text().split()) for li in page.soup.select("main .list li")]
    assert "quelqu'un, sans le trouver" in told[0].replace("’", "'")
    assert "quelqu'un qui n'est plus là (passeport)" in told[1].replace("’", "'")
    assert told[2].endswith("Sami Fictif a suspendu le compte professionnel de Hugo Fictif.")
    assert told[3].endswith("par lettre, à Alice Exemple (adhérent A-1).")
    assert "Diane Modèle a vérifié et ajouté Hugo Fictif" in told[4]


def test_filters_and_pages(diane):
    fill(ledger.PAGE + 5)
    fill(2, Act.ADDED_COLLEAGUE, name="Lou Fictif", duty="support")
    diane.get(PATH)
    page = diane.submit("Filtrer", qui="Lou Fictif")
    assert len(page.soup.select("main .list li")) == 2
    assert "Voir plus ancien" not in page.text
    page = diane.submit("Filtrer", qui="Sami Fictif", quoi="copies")
    assert len(page.soup.select("main .list li")) == ledger.PAGE
    page = diane.follow("Voir plus ancien")
    assert len(page.soup.select("main .list li")) == 5 and "(suite)" in page.title
    assert page.soup.select_one("#qui option[selected]")["value"] == "Sami Fictif"
    assert "Rien ne correspond" in diane.get(f"{PATH}?qui=Personne&quoi=lettres").text
    for odd in ("avant=x", "avant=" + "9" * 30, "avant=-1", "quoi=x", "qui=%00", "avant=1.5"):
        diane.get(f"{PATH}?{odd}")


def test_a_copy_is_what_the_filters_say_and_is_told(diane):
    fill(2, name="=1+1")
    fill(1)
    page = diane.get(f"{PATH}?qui=%3D1%2B1")
    fields = {one["name"]: one["value"] for one in page.soup.select("main form[method=post] input")}
    answer = diane.client.post(f"{PATH}/export", data=fields)
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = answer.get_data().decode("utf-8-sig").splitlines()
    assert len(rows) == 3 and all(";'=1+1;" in row for row in rows[1:])
    assert Line.select().order_by(Line.id.desc()).get().act == Act.TOOK_LEDGER
    assert diane.client.get(f"{PATH}/export").status_code == 405


def test_it_is_asked_for_in_few_queries_however_long(diane, world, app):
    from models.database import database

    for name in ("alice", "carole"):
        fill(30, Act.SENT_CODE, about=world.record(name).uid, how="email")
    asked = []
    database.obj.query_hooks.append(lambda told, *_: asked.append(told))
    try:
        diane.get(PATH)
    finally:
        database.obj.query_hooks.pop()
    assert len(asked) <= 8, asked
