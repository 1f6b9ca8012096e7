"""A record opens by itself once the time to object is over: not a day before, and never against an
objection."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models import clock, journal, notice, opening, telling
from models.journal import Act, Entry
from models.notice import Notice
from models.record import Record
from models.telling import Telling

from ..campaigns import again, told, untold
from ..world import SENDER

DAY = timedelta(days=1)


@pytest.fixture
def one(world, settings):
    return told(settings, world).record


def opened(one):
    opening.open_due()
    return again(one).opened_at


def the_day_it_opens(one):
    return clock.moved(again(one).opens_at - clock.now())


def test_it_opens_as_the_day_after_the_last_one_begins(one):
    with the_day_it_opens(one):
        with clock.moved(timedelta(seconds=-5)):
            assert not opened(one)
        with clock.moved(timedelta(seconds=5)):
            assert opened(one)
    assert again(one).opens_at == clock.midnight(clock.today() + 43 * DAY)


def test_its_journal_says_that_nobody_did_it(one):
    with clock.moved(44 * DAY):
        opening.open_due()
    entry = Entry.select().where((Entry.record == one) & (Entry.act == Act.OPENED)).get()
    assert (entry.actor, entry.role) == ("Carnet", "system")
    assert journal.broken(again(one)) is None


def test_once(one):
    with clock.moved(44 * DAY):
        opening.open_due()
        assert opening.open_due() == 0
    assert Entry.select().where((Entry.record == one) & (Entry.act == Act.OPENED)).count() == 1


@pytest.mark.parametrize(
    "stop",
    ["objected_at", "closed_at", "closing_at", "erased_at", "died_on", "activated_at"],
)
def test_never_against_a_choice(one, stop):
    now = clock.today() if stop == "died_on" else clock.now()
    Record.update({stop: now}).where(Record.id == one.id).execute()
    with clock.moved(400 * DAY):
        assert not opened(one)


def test_nobody_who_was_not_told_is_opened(world):
    one = untold()
    with clock.moved(400 * DAY):
        assert not opened(one)


@pytest.mark.parametrize("days", [1, 42, 90])
def test_the_time_to_object_is_a_setting(world, settings, days):
    one = untold()
    sender = replace(SENDER, objection_days=days)
    code = telling.at_once(one, world.office, sender)
    assert code
    notice.send_due(settings)
    with clock.moved((days + 1) * DAY - timedelta(hours=25)):
        assert not opened(one)
    with clock.moved((days + 2) * DAY):
        assert opened(one)


def test_more_than_a_handful(world, monkeypatch):
    monkeypatch.setattr(opening, "CHUNK", 2)
    for _ in range(5):
        untold()
    Record.update(opens_at=clock.now() - DAY).where(Record.told_at.is_null()).execute()
    waiting = Record.select().where(Record.opens_at.is_null(False) & Record.activated_at.is_null())
    number = waiting.count()
    assert opening.open_due() == number >= 5


def test_a_letter_that_came_back_gives_all_the_time_anew(one, world):
    with clock.moved(40 * DAY):
        notice.came_back(Notice.get_by_id(Telling.get(record=one).notice_id), "550 inconnu")
        assert again(one).told_at is None and again(one).opens_at is None
    with clock.moved(60 * DAY):
        assert not opened(one)


def test_what_is_open_stays_open_when_the_letter_comes_back_later(one):
    with clock.moved(44 * DAY):
        opening.open_due()
        notice.came_back(Notice.get_by_id(Telling.get(record=one).notice_id), "550 inconnu")
        now = again(one)
        assert now.opened_at and now.told_at and now.email_failed_at
