"""The campaign: each member is told once, by the way that reaches her; and the page tells it."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from peewee import SQL, IntegrityError, fn

from models import (
    activation_code,
    campaign,
    clock,
    giving,
    job,
    letters,
    notice,
    reach,
    telling,
)
from models.database import database
from models.journal import Act, Entry
from models.ledger import Line
from models.notice import Notice
from models.record import Record
from models.refusal import Refusal
from models.telling import How, Telling, What
from models.words import day

from ..campaigns import HOME, again, campaigned, told, untold
from ..world import SENDER

DAY = timedelta(days=1)


def by_email():
    return set(campaign.to_tell_by_email())


def by_post():
    return set(campaign.to_tell_by_post())


def child(years, **changes):
    return untold(birth_date=clock.months_later(clock.today(), -12 * years) - DAY, **changes)


def test_each_is_told_by_the_way_that_reaches_her(world):
    one, by_letter = untold(), untold(email="")
    nowhere = untold(email="", postal_address="")
    failed = untold(email_failed_at=clock.now())
    assert by_email() == {one}
    assert by_post() == {by_letter, failed}
    assert set(campaign.nowhere()) == {nowhere}


@pytest.mark.parametrize(
    "over",
    [
        *("closed_at", "closing_at", "objected_at", "erased_at", "activated_at", "opened_at"),
        "died_on",
    ],
)
def test_whoever_has_no_record_to_be_told_of_is_left_aside(world, over):
    now = clock.today() if over == "died_on" else clock.now()
    one, other = untold(**{over: now}), untold(**{over: now}, email="")
    assert by_email() == by_post() == set()
    assert {one, other} <= set(campaign.aside())


def test_a_child_is_told_at_her_parents_address_until_she_is_18(world):
    young = child(10)
    assert by_email() == {young}
    with clock.moved(timedelta(days=8 * 366)):
        assert (by_email(), by_post()) == (set(), {young})


def test_a_child_now_18_whose_address_is_her_own_is_told_there(world):
    grown = child(17, email_own=True)
    with clock.moved(400 * DAY):
        assert by_email() == {grown}


def test_a_child_now_18_without_a_postal_address_is_nowhere(world):
    grown = child(17, postal_address="")
    with clock.moved(400 * DAY):
        assert set(campaign.nowhere()) == {grown}


def test_a_letter_to_parents_speaks_to_them(world):
    child(10, birth_given_names="Noé", birth_name="Fictif")
    campaigned(world)
    letter = Notice.select().order_by(Notice.id.desc()).get()
    assert "Noé Fictif" in letter.body and "parent" in letter.body


def test_each_gets_one_letter_with_her_own_code(world):
    members = [untold() for _ in range(3)]
    ran = campaigned(world)
    letters = {one.record_id: one for one in Telling.select().where(Telling.record.in_(members))}
    assert set(letters) == {one.id for one in members}
    for one in members:
        letter = letters[one.id]
        assert (letter.what, letter.how, letter.address) == (What.SPACE, How.EMAIL, one.email)
        assert letter.last_day == clock.today() + 42 * DAY
        (code,) = [word for word in codes(letter.notice.body)]
        assert activation_code.proven(code, one.birth_date, "test").record == one
        assert letter.notice.bulk
    finished = job.find(ran.uid)
    assert (finished.done, finished.total, finished.fault) == (3, 3, "")
    assert finished.finished_at


def codes(body):
    """The codes written in a letter."""
    groups = [line.partition("Code : ")[2] for line in body.splitlines() if "Code : " in line]
    return [group.replace(" ", "") for group in groups]


def test_nobody_is_told_twice(world):
    untold()
    campaigned(world)
    with pytest.raises(Refusal, match="personne à qui écrire"):
        campaign.begin(world.office, SENDER)
    letter = {"what": "space", "how": "post", "address": "", "made_by": "Diane Modèle"}
    with pytest.raises(IntegrityError, match="UNIQUE"):
        Telling.create(record=Telling.select().order_by(Telling.id.desc()).get().record, **letter)


def test_one_campaign_at_a_time(world):
    untold()
    campaigned(world, run=False)
    with pytest.raises(Refusal, match="se préparent déjà"):
        campaign.begin(world.office, SENDER)


def test_a_campaign_stopped_at_any_step_goes_on_from_there(world, monkeypatch):
    monkeypatch.setattr(campaign, "CHUNK", 2)
    members = [untold() for _ in range(7)]
    ran = campaigned(world, run=False)
    write, written = telling.write, []

    def stops(record, *given, **named):
        if len(written) % 3 == 2:
            written.append(None)
            raise RuntimeError("killed")
        written.append(record)
        return write(record, *given, **named)

    monkeypatch.setattr(telling, "write", stops)
    stopped = 0
    for number in range(20):
        with clock.moved(timedelta(minutes=3 * number)):
            try:
                job.run_due(SENDER)
            except RuntimeError:
                stopped += 1
                assert job.find(ran.uid).fault == job.STOPPED
    assert stopped > 2
    told = [one.record_id for one in Telling.select().where(Telling.record.in_(members))]
    assert sorted(told) == sorted(one.id for one in members)
    assert job.find(ran.uid).done == 7


def test_whoever_joins_while_it_runs_waits_for_the_next(world):
    untold()
    ran = campaigned(world, run=False)
    late = untold()
    job.run_due(SENDER)
    assert by_email() == {late}
    assert job.find(ran.uid).done == 1


def test_whoever_objected_meanwhile_is_not_written_to(world):
    one = untold()
    campaigned(world, run=False)
    Record.update(objected_at=clock.now()).where(Record.id == one.id).execute()
    job.run_due(SENDER)
    assert not Telling.select().where(Telling.record == one).exists()


def test_the_ledger_tells_who_wrote_to_how_many(world):
    untold()
    campaigned(world)
    line = Line.select().order_by(Line.id.desc()).get()
    assert (line.name, line.act) == ("Diane Modèle", "told-members")
    assert json.loads(line.detail) == {"how": "email", "number": 1}


def test_she_is_told_once_the_letter_left_and_reads_it_in_her_journal(world, settings):
    one = untold()
    campaigned(world)
    assert again(one).told_at is None
    notice.send_due(settings)
    now = again(one)
    assert now.told_at and now.told_how == "email"
    assert now.opens_at == clock.midnight(clock.today() + 43 * DAY)
    entry = Entry.select().where((Entry.record == one) & (Entry.act == Act.TOLD)).get()
    assert (entry.actor, entry.details) == ("Diane Modèle", {"how": "email", "what": "space"})


def test_a_letter_that_leaves_late_takes_nothing_from_her_time(world, settings):
    one = untold()
    campaigned(world)
    with clock.moved(5 * DAY):
        notice.send_due(settings)
        assert again(one).opens_at == clock.midnight(clock.today() + 43 * DAY)


def test_the_numbers_are_those_of_the_rows(world, settings):
    notice.send_due(settings)
    before = reach.now()
    for _ in range(3):
        untold()
    untold(email="")
    untold(email="", postal_address="")
    untold(email_failed_at=clock.now())
    untold(objected_at=clock.now())
    assert counted(before) == {"by_email": 3, "by_post": 2, "returned": 1, "nowhere": 1, "aside": 1}
    campaigned(world)
    assert counted(before) == {"leaving": 3, "by_post": 2, "returned": 1, "nowhere": 1, "aside": 1}
    notice.send_due(settings)
    assert counted(before) == {"email": 3, "by_post": 2, "returned": 1, "nowhere": 1, "aside": 1}
    back = Telling.select().where(Telling.sent_at.is_null(False)).order_by(Telling.id.desc()).get()
    telling.returned(back, world.office, "n'habite plus là")
    assert counted(before) == {
        **{"email": 2, "by_post": 3, "returned": 2, "nowhere": 1, "aside": 1, "came_back": 1},
    }


def counted(before):
    """What changed, and is not nothing."""
    now = vars(reach.now())
    return {name: now[name] - n for name, n in vars(before).items() if now[name] != n}


def test_a_letter_that_came_back_is_not_posted_again_to_the_same_address(world):
    one = untold(email="")
    letter = Telling.create(
        record=one, what="space", how="post", address=HOME, made_by="Diane", last_day=date.today()
    )
    telling.left(letter)
    assert again(one).told_how == "post"
    telling.returned(letter, world.office, "n'habite pas là")
    assert again(one).told_at is None
    assert by_post() == set() and set(campaign.lost()) == {one}
    Record.update(postal_address="2 rue Imaginaire\n35000 Rennes").execute()
    assert by_post() == {one}


def test_the_page_is_counted_from_indexes(opened):
    """At 50,000 members it still is: no table is read whole."""
    query = campaign.to_tell_by_email()
    sql, values = query.select(fn.COUNT(SQL("*"))).sql()
    plan = [row[3] for row in database.execute_sql("EXPLAIN QUERY PLAN " + sql, values)]
    assert any("INDEX record_untold" in step for step in plan), plan
    assert any("INDEX telling_once" in step for step in plan), plan
    sql, values = reach._waiting(How.EMAIL, What.SPACE).select(fn.COUNT(1)).sql()
    plan = [row[3] for row in database.execute_sql("EXPLAIN QUERY PLAN " + sql, values)]
    assert "INDEX telling_waiting" in plan[0], plan


def test_what_was_told_is_what_she_is_reminded_of(world, settings):
    """A reminder says until when she may say no: as the first letter did."""
    letter = told(settings, world)
    with clock.moved(20 * DAY):
        campaign.remind(world.office, 14, SENDER)
        job.run_due(SENDER)
        again_written = Notice.select().order_by(Notice.id.desc()).get()
        assert day(letter.last_day) in again_written.body


def test_without_saying_how_to_object_nobody_is_told(world, settings):
    """The law wants it in what is written (R1111-28)."""
    mute = replace(SENDER, contact="")
    one, by_letter = untold(), untold(email="")
    told_before = told(settings, world)
    other = untold()
    for asks in (
        lambda: campaign.begin(world.office, mute),
        lambda: letters.begin("space", clock.today(), False, world.office, mute),
        lambda: giving.by_email(other, 0, world.office, mute),
        lambda: giving.by_post(by_letter, 0, world.office, mute),
    ):
        with pytest.raises(Refusal, match="CARNET_CONTACT"):
            asks()
    with clock.moved(20 * DAY), pytest.raises(Refusal, match="CARNET_CONTACT"):
        campaign.remind(world.office, 14, mute)
    assert job.Job.select().where(job.Job.finished_at.is_null()).count() == 0
    made = giving.codes_made(told_before.record)
    giving.by_email(again(told_before.record), made, world.office, mute)  # she was told already
    assert one in {each.record for each in Telling.select()}


def test_what_parents_read_is_shown_where_there_are_children(world):
    untold()
    assert len(campaign.examples(SENDER)) == 1
    child(10, email="")
    assert len(campaign.examples(SENDER)) == 1
    child(10)
    hers, theirs = campaign.examples(SENDER)
    assert "parent" in str(theirs.blocks) and hers.blocks != theirs.blocks
