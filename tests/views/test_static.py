"""The static files: light, kept for ever under a name of their own, and nothing waits for them."""

import gzip
from pathlib import Path

import brotli
import pytest

from views import assets

OPEN = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
YEAR = 365 * 24 * 3600


@pytest.fixture
def browser(visit):
    return visit().client


def asked(browser, path, coding=None, **headers):
    accepted = {"Accept-Encoding": coding} if coding else {}
    return browser.get(path, headers=accepted | headers)


@pytest.mark.parametrize("coding", OPEN)
@pytest.mark.parametrize("file", assets.SERVED, ids=lambda file: file.name)
def test_each_file_is_the_same_whoever_unpacks_it(browser, file, coding):
    answer = asked(browser, assets.addresses()[file.name], coding)
    assert answer.headers.get("Content-Encoding") == coding
    assert OPEN[coding](answer.data) == file.read_bytes()
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert answer.headers["Vary"] == "Accept-Encoding"
    kept = answer.headers["Cache-Control"].split(", ")
    assert "immutable" in kept and int(kept[0].removeprefix("max-age=")) >= YEAR


def test_what_the_first_view_fetches(browser):
    """In bytes; htmx is nearly all of it."""
    fetched = [assets.addresses()[name] for name in ("htmx.min.js", "carnet.js", "icon.svg")]
    assert sum(len(asked(browser, path, "br").data) for path in fetched) <= 16_400


def test_the_best_that_is_taken(browser):
    path = assets.addresses()["carnet.js"]
    for accepted, coding in (("gzip, deflate, br", "br"), ("deflate, gzip", "gzip"), ("x", None)):
        assert asked(browser, path, accepted).headers.get("Content-Encoding") == coding


def test_what_is_kept_is_not_sent_again(browser):
    for path in (assets.addresses()["carnet.js"], assets.FAVICON):
        first = asked(browser, path, "br")
        again = asked(browser, path, "br", **{"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]


def test_its_head_and_a_part_of_it(browser):
    path, whole = assets.addresses()["carnet.js"], Path(assets.SCRIPTS[0]).read_bytes()
    head = browser.head(path, headers={"Accept-Encoding": "br"})
    assert head.data == b"" and int(head.headers["Content-Length"]) < len(whole) / 2
    part = asked(browser, path, "br", Range="bytes=10-19")
    assert (part.status_code, part.data) == (206, whole[10:20])


def test_the_icon_of_old_browsers(browser):
    """They ask for it by this name: an error is a whole page, each time."""
    icon = asked(browser, assets.FAVICON, "br")
    assert icon.status_code == 200 and icon.data[:4] == b"\0\0\1\0" and len(icon.data) < 500
    assert icon.headers["Cache-Control"] == f"max-age={assets.WEEK}, public"


@pytest.mark.parametrize("path", ["/", "/connexion"])
def test_nothing_is_waited_for(visit, path):
    soup = visit().get(path).soup
    assert all(script.has_attr("defer") for script in soup.select("script"))
    assert not soup.select("link[rel=stylesheet]") and soup.select("head style")
