"""Reminders to read one's directives again: after three years, after a change of trusted person,
once, and in words that say nothing of anyone's health."""

import re
from datetime import date, timedelta

import pytest

from models import clock, designation, directive, signing, wishes
from models.access import Access
from models.notice import Notice
from models.record import Record

DAY = date(2025, 3, 1)
YEAR = timedelta(days=365)
THREE_YEARS = 3 * YEAR + timedelta(days=1)
CHANGED = "Votre personne de confiance a changé depuis."
THREE = "Vous ne les avez pas relues depuis trois ans."


def letters():
    return [one.body for one in Notice.select() if one.subject == "Une page à relire"]


def why(world):
    return wishes.answers(world.access("alice")).why_read_again


def test_nothing_is_said_before_three_years(world):
    world.directive(signed_on=DAY)
    with clock.moved(3 * YEAR - timedelta(days=1)):
        assert directive.remind() == 0
        assert why(world) == ""
    assert letters() == []


def test_after_three_years_one_letter_leaves_and_the_page_says_why(world):
    world.directive(signed_on=DAY)
    with clock.moved(THREE_YEARS):
        assert directive.remind() == 1
        assert directive.remind() == 0
        assert why(world) == THREE
    with clock.moved(THREE_YEARS + YEAR):
        assert directive.remind() == 0
    assert len(letters()) == 1
    assert Notice.latest(1)[0].recipient == "alice@exemple.invalid"


def test_three_more_years_later_another_leaves(world):
    world.directive(signed_on=DAY)
    with clock.moved(THREE_YEARS):
        directive.remind()
    with clock.moved(2 * THREE_YEARS):
        assert directive.remind() == 1
    assert len(letters()) == 2


def test_the_three_years_are_counted_from_when_they_came_here_not_from_an_old_signature(world):
    world.directive(signed_on=date(2001, 1, 1))
    assert directive.remind() == 0 and why(world) == ""


def test_reading_them_again_begins_three_new_years(world):
    one = world.directive(signed_on=DAY)
    with clock.moved(2 * YEAR):
        directive.read_again(world.access("alice"), one)
    with clock.moved(THREE_YEARS):
        assert directive.remind() == 0 and why(world) == ""
    with clock.moved(2 * YEAR + THREE_YEARS):
        assert directive.remind() == 1 and why(world) == THREE


def test_only_the_version_that_holds_is_reminded_of(world):
    world.directive(signed_on=DAY)
    world.directive(signed_on=date(2025, 4, 1))
    with clock.moved(THREE_YEARS):
        assert directive.remind() == 1


@pytest.mark.parametrize("ended", ["revoked", "draft", "nothing"])
def test_what_holds_no_more_or_not_yet_is_not_reminded_of(world, ended):
    if ended == "revoked":
        world.directive(signed_on=DAY, revoked_on=date(2025, 4, 1))
    elif ended == "draft":
        world.directive()
    with clock.moved(THREE_YEARS):
        assert directive.remind() == 0
        assert why(world) == ""
    assert letters() == []


def test_an_older_version_is_not_reminded_of_once_the_newest_is_revoked(world):
    world.directive(signed_on=date(2024, 1, 1))
    world.directive(signed_on=DAY, revoked_on=date(2025, 4, 1))
    with clock.moved(THREE_YEARS):
        assert directive.remind() == 0


def test_a_closed_record_gets_no_letter(world):
    world.directive(signed_on=DAY)
    Record.update(closed_at=clock.now()).where(Record.id == world.record("alice").id).execute()
    with clock.moved(THREE_YEARS):
        assert directive.remind() == 0
    assert letters() == []


def test_without_a_holder_to_write_to_the_others_are_still_reminded(world):
    world.directive(signed_on=DAY)
    world.directive(signed_on=DAY, of="carole")
    Access.update(revoked_at=clock.now()).where(Access.id == world.access("alice").id).execute()
    with clock.moved(THREE_YEARS):
        assert directive.remind() == 1
    assert Notice.latest(1)[0].recipient == "carole@exemple.invalid"


def test_a_new_trusted_person_calls_for_reading_them_again(world):
    one = world.directive(signed_on=DAY)
    world.designation(signed_on=DAY)
    assert why(world) == CHANGED and len(letters()) == 1
    directive.read_again(world.access("alice"), one)
    assert why(world) == "" and len(letters()) == 1


def test_a_trusted_person_revoked_calls_for_reading_them_again(world):
    named = world.designation(signed_on=DAY)
    world.directive(signed_on=DAY)
    assert why(world) == "" and letters() == []
    signing.revoke(
        world.access("alice"), designation.find(world.access("alice"), named.uid), clock.today()
    )
    assert why(world) == CHANGED and len(letters()) == 1


def held(world):
    """Directives read again since the trusted person was named."""
    one = world.directive(signed_on=DAY)
    world.designation(signed_on=date(2025, 6, 1))
    directive.read_again(world.access("alice"), one)
    assert why(world) == "" and len(letters()) == 1


def test_an_older_designation_attached_later_changes_nothing(world):
    held(world)
    world.designation(signed_on=date(2020, 1, 1))
    assert why(world) == "" and len(letters()) == 1


def test_revoking_a_designation_that_was_replaced_changes_nothing(world):
    replaced = world.designation(signed_on=date(2025, 1, 1))
    held(world)
    alice = world.access("alice")
    signing.revoke(alice, designation.find(alice, replaced.uid), clock.today())
    assert why(world) == "" and len(letters()) == 1


def test_preparing_a_designation_calls_for_nothing(world):
    world.directive(signed_on=DAY)
    world.designation()
    assert why(world) == "" and letters() == []


def test_without_directives_a_change_of_trusted_person_writes_nothing(world):
    world.directive(signed_on=DAY, revoked_on=date(2025, 4, 1))
    world.designation(signed_on=DAY)
    assert letters() == [] and why(world) == ""


def test_the_change_of_trusted_person_is_said_before_the_three_years(world):
    world.directive(signed_on=DAY)
    world.designation(signed_on=DAY)
    with clock.moved(THREE_YEARS):
        assert why(world) == CHANGED


def test_the_letter_says_nothing_of_health_nor_of_what_is_to_read(world):
    world.directive(signed_on=DAY)
    world.designation(signed_on=DAY)
    (body,) = letters()
    said = body.lower() + Notice.latest(1)[0].subject.lower()
    telling = "directive|confiance|médec|malad|mort|fin de vie|soin|organe|alice|paule|exemple"
    assert not re.search(telling, said)
    assert "restent valables" in said


def test_flask_work_sends_it(world, app):
    world.directive(signed_on=DAY)
    with clock.moved(THREE_YEARS), app.app_context():
        done = app.test_cli_runner().invoke(args=["work"])
        assert done.exit_code == 0, done.output
    (letter,) = Notice.select().where(Notice.subject == "Une page à relire")
    assert letter.sent_at
