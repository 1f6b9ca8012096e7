"""Judging the lines of a list: who is new, known, written twice, or so like another that only the
office can tell."""

from datetime import date

import pytest

from models import alike, clock, job, judging, roll, roll_line, roll_reading
from models.access import Actor
from models.database import database, transaction
from models.enrolment import OFFICE, create, understood
from models.record import Record
from models.roll_line import Answer, RollLine, Verdict

from ..world import SENDER

DIANE = Actor(None, "Diane Modèle", "office")
HEADINGS = "numéro;nom de naissance;nom utilisé;prénoms;date de naissance;sexe;code insee;e-mail"
PAUL = ";Fictif;;Paul Marie;06/05/2010;M;35238;paul@exemple.invalid"


def known(**changes):
    """Paul has a record already."""
    told = {
        "member_number": "P-1",
        "birth_name": "Fictif",
        "birth_given_names": "Paul Marie",
        "birth_date": "2010-05-06",
        "sex": "M",
        "birthplace_code": "35238",
    }
    with transaction():
        return create(understood(told | changes), OFFICE)


def judged(*lines, headings=HEADINGS):
    """The list, its lines in their order."""
    content = "\n".join((headings, *lines)).encode()
    made = roll_reading.read([content], "liste.csv", DIANE)
    roll.choose(made, made.chosen, DIANE)
    job.run_due(SENDER)
    return roll.find(made.uid), list(made.lines.order_by(RollLine.line))


def verdicts(*lines):
    return [(one.verdict, one.sentence) for one in judged(*lines)[1]]


def test_someone_new_is_to_be_made(world):
    assert verdicts(PAUL) == [(Verdict.CREATE, "")]


def test_without_any_address_it_is_said(world):
    assert verdicts(PAUL.replace("paul@exemple.invalid", "")) == [
        (
            Verdict.CREATE,
            "Sans adresse e-mail ni postale : son code sera à remettre en main propre.",
        )
    ]


@pytest.mark.parametrize(
    "line",
    [
        PAUL,
        "P-1" + PAUL,
        PAUL.upper(),
        PAUL.replace("Paul Marie", "PAUL-MARIE"),
        PAUL.replace("35238", ""),
        PAUL.replace(";M;", ";U;"),
        PAUL.replace("Fictif;;", "Fictif;Autrement;"),
    ],
)
def test_someone_known_is_matched_and_nothing_changes(world, line):
    paul = known()
    (one,) = judged(line)[1]
    assert (one.verdict, one.record_id) == (Verdict.KNOWN, paul.id)
    assert one.sentence == "Cette personne a déjà un espace : rien ne change."
    assert Record.select().count() == 3


@pytest.mark.parametrize(
    "line, apart",
    [
        ("P-2" + PAUL, "un autre numéro d'adhérent"),
        (PAUL.replace("35238", "75056"), "un autre lieu de naissance"),
        (PAUL.replace(";M;", ";F;"), "un autre sexe"),
        ("P-2" + PAUL.replace(";M;", ";F;"), "un autre numéro d'adhérent et un autre sexe"),
        (PAUL.replace("Paul Marie", "Léa"), "d'autres prénoms"),
        (PAUL.replace("Paul Marie", "Paul"), "d'autres prénoms"),
    ],
)
def test_a_homonym_or_a_twin_is_asked_about(world, line, apart):
    known()
    (one,) = judged(line)[1]
    assert one.verdict == Verdict.ASK and one.record_id is None
    assert one.sentence == f"Ressemble à Paul Marie Fictif, adhérent P-1, avec {apart}."


def test_a_married_name_in_the_place_of_the_birth_name_is_asked_about(world):
    known(used_name="Autrement")
    ((verdict, sentence),) = verdicts(PAUL.replace("Fictif", "Autrement"))
    assert verdict == Verdict.ASK and "un autre nom de naissance" in sentence


@pytest.mark.parametrize(
    "line",
    [
        PAUL.replace("2010", "2011"),
        PAUL.replace("Fictif", "Modèle"),
        PAUL.replace("Fictif", "Fictifs"),
    ],
)
def test_others_are_not(world, line):
    known()
    assert verdicts(line) == [(Verdict.CREATE, "")]


def test_a_number_that_is_someone_else_s_is_refused(world):
    known()
    told = "Le numéro P-1 est déjà celui de Paul Fictif, né le 6 mai 2010."
    for line in (PAUL.replace("2010", "2011"), PAUL.replace("Paul Marie", "Léa")):
        assert verdicts("P-1" + line) == [(Verdict.REFUSED, told)]


def test_a_number_with_the_name_written_otherwise_is_hers(world):
    known()
    ((verdict, sentence),) = verdicts("P-1" + PAUL.replace("Paul Marie", "Paul"))
    assert verdict == Verdict.KNOWN and "écrit un peu autrement" in sentence


@pytest.mark.parametrize(
    "state, said",
    [
        (
            "objected_at",
            "Cette personne s'est opposée à son espace le 3 mars 2026 : il n'est pas créé.",
        ),
        ("closed_at", "Cette personne a fermé son espace le 3 mars 2026 : il n'est pas recréé."),
        ("erased_at", "Cette personne a fermé son espace le 3 mars 2026 : il n'est pas recréé."),
        ("died_on", "Cette personne est décédée le 3 mars 2026 : rien n'est créé."),
    ],
)
def test_someone_who_wanted_none_is_matched_and_has_none_made(world, state, said):
    day = date(2026, 3, 3)
    value = day if state == "died_on" else clock.midnight(day)
    Record.update({state: value}).where(Record.id == known().id).execute()
    assert verdicts(PAUL) == [(Verdict.KNOWN, said)]


def test_a_line_written_twice_is_told_of(world):
    other = PAUL.replace("paul@", "autre@")
    assert verdicts(PAUL, PAUL, other) == [
        (Verdict.CREATE, ""),
        (Verdict.TWICE, "Comme la ligne 2."),
        (Verdict.TWICE, "Comme la ligne 2, écrite deux fois : seule la première est lue."),
    ]


def test_twins_and_homonyms_of_one_list_are_asked_about(world):
    lea = PAUL.replace("Paul Marie", "Léa")
    elsewhere = PAUL.replace("35238", "75056")
    _, (_, twin, homonym, same) = judged(PAUL, lea, elsewhere, elsewhere)
    told = "Ressemble à la ligne 2, Paul Marie Fictif, avec "
    assert (twin.verdict, twin.sentence) == (Verdict.ASK, told + "d'autres prénoms.")
    assert (homonym.verdict, homonym.sentence) == (
        Verdict.ASK,
        told + "un autre lieu de naissance.",
    )
    assert (same.verdict, same.sentence) == (Verdict.TWICE, "Comme la ligne 4.")


def test_one_number_for_two_people_of_a_list_is_refused(world):
    other = PAUL.replace("Fictif", "Modèle")
    (_, (verdict, sentence)) = verdicts("P-7" + PAUL, "P-7" + other)
    assert (verdict, sentence) == (Verdict.REFUSED, "Le numéro P-7 est déjà celui de la ligne 2.")


def test_a_refused_line_hides_no_other(world):
    assert [verdict for verdict, _ in verdicts(PAUL.replace(";M;", ";X;"), PAUL)] == [
        *(Verdict.REFUSED, Verdict.CREATE)
    ]


def test_what_changed_since_the_preview_is_seen(world):
    """Another colleague made one of them meanwhile, and someone like another."""
    twin = PAUL.replace("Fictif", "Modèle").replace("Paul Marie", "Zoé")
    made, _ = judged(PAUL, twin, PAUL.replace("Fictif", "Inventé"))
    known(), known(member_number="P-2", birth_name="Modèle")
    roll.make(made, DIANE)
    job.run_due(SENDER)
    first, second, third = made.lines.order_by(RollLine.line)
    assert (first.verdict, second.verdict) == (Verdict.KNOWN, Verdict.ASK)
    assert third.verdict == Verdict.CREATED
    assert roll.find(made.uid).stage is roll.Stage.DONE
    assert Record.select().where(Record.birth_name == "Inventé").count() == 1


def test_a_number_taken_since_the_preview_is_refused(world):
    made, _ = judged("P-1" + PAUL.replace("Fictif", "Autre").replace("2010", "2009"))
    known()
    roll.make(made, DIANE)
    job.run_due(SENDER)
    (line,) = made.lines
    assert line.verdict == Verdict.REFUSED and "P-1" in line.sentence


def test_twins_said_to_be_two_are_two(world):
    made, lines = judged(PAUL, PAUL.replace("Paul Marie", "Léa"))
    roll.answer(made, {lines[1].line: Answer.OTHER})
    assert roll_line.number_to_make(made) == 2
    roll.make(made, DIANE)
    job.run_due(SENDER)
    names = {one.birth_given_names for one in Record.select().where(Record.birth_name == "Fictif")}
    assert names == {"Paul Marie", "Léa"}


def test_a_national_number_is_nowhere(world):
    nir = "1 56 09 61 225 280 23"
    headings = "nom de naissance;prénoms;date de naissance;sexe;NIR;remarque"
    made, (line,) = judged(f"Fictif;Paul;06/05/2010;M;{nir};vu {nir}", headings=headings)
    assert made.chosen[4] == "forbidden"
    assert "56 09" not in line.cells and "NIR" not in line.cells


def crowd(number):
    """As many people, no two alike, of whom one birth date is written for all."""
    letters = (chr(97 + n // 26) + chr(97 + n % 26) for n in range(number))
    return [f";Fictif{one};Autre{one};Zoé{one};01/01/1970;F;;" for one in letters]


def costs(monkeypatch):
    """What each line asks of the database: queries, and records that it then looks at."""
    told, records, keep = [[0, 0]], alike.records, judging.keep
    execute = type(database.obj).execute_sql

    def looked_at(*given):
        found = records(*given)
        told[-1][1] += len(found)
        return found

    def asked(self, *given):
        told[-1][0] += 1
        return execute(self, *given)

    monkeypatch.setattr(alike, "records", looked_at)
    monkeypatch.setattr(judging, "keep", lambda line: (keep(line), told.append([0, 0])))
    monkeypatch.setattr(type(database.obj), "execute_sql", asked)
    return told


def test_a_line_costs_as_little_where_all_have_one_birth_date(world, monkeypatch):
    made, lines = judged(*crowd(70))
    assert {line.verdict for line in lines} == {Verdict.CREATE}
    told = costs(monkeypatch)
    roll.make(made, DIANE)
    job.run_due(SENDER)
    assert roll_line.counts(made)[Verdict.CREATED] == 70
    # Making a record is ten queries or so, whatever is there.
    assert max(queries for queries, _ in told) <= 30
    assert sum(records for _, records in told) == 0
    # Another list then, of the same people: their records are there, and each line finds its own.
    told.clear(), told.append([0, 0])
    _, lines = judged(*crowd(70))
    assert {line.verdict for line in lines} == {Verdict.KNOWN}
    assert max(queries for queries, _ in told) <= 30
    assert max(records for _, records in told) <= 2


def test_in_a_crowd_those_alike_are_found_all_the_same(world):
    made, _ = judged(*crowd(30))
    roll.make(made, DIANE)
    job.run_due(SENDER)
    known(birth_date="1970-01-01", used_name="D'Autrement")
    paul = PAUL.replace("06/05/2010", "01/01/1970")
    told = verdicts(
        *(paul, paul.replace("Paul Marie", "Léa"), paul.replace("Fictif", "D’AUTREMENT")),
        *(paul.replace("Fictif", "Modèle"), "P-2" + paul.replace("Fictif", "Inventé")),
        *("P-1" + paul.replace("Paul Marie", "Paul"), "P-3" + paul.replace("M;352", "F;352")),
        ";Autreaa;;Zoéaa;01/01/1970;F;;",
    )
    asked, new = Verdict.ASK, Verdict.CREATE
    found = [Verdict.KNOWN, asked, asked, new, new, Verdict.KNOWN, asked, asked]
    assert [verdict for verdict, _ in told] == found
    assert "d'autres prénoms" in told[1][1] and "un autre nom de naissance" in told[2][1]


def test_twins_of_a_crowd_said_to_be_two_are_two_and_once_only(world):
    twins = [f";Fictif;;{name};01/01/1970;F;;" for name in ("Zoé", "Léa", "Éva")]
    made, lines = judged(*crowd(30), *twins)
    assert [line.verdict for line in lines[30:]] == [Verdict.CREATE, Verdict.ASK, Verdict.ASK]
    known(birth_name="Fictif", birth_given_names="Éva", birth_date="1970-01-01", sex="F")
    roll.answer(made, dict.fromkeys((line.line for line in lines[31:]), Answer.OTHER))
    roll.make(made, DIANE)
    job.run_due(SENDER)
    lines = list(made.lines.order_by(RollLine.line))[30:]
    # Zoé is like the Éva that a colleague made meanwhile, who is known.
    assert [line.verdict for line in lines] == [Verdict.ASK, Verdict.CREATED, Verdict.KNOWN]
