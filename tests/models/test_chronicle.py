"""The journal taken out: what the table says, to people and to programs. Proof: test_proof.py."""

import csv
import hashlib
import io
import json

import pytest

from models import bin, chronicle, document, folder, journal
from models.access import Forbidden, Role
from models.database import database
from models.journal import Act, Entry, Filters
from views.journal import as_what, sentence

from ..world import SURGERY

WORDS = chronicle.Words(lambda entry: as_what(entry, "Alice Exemple"), sentence)


def exported(access) -> bytes:
    return b"".join(chronicle.export(access, WORDS))


def rows(access):
    text = exported(access).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_it_is_a_table_that_french_spreadsheets_open(world):
    text = exported(world.access("alice")).decode()
    assert text.startswith("\ufeffQuand;Qui;En tant que;Ce qui a été fait;Document;Chaîne;")
    assert text.endswith("\r\n")


def test_each_entry_is_one_line_told_to_people_then_sealed(world):
    bruno = world.let_in("bruno", Role.CARER, given="read file")
    paper = world.paper("Bilan\u2028de l'été", by=SURGERY)
    document.read(bruno, paper)
    alice = world.access("alice")
    *told, export, end = rows(alice)
    assert len(told) + 1 == world.record("alice").journal_length
    read = told[-1]
    assert read["Qui"] == "Bruno Fictif"
    assert read["En tant que"] == "aidant, pour Alice Exemple"
    assert read["Ce qui a été fait"] == f"a ouvert « {paper.title} »"
    assert (read["Document"], read["Chaîne"]) == (paper.title, "principale")
    entry = Entry.get(Entry.act == Act.READ)
    assert read["Quand"] == entry.at.astimezone(chronicle.clock.PARIS).strftime("%d/%m/%Y %H:%M:%S")
    assert (read["Scellé"], read["Empreinte"]) == (entry.told, entry.hash)
    assert int(read["Numéro"]) == entry.number
    assert export["Ce qui a été fait"] == "a exporté l'activité", "the export is in it"
    assert end["Quand"] == "Fin de la chaîne"
    record = world.record("alice")
    assert (end["Numéro"], end["Empreinte"]) == (str(record.journal_length), record.journal_head)
    lines = exported(alice).decode().splitlines()
    assert len(lines) == len(told) + 1 + 1 + 1 + 1, "one line each, whatever they hold"


def test_what_is_sealed_is_hashed_to_the_letter(world):
    folder.make(world.access("alice"), 'Mon « cœur » ; "saut"')
    *told, _ = rows(world.access("alice"))
    previous = ""
    for row in told:
        assert hashlib.sha256(row["Scellé"].encode()).hexdigest() == row["Empreinte"]
        assert json.loads(row["Scellé"])[10] == previous
        previous = row["Empreinte"]


def test_no_cell_is_a_formula(world):
    alice = world.access("alice")
    world.paper("=HYPERLINK(0)", by=SURGERY)
    document.read(world.access("alice"), world.paper("@SUM(A1)"))
    for name in ("=1+1", "+33", "-1", "\t=2", "＝3"):
        actor = journal.Actor(None, name, "source")
        journal.write(alice.record, actor, Act.ENTERED)
    cells = [cell for row in rows(alice) for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r＝"))]
    assert "'=1+1" in cells and "'=HYPERLINK(0)" in cells and "'=2" in cells
    # The seal is as it was: it begins with a bracket.
    assert any('"=1+1"' in row["Scellé"] for row in rows(alice))


def test_an_erased_document_is_told_without_its_title(world):
    alice, paper = world.access("alice"), world.paper("Très secret")
    bin.discard(alice, [paper])
    bin.erase(alice, paper)
    text = exported(alice).decode()
    assert "Très secret" not in text and "a effacé pour toujours un document effacé" in text


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL, Role.EMERGENCY])
def test_it_is_for_those_who_decide(world, role):
    given = {"given": "read trace"} if role is Role.CARER else {}
    bruno = world.let_in("bruno", role, **given)
    before = world.record("alice").journal_length
    with pytest.raises(Forbidden):
        exported(bruno)
    with pytest.raises(Forbidden):
        chronicle.begin(bruno)
    assert world.record("alice").journal_length == before


def test_it_says_nothing_of_another_record(world):
    paper = world.paper("À Carole", of="carole")
    text = exported(world.access("alice")).decode()
    assert paper.uid not in text and "Carole" not in text


def test_a_long_one_comes_in_pieces_each_entry_once(world, monkeypatch):
    """What is written while it is being sent is not in it."""
    monkeypatch.setattr(chronicle, "BATCH", 7)
    alice, paper = world.access("alice"), world.paper()
    for _ in range(300):
        journal.write(alice.record, alice.actor, Act.READ, paper)
    pieces = chronicle.export(alice, WORDS)
    text = next(pieces)
    journal.write(alice.record, alice.actor, Act.DOWNLOADED, paper)
    text = (text + b"".join(pieces)).decode("utf-8-sig")
    told = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    length = world.record("alice").journal_length - 1
    assert [int(row["Numéro"]) for row in told[:-1]] == list(range(1, length + 1))
    assert told[-1]["Numéro"] == str(length)


def test_its_queries_do_not_grow_with_it(world, monkeypatch):
    asked = []
    execute = database.obj.execute_sql
    monkeypatch.setattr(
        database.obj, "execute_sql", lambda sql, *rest: asked.append(sql) or execute(sql, *rest)
    )
    alice, paper = world.access("alice"), world.paper()

    def queries():
        asked.clear()
        exported(alice)
        return len(asked)

    queries()  # the journal was written elsewhere meanwhile: it is read again
    few = queries()
    for _ in range(100):
        journal.write(alice.record, alice.actor, Act.READ, paper)
    assert queries() == few


def test_the_entries_of_the_page_are_those_of_the_table(world):
    world.paper("Vu", by=SURGERY)
    alice = world.access("alice")
    table = {row["Empreinte"] for row in rows(alice)}
    assert {entry.hash for entry in journal.entries(alice, Filters())} <= table
