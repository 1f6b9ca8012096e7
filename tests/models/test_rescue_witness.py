"""Who may give an account back: two of the association, never one alone, and none of them new."""

from datetime import timedelta

import pytest

from models import clock, colleague, office, rescue, rescue_doing, rescue_witness
from models.account import Account
from models.colleague import Colleague
from models.office import Duty
from models.refusal import Refusal
from models.rescue import Rescue

from ..rescued import WRITER, asked, confirmed, link, officer, seen
from ..world import PASSWORD, RESET_LINK

DAY = timedelta(days=1)


def refused(act, *given) -> str:
    with pytest.raises(Refusal) as told:
        act(*given)
    return told.value.sentence


def added(actor, name="remi", duty="office"):
    """A colleague whom this one let in."""
    told = colleague.Told(f"{name.capitalize()} Inventé", f"{name}@exemple.invalid", duty)
    made = colleague.add(actor, told, "Carnet", lambda token: f"{RESET_LINK}/{token}")
    return office.actor(made.account)


def confirm(by, one, **told):
    return rescue.confirm(by, one, seen(**told), link)


def test_never_one_alone(world):
    assert refused(confirm, world.office, asked(world)) == rescue_witness.SAME


def test_an_association_of_two_can_do_it(world):
    assert confirm(officer("lou", "support"), asked(world)).due_at


def test_two_who_only_help_cannot(world):
    one = rescue.ask(officer("lou", "support"), seen())
    assert refused(confirm, officer("remi", "support"), one) == rescue_witness.ONE_OFFICE
    assert confirm(world.office, one).due_at


@pytest.mark.parametrize("duty", ["figures", ""])
def test_whoever_does_not_help_members_does_not(world, duty):
    other = officer("lou", duty)
    assert refused(rescue.ask, other, seen()) == rescue_witness.NOT_YOU
    assert refused(confirm, other, asked(world)) == rescue_witness.NOT_YOU


def test_nobody_gives_his_own_account_back(world):
    one = seen("Diane Modèle", "diane@exemple.invalid")
    assert refused(rescue.ask, world.office, one) == rescue_witness.ONESELF
    sami = officer()
    asked_for_her = rescue.ask(sami, one)
    told = {"name": "Diane Modèle"}
    assert refused(lambda: confirm(world.office, asked_for_her, **told)) == rescue_witness.ONESELF


def test_an_account_of_the_association_needs_two_others_that_keep_it(world):
    one = seen("Diane Modèle", "diane@exemple.invalid")
    assert refused(rescue.ask, officer("lou", "support"), one) == rescue_witness.OF_THE_OFFICE
    asked_for_her = rescue.ask(officer(), one)
    assert rescue.confirm(officer("remi"), asked_for_her, one, link).due_at


def test_one_who_was_just_added_does_not_ask_nor_see(world):
    remi = added(world.office)
    assert refused(confirm, remi, asked(world)) == rescue_witness.TOO_NEW
    assert refused(rescue.ask, remi, seen()) == rescue_witness.TOO_NEW


def test_nor_one_whose_duty_just_changed(world):
    lou = officer("lou", "figures")
    found = Colleague(Account.get_by_id(lou.account_id))
    colleague.change(world.office, found, Duty.SUPPORT.value)
    assert refused(confirm, lou, asked(world)) == rescue_witness.TOO_NEW
    with clock.moved(8 * DAY):
        assert confirm(lou, asked(world)).due_at


def test_nor_one_whose_account_was_just_given_back(world):
    sami = officer()
    rescue_doing.at_once(rescue_doing.SYSTEM, "sami@exemple.invalid", "", WRITER)
    assert refused(confirm, sami, asked(world)) == rescue_witness.TOO_NEW


@pytest.mark.parametrize("first", ["her", "him"])
def test_whoever_added_the_other_does_not_see_with_him_while_a_third_could(world, first):
    remi, _ = added(world.office), officer("lou", "support")
    with clock.moved(60 * DAY):
        pair = [world.office, remi] if first == "her" else [remi, world.office]
        one = rescue.ask(pair[0], seen())
        assert refused(confirm, pair[1], one) == rescue_witness.MADE_BY


def test_in_an_association_of_two_he_does_after_a_month(world):
    remi = added(world.office, duty="support")
    with clock.moved(29 * DAY):
        one = asked(world)
        assert refused(confirm, remi, one) == rescue_witness.MADE_BY
        with clock.moved(2 * DAY):
            assert confirm(remi, one).due_at


def test_what_an_ended_colleague_did_counts_no_more(world):
    one, sami = asked(world), officer()
    lou = officer("lou")
    colleague.end(sami, Colleague(world.account("diane")))
    assert refused(confirm, lou, one) == rescue_witness.NOT_YOU


def test_one_of_the_two_ended_within_the_three_days_stops_it(world):
    sami = officer()
    confirmed(world, sami)
    colleague.end(world.office, Colleague(Account.get_by_id(sami.account_id)))
    with clock.moved(4 * DAY):
        assert rescue_doing.give_back_due(WRITER) == 0
    assert Rescue.get().stopped_by == rescue_doing.ENDED
    assert Account.proving("alice@exemple.invalid", PASSWORD)
