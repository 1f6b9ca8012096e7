"""Enrolment: a list of members becomes records, and each line refused says why."""

from datetime import date

import pytest

from models.activation_code import ActivationCode
from models.enrolment import day_of, enrol, rows
from models.notice import Notice
from models.record import Record, State
from models.refusal import Refusal

from ..world import SENDER, member

HEADINGS = "member_number,birth_name,birth_given_names,birth_date,sex"


def file_of(folder, content, encoding="utf-8"):
    file = folder / "membres.csv"
    file.write_bytes(content.encode(encoding))
    return file


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
        ({"birth_name": ""}, "il manque « nom_naissance »"),
        ({"birth_given_names": "\u200b"}, "il manque « prenoms »"),
        ({"member_number": "A-1"}, "l'adhérent A-1 a déjà un espace"),
        ({"birth_date": "31/02/1960"}, "la date de naissance « 31/02/1960 » n'existe pas"),
        ({"birth_date": "1960-01-31 ou 32"}, "n'existe pas"),
        ({"birth_date": "2999-01-01"}, "n'existe pas"),
        ({"birth_date": "1899-12-31"}, "n'existe pas"),
        ({"sex": "X"}, "le sexe « X » ne se lit pas"),
        ({"email": "nadia"}, "l'adresse e-mail « nadia » n'est pas complète"),
        ({"email": "nadia@[exemple.invalid"}, "n'est pas complète"),
        ({"birthplace_code": "7505"}, "« 7505 » n'a pas cinq caractères"),
    ],
)
def test_a_line_that_cannot_be_understood_is_refused_with_its_reason(world, changes, why):
    sentence = refused(**changes)
    assert sentence.startswith("ligne 2 : ")
    assert why in sentence
    assert Record.select().count() == 2


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


@pytest.mark.parametrize("name", ["d'Été-Inventé", "Nguyễn Fictif", "Ægir Œuvré", "李 Fictif"])
def test_every_letter_is_accepted_in_a_name(world, name):
    (made,), _ = enrol([one(birth_name=name)], SENDER)
    assert Record.get_by_id(made.record.id).birth_name == name


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_a_csv_is_read_whatever_its_separator_and_mark(tmp_path, separator, start):
    text = f"{start}{HEADINGS}\r\nB-1,Fictive,Nadia,31/01/1960,F\r\n".replace(",", separator)
    (row,) = rows(file_of(tmp_path, text))
    assert (row["birth_name"], row["birth_date"]) == ("Fictive", "31/01/1960")


def test_headings_are_known_in_french_too(tmp_path):
    text = (
        "Numéro d'adhérent;Nom de naissance;PRÉNOMS;Date_naissance;Sexe;Courriel\n1;F;N;D;F;e@x\n"
    )
    (row,) = rows(file_of(tmp_path, text))
    assert (row["member_number"], row["birth_given_names"], row["email"]) == ("1", "N", "e@x")


def test_an_address_on_several_lines_stays_one_address(world, tmp_path):
    text = f'{HEADINGS},postal_address\nB-1,Fictive,Nadia,1960-01-31,F,"1 rue X\n75000 Lyon"\n'
    (made,), _ = enrol(rows(file_of(tmp_path, text)), SENDER)
    assert made.record.postal_address == "1 rue X 75000 Lyon"


@pytest.mark.parametrize(
    "content, encoding, why",
    [
        ("member_number,birth_name\n", "utf-8", "il manque une colonne « birth_given_names »"),
        (HEADINGS + "\nB-1,Éléonore\n", "latin-1", "n'est pas en UTF-8"),
        ("", "utf-8", "il manque une colonne"),
        (HEADINGS + '\nB-1,"' + "x" * 200_000, "utf-8", "ne se lit pas comme un tableau"),
    ],
)
def test_a_file_that_is_not_a_list_of_members_says_why(tmp_path, content, encoding, why):
    with pytest.raises(Refusal, match=why):
        rows(file_of(tmp_path, content, encoding))


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(Refusal, match="ne peut pas être lu"):
        rows(tmp_path / "absent.csv")


@pytest.mark.parametrize("text", ["2024-03-12", "12/03/2024", "12 3 2024", "12.03.2024 "])
def test_a_day_is_read_however_it_is_written(text):
    assert day_of(text) == date(2024, 3, 12)


@pytest.mark.parametrize(
    "text", ["", "12/03", "12/13/2024", "12/03/24", "le 12/03/2024", "0/0/0000"]
)
def test_what_is_not_a_day_is_not_guessed(text):
    assert day_of(text) is None
