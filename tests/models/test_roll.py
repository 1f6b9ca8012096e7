"""A list of members: read, told column by column, judged, and made once the office says so."""

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from models import clock, erasure, job, ledger, remainder, roll, roll_line, roll_reading
from models.access import Actor
from models.database import transaction
from models.headings import Column
from models.journal import Act, Entry
from models.record import Record
from models.refusal import Refusal
from models.roll import Roll, Stage
from models.roll_line import Answer, RollLine, Verdict

from ..workbooks import workbook
from ..world import SENDER

DIANE = Actor(None, "Diane Modèle", "office")
GIVEN = Path("/work/shared/inputs/members")
HEADINGS = "Nom;Prénoms;Date de naissance;Sexe;Courriel"


def read(content, name="liste.csv"):
    content = content.encode() if isinstance(content, str) else content
    return roll_reading.read([content], name, DIANE)


def lines(number, first=0):
    """People who are not alike: letters for their numbers."""
    told = (str(n).translate(str.maketrans("0123456789", "abcdefghij")) for n in range(number))
    people = [f"Fictif{one};Zoé;06/05/2010;F;{one}@exemple.invalid" for one in told]
    return "\n".join((HEADINGS, *people[first:])) + "\n"


def previewed(content):
    made = read(content)
    roll.choose(made, made.chosen, DIANE)
    job.run_due(SENDER)
    return roll.find(made.uid)


def made_of(content):
    one = previewed(content)
    roll.make(one, DIANE)
    job.run_due(SENDER)
    return roll.find(one.uid)


def counted(one):
    return {verdict.value: number for verdict, number in roll_line.counts(one).items() if number}


def acts():
    return [
        (line.act, line.name, line.details)
        for line in ledger.Line.select().order_by(ledger.Line.id)
    ]


def refused(content):
    with pytest.raises(Refusal) as said:
        read(content)
    assert Roll.select().count() == RollLine.select().count() == 0
    return said.value.sentence


def test_a_list_goes_from_stage_to_stage_and_writes_nothing_before_the_word(world):
    before = Record.select().count()
    one = read(lines(3))
    assert one.stage is Stage.COLUMNS
    roll.choose(one, one.chosen, DIANE)
    assert roll.find(one.uid).stage is Stage.JUDGING
    job.run_due(SENDER)
    one = roll.find(one.uid)
    assert one.stage is Stage.PREVIEW and counted(one) == {"create": 3}
    assert Record.select().count() == before
    roll.make(one, DIANE)
    assert roll.find(one.uid).stage is Stage.MAKING
    job.run_due(SENDER)
    one = roll.find(one.uid)
    assert one.stage is Stage.DONE and counted(one) == {"created": 3}
    assert Record.select().count() == before + 3


def test_what_is_made_is_the_office_s_act_in_both_journals(world):
    one = made_of(lines(2))
    records = [line.record for line in one.lines.order_by(RollLine.line)]
    for record in records:
        (entry,) = Entry.select().where(Entry.record == record)
        assert (entry.act, entry.actor) == (Act.ANNOUNCED, "Diane Modèle")
    assert [record.member_number for record in records] == ["C-000001", "C-000002"]
    assert records[0].email == "a@exemple.invalid" and records[0].told_at is None
    assert acts()[-2:] == [
        ("read-roll", "Diane Modèle", {"file": "liste.csv", "lines": 2}),
        ("created-records", "Diane Modèle", {"file": "liste.csv", "created": 2}),
    ]


def test_the_same_list_twice_makes_nothing_twice(world):
    made_of(lines(3))
    before = Record.select().count()
    again = previewed(lines(4))
    assert counted(again) == {"known": 3, "create": 1}
    roll.make(again, DIANE)
    job.run_due(SENDER)
    assert Record.select().count() == before + 1
    third = previewed(lines(4))
    with pytest.raises(Refusal, match="aucun espace à créer"):
        roll.make(third, DIANE)


def test_two_previews_of_one_list_make_nobody_twice(world):
    first, second = previewed(lines(3)), previewed(lines(3))
    before = Record.select().count()
    for one in (first, second):
        roll.make(one, DIANE)
    job.run_due(SENDER)
    assert Record.select().count() == before + 3
    assert counted(roll.find(second.uid)) == {"known": 3}


def test_unanswered_questions_are_left_aside(world):
    names = ("Zoé", "Léa", "Éva", "Ida")
    twins = "\n".join((HEADINGS, *(f"A;{name};06/05/2010;F;" for name in names)))
    one = previewed(twins)
    assert roll_line.unanswered(one).count() == 3
    roll.answer(one, {3: Answer.OTHER, 4: Answer.SAME, 2: Answer.OTHER})
    assert roll_line.unanswered(one).count() == 1
    roll.make(one, DIANE)
    job.run_due(SENDER)
    assert counted(roll.find(one.uid)) == {"ask": 2, "created": 2}
    with pytest.raises(Refusal, match="déjà créés"):
        roll.answer(one, {5: Answer.OTHER})


def test_what_is_not_read_is_forgotten_once_the_columns_are_told(world):
    one = read(lines(1).replace("Sexe", "Sexe;Remarque").replace(";F;", ";F;secret;"))
    assert "secret" in one.lines.get().cells
    roll.choose(one, one.chosen, DIANE)
    job.run_due(SENDER)
    line = one.lines.get()
    assert "secret" not in line.cells
    assert set(json.loads(line.cells)) == {
        "birth_name",
        "birth_given_names",
        "birth_date",
        "sex",
        "email",
    }


def test_a_column_of_health_is_never_kept(world):
    one = read(lines(1).replace("Sexe", "Sexe;Pathologie").replace(";F;", ";F;asthme;"))
    assert one.chosen[4] is Column.FORBIDDEN
    assert "asthme" not in one.lines.get().cells


@pytest.mark.parametrize(
    "columns, said",
    [
        (["birth_name", "birth_given_names", "birth_date", "", ""], "Il manque une colonne : Sexe"),
        (["", "", "", "", ""], "Nom de naissance, Prénoms de naissance, Date de naissance, Sexe"),
        (
            ["birth_name", "birth_name", "birth_date", "sex", ""],
            "Deux colonnes ne peuvent pas être",
        ),
    ],
)
def test_columns_that_do_not_do_are_said(world, columns, said):
    one = read(lines(1))
    with pytest.raises(Refusal, match=said):
        roll.choose(one, columns, DIANE)
    assert roll.find(one.uid).stage is Stage.COLUMNS


def test_columns_are_as_the_office_says(world):
    one = read("Titre 1;Titre 2;Titre 3;Titre 4\nFictif;Zoé;06/05/2010;F\n")
    assert set(one.chosen) == {Column.SKIPPED}
    roll.choose(one, ["birth_name", "birth_given_names", "birth_date", "sex"], DIANE)
    job.run_due(SENDER)
    assert counted(one) == {"create": 1}
    with pytest.raises(Refusal, match="déjà en train"):
        roll.choose(one, one.chosen, DIANE)


def test_examples_are_a_few_values_of_each_column(world):
    one = read(lines(9).replace("a@exemple.invalid", ""))
    names, given, *_ = roll_reading.examples(one)
    assert names == ["Fictifa", "Fictifb", "Fictifc"] and given == ["Zoé"]


def test_a_title_above_the_headings_is_passed_over(world):
    one = read("Liste des adhérents 2026\n\n" + lines(1))
    assert one.titles == HEADINGS.split(";")
    assert one.lines.get().line == 4


def test_a_line_with_more_cells_than_headings_is_refused_and_not_guessed(world):
    one = previewed(lines(1) + "Fictif;Zoé;12, rue X;06/05/2010;F;z@exemple.invalid\n")
    last = one.lines.order_by(RollLine.line.desc()).first()
    assert last.verdict == Verdict.REFUSED and "plus de cases" in last.sentence


@pytest.mark.parametrize(
    "content, said",
    [
        ("", "La première ligne doit dire"),
        ("%PDF-1.7\nx\n", "pas un tableau"),
        ("Fictif;Zoé;06/05/2010;F\nModèle;Léa;06/05/2010;F\n", "La première ligne doit dire"),
        (HEADINGS, "aucun adhérent"),
        (HEADINGS + "\n" * 100, "aucun adhérent"),
        (HEADINGS + ";x" * 100 + "\nA;B\n", "trop de colonnes"),
        (lines(3) + "x" * 300_000, "La ligne 5 est beaucoup trop longue"),
    ],
)
def test_a_file_that_is_no_list_says_why_and_leaves_nothing(world, content, said):
    assert said in refused(content)


def test_limits_are_said(world, monkeypatch):
    monkeypatch.setattr(roll_reading, "MAX_LINES", 1000)
    assert "plus de 100 000 lignes" in refused(lines(1001))
    monkeypatch.setattr(roll_reading, "MAX_BYTES", 1000)
    assert "plus de 25 Mo" in refused(lines(100))


def test_a_workbook_is_a_list_too(world):
    heads = ["Nom", "Prénoms", "Né(e) le", "Civilité", "Adresse", "CP", "Ville"]
    row = ["Fictif", "Zoé", date(1951, 3, 14), "Mme", "1 rue Fictive", 35000, "Rennes"]
    one = made_of(workbook([heads, row]))
    record = one.lines.get().record
    assert (record.birth_date, record.sex) == (date(1951, 3, 14), "F")
    assert record.postal_address == "1 rue Fictive\n35000 Rennes"


def test_dropping_forgets_everything_and_is_told(world):
    one = previewed(lines(2))
    roll.drop(one, DIANE)
    assert Roll.select().count() == RollLine.select().count() == 0
    assert acts()[-1] == ("dropped-roll", "Diane Modèle", {"file": "liste.csv"})
    with pytest.raises(Refusal, match="déjà créés"):
        roll.drop(made_of(lines(1)), DIANE)


def test_a_list_dropped_while_it_is_judged_ends_its_job(world):
    one = read(lines(2))
    roll.choose(one, one.chosen, DIANE)
    roll.drop(roll.find(one.uid), DIANE)
    job.run_due(SENDER)
    assert job.Job.get().fault == "" and job.Job.get().finished_at


def test_lines_are_forgotten_thirty_days_after_the_end_and_unfinished_lists_after_seven(world):
    done, left = made_of(lines(2)), read(lines(1))
    for days, remaining in ((6, 3), (8, 2), (29, 2), (31, 0)):
        with clock.moved(timedelta(days=days)):
            roll.forget_old()
        assert RollLine.select().count() == remaining, days
    assert roll.find(left.uid) is None
    assert roll.find(done.uid).stage is Stage.DONE and Record.select().count() == 4


def test_a_list_being_made_is_not_forgotten(world):
    one = previewed(lines(2))
    roll.make(one, DIANE)
    with clock.moved(timedelta(days=40)):
        roll.forget_old()
        job.run_due(SENDER)
    assert counted(roll.find(one.uid)) == {"created": 2}


def test_pages_of_lines(world):
    one = previewed(lines(roll_line.PAGE + 3))
    first, second = roll_line.page(one, Verdict.CREATE, 1), roll_line.page(one, Verdict.CREATE, 2)
    assert len(first) == roll_line.PAGE + 1 and len(second) == 3
    assert first[-1] == second[0] and first[0].line == 2


def test_a_big_list_is_judged_and_made_in_many_steps(world, monkeypatch):
    monkeypatch.setattr(roll, "JUDGED", 3)
    monkeypatch.setattr(roll, "MADE", 2)
    monkeypatch.setattr(roll_reading, "WRITTEN", 4)
    one = made_of(lines(11))
    assert counted(one) == {"created": 11} and (one.job.done, one.job.total) == (11, 11)
    numbers = {line.record.member_number for line in one.lines}
    assert len(numbers) == 11


def test_between_two_steps_others_may_write(world, monkeypatch):
    monkeypatch.setattr(roll, "MADE", 2)
    one, pauses = previewed(lines(4)), []
    monkeypatch.setattr(job.time, "sleep", pauses.append)
    roll.make(one, DIANE)
    job.run_due(SENDER, job.PAUSE)
    assert pauses == [job.PAUSE] * 3 and job.PAUSE > 0.1


def test_no_step_is_long(world, monkeypatch):
    """Where each line takes all the time there is, each step is of one line."""
    monkeypatch.setattr(roll, "SECONDS", 0)
    done, one = [], read(lines(3))
    advance = job.Job.advance
    monkeypatch.setattr(job.Job, "advance", lambda self, n: (done.append(n), advance(self, n)))
    roll.choose(one, one.chosen, DIANE)
    job.run_due(SENDER)
    assert done == [1, 1, 1, 0]
    roll.make(roll.find(one.uid), DIANE)
    job.run_due(SENDER)
    # Then each line loses what is no more of use.
    assert done[4:] == [1, 1, 1, 0, 0, 0, 0]
    assert counted(roll.find(one.uid)) == {"created": 3}


def test_once_it_is_dealt_with_only_who_they_are_is_kept(world):
    made_of(lines(1))
    again = "Inventé;Éva;07/05/2010;F;eva@exemple.invalid\n"
    twins = "Fictifz;Léa;06/05/2010;F;lea@exemple.invalid\nFictifz;Ida;06/05/2010;F;\n"
    wrong = "Modèle;Ève;30/02/2010;F;eve@exemple.invalid\n"
    more = "Fictifz;Ada;06/05/2010;F;ada@exemple.invalid\n"
    one = previewed(lines(1) + again + again.replace("eva@", "autre@") + twins + wrong + more)
    roll.answer(one, {6: Answer.SAME})
    roll.make(one, DIANE)
    job.run_due(SENDER)
    known, created, twice, first, same, refused, asked = one.lines.order_by(RollLine.line)
    naming = {"birth_name", "birth_given_names", "birth_date"}
    for line in (known, created, first):
        assert set(line.told) == naming and line.record
    assert (known.verdict, created.verdict) == (Verdict.KNOWN, Verdict.CREATED)
    assert (twice.cells, twice.record, same.cells) == ("{}", None, "{}")
    assert twice.sentence.startswith("Comme la ligne 3") and "votre réponse" in same.sentence
    # What is to be corrected is whole; and names nobody else.
    assert refused.told["email"] == "eve@exemple.invalid"
    assert asked.told["email"] == "ada@exemple.invalid"
    assert asked.sentence == "Ressemble à la ligne 6, avec d'autres prénoms."
    assert {line.key + line.number for line in one.lines} == {""}


def test_whoever_is_erased_leaves_nothing_in_any_list(world):
    told = "Inventé;Éva;07/05/2010;F;eva@exemple.invalid"
    sister = told.replace("Éva", "Ida").replace("eva@", "ida@")
    heads = HEADINGS + ";N° adh."
    one = made_of(f"{heads}\n{told};A-7\n{told};A-7\n{sister};\n")
    other = made_of(f"{heads}\n{told};A-7\n{sister};A-7\n{sister};\nModèle;Ada;01/01/1990;F;;\n")
    eva = Record.get(Record.birth_given_names == "Éva")
    with transaction():
        erasure.erase(eva)
    kept = [line.cells + line.sentence + line.key for line in RollLine.select()]
    assert len(kept) == 5 and not [text for text in kept if "Éva" in text or "eva@" in text]
    assert not any("7 mai 2010" in text for text in kept)
    # The totals are those of the day it ended.
    assert remainder.totals(one)[Verdict.CREATED] == 1 and counted(one) == {"ask": 1, "twice": 1}
    assert remainder.totals(other)[Verdict.KNOWN] == 1 and "known" not in counted(other)


def test_lines_to_correct_are_a_table_that_computes_nothing_and_is_read_again(world):
    formula = '=HYPERLINK("http://x");Léa;01/02/1950;F;lea@exemple.invalid\n'
    wide = "A;B;C;D;E;F;G\n"
    one = previewed(lines(1) + formula + "Modèle;Ève;30/02/2010;F;\n" + wide)
    content = b"".join(remainder.export(one, DIANE)).decode()
    rows = list(csv.reader(io.StringIO(content.lstrip("\ufeff")), delimiter=";"))
    assert rows[0] == list(remainder.HEADINGS) and [row[0] for row in rows[1:]] == ["3", "4", "5"]
    assert rows[1][2] == '\'=HYPERLINK("http://x")' and rows[2][5] == "30/02/2010"
    assert "n'existe pas" in rows[2][-1] and "plus de cases" in rows[3][-1]
    assert acts()[-1] == ("took-roll", "Diane Modèle", {"file": "liste.csv"})
    again = previewed(content.replace("30/02/2010", "28/02/2010"))
    assert set(remainder.COLUMNS) <= {str(column) for column in again.chosen}
    assert counted(again) == {"create": 1, "refused": 2}
    with pytest.raises(Refusal, match="aucune ligne à corriger"):
        remainder.export(previewed(lines(1)), DIANE)


def test_the_days_of_a_workbook_are_shown_as_people_write_them(world):
    heads = ["Nom", "Prénoms", "Né(e) le", "Sexe"]
    one = read(workbook([heads, ["Fictif", "Zoé", date(1940, 1, 1), "F"]]))
    assert roll_reading.examples(one)[2] == ["01/01/1940"]


def test_a_command_makes_them_with_their_codes(world):
    one = read(lines(120) + "Fictif;Zoé;30/02/2010;F;\n")
    enrolled = list(roll.enrol(one, DIANE, SENDER))
    assert len({made.code for made in enrolled}) == 120
    assert enrolled[0].record.tellings.count() == 1
    assert [(line.line, line.verdict) for line in roll_line.left(one)] == [(122, "refused")]


def test_a_command_forgets_a_list_without_its_columns(world):
    one = read("Nom;Prénom;x\nA;B;C\n")
    with pytest.raises(Refusal, match="Il manque une colonne : Date de naissance, Sexe"):
        list(roll.enrol(one, DIANE, SENDER))
    assert Roll.select().count() == 0


def of_file(name):
    file = GIVEN / name
    if not file.exists():
        pytest.skip("the lists of the project are not here")
    return made_of(file.read_bytes())


@pytest.mark.parametrize(
    "name, number",
    [
        ("membres_300_utf8bom_pointvirgule.csv", 300),
        ("membres_50_cp1252_pointvirgule.csv", 50),
        ("membres_50_utf8_virgule.csv", 50),
    ],
)
def test_the_lists_given_are_taken_whole(world, name, number):
    one = of_file(name)
    assert counted(one) == {"created": number}
    assert "\ufffd" not in "".join(line.cells for line in one.lines)


def test_the_accents_of_windows_come_out_right(world):
    one = of_file("membres_50_cp1252_pointvirgule.csv")
    belin = Record.get(Record.birth_name == "BELIN")
    assert belin.birth_given_names == "Rémy" and belin.birthplace == "Montpothier"
    assert one.form == "CSV, Windows-1252, séparé par des points-virgules"


def test_each_faulty_line_given_is_told_rightly(world):
    one = of_file("membres_12_erreurs.csv")
    told = {line.line: (line.verdict, line.sentence) for line in one.lines}
    said = {
        3: "La date de naissance « 31/02/1980 » n'existe pas.",
        6: "Il manque le nom de naissance.",
        7: "Le sexe « X » ne se lit pas : écrivez F, M, ou U si ce n'est pas connu.",
        8: "L'adresse e-mail « pas une adresse » n'est pas complète.",
        11: "Comme la ligne 10.",
    }
    assert {line: told[line][1] for line in said} == said
    assert "ressemble à une formule" in told[9][1]
    created = {line for line, (verdict, _) in told.items() if verdict == Verdict.CREATED}
    assert created == {2, 4, 5, 10, 12, 13}
    assert Record.get(Record.birth_name == "BARBIER").birth_given_names == "Jean-Noël"
