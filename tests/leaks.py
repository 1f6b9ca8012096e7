"""What Carnet logged in a whole run of the tests, in each of its processes, is read at the end:
nothing is there of what they told it about people. The run fails otherwise."""

import logging
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from models import log
from models.database import Pool

HERE = Path(__file__).parent
FOLDER = "CARNET_LOGS_OF_TESTS"
# How the tests name people, papers and secrets.
NAMED = (
    "name|full_name|birth_name|birth_given_names|given_name|family_name|"
    "title|email|password|member_number|code|token|author|ins|phone"
)
CALLED = "paper|folder|contact|Told|Terms|member|Person"
TELLS = re.compile(rf'\b(?:(?:{NAMED})=|(?:{CALLED})\(\s*)"([^"\n]+)"')
# Shorter, or a plain word, it would be found in the code's own names.
TELLING = re.compile(r"(?=.*\w)(?=.{5})(?=.*[A-Z0-9 @'-])(?!.*[{}\n]).*")
CODE = "[34679ACDEFGHJKMNPQRTWXY]{4}"
PATTERNS = {
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),
    "a date": re.compile(r"\b(?:19|20)\d\d-\d\d-\d\d\b|\b\d\d/\d\d/\d{4}\b"),
    "a number": re.compile(r"\b\d{9,}\b|\b0\d(?:[ .]\d\d){4}\b"),
    "a code": re.compile(rf"\b\d{{3}} \d{{3}}\b|\b{CODE}[ -]{CODE}[ -]{CODE}\b"),
    "a token": re.compile(r"\b(?=\w*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{16,}"),
    "words in French": re.compile(r"[^\x00-\x7f]+"),
}
WORD = re.compile(r"\w+")
WRITES = ("INSERT", "UPDATE")
# What the tests of this process had Carnet write in its database.
stored: set[str] = set()
# When each line was written (a month may be what a test told, too). And what the server says to
# who starts it.
WHEN = r"^\d{4}-\d\d-\d\dT[\d:]{8}Z "
HARMLESS = re.compile(WHEN + r"|^.* répond à http\S+ \(Ctrl\+C pour l'arrêter\)\.$", re.MULTILINE)

# When each line was written: a month may be what a test told, too.
STAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ", re.MULTILINE)


def begin() -> None:
    """In each process of pytest: what is logged there goes to the folder of the run."""
    if FOLDER not in os.environ:
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="carnet-log-")
    logging.getLogger().addHandler(log.handler(_file(f"{os.getpid()}.log").open("a")))
    Pool.execute_sql = _noting(Pool.execute_sql)


@cache
def stderr():
    """Where a process of Carnet's own, started by a test, is to write."""
    return _file(f"of-{os.getpid()}.log").open("ab", buffering=0)


def note(told: bytes) -> None:
    """What a process of Carnet's own wrote elsewhere; nothing, where no run of tests began it."""
    if FOLDER in os.environ:
        stderr().write(told)


def faults(text: str, known: Iterable[str]) -> Iterator[str]:
    """One line for each thing that a log must not hold; `known`: what the tests told."""
    text = HARMLESS.sub("", text)
    for kind, pattern in PATTERNS.items():
        yield from (f"{kind}: « {found} »" for found in sorted(set(pattern.findall(text))))
    words = set(WORD.findall(text))
    for one in sorted(filter(TELLING.fullmatch, known)):
        if words.issuperset(WORD.findall(one)) and one in text:
            yield f"what a test told: « {one} »"


@cache
def told() -> frozenset[str]:
    """Each name, title and secret that is written in a test."""
    return frozenset(
        word for file in HERE.rglob("*.py") for word in TELLS.findall(file.read_text())
    )


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """In the process that began the run, once the others have ended."""
    _file(f"{os.getpid()}.stored").write_text("\n".join(stored), "utf-8", "replace")
    if hasattr(session.config, "workerinput"):
        return
    folder = Path(os.environ.pop(FOLDER))
    session.config.leaks = found = [f"{one}, in {folder}" for one in _found(folder)]
    if found:
        session.exitstatus = 1
    else:
        shutil.rmtree(folder)


def pytest_terminal_summary(terminalreporter, config):
    if found := getattr(config, "leaks", None):
        terminalreporter.section("The log holds what it must not", red=True)
        terminalreporter.write("\n".join([*found, ""]))


def _found(folder):
    text = "\n".join(file.read_text("utf-8", "replace") for file in folder.glob("*.log"))
    if text.strip():
        known = "\n".join(file.read_text() for file in folder.glob("*.stored"))
        yield from faults(text, {*known.split("\n"), *told()})


def _noting(execute):
    def noting(self, sql, params=None):
        if params and sql.startswith(WRITES):
            stored.update(one for one in params if type(one) is str and 4 < len(one) < 200)
        return execute(self, sql, params)

    return noting


def _file(name):
    return Path(os.environ[FOLDER]) / name
