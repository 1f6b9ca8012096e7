"""The programs that read files and draw papers end alike, however they are begun: by Carnet, or by
the tests, which spare their start (tests/programs.py)."""

import re
import subprocess
import time
from pathlib import Path

import pytest

from models.formats import child
from models.formats.child import Child, OutOfTime

from ..world import picture

NO_FILE = re.compile(r"Max file size +0 ")


@pytest.fixture(params=["as in Carnet", "quickly"])
def begun(request, programs, monkeypatch):
    quickly = request.param == "quickly"
    monkeypatch.setattr(child, "subprocess", programs if quickly else subprocess)


def test_what_it_hears_and_says(begun):
    with Child("models.formats.extraction", "image/png", seconds=20) as one:
        one.feed([picture("Un papier")])
        said = b"".join(one.output())
        assert one.finished_well()
    assert said.endswith(b'{"done": true}\n') and b'"image/png"' in said


def test_one_that_fails_says_so(begun):
    with Child("models.formats.merging", "[3]", seconds=20) as one:
        one.feed([b"???"])
        assert not one.finished_well()
        assert list(one.output()) == []


def test_one_that_does_not_exist_fails(begun):
    with Child("models.formats.nothing", seconds=20) as one:
        one.feed([b"x"])
        assert not one.finished_well()


def test_one_that_lasts_is_killed(begun):
    with Child("models.formats.extraction", "image/png", seconds=0.2) as one:
        process = one._process
        with pytest.raises(OutOfTime):
            list(one.output())
        assert not one.finished_well()
    assert process.wait() == -9


def test_it_limits_itself_and_nobody_else(begun):
    with Child("models.formats.extraction", "image/png", seconds=20) as one:
        limits, until = Path(f"/proc/{one._process.pid}/limits"), time.monotonic() + 20
        while not NO_FILE.search(limits.read_text()):
            assert time.monotonic() < until, "it may write files"
            time.sleep(0.01)
    with Child("models.formats.extraction", "image/png", seconds=20) as other:
        other.feed([picture("Un autre")])
        assert list(other.output()) and other.finished_well()
