"""The code is read back by a real reader, from its path alone."""

import re

import pytest
import zxingcpp
from PIL import Image

from models.formats import qr
from models.refusal import Refusal

RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z")
TEXTS = (
    "En cas d'urgence : Jeanne Durand\nAppeler Paul Durand, fils : 06 12 34 56 78",
    "Zoé Đặng, œuf, « oui », 06 12 34 56 78 €",
    "محمد العربي דוד 中文 😀",
    "0612345678",
    "é" * (qr.MAX_BYTES // 2),
)


@pytest.mark.parametrize("text", TEXTS)
def test_a_reader_finds_the_text_itself(text):
    assert zxingcpp.read_barcode(drawn(*qr.path(text))).text == text


@pytest.mark.parametrize("text", TEXTS)
def test_four_white_modules_all_around(text):
    size, path = qr.path(text)
    for x, y, width, _ in runs(path):
        assert 4 <= y < size - 4
        assert 4 <= x <= x + width <= size - 4
    assert min(x for x, *_ in runs(path)) == 4


def test_it_resists_stains():
    image = drawn(*qr.path(TEXTS[0]))
    middle, stain = image.width // 2, round(image.width * 0.13)
    image.paste(255, (middle - stain, middle - stain, middle + stain, middle + stain))
    assert zxingcpp.read_barcode(image).text == TEXTS[0]


def test_neighbouring_modules_are_one_run():
    ends = {(x + width, y) for x, y, width, _ in runs(qr.path(TEXTS[0])[1])}
    assert not ends & {(x, y) for x, y, *_ in runs(qr.path(TEXTS[0])[1])}


@pytest.mark.parametrize("text", ("é" * 301, "a" * 601))
def test_too_long_for_a_card(text):
    with pytest.raises(Refusal) as refusal:
        qr.path(text)
    assert refusal.value.field == "lines"
    assert "choisissez moins de lignes" in refusal.value.sentence


def runs(path):
    assert not RUN.sub("", path)
    return [tuple(map(int, run)) for run in RUN.findall(path)]


def drawn(size, path, scale=4):
    image = Image.new("L", (size, size), 255)
    for x, y, width, back in runs(path):
        assert width == back
        image.paste(0, (x, y, x + width, y + 1))
    return image.resize((size * scale, size * scale), Image.Resampling.NEAREST)
