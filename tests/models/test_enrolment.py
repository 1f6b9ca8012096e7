"""Enrolment: what is told of members becomes records, and each one refused says why."""

from datetime import date, timedelta

import pytest

from models import clock
from models.activation_code import ActivationCode
from models.database import transaction
from models.enrolment import OFFICE, create, enrol, next_number, understood
from models.journal import Act, Entry
from models.notice import Notice
from models.record import Record, State
from models.refusal import Refusal

from ..world import SENDER, member


def one(**changes):
    return member("B-1", "Fictive", "Nadia Rose", "1960-01-31", "F") | changes


def refused(**changes):
    (), (sentence,) = enrol([one(**changes)], SENDER)
    return sentence


def test_a_member_has_a_record_announced_with_its_five_traits(world):
    (made,), faults = enrol([one(used_name="Modèle", email="nadia@exemple.invalid")], SENDER)
    record = Record.get_by_id(made.record.id)
    assert faults == []
    assert (record.birth_name, record.birth_given_names) == ("Fictive", "Nadia Rose")
    assert (record.birth_date, record.sex) == (date(1960, 1, 31), "F")
    assert record.birthplace_code == "75056"
    assert (record.name, record.state) == ("Nadia Modèle", State.ANNOUNCED)
    assert record.takes_documents
    assert [entry.act for entry in Entry.select().where(Entry.record == record)] == [Act.ANNOUNCED]


def test_a_notice_with_the_code_leaves_only_where_there_is_an_address(world):
    before = Notice.select().count()
    (silent, told), _ = enrol(
        [one(), one(member_number="B-2", email="nadia@exemple.invalid")], SENDER
    )
    (letter,) = Notice.select().offset(before)
    assert letter.recipient == "nadia@exemple.invalid"
    assert " ".join(told.code[i : i + 4] for i in (0, 4, 8)) in letter.body
    assert SENDER.activation in letter.body
    assert silent.code not in letter.body.replace(" ", "")


@pytest.mark.parametrize(
    "changes, why",
    [
        ({"birth_name": ""}, "Il manque le nom de naissance."),
        ({"birth_given_names": "\u200b"}, "Il manque les prénoms de naissance."),
        ({"birth_date": " "}, "Il manque la date de naissance."),
        ({"sex": ""}, "Il manque le sexe."),
        ({"birth_name": "'=1+A"}, "Le nom de naissance « '=1+A » ressemble à une formule."),
        ({"member_number": "A-1"}, "L'adhérent A-1 a déjà un espace."),
        ({"birth_date": "31/02/1960"}, "La date de naissance « 31/02/1960 » n'existe pas."),
        ({"birth_date": "29/02/2023"}, "La date de naissance « 29/02/2023 » n'existe pas."),
        ({"birth_date": "1960-01-31 ou 32"}, "n'existe pas"),
        ({"birth_date": "03/25/1960"}, "le mois y est écrit avant le jour"),
        ({"birth_date": "31/01/60"}, "n'a que deux chiffres pour l'année"),
        ({"birth_date": "2999-01-01"}, "est dans l'avenir"),
        ({"birth_date": "1899-12-31"}, "est trop ancienne"),
        ({"sex": "X"}, "Le sexe « X » ne se lit pas"),
        ({"email": "nadia"}, "L'adresse e-mail « nadia » n'est pas complète"),
        ({"email": "nadia@[exemple.invalid"}, "n'est pas complète"),
        ({"birthplace_code": "7505"}, "« 7505 » n'a pas cinq caractères : le zéro du début"),
        ({"birthplace_code": "750"}, "« 750 » n'a pas cinq caractères."),
        ({"birth_name": '=HYPERLINK("http://x";"y")'}, "ressemble à une formule"),
        ({"birth_given_names": "+cmd|' /C calc'!A0"}, "ressemble à une formule"),
        ({"used_name": "@SUM(A1)"}, "ressemble à une formule"),
        ({"member_number": "-1+2"}, "ressemble à une formule"),
        ({"birth_name": "Du\ufffdpont"}, "des lettres sont abîmées"),
        ({"birth_given_names": "FranÃ§ois"}, "des lettres sont abîmées"),
        ({"postal_address": "1 rue\ufffd"}, "des lettres sont abîmées"),
        ({"birth_name": "12"}, "n'a aucune lettre"),
        ({"birth_name": "x" * 101}, "a plus de 100 caractères"),
        ({"member_number": "1" * 41}, "a plus de 40 caractères"),
        ({"postal_address": "x" * 501}, "a plus de 500 caractères"),
    ],
)
def test_a_line_that_cannot_be_understood_is_refused_with_its_reason(world, changes, why):
    sentence = refused(**changes)
    assert sentence.startswith("ligne 2 : ")
    assert why in sentence
    assert Record.select().count() == 2


def test_a_refusal_says_at_which_field(world):
    for field, wrong in (
        ("birth_date", "31/02/1960"),
        ("sex", "?"),
        ("email", "a"),
        ("birth_name", ""),
    ):
        with pytest.raises(Refusal) as said:
            understood(one(**{field: wrong}))
        assert said.value.field == field


def test_someone_born_tomorrow_is_refused_and_today_is_not(world):
    tomorrow = clock.today() + timedelta(days=1)
    assert "dans l'avenir" in refused(birth_date=tomorrow.isoformat())
    assert understood(one(birth_date=clock.today().isoformat()))["birth_date"] == clock.today()


@pytest.mark.parametrize(
    "written, sex",
    [
        *(("F", "F"), ("Mme", "F"), ("Mlle", "F"), ("Féminin", "F"), ("madame", "F"), ("2", "F")),
        *(("M", "M"), ("H", "M"), ("M.", "M"), ("Monsieur", "M"), ("1", "M"), ("u", "U")),
    ],
)
def test_sex_is_read_as_lists_write_it(written, sex):
    assert understood(one(sex=written))["sex"] == sex


def test_a_refused_line_leaves_nothing_behind_and_stops_no_other(world):
    letters, codes = Notice.select().count(), ActivationCode.select().count()
    lines = [one(sex="?", email="a@exemple.invalid"), one(member_number="B-2")]
    enrolled, faults = enrol(lines, SENDER)
    assert [made.record.member_number for made in enrolled] == ["B-2"]
    assert len(faults) == 1
    assert (Notice.select().count(), ActivationCode.select().count()) == (letters, codes + 1)


@pytest.mark.parametrize("written", ["A-1", " A-1 ", "A-1\u200b"])
def test_the_same_member_is_enrolled_once_however_the_number_is_written(world, written):
    assert "a déjà un espace" in refused(member_number=written)


@pytest.mark.parametrize(
    "name", ["d'Été-Inventé", "Nguyễn Fictif", "Ægir Œuvré", "李 Fictif", "'t Fictif", "Ma Ÿ"]
)
def test_every_letter_is_accepted_in_a_name(world, name):
    (made,), _ = enrol([one(birth_name=name)], SENDER)
    assert Record.get_by_id(made.record.id).birth_name == name


def test_an_address_keeps_its_lines(world):
    told = one(postal_address=" 1  rue X\r\n\n75000 Lyon ")
    assert understood(told)["postal_address"] == "1 rue X\n\n75000 Lyon"


def given(**changes):
    with transaction():
        return create(understood(one(member_number="", **changes)), OFFICE).member_number


def test_a_member_without_a_number_is_given_one(world):
    assert [given(), given(), given()] == ["C-000001", "C-000002", "C-000003"]


def test_numbers_that_the_association_wrote_so_are_left_alone(world):
    for number in ("C-000041", "C-12", "C-99999Z", "C-ABCDEF", "C-9999999"):
        enrol([one(member_number=number)], SENDER)
    assert next_number() == "C-000042" == given()
