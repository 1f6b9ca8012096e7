"""Drafts: what was typed is kept as it was, for its account alone, for a week."""

from datetime import timedelta

import pytest

from models import clock, draft
from models.database import database
from models.draft import Draft

PAGE, OTHER = "/espaces/x/dossiers", "/espaces/x/autre?de=1"
TEXT = "Être à l'œuvre 🌷\r\n\r\nשלום, مرحبا\t– fin \n"


@pytest.fixture
def alice(world):
    return world.account("alice")


def keep(account, path=PAGE, action=None, **typed):
    return draft.keep(account, path, action or path, typed)


def test_what_was_typed_comes_back_as_it_was(alice):
    assert keep(alice, text=[TEXT], days=["lundi", "mardi"], empty=[""])
    assert draft.typed(alice, PAGE) == {"text": [TEXT], "days": ["lundi", "mardi"], "empty": [""]}
    assert draft.typed(alice, OTHER) == {}


def test_a_newer_one_takes_its_place(alice):
    keep(alice, text=["avant"], more=["oui"])
    keep(alice, text=["après"])
    assert draft.typed(alice, PAGE) == {"text": ["après"]}
    assert Draft.select().count() == 1


def test_two_forms_of_a_page_are_two_drafts(alice):
    keep(alice, name=["Cœur"])
    keep(alice, action="/espaces/x/personnes", phone=["01"])
    assert draft.typed(alice, PAGE) == {"name": ["Cœur"], "phone": ["01"]}
    draft.forget(alice, "/espaces/x/personnes")
    assert draft.typed(alice, PAGE) == {"name": ["Cœur"]}


def test_it_is_its_account_s_alone(world, alice):
    keep(alice, text=["à moi"])
    carole = world.account("carole")
    assert draft.typed(carole, PAGE) == {}
    keep(carole, text=["à elle"])
    draft.forget(carole, PAGE)
    assert draft.typed(alice, PAGE) == {"text": ["à moi"]}


def test_secrets_are_never_written(alice):
    secret = {
        name: ["motus-et-bouche"]
        for name in ("password", "new_Password", "secret", "current", "code", "csrf_token")
    }
    assert not draft.keep(alice, PAGE, PAGE, secret)
    assert draft.keep(alice, PAGE, PAGE, secret | {"text": ["bonjour"]})
    assert draft.typed(alice, PAGE) == {"text": ["bonjour"]}
    rows = database.execute_sql("SELECT * FROM draft").fetchall()
    assert "motus" not in str(rows)


def test_nothing_typed_is_no_draft(alice):
    assert not keep(alice)
    assert not keep(alice, text=["", " \n"], other=[])
    assert Draft.select().count() == 0


def test_it_may_weigh_what_a_form_may(alice):
    line_breaks = "\r\n" * 149_000
    assert keep(alice, text=["a" + line_breaks])
    assert draft.typed(alice, PAGE) == {"text": ["a" + line_breaks]}
    assert not keep(alice, path=OTHER, text=["é" * 150_001])


def test_an_account_has_twenty_at_most_the_oldest_go(world, alice):
    keep(world.account("carole"), text=["à elle"])
    for number in range(25):
        with clock.moved(timedelta(seconds=number)):
            keep(alice, path=f"/page?n={number}", text=["oui"])
    kept = {row.path for row in Draft.select().where(Draft.account == alice)}
    assert kept == {f"/page?n={number}" for number in range(5, 25)}
    assert draft.typed(world.account("carole"), PAGE)


def test_it_is_forgotten_after_a_week(alice):
    keep(alice, text=["oui"])
    with clock.moved(timedelta(days=6, hours=23)):
        assert draft.forget_old() == 0
        assert draft.typed(alice, PAGE)
    with clock.moved(timedelta(days=7, minutes=1)):
        assert draft.typed(alice, PAGE) == {}  # even if the work of the day was not done
        assert draft.forget_old() == 1
    assert Draft.select().count() == 0


def test_it_goes_with_its_account(world):
    bruno = world.account("bruno")
    keep(bruno, text=["oui"])
    bruno.delete_instance()
    assert Draft.select().count() == 0
