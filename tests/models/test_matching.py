"""Whose a document is, for certain; and what cannot be someone's."""

from dataclasses import replace
from datetime import date

import pytest

from models import clock, ins, matching
from models.database import database
from models.header import Person
from models.record import Record
from tests.world import enrolled

ALICE = Person(
    birth_name="Exemple",
    birth_given_names="Alice Anne",
    birth_date=date(1951, 3, 14),
    sex="F",
    birthplace_code="75056",
)


def keyed(number):
    """Thirteen figures, with their key."""
    return number + f"{97 - int(number) % 97:02}"


HERS, ANOTHERS = keyed("2510375056001"), keyed("2510375056002")


def find(**changes):
    return matching.find(replace(ALICE, **changes))


@pytest.fixture
def alice(world):
    return world.record("alice")


@pytest.fixture
def held(opened):
    ins.hold(True, tested=False)
    yield
    ins.hold(False, tested=False)


def another(name, **changes):
    """Someone else of the association: Alice's own traits, but for these."""
    told = {"birth_name": "Exemple", "birth_given_names": "Alice Anne", "birth_date": "1951-03-14"}
    return enrolled(name, **told | changes).record


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"birth_name": "EXEMPLE", "birth_given_names": "ALICE ANNE"},
        {"birth_given_names": "Anne Alice"},
        {"birth_given_names": "Alice"},
        {"birth_given_names": "Alice-Anne"},
        {"birth_given_names": "Alicé Änne"},
        {"birth_given_names": "Alice Anne Odette"},
        {"birthplace_code": ""},
        {"birthplace_code": "75114"},
        {"used_name": "Modèle"},
        {"used_given_name": "Anne"},
        {"ins": HERS, "ins_system": ins.NIR},
    ],
)
def test_the_same_traits_written_otherwise_are_hers(alice, changes):
    found = find(**changes)
    assert found.certain and found.record == alice and not found.why


@pytest.mark.parametrize(
    "changes",
    [
        {"birth_name": "Alice", "birth_given_names": "Exemple"},
        {"birth_name": "Exemples"},
        {"birth_name": "d'Exemple"},
        {"birth_name": "Exemple Modèle"},
        {"birth_name": "", "used_name": "Exemple"},
        {"birth_name": "Modèle", "used_name": "Exemple"},
        {"birth_given_names": "Anne"},
        {"birth_given_names": "Ali"},
        {"birth_given_names": "Alice Odette"},
        {"birth_given_names": ""},
        {"birth_date": None},
        {"birth_date": date(1951, 3, 15)},
        {"birth_date": date(1951, 1, 1)},
        {"sex": "M"},
        {"sex": "U"},
        {"sex": ""},
        {"birthplace_code": "75056 "[:4] + "7"},
        {"birthplace_code": "35238"},
        {"birth_name": "\x00", "birth_given_names": '" OR *'},
        {"birth_name": "x" * 100_000},
    ],
)
def test_anything_less_is_nobodys(alice, changes):
    found = find(**changes)
    assert not found.certain and found.record is None and found.why


def test_a_card_that_does_not_tell_the_sex_is_not_certain(alice):
    Record.update(sex="U").where(Record.id == alice.id).execute()
    assert not find().certain and matching.contradiction(alice, ALICE) == ""


def test_what_the_document_does_not_say_is_told_to_the_office(alice):
    assert "la date de naissance" in find(birth_date=None).why
    assert "le sexe" in find(sex="U").why


@pytest.mark.parametrize(
    ("birth_name", "given", "written_name", "written"),
    [
        ("Le Fictif", "Jean-Paul", "LEFICTIF", "JEAN PAUL"),
        ("L'Exemple", "Jean Paul Marie", "LEXEMPLE", "Jean-Paul"),
        ("Cœur-Modèle", "Éloïse", "COEUR MODELE", "ELOISE"),
        ("de l’Invention", "Noël", "De L'invention", "NOEL"),
        ("Nguyễn Văn", "Thị", "NGUYEN VAN", "THI"),
    ],
)
def test_names_are_compared_as_they_are_said(opened, birth_name, given, written_name, written):
    her = another("other", birth_name=birth_name, birth_given_names=given)
    found = find(birth_name=written_name, birth_given_names=written)
    assert found.record == her


def test_the_beginning_of_a_compound_name_is_not_that_name(opened):
    another("other", birth_given_names="Jean-Paul")
    assert not find(birth_given_names="Jean").certain


@pytest.mark.parametrize("place", ["75056", ""])
def test_homonyms_are_told_apart_by_nothing_less_than_all(alice, place):
    """Two cards that could be hers, one of them without a birthplace, or the very same."""
    another("other", birthplace_code=place)
    assert not find().certain


def test_homonyms_of_two_departements_are_told_apart_by_their_place(alice):
    another("other", birthplace_code="35238")
    assert find().record == alice
    assert not find(birthplace_code="").certain


def test_twins_are_told_apart_by_their_names_and_never_by_the_first_alone(opened):
    one = another("one", birth_given_names="Marie Anne", birth_name="Fictive")
    another("two", birth_given_names="Marie Claire", birth_name="Fictive")
    assert find(birth_name="Fictive", birth_given_names="Anne Marie").record == one
    assert not find(birth_name="Fictive", birth_given_names="Marie").certain


@pytest.mark.parametrize("state", ["objected_at", "closed_at", "closing_at"])
def test_who_takes_no_document_is_as_unknown_as_anyone(alice, state, monkeypatch):
    asked = []
    execute = type(database.obj).execute_sql
    monkeypatch.setattr(
        type(database.obj),
        "execute_sql",
        lambda self, sql, params=None: asked.append(sql) or execute(self, sql, params),
    )
    unknown = find(birth_date=date(1952, 3, 14))
    queries, asked[:] = list(asked), []
    Record.update({state: clock.now()}).where(Record.id == alice.id).execute()
    asked.clear()
    assert find() == unknown
    assert asked == queries and len(asked) <= 3


def test_someone_like_her_who_takes_no_document_may_be_the_one_meant(alice):
    other = another("other", birthplace_code="")
    Record.update(objected_at=clock.now()).where(Record.id == other.id).execute()
    assert not find().certain


def test_a_day_that_stands_for_all_that_are_not_known_proves_nothing(alice, monkeypatch):
    monkeypatch.setattr(matching, "MOST", 1)
    another("other", birth_name="Estève", birth_given_names="Autre")
    monkeypatch.setattr(matching._born, "_written", {})
    assert not find().certain
    assert matching.alike(ALICE, 5) == [alice]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"birth_date": date(1951, 3, 15)}, "la date de naissance"),
        ({"sex": "M"}, "le sexe"),
        ({"birth_name": "Alice", "birth_given_names": "Exemple"}, "le nom"),
        ({"birth_name": "Exemplaire"}, "le nom"),
        ({"birth_given_names": "Alice Claire"}, "le prénom"),
        ({"birth_given_names": "Claire", "used_given_name": "Alice"}, "le prénom"),
        ({"birthplace_code": "35238"}, "le lieu de naissance"),
    ],
)
def test_what_cannot_be_hers_is_said_in_words(alice, changes, fault):
    assert matching.contradiction(alice, replace(ALICE, **changes)) == fault


@pytest.mark.parametrize(
    "person",
    [
        Person(),
        replace(ALICE, birth_date=None),
        replace(ALICE, sex="U"),
        replace(ALICE, birth_name="Modèle", used_name="Exemple"),
        replace(ALICE, birth_name="Exemple-Modèle"),
        replace(ALICE, birth_name="D'EXEMPLE"),
        replace(ALICE, birth_given_names="Anne"),
        replace(ALICE, birth_given_names="", used_given_name="Anne"),
        replace(ALICE, birthplace_code="75114"),
        replace(ALICE, birthplace_code="92050"),
        replace(ALICE, birthplace_code="?"),
    ],
)
def test_what_may_be_hers_contradicts_nothing(alice, person):
    assert matching.contradiction(alice, person) == ""


def test_a_number_proves_who_she_is_where_nothing_is_against_it(held, alice):
    Record.update(ins=HERS, ins_system=ins.NIR).where(Record.id == alice.id).execute()
    number = {"ins": HERS, "ins_system": ins.NIR}
    assert matching.find(Person(**number)).record == alice
    assert find(**number, birth_given_names="Anne", sex="U").record == alice
    assert not find(**number, birth_date=date(1980, 3, 14)).certain
    # The same traits, and another number: two people.
    assert not find(ins=ANOTHERS, ins_system=ins.NIR).certain
    # One that waits for a number, then has it, is one person.
    assert find(ins=ANOTHERS, ins_system=ins.NIA).record == alice


@pytest.mark.parametrize(
    ("number", "system"),
    [
        (HERS, "1.2.250.1.213.1.4.10"),
        (HERS, "1.2.250.1.213.1.4.2"),
        (HERS, ""),
        (HERS[:-1] + str((int(HERS[-1]) + 1) % 10), ins.NIR),
        (HERS[:13], ins.NIR),
    ],
)
def test_a_number_that_proves_nothing_is_left_aside(held, alice, number, system):
    Record.update(ins=HERS, ins_system=ins.NIR).where(Record.id == alice.id).execute()
    assert not matching.find(Person(ins=number, ins_system=system)).certain
    assert find(ins=number, ins_system=system).record == alice


def test_a_number_is_not_looked_at_where_it_may_not_be_held(alice):
    Record.update(ins=HERS, ins_system=ins.NIR).where(Record.id == alice.id).execute()
    assert not matching.find(Person(ins=HERS, ins_system=ins.NIR)).certain
    assert find(ins=ANOTHERS, ins_system=ins.NIR).record == alice


@pytest.mark.parametrize("told", [{}, {"birth_given_names": ""}])
def test_the_number_of_someone_who_objected_tells_nothing(held, alice, told):
    number = {"ins": HERS, "ins_system": ins.NIR} | told
    unknown = find(**number, birth_date=date(1951, 4, 1))
    changes = {"ins": HERS, "ins_system": ins.NIR, "objected_at": clock.now()}
    Record.update(**changes).where(Record.id == alice.id).execute()
    assert find(**number) == unknown


def test_a_number_of_test_serves_in_a_demonstration_alone(held, alice):
    ins.hold(True, tested=True)
    Record.update(ins=HERS, ins_system=ins.NIR).where(Record.id == alice.id).execute()
    assert matching.find(Person(ins=HERS, ins_system="1.2.250.1.213.1.4.10")).record == alice


def test_those_alike_are_proposed_the_likest_first(alice):
    other = another("other", sex="M")
    another("third", sex="M", birth_given_names="Zoé")
    assert matching.alike(ALICE, 5) == [alice, other]
    assert matching.alike(ALICE, 1) == [alice]
    assert matching.alike(replace(ALICE, birth_date=None), 5) == []
