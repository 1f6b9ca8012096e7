"""Chores: each is done every time, and one that fails holds no other up."""

from datetime import timedelta

from models import bin, chores, clock
from models.notice import Notice, write
from models.settings import Settings

from ..world import SENDER


def test_one_that_fails_is_told_and_the_others_are_done(world, settings, monkeypatch, caplog):
    def broken():
        raise RuntimeError("une panne")

    monkeypatch.setattr(chores.closing, "close_due", broken)
    paper = world.paper("Un")
    bin.discard(world.access("alice"), [paper])
    write("alice@exemple.invalid", "Bonjour", "Un mot.")
    with clock.moved(timedelta(days=31)):
        done = chores.run(settings, SENDER, kept=False)
    assert done.faults == ["closed"]
    assert "une panne" in caplog.text
    assert done.sent == Notice.select().count() and done.unsent == 0
    assert done.number("emptied") == 1


def test_nothing_to_do_is_nothing_to_say(world, settings):
    chores.run(settings, SENDER, kept=False)
    done = chores.run(settings, SENDER, kept=False)
    assert not done.told and not done.faults


def test_bounces_are_read_where_a_folder_is_set(settings):
    def named(given):
        return [name for name, _ in chores.chores(given, SENDER, kept=False)]

    assert "bounces" not in named(settings)
    assert "bounces" in named(Settings(instance=settings.instance, bounces="retours"))
