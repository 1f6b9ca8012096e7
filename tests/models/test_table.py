"""Tables: a list is read whatever wrote it, a row at a time, and what cannot be is said."""

from datetime import date

import pytest

from models.formats.table import DAMAGED, Table
from models.refusal import Refusal

from ..workbooks import open_document, workbook

LIST = "nom;prénom\nÉté;Œdipe\n"
ROWS = [["nom", "prénom"], ["Été", "Œdipe"]]


def cells(content: bytes, piece=7):
    """Read in small pieces: no reader may count on more."""
    table = Table(content[i : i + piece] for i in range(0, len(content), piece))
    return [row.cells for row in table]


def refused(*pieces):
    with pytest.raises(Refusal) as said:
        list(Table(pieces))
    return said.value.sentence


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_a_list_is_read_in_each_encoding_that_spreadsheets_write(encoding):
    assert cells(LIST.encode(encoding)) == ROWS


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_ends_of_lines_are_recognised(separator, end):
    written = LIST.replace(";", separator).replace("\n", end)
    assert cells(written.encode()) == ROWS


def test_what_it_was_is_told():
    for content, told in (
        (LIST.encode("cp1252"), "CSV, Windows-1252, séparé par des points-virgules"),
        (LIST.replace(";", ",").encode(), "CSV, UTF-8, séparé par des virgules"),
        (b"a;b\n", "CSV, ASCII, séparé par des points-virgules"),
        (LIST.encode("utf-16"), "CSV, UTF-16, séparé par des points-virgules"),
    ):
        table = Table([content])
        list(table)
        assert table.form == told


def test_a_list_made_of_two_encodings_is_read_line_by_line():
    content = LIST.encode() + "Noël;Zoé\n".encode("cp1252")
    table = Table([content])
    assert [row.cells for row in table] == [*ROWS, ["Noël", "Zoé"]]
    assert "UTF-8 et Windows-1252" in table.form


def test_a_separator_inside_quotes_is_none_and_a_cell_may_hold_lines():
    content = b'"nom; d\'usage",prenom\n"a ""b"", c","1 rue X\n35000 Rennes"\n'
    assert cells(content) == [["nom; d'usage", "prenom"], ['a "b", c', "1 rue X\n35000 Rennes"]]


def test_excel_s_own_line_about_the_separator_is_no_row():
    (first, second) = Table([b"sep=,\r\nnom,prenom\r\nA;B,C\r\n"])
    assert (first.number, first.cells) == (2, ["nom", "prenom"])
    assert second.cells == ["A;B", "C"]


def test_rows_are_counted_as_a_spreadsheet_does_and_empty_ones_are_left_out():
    rows = list(Table([b'\n\na;b\n;;;\n"x\ny";z\n\nu;v\n']))
    assert [(row.number, row.cells) for row in rows] == [
        *((3, ["a", "b"]), (5, ["x\ny", "z"]), (7, ["u", "v"]))
    ]


def test_two_million_empty_lines_leave_what_is_between_them():
    pieces = [b"nom;prenom\n", *([b"\n" * 100_000] * 20), b"A;B\n"]
    assert [row.number for row in Table(pieces)] == [1, 2_000_002]


def test_a_control_byte_damages_its_cell_and_no_other():
    (_, row) = cells(b"nom;prenom\nDu\0pont;Al\x01ice\n")
    assert row == [f"Du{DAMAGED}pont", f"Al{DAMAGED}ice"]


def test_a_byte_of_no_encoding_damages_its_cell():
    (_, row) = cells(b"nom;prenom\n\x81t\xe9;Zoe\n")
    assert row == [f"{DAMAGED}té", "Zoe"]


def test_a_cell_too_long_is_the_fault_of_its_row():
    fine, wrong, after = Table([b"a;b\n" + b"x" * 1001 + b";y\nc;d\n"])
    assert not fine.fault and "plus de 1000 caractères" in wrong.fault
    assert max(map(len, wrong.cells)) == 1000 and not after.fault


def test_a_quote_that_never_closes_says_where_it_opened():
    said = refused(b'a;b\nc;d\n"e;f\n' + b"g;h\n" * 50_000)
    assert said.startswith("La ligne 3 ne se lit pas")


def test_a_line_of_a_gigabyte_is_refused_at_its_beginning():
    asked = []

    def endless():
        for number in range(16_384):
            asked.append(number)
            yield b"x" * 65_536

    with pytest.raises(Refusal, match="La ligne 1 est beaucoup trop longue"):
        list(Table(endless()))
    assert len(asked) < 10


def test_endless_empty_lines_end(monkeypatch):
    monkeypatch.setattr("models.formats.table.MAX_ROWS", 1000)
    assert "trop de lignes vides" in refused(b"a;b\n" + b"\n" * 2000)
    assert "trop de lignes vides" in refused(b"\n" * 2000)


@pytest.mark.parametrize("content", [b"\x7fELF\x02\x01\x01\0\0\0", b"\x00\x01;b"])
def test_what_is_no_text_is_no_table(content):
    assert "n'est pas un tableau" in refused(content)


def test_nothing_at_all_is_no_row():
    assert cells(b"") == []


def test_a_workbook_gives_its_days_numbers_and_texts_as_words():
    table = Table(
        [
            workbook(
                [
                    ["Nom", "Né le", "Numéro", "Taille"],
                    ["Été", date(1951, 3, 14), 12, 1.5],
                    [],
                    ["Œdipe", date(2024, 2, 29), 123456789012345, None],
                ]
            )
        ]
    )
    assert [(row.number, row.cells) for row in table] == [
        (1, ["Nom", "Né le", "Numéro", "Taille"]),
        (2, ["Été", "14/03/1951", "12", "1.5"]),
        (4, ["Œdipe", "29/02/2024", "123456789012345"]),
    ]
    assert table.form == "Classeur, feuille « Feuil1 »"


def test_a_spreadsheet_of_libreoffice_is_read_too():
    table = Table([open_document(rows=1)])
    assert [row.cells for row in table] == [["Nom", "Né le"], ["Été", "14/03/1951"]]
    assert table.form == "Classeur, feuille « Membres »"


def test_the_first_sheet_that_has_something_is_read():
    table = Table([workbook([], [["a", "b"]], [["c"]])])
    assert [row.cells for row in table] == [["a", "b"]]
    assert "Feuil2" in table.form


def test_an_empty_workbook_says_so():
    assert refused(workbook([], [])) == "Ce classeur est vide."


@pytest.mark.parametrize("beginning", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_a_workbook_that_is_broken_says_so(beginning):
    assert "ne s'ouvre pas" in refused(beginning + b"x" * 3000)
