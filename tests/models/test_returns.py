"""What came back: the member is to be told anew, by another way."""

import json
from datetime import timedelta

import pytest

from models import campaign, clock, ledger, notice, reach, telling
from models.ledger import Line
from models.notice import TRIES, Notice
from models.record import Record
from models.refusal import Refusal
from models.telling import Telling

from ..campaigns import HOME, again, campaigned, told, untold


@pytest.fixture
def letter(world, settings):
    return told(settings, world)


def test_an_email_that_came_back_sends_her_to_the_letters(letter, world):
    telling.returned(letter, world.office, "boîte pleine")
    one = again(letter.record)
    assert (one.told_at, one.told_how, one.opens_at) == (None, "", None)
    assert one.email_failed_at
    assert set(campaign.to_tell_by_post()) == {one}
    now = Telling.get_by_id(letter.id)
    assert now.failed_at and now.fault == "boîte pleine"
    line = Line.select().order_by(Line.id.desc()).get()
    assert (line.act, line.about) == ("noted-undelivered", one.uid)
    assert json.loads(line.detail) == {"how": "email"}


def test_it_is_noted_once(letter, world):
    telling.returned(letter, world.office, "")
    with pytest.raises(Refusal, match="déjà noté"):
        telling.returned(letter, world.office, "")
    assert Line.select().where(Line.act == "noted-undelivered").count() == 1


def test_what_has_not_left_cannot_be_back(world):
    one = untold()
    campaigned(world)
    with pytest.raises(Refusal, match="n'est pas parti"):
        telling.returned(Telling.get(record=one), world.office, "")


def test_what_was_handed_over_cannot_be_back(world):
    given = {"what": "space", "how": "desk", "address": "", "made_by": "Diane"}
    one = Telling.create(record=untold(), sent_at=clock.now(), **given)
    with pytest.raises(Refusal):
        telling.returned(one, world.office, "")


def test_an_address_corrected_meanwhile_is_not_blamed(letter, world):
    Record.update(email="nouvelle@exemple.invalid").where(Record.id == letter.record_id).execute()
    telling.returned(letter, world.office, "")
    one = again(letter.record)
    assert one.email_failed_at is None
    assert set(campaign.to_tell_by_email()) == {one}


def test_whoever_activated_meanwhile_was_told(letter, world):
    Record.update(activated_at=clock.now(), opened_at=clock.now()).execute()
    telling.returned(letter, world.office, "")
    assert again(letter.record).told_at


def test_a_letter_returned_blames_no_email(world):
    one = untold()
    letter = {"what": "space", "how": "post", "address": HOME, "made_by": "Diane"}
    posted = Telling.create(record=one, last_day=clock.today(), **letter)
    telling.left(posted)
    telling.returned(posted, world.office, "n'habite pas là")
    assert again(one).email_failed_at is None
    assert set(campaign.to_tell_by_email()) == {one}


def test_a_letter_given_up_after_all_its_tries_sends_her_to_the_letters_too(world, settings):
    one = untold()
    campaigned(world)
    letter = Telling.get(record=one).notice
    Notice.update(tries=TRIES - 1, recipient="").where(Notice.id == letter.id).execute()
    assert notice.send_due(settings)[1] == 1
    assert Notice.get_by_id(letter.id).bounced_at
    assert set(campaign.to_tell_by_post()) == {again(one)}
    with clock.moved(timedelta(days=2)):
        assert notice.send_due(settings) == (0, 0)


def test_what_was_given_up_blames_no_address(letter, world):
    """A member corrected, a letter that was not made: nothing came back."""
    telling.failed(letter, "Sa fiche a changé.")
    one = again(letter.record)
    assert one.told_at is None and one.email_failed_at is None
    assert set(campaign.to_tell_by_email()) == {one}
    assert reach.returns() == [] and reach.now().came_back == 0


def test_a_posted_letter_given_up_is_posted_again(world):
    one = untold(email="")
    letter = {"what": "space", "how": "post", "address": HOME, "made_by": "Diane"}
    telling.failed(Telling.create(record=one, **letter), "Carnet n'a pas pu la faire.")
    assert set(campaign.to_tell_by_post()) == {one} and set(campaign.lost()) == set()


def test_a_letter_taken_back_while_others_leave_does_not(world, settings, monkeypatch):
    first, second = untold(), untold()
    campaigned(world)
    taken_back = Telling.get(record=second).notice
    note_sent = notice._note_sent

    def takes_back(one, keep):
        note_sent(one, keep)
        if one.recipient == first.email:
            taken_back.delete_instance()

    monkeypatch.setattr(notice, "_note_sent", takes_back)
    notice.send_due(settings)
    sent = [file.read_bytes() for file in (settings.instance / "mail").iterdir()]
    assert any(first.email.encode() in one for one in sent)
    assert not any(second.email.encode() in one for one in sent)


def told_of(record):
    one = again(record)
    return one.told_at, one.told_how, one.opens_at, one.email_failed_at


def by_post(record):
    told = {"what": "space", "how": "post", "address": HOME, "made_by": "Diane"}
    one = Telling.create(record=record, last_day=clock.today(), **told)
    telling.left(one)
    return one


@pytest.mark.parametrize("how", ["email", "post"])
def test_a_return_noted_by_mistake_is_undone(world, settings, how):
    one = told(settings, world) if how == "email" else by_post(untold(email=""))
    before = told_of(one.record)
    assert before[0] and before[2]
    telling.returned(one, world.office, "")
    telling.undo_return(one, world.office)
    assert told_of(one.record) == before
    now = Telling.get_by_id(one.id)
    assert (now.failed_at, now.fault, now.came_back) == (None, "", False)
    line = Line.select().order_by(Line.id.desc()).get()
    assert (line.act, line.about) == ("undid-undelivered", one.record.uid)
    assert json.loads(line.detail) == {"how": how}
    telling.returned(one, world.office, "")
    telling.undo_return(one, world.office)
    assert told_of(one.record) == before


def test_a_reminder_undone_leaves_how_she_was_told(letter, world, settings):
    before = told_of(letter.record)
    terms = {"what": "reminder", "how": "email", "made_by": "Diane"}
    reminder = Telling.create(record=letter.record, address=letter.record.email, **terms)
    telling.left(reminder)
    telling.returned(reminder, world.office, "")
    assert again(letter.record).email_failed_at
    telling.undo_return(reminder, world.office)
    assert told_of(letter.record) == before


@pytest.mark.parametrize("done", ["written", "corrected", "objected", "server", "twice", "never"])
def test_what_was_done_since_is_not_undone(letter, world, done):
    record = letter.record
    if done != "never":
        telling.returned(letter, world.office, "")
    if done == "written":
        by_post(record)
    elif done == "corrected":
        ledger.write(world.office, ledger.Act.CORRECTED_MEMBER, record.uid)
    elif done == "objected":
        Record.update(objected_at=clock.now()).where(Record.id == record.id).execute()
    elif done == "server":
        notice.came_back(Notice.get_by_id(letter.notice_id), "550 5.1.1")
    elif done == "twice":
        telling.undo_return(letter, world.office)
    before = told_of(record)
    with pytest.raises(Refusal, match="ne peut plus"):
        telling.undo_return(letter, world.office)
    assert told_of(record) == before


def test_what_a_mail_server_said_is_not_undone(letter, world):
    notice.came_back(Notice.get_by_id(letter.notice_id), "550 5.1.1")
    with pytest.raises(Refusal):
        telling.undo_return(letter, world.office)


def test_looking_her_up_does_not_prevent_it(letter, world):
    telling.returned(letter, world.office, "")
    ledger.write(world.office, ledger.Act.LOOKED_FOR_MEMBER, letter.record.uid)
    telling.undo_return(letter, world.office)
    assert again(letter.record).told_at
