"""Masking: one click for all, an undo that restores each document, a choice for those to come."""

import logging
import random

import pytest

from models import document, masking
from models.access import Role
from models.document import Document
from models.masking import masked_condition
from models.record import Record
from models.refusal import Refusal


def masked_in_sql(world):
    access = world.access("alice")
    query = access.documents().where(masked_condition(access.record))
    return {one.title for one in query}


class Layers:
    """What must be so: each choice for all covers what was chosen before, till it is undone."""

    def __init__(self):
        self.layers = [{"all": False, "rank": 0, "single": {}}]

    def is_masked(self, title):
        return self.layers[-1]["single"].get(title, self.default)

    @property
    def default(self):
        return self.layers[-1]["all"]

    def put(self, titles, masked):
        self.layers[-1]["single"].update(dict.fromkeys(titles, masked))

    def cover(self, masked, rank):
        self.layers.append({"all": masked, "rank": rank, "single": {}})

    def uncover(self):
        """The single choices made since hold: they are the latest."""
        self.layers[-2]["single"].update(self.layers.pop()["single"])


def step(world, layers, titles, chance):
    alice = world.access("alice")
    masked = chance.random() < 0.5
    what = chance.choice(["one", "one", "all", "undo", "deposit"])
    if what == "one" and titles:
        some = chance.sample(titles, chance.randint(1, min(4, len(titles))))
        asked = [t for t in some if layers.is_masked(t) != masked]
        found = document.loaded(alice, alice.documents().where(Document.title.in_(some)))
        assert masking.choose(alice, found, masked) == len(asked)
        layers.put(asked, masked)
    elif what == "all":
        layers.cover(masked, masking.choose_all(alice, masked).id)
    elif what == "undo" and len(layers.layers) > 1:
        masking.undo(alice, layers.layers[-1]["rank"])
        layers.uncover()
    else:
        titles.append(f"Papier {len(titles)}")
        told = chance.choice([None, True, False])
        world.paper(titles[-1], masked=told)
        # Deposited as the default says, it follows the choices for all, and their undoing.
        layers.put(titles[-1:] if told == (not layers.default) else [], told)


@pytest.mark.parametrize("seed", range(6))
def test_any_sequence_of_choices_and_undos_leaves_each_document_as_it_should_be(world, seed):
    layers, titles, chance = Layers(), [], random.Random(seed)
    doctor = world.let_in("bruno", Role.PROFESSIONAL)
    for _ in range(40):
        step(world, layers, titles, chance)
        wanted = {title for title in titles if layers.is_masked(title)}
        doctor = world.access("bruno", "alice")
        assert world.masked() == masked_in_sql(world) == wanted
        assert world.titles(doctor) == set(titles) - wanted
        assert Record.get_by_id(doctor.record_id).masked_by_default == layers.default


def test_masking_all_holds_for_the_documents_to_come(world):
    masking.choose_all(world.access("alice"), masked=True)
    world.paper("Arrivé ensuite")
    world.paper("Montré exprès", masked=False)
    assert world.masked() == {"Arrivé ensuite"}


def test_masking_all_leaves_other_records_alone(world):
    world.paper("À Carole", of="carole")
    masking.choose_all(world.access("alice"), masked=True)
    world.paper("Encore à Carole", of="carole")
    assert world.masked("carole") == set()


def test_an_undo_is_refused_once_another_choice_for_all_was_made(world):
    first = masking.choose_all(world.access("alice"), masked=True)
    masking.choose_all(world.access("alice"), masked=False)
    with pytest.raises(Refusal, match="un autre a été fait depuis"):
        masking.undo(world.access("alice"), first.id)
    world.paper("Visible")
    assert world.masked() == set()


def test_an_undo_is_refused_the_second_time(world):
    made = masking.choose_all(world.access("alice"), masked=True)
    masking.undo(world.access("alice"), made.id)
    with pytest.raises(Refusal):
        masking.undo(world.access("alice"), made.id)


def test_the_choice_of_someone_else_cannot_be_undone(world):
    world.paper("À Carole", of="carole")
    made = masking.choose_all(world.access("carole"), masked=True)
    with pytest.raises(Refusal):
        masking.undo(world.access("alice"), made.id)
    assert world.masked("carole") == {"À Carole"}


def statements(caplog, verb):
    caplog.clear()
    with caplog.at_level(logging.DEBUG, "peewee"):
        verb()
    return len(caplog.records)


def test_masking_all_costs_as_many_statements_for_one_document_as_for_thirty(world, caplog):
    world.paper()
    one = statements(caplog, lambda: masking.choose_all(world.access("alice"), True))
    for _ in range(29):
        world.paper()
    thirty = statements(caplog, lambda: masking.choose_all(world.access("alice"), False))
    assert one == thirty > 0


@pytest.mark.parametrize("masked", [True, False])
def test_a_choice_made_in_another_tab_meanwhile_is_not_taken_for_this_one(world, masked):
    """Both pages were asked for at once: the one that comes second has the last word."""
    world.paper("Compte rendu", masked=masked)
    slow = world.access("alice")
    found = document.loaded(slow, slow.documents())
    masking.choose_all(world.access("alice"), not masked)
    assert masking.choose(slow, found, masked) == 1
    assert world.masked() == ({"Compte rendu"} if masked else set())
