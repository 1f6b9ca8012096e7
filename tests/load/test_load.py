"""A few people for a few seconds, on a real server of two workers: nobody is told an error, none is
sent away. `python -m tests.load` is the long form."""

import asyncio

import pytest

from models.settings import Settings
from tests.bench.pdfs import pdf
from tests.faults.test_server import serving

from . import making
from .person import Depositor, Person, Seen, living

PEOPLE, SECONDS, HEAVY = 8, 2, 2_000_000
THINK = (0.05, 0.4)


@pytest.fixture
def settings(tmp_path):
    return Settings(instance=tmp_path / "instance")


def test_people_who_read_and_write_at_once_see_no_error(settings, monkeypatch):
    them = making.filled(settings, PEOPLE)
    making.sign_in(settings, them)
    monkeypatch.setenv("CARNET_WORKERS", "2")
    monkeypatch.setattr(Depositor, "content", pdf(HEAVY))
    seen, kinds = Seen(), [Depositor] + [Person] * (PEOPLE - 1)
    with serving(settings) as (_, address):
        port = int(address.rpartition(":")[2])
        people = [kind(one, port, seen, THINK) for kind, one in zip(kinds, them, strict=True)]
        asyncio.run(living(people, SECONDS))
    assert not seen.wrong
    assert not seen.refused
    assert seen.seconds["heavy deposit"], "nobody deposited"
    assert seen.answers > PEOPLE, "nobody came"
