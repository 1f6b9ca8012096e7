"""`flask work` and `flask bounces`: what a campaign needs done, day after day."""

import os
from dataclasses import replace
from datetime import timedelta

import pytest

from models import clock
from models.notice import Notice
from models.telling import Telling

from ..campaigns import again, campaigned, told, untold
from ..models.test_bounce import written

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
