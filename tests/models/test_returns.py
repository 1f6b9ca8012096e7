"""What came back: the member is to be told anew, by another way."""

import json
from datetime import timedelta

import pytest

from models import campaign, clock, notice, reach, telling
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
    Notice.update(tries=TRIES - 1, subject="bad\nsubject").where(Notice.id == letter.id).execute()
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
