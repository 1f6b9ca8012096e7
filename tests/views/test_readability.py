"""« Entourage et volontés » reads easily: every page, every letter, every sheet."""

import shutil

import pytest

from models import instance
from models.settings import Settings
from tests.readability import EASY, LONGEST_SENTENCE, all_of, reading


@pytest.fixture(scope="module")
def readings(tmp_path_factory, template_folder, apps):
    """Read once: it takes three seconds."""
    folder = tmp_path_factory.mktemp("readings") / "instance"
    shutil.copytree(template_folder, folder)
    settings = Settings(instance=folder)
    return all_of(apps.lend(settings, instance.open_instance(settings)))


def test_every_page_and_letter_is_easy(readings):
    assert len(readings) > 75
    hard = {name: one.ease for name, one in readings.items() if one.ease < EASY}
    assert not hard, hard


def test_no_sentence_is_long(readings):
    long = {one.longest for one in readings.values() if one.longest_words > LONGEST_SENTENCE}
    assert not long, long


def test_the_measure_can_fail():
    hard = reading(["L'institutionnalisation bureaucratique complexifie considérablement l'accès."])
    assert hard.ease < EASY
    long = reading([" ".join(["mot"] * (LONGEST_SENTENCE + 1))])
    assert long.longest_words > LONGEST_SENTENCE
    assert reading(["Je lis.", "Je signe."]).ease > EASY
