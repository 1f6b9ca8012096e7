"""A process killed while it makes the records of a list: another goes on from there, and nobody has
two."""

from collections import Counter
from functools import partial

from models import checking, clock, job, ledger, roll, roll_line, roll_reading
from models.access import Actor
from models.database import database
from models.job import LEASE
from models.journal import Entry
from models.record import Record
from models.roll import Stage
from models.roll_line import RollLine, Verdict

from ..world import SENDER
from .killed import worked_until

PEOPLE, KILLS = 120, 3
DIANE = Actor(None, "Diane Modèle", "office")


def asked_for(number):
    """A list of so many people, whose records are about to be made."""
    letters = str.maketrans("0123456789", "abcdefghij")
    people = (f"Fictif{str(n).translate(letters)};Zoé;06/05/2010;F" for n in range(number))
    content = "\n".join(("Nom;Prénoms;Date de naissance;Sexe", *people))
    one = roll_reading.read([content.encode()], "liste.csv", DIANE)
    roll.choose(one, one.chosen, DIANE)
    job.run_due(SENDER)
    one = roll.find(one.uid)
    roll.make(one, DIANE)
    return one


def made(one):
    lines = RollLine.select().where(RollLine.roll == one, RollLine.verdict == Verdict.CREATED.value)
    return lines.count()


def let_go():
    """The dead one's lease runs out."""
    job.Job.update(leased_until=clock.now() - LEASE).execute()


def test_what_a_killed_process_left_is_gone_on_with_and_nobody_has_two_records(settings, world):
    one, before = asked_for(PEOPLE), Record.select().count()
    done = 0
    for _ in range(KILLS):
        # Small steps: it is killed between two of them, or in the middle of one.
        worked_until(settings, "roll.MADE = 5", partial(made, one), done + 10)
        database.close_all()
        done = made(one)
        # Between two steps: what was made, and what was counted, agree.
        assert done and done == Record.select().count() - before == roll.find(one.uid).job.done
        assert roll.find(one.uid).stage is Stage.MAKING
        let_go()
    assert done < PEOPLE
    job.run_due(SENDER)
    one = roll.find(one.uid)
    assert one.stage is Stage.DONE and one.job.done == one.job.total == PEOPLE
    assert roll_line.counts(one)[Verdict.CREATED] == PEOPLE
    each_once(one, before)


def each_once(one, before):
    records = [line.record for line in one.lines]
    assert Record.select().count() == before + PEOPLE
    names = Counter((record.birth_name, record.birth_given_names) for record in records)
    numbers = Counter(record.member_number for record in records)
    assert len(names) == len(numbers) == PEOPLE and max(names.values()) == 1
    entries = Counter(entry.record_id for entry in Entry.select())
    assert all(entries[record.id] == 1 for record in records)
    acts = [line.details for line in ledger.Line.select() if line.act == "created-records"]
    assert acts == [{"file": "liste.csv", "created": PEOPLE}]
    assert list(checking.faults()) == []


def test_while_someone_makes_them_nobody_else_does(settings, world):
    one = asked_for(10)
    job.Job.update(leased_until=clock.now() + LEASE).execute()
    job.run_due(SENDER)
    assert made(one) == 0
