"""`flask work` and `flask bounces`: what a campaign needs done, day after day."""

import os
import time
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from models import clock, job
from models.notice import Notice
from models.telling import Telling
from views import commands

from ..campaigns import again, campaigned, told, untold
from ..models.test_bounce import written
from .test_commands import HEADINGS

DAY = timedelta(days=1)


@pytest.fixture
def run(app):
    def run(*words):
        with app.app_context():
            return app.test_cli_runner().invoke(args=list(words))

    return run


def test_work_prepares_sends_and_opens(run, world):
    one = untold()
    campaigned(world, run=False)
    assert run("work").exit_code == 0
    assert Telling.select().where(Telling.record == one).exists()
    run("work")
    assert again(one).told_how == "email"
    with clock.moved(44 * DAY):
        assert "1 espaces ouverts" in run("work").output
    assert again(one).opened_at


def test_work_reads_what_came_back(run, world, app, settings, tmp_path):
    letter = told(settings, world)
    (tmp_path / "mail").mkdir()
    app.config["SETTINGS"] = replace(settings, bounces=str(tmp_path / "mail"))
    (tmp_path / "mail" / "1.eml").write_bytes(written(letter.notice))
    run("work")
    assert not again(letter.record).email_failed_at, "it may still be being written"
    os.utime(tmp_path / "mail" / "1.eml", (1, 1))
    assert run("work").exit_code == 0
    assert again(letter.record).email_failed_at


def test_bounces_says_what_it_read(run, world, settings, tmp_path):
    letter = told(settings, world)
    (tmp_path / "1.eml").write_bytes(written(letter.notice))
    (tmp_path / "2.eml").write_bytes(b"Subject: Bonjour\n\nRien.\n")
    done = run("bounces", str(tmp_path))
    assert done.output == "2 messages lus, 1 envois notés comme revenus.\n"
    done = run("bounces", str(tmp_path), str(tmp_path / "1.eml"))
    assert done.output == "3 messages lus, 0 envois notés comme revenus.\n"
    assert Notice.get_by_id(letter.notice_id).bounced_at


def test_bounces_of_nothing(run, tmp_path):
    assert run("bounces", str(tmp_path / "absent")).exit_code == 2
    assert run("bounces").exit_code == 2


def test_bounces_says_what_nothing_proves(run, world, settings, tmp_path):
    letter = told(settings, world)
    raw = f"X-Failed-Recipients: {letter.notice.recipient}\n\n".encode()
    (tmp_path / "1.eml").write_bytes(raw)
    done = run("bounces", str(tmp_path))
    assert done.output.splitlines() == [
        "1 messages lus, 0 envois notés comme revenus.",
        "1 retours reçus sans preuve : rien n'est noté pour eux.",
    ]
    assert not again(letter.record).email_failed_at


def test_work_runs_jobs_beside_it(run, app, world, monkeypatch):
    """In a thread, which knows nothing of any page."""
    one = untold()
    made = campaigned(world, run=False)
    monkeypatch.setitem(app.config, "JOBS", True)

    def sleep(_seconds):
        until = time.monotonic() + 20
        while not job.find(made.uid).finished_at and time.monotonic() < until:
            time.sleep(0.01)
        raise SystemExit(0)

    monkeypatch.setattr(commands, "time", SimpleNamespace(sleep=sleep))
    done = run("work", "--loop")
    assert done.exit_code == 0, done.exception
    assert job.find(made.uid).finished_at
    assert Telling.select().where(Telling.record == one).exists()


def test_enrol_without_a_way_to_reach_the_association_only_warns(run, app, settings, tmp_path):
    (tmp_path / "a.csv").write_text(f"{HEADINGS}\nZ-1;Fictive;;Nadia;1960-01-31;F;35238;;\n")
    app.config["SETTINGS"] = replace(settings, contact="")
    done = run("enrol", str(tmp_path / "a.csv"))
    assert done.exit_code == 0, done.output
    assert "CARNET_CONTACT est vide" in done.output and "1 espaces créés" in done.output
