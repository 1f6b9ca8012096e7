"""What columns are, told from headings as French associations write them."""

import pytest

from models.headings import Column, guessed, known, looks_like_headings, told, without_national

NIR = "1 56 09 61 225 280 23"


@pytest.mark.parametrize(
    "heading, column",
    [
        ("Numéro d'adhérent", Column.NUMBER),
        ("N° adhérent", Column.NUMBER),
        ("numero_adherent", Column.NUMBER),
        ("N° adh.", Column.NUMBER),
        ("Nº Adh", Column.NUMBER),
        ("n°adh", Column.NUMBER),
        ("No adh.", Column.NUMBER),
        ("Num. adh.", Column.NUMBER),
        ("Numéro adh", Column.NUMBER),
        ("ADH", Column.NUMBER),
        ("NumAdh", Column.NUMBER),
        ("id_adh", Column.NUMBER),
        ("Adhérent n°", Column.NUMBER),
        ("N° d'adhérent(e)", Column.NUMBER),
        ("Numéro d'adhérente", Column.NUMBER),
        ("Matricule", Column.NUMBER),
        ("N° de matricule", Column.NUMBER),
        ("Num", Column.NUMBER),
        ("NOM_NAISSANCE", Column.BIRTH_NAME),
        ("Nom de jeune fille", Column.BIRTH_NAME),
        ("Nom", Column.BIRTH_NAME),
        ("Nom d’usage", Column.USED_NAME),
        ("nom_utilise", Column.USED_NAME),
        ("Nom marital", Column.USED_NAME),
        ("Prénom(s)", Column.GIVEN_NAMES),
        ("PRÉNOMS DE NAISSANCE", Column.GIVEN_NAMES),
        ("Né(e) le", Column.BIRTH_DATE),
        ("Date de naissance (JJ/MM/AAAA)", Column.BIRTH_DATE),
        ("Civilité", Column.SEX),
        ("code_insee_naissance", Column.BIRTHPLACE_CODE),
        ("Code du lieu de naissance", Column.BIRTHPLACE_CODE),
        ("Né(e) à", Column.BIRTHPLACE),
        ("Adresse e-mail", Column.EMAIL),
        ("Courriel", Column.EMAIL),
        ("mail", Column.EMAIL),
        ("Adresse", Column.ADDRESS),
        ("CP", Column.POSTCODE),
        ("Ville", Column.CITY),
        ("birth_given_names", Column.GIVEN_NAMES),
        ("NIR", Column.FORBIDDEN),
        ("N° de sécurité sociale", Column.FORBIDDEN),
        ("n_secu", Column.FORBIDDEN),
        ("Pathologies", Column.FORBIDDEN),
        ("Traitement en cours", Column.FORBIDDEN),
    ],
)
def test_a_heading_is_known_whatever_its_case_accents_and_signs(heading, column):
    assert known(heading)[0] is column


@pytest.mark.parametrize("heading", ["téléphone", "Cotisation 2026", "", "Prénom d'usage"])
def test_one_that_is_not_is_not_read(heading):
    assert known(heading) is None
    assert guessed([heading], []) == [Column.SKIPPED]


def test_two_headings_never_make_one_column():
    assert guessed(["Nom", "Nom de naissance"], []) == [Column.USED_NAME, Column.BIRTH_NAME]
    assert guessed(["Nom de naissance", "Nom"], []) == [Column.BIRTH_NAME, Column.USED_NAME]
    wanted = [Column.SKIPPED, Column.GIVEN_NAMES, Column.GIVEN_NAMES]
    assert guessed(["Prénom", "Prénoms de naissance", "Deuxième prénom"], []) == wanted
    wanted = [Column.EMAIL, Column.SKIPPED]
    assert guessed(["e-mail", "mail"], []) in (wanted, wanted[::-1])


def test_a_column_of_national_numbers_is_told_by_what_is_in_it():
    assert guessed(["Nom", "Divers"], [["A", ""], ["B", NIR]])[1] is Column.FORBIDDEN
    assert guessed(["Nom", "Divers"], [["A", "06 39 98 93 44"]])[1] is Column.SKIPPED


@pytest.mark.parametrize(
    "written", [NIR, NIR.replace(" ", ""), "2 80 03 2A 004 123 45", "280032B00412345"]
)
def test_a_national_number_met_elsewhere_is_not_kept(written):
    assert without_national(f"voir {written} svp") == "voir  svp"


@pytest.mark.parametrize("cell", ["06 39 98 93 44 / 02 99 00 00 00", "3760123456789", "1951-03-14"])
def test_other_figures_are(cell):
    assert without_national(cell) == cell


def test_an_address_is_put_together_on_its_lines():
    columns = [Column.CITY, Column.ADDRESS, Column.POSTCODE, Column.ADDRESS, Column.COUNTRY]
    cells = ["Rennes", "1 rue Fictive", "35000", "Bâtiment B", "France"]
    assert told(columns, cells) == {"postal_address": "1 rue Fictive\nBâtiment B\n35000 Rennes"}
    assert told(columns, ["Liège", "", "", "", "Belgique"]) == {"postal_address": "Liège\nBelgique"}
    assert told(columns, []) == told(columns, ["-", "--", ".", "/", "–"]) == {}


def test_only_what_is_read_is_told():
    columns = [Column.SKIPPED, Column.BIRTH_NAME, Column.FORBIDDEN, Column.GIVEN_NAMES]
    read = told([*columns, Column.GIVEN_NAMES], ["x", "A", NIR, "Zoé", "Anne"])
    assert read == {"birth_name": "A", "birth_given_names": "Zoé Anne"}


def test_how_many_headings_a_line_has():
    assert looks_like_headings(["Nom", "Prénom", "x"]) == 2
    assert looks_like_headings(["Liste des adhérents"]) == 0
