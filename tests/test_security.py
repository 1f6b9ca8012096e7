"""SECURITY.md against the standard, the tests and the files: its table cannot rot unseen."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
STATES = {"met", "partly", "not met", "n/a"}
ROW = re.compile(r"^\| (V\d+\.\d+\.\d+) \| (\d) \| (.+?) \| (.+?) \| (.+?) \|(?: (.*?) \||)$")
NAMED = re.compile(r"`([^`\s]+)`")
A_TEST = re.compile(r"[\w/]+\.py::\w+")
A_PATH = re.compile(r"(?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|md|txt|csv|toml)|Makefile")
TEXT = (ROOT / "SECURITY.md").read_text()


def required():
    """Each requirement of levels 1 and 2, and its level."""
    lines = (HERE / "asvs.txt").read_text().splitlines()
    return dict(line.split() for line in lines if not line.startswith("#"))


def rows():
    found = [line for line in TEXT.splitlines() if re.match(r"\| V\d", line)]
    told = [ROW.match(line) for line in found]
    assert all(told), [line for line, one in zip(found, told, strict=True) if not one]
    return [[cell or "" for cell in one.groups()] for one in told]


@cache
def functions(file):
    tree = ast.parse(file.read_text())
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


def test_the_list_is_whole():
    """As many as the standard has: 70 of level 1, 183 of level 2."""
    assert Counter(required().values()) == {"1": 70, "2": 183}


def test_each_requirement_has_one_row_under_its_level():
    told = [(name, level) for name, level, *_ in rows()]
    assert [name for name, number in Counter(told).items() if number > 1] == []
    assert set(required().items()) - set(told) == set()
    assert set(told) - set(required().items()) == set()
    assert told == list(required().items()), "in the order of the standard"


def test_each_row_says_how_or_why_not_and_what_shows_it():
    for name, _level, asks, state, how, shown in rows():
        assert state in STATES and asks and len(how) > 4, name
        assert state != "met" or NAMED.search(shown), f"{name}: nothing shows it"
        assert state != "not met" or "To meet it" in how, name


def test_every_test_and_every_path_that_is_named_exists():
    named = [one for one in NAMED.findall(TEXT) if not one.startswith("/")]
    tests = [one for one in named if A_TEST.fullmatch(one)]
    assert len(tests) > 150
    for one in tests:
        path, _, name = one.partition("::")
        assert (HERE / path).is_file() and name in functions(HERE / path), one
    for one in named:
        if A_PATH.fullmatch(one):
            assert (ROOT / one).exists() or (HERE / one).exists(), one


def test_the_counts_that_it_gives_are_those_of_its_table():
    counts = Counter(state for _, _, _, state, *_ in rows())
    said = re.search(r"(\d+) met, (\d+) partly, (\d+) not met, (\d+) that do not apply", TEXT)
    states = ("met", "partly", "not met", "n/a")
    assert [int(one) for one in said.groups()] == [counts[one] for one in states]
