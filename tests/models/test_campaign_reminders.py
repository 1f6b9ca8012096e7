"""Reminders: to whoever was told and has not activated it, with a new code, now and then."""

import json
from datetime import timedelta

import pytest

from models import access, activation_code, campaign, clock, job, notice, telling
from models.access import Measure, Role
from models.ledger import Line
from models.notice import Notice
from models.record import Record
from models.refusal import Refusal
from models.telling import Telling, What

from ..campaigns import HOME, again, told
from ..world import LINK, SENDER

DAY = timedelta(days=1)


@pytest.fixture
def one(world, settings):
    """Told twenty days ago: it is then that the tests take place."""
    record = told(settings, world).record
    with clock.moved(20 * DAY):
        yield record


def reminded(world):
    campaign.remind(world.office, 14, SENDER)
    job.run_due(SENDER)


def sleepers(days=14):
    return set(campaign.to_remind_by_email(days))


def test_she_is_written_to_again_with_a_new_code(one, world, settings):
    assert sleepers() == {one}
    reminded(world)
    letter = Telling.select().order_by(Telling.id.desc()).get()
    assert (letter.record, letter.what, letter.last_day) == (one, What.REMINDER, None)
    assert letter.notice.bulk and letter.notice.recipient == one.email
    before = again(one)
    notice.send_due(settings)
    assert again(one).told_at == before.told_at and again(one).opens_at == before.opens_at
    line = Line.select().order_by(Line.id.desc()).get()
    assert (line.act, json.loads(line.detail)["number"]) == ("reminded-members", 1)


@pytest.mark.parametrize("since", [19, 21])
def test_only_after_so_many_days(one, since):
    assert bool(sleepers(since)) == (since < 20)


def test_at_most_once_in_14_days(one, world):
    reminded(world)
    with clock.moved(13 * DAY):
        assert sleepers() == set()
        with pytest.raises(Refusal):
            campaign.remind(world.office, 14, SENDER)
    with clock.moved(15 * DAY):
        assert sleepers() == {one}


def test_a_code_given_lately_by_any_way_is_not_ended_by_a_reminder(one):
    activation_code.new_code(one, LINK, 42, by_hand=True)
    assert sleepers() == set()


@pytest.mark.parametrize("over", ["activated_at", "objected_at", "closed_at", "closing_at"])
def test_not_whoever_has_answered(one, over):
    Record.update({over: clock.now()}).where(Record.id == one.id).execute()
    assert sleepers() == set()


def test_opened_or_not(one):
    Record.update(opened_at=clock.now()).where(Record.id == one.id).execute()
    assert sleepers() == {one}


def test_not_whoever_died(one):
    Record.update(died_on=clock.today()).where(Record.id == one.id).execute()
    assert sleepers() == set()


def test_not_at_an_address_that_failed_but_by_letter(one):
    Record.update(email_failed_at=clock.now()).where(Record.id == one.id).execute()
    assert sleepers() == set()
    assert set(campaign.to_remind_by_post(14)) == {one}


def test_not_by_letter_where_one_came_back(one, world):
    Record.update(email="").where(Record.id == one.id).execute()
    assert set(campaign.to_remind_by_post(14)) == {one}
    letter = {"what": "reminder", "how": "post", "address": HOME, "made_by": "Diane Modèle"}
    telling.returned(
        Telling.create(record=one, sent_at=clock.now(), **letter), world.office, "parti"
    )
    assert set(campaign.to_remind_by_post(14)) == set()


def test_not_at_the_address_of_parents_once_she_is_18(one):
    child = clock.months_later(clock.today(), -17 * 12)
    Record.update(birth_date=child).where(Record.id == one.id).execute()
    assert sleepers() == {one}
    with clock.moved(400 * DAY):
        assert sleepers() == set()
        assert set(campaign.to_remind_by_post(14)) == {one}


def test_not_a_record_that_someone_held_for_her(one, world):
    """Its last parent left: the office confides it (handover.py)."""
    made = access.grant(
        world.account("bruno"), one, Role.REPRESENTATIVE, measure=Measure.REPRESENTATION.value
    )
    made.revoked_at = clock.now()
    made.save()
    assert sleepers() == set()


def test_a_reminder_that_comes_back_takes_nothing_back(one, world, settings):
    reminded(world)
    notice.send_due(settings)
    before = again(one)
    letter = Notice.select().order_by(Notice.id.desc()).get()
    notice.came_back(letter, "550 5.1.1 inconnu")
    now = again(one)
    assert now.email_failed_at and (now.told_at, now.opens_at) == (before.told_at, before.opens_at)


@pytest.mark.parametrize("typed", ["", "abc", "13", "366", "-20", "20.5", "9" * 500, "²", "٢٠"])
def test_days_that_mean_nothing(typed):
    if typed == "٢٠":  # digits all the same
        assert campaign.checked_days(typed) == 20
        return
    with pytest.raises(Refusal, match="de 14 à 365"):
        campaign.checked_days(typed)
