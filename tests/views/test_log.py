"""The log: where something went wrong, and never with which values. What must not be there is also
looked for in all that the whole run logged (tests/leaks.py)."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from peewee import IntegrityError

from models import log
from models.refusal import Refusal
from models.settings import Settings
from views.broken import Broken

from .. import leaks
from ..world import PASSWORD

ROOT = Path(__file__).parents[2]
TITLE = "Résultat VIH de Paule Inventée"
TOKEN = "q7Zx-Kd02_mWvR5tYb8nQe1LsA4uJc9PfHg6iXo3Trw"


def written(caplog):
    """As the log has it."""
    return "\n".join(map(log.Placed().format, caplog.records))


def of_another(error):
    try:
        raise error
    except Exception as first:
        raise ValueError(TITLE) from first


@pytest.mark.parametrize(
    "error",
    [
        KeyError(TITLE),
        IntegrityError("UNIQUE constraint failed: account.email", TITLE),
        Refusal(TITLE, "email"),
        FileNotFoundError(2, "No such file", TITLE),
        UnicodeDecodeError("utf-8", TITLE.encode(), 1, 2, TITLE),
        ExceptionGroup(TITLE, [KeyError(TITLE)]),
    ],
)
def test_an_exception_is_told_by_its_kind_and_its_places(error, caplog):
    try:
        of_another(error)
    except ValueError as second:
        log.failed("something", second)
    told = written(caplog)
    assert told.splitlines()[0].endswith("Z ERROR something")
    assert f"  {type(error).__module__}.{type(error).__qualname__}\n" in told
    assert "  builtins.ValueError\n" in told
    assert "tests/views/test_log.py:" in told and " of_another" in told
    assert TITLE not in told and not list(leaks.faults(told, {TITLE}))


def test_what_a_library_says_is_not_written_only_where_it_said_it(caplog):
    logging.getLogger("library").error("cannot read %s", TITLE)
    assert written(caplog).partition(" ")[2].startswith("ERROR library, at tests/views/test_log.py")
    assert TITLE not in written(caplog)


def test_an_address_that_breaks_is_told_by_its_rule(app, visit, caplog):
    def broken(token):
        raise KeyError(token)

    broken.public = True
    app.add_url_rule("/panne/<token>", view_func=broken)
    assert visit().client.get(f"/panne/{TOKEN}").status_code == 500
    told = written(caplog)
    assert "ERROR GET /panne/<token>" in told and "builtins.KeyError" in told
    assert TOKEN not in told


def test_an_answer_that_breaks_once_begun_is_cut_and_nothing_said_of_why(app, visit, caplog):
    """The server writes what it is given."""

    def broken():
        def pieces():
            yield "Le début"
            raise KeyError(TITLE)

        return pieces()

    broken.public = True
    app.add_url_rule("/panne", view_func=broken)
    with pytest.raises(Broken) as cut:
        list(visit().client.get("/panne").response)
    assert str(cut.value) == "" and cut.value.__cause__ is None
    assert cut.value.__suppress_context__
    assert "an answer was cut short" in written(caplog) and TITLE not in written(caplog)


PROGRAM = f"""
import gc, logging, sys, threading, warnings
import app
from granian.log import LogLevels, configure_logging
said = {TITLE!r}
app.create_app()
configure_logging(LogLevels.error, app.BY_OURS)

def breaks():
    raise ValueError(said)

class Freed:
    def __del__(self):
        raise OSError(said)

warnings.warn(said)
logging.getLogger("_granian").error(said)
logging.error(said)
thread = threading.Thread(target=breaks, name=said)
thread.start()
thread.join()
Freed()
gc.collect()
breaks()
"""


def test_a_process_of_carnet_s_own_writes_nothing_else(tmp_path):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env=kept | {"CARNET_INSTANCE": str(tmp_path / "none")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and not done.stdout
    for kind in ("UserWarning, at", "_granian, at", "root, at"):
        assert kind in done.stderr
    for where in ("ERROR a thread stopped", "ERROR ignored", "ERROR stopped"):
        assert where in done.stderr
    assert "VIH" not in done.stderr and "Traceback" not in done.stderr
    assert not list(leaks.faults(done.stderr, {TITLE}))


@pytest.mark.parametrize(
    "leak",
    [
        "KeyError: 'paule@exemple.invalid'",
        "Paule Imaginaire",
        "née Fictive",
        TITLE,
        PASSWORD,
        f"/mot-de-passe/{TOKEN}",
        "GPED MDCQ DGQP",
        "le code 123 456",
        "1951-03-14",
        "14/03/1951",
        "251037505600148",
        "06 39 98 00 12",
    ],
)
def test_what_must_not_be_in_a_log_is_found_there(leak):
    line = f"2031-01-31T10:00:00Z ERROR GET /documents {leak}\n"
    assert list(leaks.faults(line, {"Paule Imaginaire"}))


def test_a_log_as_it_must_be_has_nothing(caplog):
    try:
        Settings.from_environment({"CARNET_PORT": "x"})
    except Exception as error:
        log.failed("flask work, post", error)
    served = "Carnet répond à http://127.0.0.1:8000 (Ctrl+C pour l'arrêter).\n"
    assert not list(leaks.faults(served + written(caplog), leaks.told()))


def test_names_titles_and_secrets_are_collected_from_the_tests():
    assert {"Paule Inventée", "Dr Fictif", "Alice Anne"} <= leaks.told()


LEAKING = """
import logging
from models.database import Pool

def test_one(tmp_path):
    database = Pool(str(tmp_path / "db"), passphrase="secret")
    database.execute_sql("CREATE TABLE paper (title)")
    with database.atomic():
        database.execute_sql("INSERT INTO paper VALUES (?)", ["Bilan Imaginaire"])
    logging.getLogger("carnet").error("Bilan Imaginaire")
"""


def test_a_run_that_logs_what_a_test_told_fails(tmp_path):
    (tmp_path / "test_leaking.py").write_text(LEAKING)
    (tmp_path / "conftest.py").write_text(
        "from tests.leaks import *\nfrom tests import leaks\n"
        "def pytest_configure():\n    leaks.begin()\n"
    )
    kept = {name: value for name, value in os.environ.items() if name != leaks.FOLDER}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=ROOT,
        env=kept | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert "1 passed" in done.stdout, done.stdout
    assert done.returncode == 1
    assert "what a test told: « Bilan Imaginaire »" in done.stdout
