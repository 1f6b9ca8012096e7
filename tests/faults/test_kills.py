"""A few kills of each kind of process, at random moments. The long form: python -m
tests.faults.kills --kills 500; here too, by CARNET_KILLS=500."""

import os
import secrets

import pytest

from models.database import database

from ..world import World
from . import whole
from .killed import Log
from .kills import KINDS, Campaign, report

KILLS = int(os.environ.get("CARNET_KILLS", 0))
# Of the short form: (points, seconds) of each. The others are processes of the same kinds.
FEW = {"several": (80, 0.6), "import": (180, 1.0), "backup": (40, 0.3)}


def test_nothing_is_lost_nor_half_done_whatever_is_killed(tmp_path):
    campaign = Campaign(tmp_path, 7, None if KILLS else FEW)
    if KILLS:
        campaign.run(KILLS, KINDS)
    for kind in [] if KILLS else FEW:
        campaign.together(kind, 1, ending=False)
    found = campaign.found
    print(report(found, 0))
    assert found.wrong == []
    assert found.kills.total() == (KILLS or len(FEW)) and set(found.kills) >= set(FEW)


def test_what_is_lost_or_half_done_is_seen():
    """Or the campaign would prove nothing."""
    log = Log(known={"kept": 1, "changed": 1})
    log.begin({"changed": 2, "other": 2})
    assert Log(known=dict(log.known)).compared({"kept": 1, "changed": 1}) == []
    assert log.compared({"kept": 1, "changed": 2}) != [], "half of what was under way"
    assert Log(known={"kept": 1}).compared({}) != [], "lost"
    log = Log(known={"changed": 1})
    log.begin({"changed": 2, "other": 2})
    assert log.compared({"changed": 2, "other": 2}) == []
    log.begin({"one": 1, "two": 2}, together=False)
    assert log.compared({"changed": 2, "other": 2, "two": 2}) == []


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE document SET pinned_at = deposited_at",
        "DELETE FROM search_text",
        "DELETE FROM member_search WHERE rowid = 1",
        "UPDATE record SET activated_at = NULL",
        "UPDATE document SET content = 'nowhere'",
    ],
)
def test_an_instance_that_is_not_whole_is_seen(world, damage):
    World().paper(secrets.token_hex(4))
    assert list(whole.faults()) == []
    database.execute_sql(damage)
    assert list(whole.faults()) != []
