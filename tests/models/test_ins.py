"""The national health identity number: held where it may be, and nowhere else."""

import dataclasses
import json
from datetime import date, timedelta

import pytest

from models import clock, deposit, enrolment, identity, ins, instance, roll_reading, source, stray
from models.database import database
from models.deposit import Description, Incoming
from models.document import Document
from models.header import Header, Person
from models.headings import Column, choices, guessed, known
from models.instance import Mark
from models.lot import Item
from models.record import Record, Sex
from models.refusal import Refusal
from models.roll import Roll
from models.roll_line import RollLine
from tests.world import LIMITS, SENDER, enrolled, spooled

BORN = date(1951, 3, 14)


def keyed(number):
    """Thirteen signs, with their key."""
    value = int(number.replace("2A", "19").replace("2B", "18"))
    return f"{number}{97 - value % 97:02}"


HERS = keyed("2510375056001")
CORSICAN = keyed("251032A004001")


@pytest.fixture
def held(opened):
    ins.hold(True, tested=False)
    yield
    ins.hold(False, tested=False)


@pytest.fixture
def alice(world):
    return world.record("alice")


def correct(world, record, **changes):
    return identity.correct(record, identity.told(record) | changes, world.office)


def everywhere():
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
    rows = [
        row
        for (table,) in database.execute_sql(tables).fetchall()
        for row in database.execute_sql(f'SELECT * FROM "{table}"').fetchall()
    ]
    return " ".join(str(value) for row in rows for value in row)


@pytest.mark.parametrize(
    "text", [HERS, CORSICAN, CORSICAN.lower(), " ".join(HERS), "279035121518989"]
)
def test_a_number_is_known_by_its_key(text):
    assert len(ins.valid(text)) == 15


@pytest.mark.parametrize(
    "text",
    ["", HERS[:-1], HERS[:13], HERS + "0", HERS[:-1] + "x", "0" * 15, "²" * 15, "A" * 15]
    + [HERS[:-2] + f"{(int(HERS[-2:]) + 1) % 97:02}", CORSICAN.replace("A", "B"), "1" * 10_000],
)
def test_anything_else_is_none(text):
    assert ins.valid(text) == ""


def test_as_much_is_shown_as_recognises_it():
    assert ins.masked("279035121518989") == "2 79 03 … 89"
    assert ins.masked("") == ""


def test_the_office_writes_it_on_her_card_sees_it_masked_and_takes_it_off(held, world, alice):
    correct(world, alice, ins=" ".join(HERS))
    alice = Record.get_by_id(alice.id)
    assert (alice.ins, alice.ins_system) == (HERS, ins.NIR)
    shown = identity.told(alice)["ins"]
    assert HERS not in shown and correct(world, alice, ins=shown).fields == ()
    told = {name: value for name, value in identity.told(alice).items() if name != "ins"}
    assert identity.correct(alice, told, world.office).fields == ()
    correct(world, alice, ins="")
    assert Record.get_by_id(alice.id).ins == Record.get_by_id(alice.id).ins_system == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HERS[:-1], "quinze caractères"),
        (keyed("2800775056001"), "l'année de naissance"),
        (keyed("1510375056001"), "le sexe"),
    ],
)
def test_a_wrong_one_is_said_at_its_field(held, world, alice, text, sentence):
    with pytest.raises(Refusal, match=sentence) as refused:
        correct(world, alice, ins=text)
    assert refused.value.field == "ins"
    assert Record.get_by_id(alice.id).ins == ""


def test_two_members_never_have_the_same(held, world, alice):
    correct(world, alice, ins=HERS)
    with pytest.raises(Refusal, match="autre adhérent") as refused:
        correct(world, world.record("carole"), ins=HERS, birth_date="14/03/1951")
    assert refused.value.field == "ins"
    told = identity.told(alice) | {"member_number": "", "ins": HERS, "birth_name": "Autre"}
    with pytest.raises(Refusal, match="autre adhérent"):
        identity.add(told, world.office, frozenset({alice.uid}))


def test_off_nothing_of_it_is_kept_on_a_card(world, alice):
    correct(world, alice, ins=HERS)
    assert enrolled("other", ins=HERS, birth_date="1951-03-14").record.ins == ""
    assert HERS not in everywhere()


@pytest.mark.parametrize(
    ("on", "column"), [(True, Column.INS), (False, Column.FORBIDDEN)], ids=["on", "off"]
)
@pytest.mark.parametrize("heading", ["INS", "Matricule INS", "matricule_ins", "N° INS"])
def test_a_list_is_read_for_it_where_it_may_be_held(opened, on, column, heading):
    ins.hold(on, tested=False)
    try:
        assert guessed([heading], [[HERS]]) == [column]
        assert (Column.INS in choices()) == on
        # Under any other heading it may be that of a parent.
        assert known("NIR")[0] is known("N° de sécurité sociale")[0] is Column.FORBIDDEN
        assert guessed(["Numéro"], [[HERS]]) == [Column.FORBIDDEN]
    finally:
        ins.hold(False, tested=False)


@pytest.mark.parametrize("on", [True, False])
def test_a_line_of_a_list_keeps_it_only_where_it_may(world, on):
    ins.hold(on, tested=False)
    try:
        lines = f"Nom;Prénom;Né le;Sexe;INS\nFictive;Zoé;14/03/1951;F;{HERS}\n"
        roll_reading.read([lines.encode()], "liste.csv", world.office)
    finally:
        ins.hold(False, tested=False)
    assert (HERS in RollLine.get().cells) == on
    assert Roll.select().count() == 1


def deposited(world, header, record):
    told = Description(header=header, any_patient=True)
    incoming = [Incoming(spooled(b"Un texte fictif"), "a.txt", told)]
    return deposit.put_all(record, world.office, incoming, LIMITS)[0]


def header(system=ins.NIR, number=HERS, **traits):
    return Header(title="Titre", person=Person(ins=number, ins_system=system, **traits))


def test_off_what_a_document_tells_of_it_is_dropped(world, alice):
    document = deposited(world, header(sex="F"), alice)
    assert json.loads(document.header)["person"] == {"sex": "F"}
    assert document.warning is None and HERS not in everywhere()


def test_on_it_is_kept_with_its_document(held, world, alice):
    assert deposited(world, header(), alice).told.person.ins == HERS


@pytest.mark.parametrize(
    ("told", "words"),
    [({"number": HERS[:-2] + "00"}, "clé"), ({"system": "1.2.250.1.213.1.4.10"}, "test")],
)
def test_one_that_did_not_serve_is_a_warning_and_no_refusal(held, world, alice, told, words):
    assert words in deposited(world, header(**told), alice).warning


def test_once_off_for_a_month_all_that_was_held_is_forgotten(settings, world, alice):
    """And not by the mistake of an evening: a command without the settings of the server."""
    on = dataclasses.replace(settings, ins=True)
    instance.open_instance(on)
    correct(world, alice, ins=HERS)
    deposited(world, header(), alice)
    made = source.register(world.office, source.Told("Logiciel Fictif", "other"))[0]
    item = Item(spooled(b"Autre texte"), "b.txt", header())
    stray.put(made, [item], header().person, "", LIMITS)
    instance.open_instance(settings)
    assert not instance.forget_ins() and HERS in everywhere()
    with clock.moved(timedelta(days=20)):
        ins.hold(True, tested=False)
        assert not instance.forget_ins()
        ins.hold(False, tested=False)
        assert not instance.forget_ins()
    with clock.moved(timedelta(days=40)):
        assert not instance.forget_ins()
    with clock.moved(timedelta(days=51)):
        assert instance.forget_ins()
    assert HERS not in everywhere()
    assert Document.get().told.title == "Titre" and stray.listed()[0].told == Person()
    assert not Mark.select().where(Mark.name == instance.HELD).exists()


def test_whoever_has_no_known_sex_may_have_one(held, world, alice):
    Record.update(sex=Sex.UNKNOWN.value).where(Record.id == alice.id).execute()
    correct(world, Record.get_by_id(alice.id), ins=HERS)
    assert Record.get_by_id(alice.id).ins == HERS


def test_a_list_gives_it_to_nobody_twice(held):
    told = {"birth_name": "Fictive", "birth_date": "1951-03-14", "sex": "F", "ins": HERS}
    names = ("Zoé", "Léa")
    members = [told | {"birth_given_names": one, "member_number": one} for one in names]
    (made,), (refused,) = enrolment.enrol(members, SENDER)
    assert made.record.ins == HERS and "autre adhérent" in refused
