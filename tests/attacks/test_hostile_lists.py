"""Lists sent in to harm: too long, too wide, packed to burst. Each is refused in words; what they
cost is bounded."""

import subprocess
import sys
from pathlib import Path

import pytest

from models import roll_reading
from models.access import Actor
from models.formats import table
from models.formats.cells import cell, is_formula
from models.refusal import Refusal
from models.roll import Roll
from models.roll_line import RollLine

from ..workbooks import BEGINNING, END, open_document, workbook

ROOT = Path(__file__).parents[2]
DIANE = Actor(None, "Diane Modèle", "office")
# What one process reads, and the most that it then held, in megabytes.
PROGRAM = r"""
import resource
from itertools import chain, repeat
from models.formats.table import Table
from models.refusal import Refusal
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for pieces in (
    repeat(b"x" * 65536, 16384),
    chain([b'"'], repeat(b"x\n" * 32768, 16384)),
    repeat(b"nom;prenom\n" * 5000, 100),
):
    try:
        for row in Table(pieces):
            pass
    except Refusal as refusal:
        print(refusal.sentence)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print((after - before) // 1024)
"""


def refused(content, said):
    with pytest.raises(Refusal, match=said):
        roll_reading.read([content], "liste.xlsx", DIANE)
    assert Roll.select().count() == RollLine.select().count() == 0


def test_a_gigabyte_takes_no_memory():
    """One line of it, one cell of it; and 5 megabytes of good lines."""
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    line, quote, megabytes = done.stdout.splitlines()
    assert line.startswith("La ligne 1 est beaucoup trop longue")
    assert quote.startswith("La ligne 1 ne se lit pas")
    assert int(megabytes) < 10


def cell_of(megabytes):
    """The XML of a sheet of one cell, that weighs so much and packs a thousand times smaller."""
    yield BEGINNING + '<row r="1"><c r="A1" t="inlineStr"><is><t>'
    for _ in range(megabytes):
        yield "x" * 1_000_000
    yield "</t></is></c></row>" + END


def test_a_bomb_that_tells_its_size_is_refused_at_once(world):
    content = workbook(cell_of(425))
    assert len(content) < 1_000_000
    refused(content, "trop lourd")


def test_a_bomb_that_does_not_kills_no_one_but_its_reader(world, monkeypatch):
    refused(workbook(cell_of(340)), "ne s'ouvre pas")


def test_a_sheet_of_two_cells_a_world_apart_is_refused(world):
    first, last = ('<row r="{0}"><c r="{1}{0}"><v>1</v></c></row>',) * 2
    xml = [BEGINNING, first.format(1, "A"), last.format(1_048_576, "XFD"), END]
    refused(workbook(xml), "ne s'ouvre pas")


def test_a_row_repeated_a_thousand_million_times_is_refused(world, monkeypatch):
    monkeypatch.setattr(roll_reading, "MAX_LINES", 1000)
    refused(open_document(rows=1_000_000_000), "plus de 100 000 lignes")


def test_a_workbook_that_never_ends_is_stopped(world, monkeypatch):
    monkeypatch.setattr(table, "SECONDS", 0)
    refused(workbook([["nom", "prenom"]]), "trop lourd")


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "  =1"]
)
def test_a_formula_is_written_as_words_in_every_table(text):
    written = cell(text)
    assert written.startswith("'") and not is_formula(written)


@pytest.mark.parametrize("text", ["Odette", "d'Exemple", "", "12", "a=b"])
def test_words_are_left_alone(text):
    assert cell(text) == text
