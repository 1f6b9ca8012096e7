"""The pages where the office sends in a list of members, looks at it and has the records made."""

import re

import pytest

from models import erasure, job, roll_reading
from models.database import database, transaction
from models.record import Record
from models.roll import Roll
from models.roll_line import PAGE, RollLine

from ..workbooks import workbook
from ..world import SENDER

NEW = "/association/adherents/listes/nouvelle"
HEADINGS = "N° adhérent;Nom;Prénom(s);Né(e) le;Civilité;NIR"
ZOE = "12;Fictive;Zoé;06/05/2010;Mme;2 10 05 35 238 123 45"
LIST = f"{HEADINGS}\n{ZOE}\n13;Fictive;Léa;06/05/2010;Mme;\n14;Fictif;Paul;29/02/2023;M.;\n{ZOE}\n"


@pytest.fixture
def diane(visit):
    return visit("diane")


def send(diane, content=LIST, status=200, name="liste.csv"):
    diane.get(NEW)
    content = content.encode() if isinstance(content, str) else content
    return diane.submit("Lire cette liste", status, file=[(name, content)])


def previewed(diane, content=LIST, **answers):
    send(diane, content)
    page = diane.submit("Voir ce qui sera créé", **answers)
    job.run_due(SENDER)
    return diane.get(page.address.partition("?")[0])


def test_a_list_is_sent_looked_at_and_made(diane, world):
    diane.get("/association")
    diane.follow("Listes d'adhérents")
    diane.follow("Importer une liste")
    page = diane.submit("Lire cette liste", file=[("liste.csv", LIST.encode())])
    assert "« liste.csv » a 4 lignes. CSV, UTF-8" in page.text.replace("\xa0", " ")
    assert page.soup.select_one("#column-3 option[selected]").get_text() == "Date de naissance"
    assert "Par exemple : Fictive · Fictif" in page.text.replace("\xa0", " ")
    page = diane.submit("Voir ce qui sera créé")
    assert "0 sur 4" in page.text
    job.run_due(SENDER)
    page = diane.get(page.address.partition("?")[0])
    for words in ("À créer : 1", "À vous demander : 1", "Répétées : 1", "Refusées : 1"):
        assert words in page.text.replace("\xa0", " ")
    before = Record.select().count()
    page = diane.submit("Créer l'espace")
    assert "0 sur 1" in page.text and Record.select().count() == before
    job.run_due(SENDER)
    page = diane.get(page.address.partition("?")[0])
    assert "1 espace créé" in page.text and "1 ligne est laissée de côté" in page.text
    assert Record.select().count() == before + 1
    assert "Traitée le" in diane.get("/association/adherents/listes").text


def test_the_national_number_is_never_shown_nor_kept(diane, world):
    page = send(diane)
    assert "n'a ni lu ni gardé cette colonne" in page.text
    assert "35 238" not in page.html and not page.soup.select("#column-5")
    kept = "".join(line.cells for line in RollLine.select())
    assert "35 238" not in kept


def test_each_line_is_told_in_words(diane, world):
    page = previewed(diane)
    page = diane.follow("Refusées")
    assert "Ligne 4 : Paul Fictif, 29/02/2023, n° 14" in page.text.replace("\xa0", " ")
    assert "n'existe pas" in page.text
    page = diane.follow("Répétées")
    assert "Comme la ligne 2." in page.text


def test_a_question_is_answered(diane, world):
    previewed(diane)
    page = diane.follow("À vous demander")
    assert "Ressemble à la ligne 2, Zoé Fictive, avec d'autres prénoms." in page.text
    page = diane.submit("Garder mes réponses", **{"line-3": "other"})
    assert page.notices == ["1 réponse gardée."]
    assert page.soup.select_one("#line-3-other").has_attr("checked")
    page = diane.submit("Garder mes réponses", **{"line-3": "same"})
    assert "Créer l'espace" in page.buttons()
    page = diane.submit("Ce sont toutes d'autres personnes")
    assert "Créer les 2 espaces" in page.buttons()
    page = diane.submit("Créer les 2 espaces")
    job.run_due(SENDER)
    assert Record.select().where(Record.birth_name == "Fictive").count() == 2


@pytest.mark.parametrize("form", [{"asked": "x"}, {"asked": "2", "line-2": "maybe"}])
def test_answers_that_are_not_ours_are_nothing(diane, world, form):
    page = previewed(diane)
    token = page.soup.select_one("[name=csrf_token]")["value"]
    address = page.address.partition("?")[0] + "/reponses"
    answer = diane.client.post(address, data=form | {"csrf_token": token})
    assert answer.status_code == 400


def test_a_wrong_column_is_said_at_its_field_and_the_choice_stays(diane, world):
    send(diane)
    page = diane.submit("Voir ce qui sera créé", 422, **{"column-0": "sex", "column-1": ""})
    assert "Deux colonnes ne peuvent pas être" in page.soup.select_one("#column-4-fault").get_text()
    assert page.soup.select_one("#column-0 option[selected]")["value"] == "sex"
    page = diane.submit("Voir ce qui sera créé", 422, **{"column-0": ""})
    assert "Il manque une colonne : Nom de naissance." in page.text.replace("\xa0", " ")


@pytest.mark.parametrize(
    "files, said",
    [
        ([], "Choisissez un fichier."),
        ([("a.csv", b"")], "La première ligne doit dire"),
        ([("a.pdf", b"%PDF-1.7\n")], "Ce fichier n'est pas un tableau"),
        ([("a.exe", b"\x7fELF\0\0\0")], "n'est pas un tableau"),
        ([("a.xlsx", b"PK\x03\x04" + b"x" * 99)], "ne s'ouvre pas"),
    ],
)
def test_a_file_that_will_not_do_says_why(diane, world, files, said):
    diane.get(NEW)
    page = diane.submit("Lire cette liste", 422, file=files or "")
    assert said in page.soup.select_one("#file-fault").get_text()
    assert Roll.select().count() == 0


def test_a_file_too_heavy_says_so(diane, world, app, monkeypatch):
    monkeypatch.setattr(roll_reading, "MAX_BYTES", 100)
    page = send(diane, status=422)
    assert "plus de 25 Mo" in page.text
    object.__setattr__(app.config["SETTINGS"], "max_document_mb", 0)
    page = send(diane, status=422)
    assert "Coupez la liste en deux" in page.text


def test_a_workbook_is_sent_in_too(diane, world):
    page = send(diane, workbook([HEADINGS.split(";"), ZOE.split(";")]), name="liste.xlsx")
    assert "Classeur, feuille « Feuil1 »" in page.text.replace("\xa0", " ")


def test_a_list_is_dropped(diane, world):
    previewed(diane)
    page = diane.submit("Abandonner cette liste")
    assert page.notices == ["Cette liste est oubliée. Aucun espace n'a été créé."]
    assert Roll.select().count() == 0


def test_what_is_too_late_is_said(diane, world):
    page = previewed(diane, f"{HEADINGS}\n{ZOE}\n")
    here, token = page.address.partition("?")[0], page.soup.select_one("[name=csrf_token]")["value"]
    diane.submit("Créer l'espace")
    for end in ("creation", "abandon", "reponses"):
        diane.client.post(f"{here}/{end}", data={"csrf_token": token})
        page = diane.get(here)
        assert "déjà créés, ou en train de l'être" in page.notices[0]
    assert "Les espaces se créent" in diane.get(here + "/colonnes").title


def test_progress_is_refreshed_and_then_gives_way_to_the_result(diane, world):
    send(diane)
    page = diane.submit("Voir ce qui sera créé")
    link = page.soup.select_one("#follow a")
    assert link["href"] == link["data-hx-get"] == page.address.partition("?")[0]
    asked = {"HX-Request": "true", "HX-Target": "follow"}
    answer = diane.client.get(link["href"], headers=asked)
    assert 'id="follow"' in answer.text and "<html" not in answer.text
    job.run_due(SENDER)
    answer = diane.client.get(link["href"], headers=asked)
    assert answer.status_code == 204 and answer.headers["HX-Redirect"] == link["href"]


def test_lines_are_shown_a_page_at_a_time(diane, world):
    names = (re.sub(r"\d", lambda d: "abcdefghij"[int(d[0])], str(n)) for n in range(PAGE + 2))
    people = (f";Fictif{name};Zoé;06/05/2010;F;" for name in names)
    previewed(diane, "\n".join((HEADINGS, *people)))
    page = diane.follow("Lignes suivantes")
    assert len(page.soup.select("main li b")) == 2
    page = diane.follow("Lignes d'avant")
    assert len(page.soup.select("main li b")) == PAGE
    for wrong in ("x", "-1", "9" * 20):
        diane.get(page.address.partition("?")[0] + f"?page={wrong}&etat=rien")


def test_a_month_put_first_warns_of_the_other_dates(diane, world):
    content = f"{HEADINGS}\n{ZOE}\n15;Modèle;Ève;03/25/1960;Mme;\n"
    page = previewed(diane, content)
    assert "dans 1 date, le mois vient avant le jour" in page.text


def test_what_is_in_a_list_is_drawn_as_text(diane, world):
    page = previewed(diane, f"{HEADINGS}\n1;<b>x</b>;<script>y;06/05/2010;F;\n")
    assert "<b>x</b>" not in page.html and "<script>y" not in page.html
    assert "<b>x</b>" in page.text


def test_an_unknown_list_is_not_there(diane):
    for end in ("", "/colonnes"):
        diane.get("/association/adherents/listes/AAAAAAAAAAAAAAAA" + end, 404)


def test_pages_ask_the_database_little(diane, world, monkeypatch):
    page = previewed(diane)
    asked, execute = [], type(database.obj).execute_sql

    def counted(self, sql, *given):
        asked.append(sql)
        return execute(self, sql, *given)

    monkeypatch.setattr(type(database.obj), "execute_sql", counted)
    for address in (page.address, "/association/adherents/listes"):
        asked.clear()
        diane.get(address)
        assert len([sql for sql in asked if sql.startswith("SELECT")]) <= 8, asked


def test_without_a_number_column_it_is_said(diane, world):
    said = "Aucune colonne n'est lue comme numéro d'adhérent : Carnet donnera un numéro à chacun."
    assert said not in send(diane).text.replace("\xa0", " ")
    page = diane.submit("Voir ce qui sera créé", 422, **{"column-0": "", "column-1": ""})
    assert said in page.text.replace("\xa0", " ")


def test_the_totals_stay_once_someone_objected(diane, world):
    page = previewed(diane)
    diane.submit("Créer l'espace")
    job.run_due(SENDER)
    zoe = Record.get(Record.member_number == "12")
    with transaction():
        erasure.erase(zoe)
    page = diane.get(page.address.partition("?")[0])
    told = page.text.replace("\xa0", " ")
    assert "1 espace créé" in told and "Créées : 1" in told and "Répétées : 1" in told
    assert "Pas créées : ressemblent à quelqu'un : 1" in told
    page = diane.follow("Créées")
    assert "n'est plus montrée ici" in page.text and "Zoé" not in page.text
    page = diane.follow("Répétées")
    assert "Comme la ligne 2." in page.text and "Zoé" not in page.text
    RollLine.delete().execute()
    page = diane.get(page.address.partition("?")[0])
    assert "1 espace créé" in page.text and "gardé 30 jours" in page.text


def test_lines_to_correct_are_downloaded(diane, world):
    page = previewed(diane)
    diane.follow("Refusées")
    page = diane.submit("Télécharger les 2 lignes à corriger (CSV)")
    assert page.response.headers["Content-Disposition"].startswith("attachment;")
    assert "Fictif;;Paul;29/02/2023" in page.html and "Léa" in page.html
    page = diane.get("/association/registre")
    assert "a téléchargé les lignes à corriger de la liste « liste.csv »" in page.text.replace(
        "\xa0", " "
    )
