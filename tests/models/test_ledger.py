"""The ledger: one line for each act of the office, which nothing changes; read, filtered, taken."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import peewee
import pytest

from models import (
    admission,
    clock,
    colleague,
    handover,
    ledger,
    measure,
    professional,
    report,
)
from models.access import Actor, Measure, Role
from models.database import database, transaction
from models.journal import Entry
from models.ledger import Act, Filters, Group, Line
from models.refusal import Refusal

from .. import minors
from ..world import LINK, RESET_LINK


def link(token):
    return f"{RESET_LINK}/{token}"


def fill(number, name="Diane Modèle", act=Act.TOOK_FIGURES, **detail):
    for _ in range(number):
        ledger.write(Actor(1, name, "office"), act, **detail)


# --- Each verb of the office ---------------------------------------------------------------------


def judged(world, kind=Measure.REPRESENTATION):
    until = clock.today() + timedelta(days=300)
    told = measure.Told(
        "Paul Inventé", "paul@exemple.invalid", kind.value, until, "Jugement fictif"
    )
    return measure.enter(world.office, world.record("alice"), told, "Carnet", link)


def reported(world):
    """A record's own journal tells it: the line of the association, which announced it."""
    alice = world.access("alice")
    entry = Entry.get((Entry.record == alice.record_id) & (Entry.role == "office"))
    return report.make(alice, entry, "Pourquoi ?")


def answered(world):
    one = reported(world)
    report.answer(world.office, one, "Parce que.")
    return one


def suspended(world):
    one = world.professional("hugo")
    professional.suspend(world.office, one)
    return one


def left_alone(world):
    """A child's record that nobody holds."""
    parent = minors.activated(world)
    admission.leave(parent)
    return handover.find(parent.record.uid)


def soon_grown(world):
    """Held by a parent, for two months more."""
    born = clock.months_later(clock.today(), -12 * 18) + timedelta(days=60)
    return minors.activated(world, born=born).record


def sami(world):
    told = colleague.Told("Sami Fictif", "sami@exemple.invalid", "support")
    return colleague.add(world.office, told, "Carnet", link)


TOLD = professional.Told("Hugo Fictif", "hugo@exemple.invalid", "dentist")
# Act → what comes before, and the act itself.
VERBS = {
    Act.VERIFIED_PROFESSIONAL: (
        lambda world: None,
        lambda world, _: professional.verify(world.office, TOLD, "Carnet", link),
    ),
    Act.CORRECTED_PROFESSIONAL: (
        lambda world: world.professional("hugo"),
        lambda world, one: professional.correct(world.office, one, TOLD),
    ),
    Act.SUSPENDED_PROFESSIONAL: (
        lambda world: world.professional("hugo"),
        lambda world, one: professional.suspend(world.office, one),
    ),
    Act.REINSTATED_PROFESSIONAL: (
        suspended,
        lambda world, one: professional.reinstate(world.office, one),
    ),
    Act.ENTERED_MEASURE: (lambda world: None, lambda world, _: judged(world)),
    Act.RESENT_MEASURE: (
        judged,
        lambda world, one: measure.send_again(world.office, one, "Carnet", link),
    ),
    Act.CANCELLED_MEASURE: (judged, lambda world, one: measure.cancel(world.office, one)),
    Act.ENDED_MEASURE: (
        lambda world: world.let_in("bruno", Role.REPRESENTATIVE),
        lambda world, one: measure.end(world.office, one),
    ),
    Act.PREPARED_CODE: (
        left_alone,
        lambda world, one: handover.prepare(world.office, one, LINK, 42),
    ),
    Act.NOTED_ADDRESS: (
        soon_grown,
        lambda world, one: handover.note_address(
            world.office, one, "noe@exemple.invalid", LINK, 42
        ),
    ),
    Act.ANSWERED_REPORT: (
        reported,
        lambda world, one: report.answer(world.office, one, "Parce que."),
    ),
    Act.CLOSED_REPORT: (answered, lambda world, one: report.close(world.office, one)),
    Act.ADDED_COLLEAGUE: (lambda world: None, lambda world, _: sami(world)),
    Act.CHANGED_COLLEAGUE: (
        sami,
        lambda world, one: colleague.change(world.office, one, "figures"),
    ),
    Act.ENDED_COLLEAGUE: (sami, lambda world, one: colleague.end(world.office, one)),
}


@pytest.mark.parametrize("act", VERBS)
def test_each_verb_writes_one_line_of_who_did_what(world, act):
    before, verb = VERBS[act]
    prepared = before(world)
    known = Line.select().count()
    verb(world, prepared)
    (line,) = Line.select().order_by(Line.id).offset(known)
    assert (line.act, line.name) == (act, "Diane Modèle")
    assert line.account_id == world.account("diane").id
    assert len(line.about) == 16 or act in (Act.TOOK_FIGURES, Act.TOOK_LEDGER)
    # A name goes with its record: here it would stay for ever.
    assert not any(name in line.detail for name in ("Alice", "Paul", "Bruno", "Hugo", "Noé"))


@pytest.mark.parametrize("act", [Act.ENTERED_MEASURE, Act.PREPARED_CODE, Act.ANSWERED_REPORT])
def test_the_record_s_own_journal_names_who_it_was(world, act):
    before, verb = VERBS[act]
    prepared = before(world)
    verb(world, prepared)
    entry = Entry.select().order_by(Entry.id.desc()).get()
    told = (entry.actor, entry.role, entry.account_id)
    assert told == ("Diane Modèle", "office", world.account("diane").id)


def test_what_is_refused_leaves_no_line(world):
    one = answered(world)
    report.close(world.office, one)
    known = Line.select().count()
    for act in (
        lambda: report.close(world.office, one),
        lambda: report.answer(world.office, one, "Encore."),
        lambda: measure.enter(
            world.office,
            world.record("alice"),
            measure.Told("Paul", "alice@exemple.invalid", "assistance", clock.today(), "x"),
            "Carnet",
            link,
        ),
    ):
        with pytest.raises(Refusal):
            act()
    assert Line.select().count() == known


def test_every_act_is_written_somewhere_and_is_of_one_kind():
    folder = Path(ledger.__file__).parent
    source = (
        "".join(file.read_text() for file in folder.glob("*.py") if file.name not in ("ledger.py",))
        + Path(ledger.__file__).read_text().split("def write(")[1]
    )
    unused = [act for act in Act if f"Act.{act.name}" not in source]
    assert not unused
    grouped = [act for acts in ledger.GROUPS.values() for act in acts]
    assert sorted(grouped) == sorted(Act) and set(ledger.GROUPS) == set(Group)


# --- Nothing changes it --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET name = 'x'",
        "UPDATE ledger SET at = '2000-01-01'",
        "DELETE FROM ledger",
        "REPLACE INTO ledger SELECT * FROM ledger",
        "INSERT OR REPLACE INTO ledger SELECT id, at, 1, 'x', act, about, detail FROM ledger",
    ],
)
def test_the_database_refuses_that_a_line_changes(world, statement):
    fill(2)
    before = list(Line.select().tuples())
    with pytest.raises(peewee.DatabaseError):
        database.execute_sql(statement)
    assert list(Line.select().tuples()) == before


def test_an_act_that_fails_leaves_no_line(world):
    with pytest.raises(ZeroDivisionError), transaction():
        fill(1)
        1 / 0  # noqa: B018
    assert not Line.select().exists()


# --- Read, filtered, taken -----------------------------------------------------------------------


def test_the_latest_first_a_page_at_a_time(world):
    fill(ledger.PAGE + 20)
    first = ledger.lines(Filters())
    assert len(first) == ledger.PAGE + 1
    assert [one.id for one in first] == sorted((one.id for one in first), reverse=True)
    second = ledger.lines(Filters(before=first[ledger.PAGE - 1].id))
    assert len(second) == 20
    assert not {one.id for one in first[: ledger.PAGE]} & {one.id for one in second}


def test_by_who_and_by_kind(world):
    fill(3)
    fill(2, "Sami Fictif", Act.SIGNED_IN)
    fill(1, "Sami Fictif")
    assert ledger.names() == ["Diane Modèle", "Sami Fictif"]
    count = lambda **told: len(ledger.lines(Filters(**told)))  # noqa: E731
    assert (count(who="Sami Fictif"), count(who="Personne")) == (3, 0)
    assert (count(what=Group.COLLEAGUES), count(what=Group.TAKEN)) == (2, 4)
    assert count(who="Sami Fictif", what=Group.TAKEN) == 1


def test_whom_it_is_about_as_long_as_she_is_there(world):
    alice, hugo = world.record("alice"), world.professional("hugo")
    fill(1, about=alice.uid)
    fill(1, about=hugo.uid)
    fill(1, about="A" * 16)
    known = ledger.subjects(ledger.lines(Filters()))
    assert known == {alice.uid: "Alice Exemple (adhérent A-1)", hugo.uid: "Hugo Fictif"}


def test_a_copy_holds_all_the_lines_that_were_asked_for_and_computes_nothing(world):
    fill(ledger.BATCH + 5, '=HYPERLINK("x";"y")')
    fill(3)

    def taken(filters):
        content = b"".join(ledger.export(world.office, filters, lambda line, _: "+1"))
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))

    heading, *rows = taken(Filters())
    assert tuple(heading) == ledger.COLUMNS
    assert len(rows) == ledger.BATCH + 9  # its own line too
    assert {row[1] for row in rows} == {"Diane Modèle", """'=HYPERLINK("x";"y")"""}
    assert {row[2] for row in rows} == {"'+1"}
    assert len(taken(Filters(who="Diane Modèle", before=3))) == 1 + 5
