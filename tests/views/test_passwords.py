"""Passwords as they are typed: masked, pasted, taken to the letter, good as long as one likes."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from models import clock
from tests.world import PASSWORD

from .test_sessions import sign_in

ROOT = Path(__file__).parents[2]
FIELD = re.compile(r"ui\.field\(form\.(?:password|current|again)\b.*")
# Spaces around, capital letters, and an « é » in two signs.
TYPED = " Rivie\u0301re-Tambour-citron-58 "


def changed(alice, to):
    alice.get("/compte")
    alice.submit("Changer mon mot de passe", current=PASSWORD, password=to)


def test_they_are_masked_and_may_be_pasted_or_filled_in():
    fields = [
        line
        for file in (ROOT / "templates").rglob("*.html")
        for line in FIELD.findall(file.read_text())
    ]
    assert len(fields) > 5
    for field in fields:
        assert "type='password'" in field and "'autocomplete': '" in field, field
    assert "paste" not in (ROOT / "static/carnet.js").read_text()


def test_one_is_taken_to_the_letter(visit):
    changed(visit("alice"), TYPED)
    for other in (TYPED.strip(), TYPED.lower(), TYPED.replace("e\u0301", "\u00e9"), TYPED[:-1]):
        assert "ne vont pas ensemble" in sign_in(visit(), password=other, status=422).text
    assert "Bonjour" in sign_in(visit(), password=TYPED).text


@pytest.mark.parametrize("length", [64, 200])
def test_a_long_one_is_taken_whole(visit, length):
    long = (PASSWORD * 10)[: length - 1]
    changed(visit("alice"), long + "x")
    assert "ne vont pas ensemble" in sign_in(visit(), password=long + "y", status=422).text
    assert "Bonjour" in sign_in(visit(), password=long + "x").text


def test_it_does_not_grow_old(visit):
    with clock.moved(timedelta(days=3_000)):
        assert "Bonjour" in sign_in(visit()).text
