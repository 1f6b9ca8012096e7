"""What the fuzzers found stays mended; and a little of what they do, without Atheris: the seeds as
they are, then changed. The long form is `python -m tests.fuzz`."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from . import mutators
from .here import children_here
from .targets import TARGETS

# What Pillow says of what it was given.
pytestmark = pytest.mark.filterwarnings("ignore")
FINDINGS = Path(__file__).with_name("findings")
# Files that are heavy are left to Atheris.
LIGHT, MOST_SEEDS = 12_000, 6


@pytest.fixture(scope="module", autouse=True)
def here():
    with children_here():
        yield


@pytest.mark.parametrize("file", sorted(FINDINGS.glob("*/*")), ids=lambda one: one.name)
def test_what_was_found_is_mended(file):
    tried(TARGETS[file.parent.name], file.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_and_what_is_near_them(name):
    target = TARGETS[name]
    light = [one for one in target.seeds() if len(one) <= LIGHT]
    seeds = light[: min(MOST_SEEDS, target.few)]
    for seed in seeds:
        tried(target, seed)

    @settings(
        max_examples=target.few,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[*HealthCheck],
    )
    @given(st.sampled_from(seeds), st.randoms(use_true_random=False))
    def near(seed, rng):
        tried(target, target.mutate(seed, rng, mutators.blind(rng))[: target.longest])

    near()


def tried(target, data):
    with suppress(target.allowed):
        target.run(data)


def test_a_target_that_breaks_is_seen():
    """The table, and the way it is run, can fail."""
    target = TARGETS["manifest"]
    with pytest.raises(json.JSONDecodeError):
        target.run(b"{")
    with pytest.raises(ZeroDivisionError):
        tried(type(target)(lambda data: 1 / len(data[:0]), list), b"x")
