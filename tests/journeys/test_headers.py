"""The headers of the real server: what is judged inside (tests/views/test_headers.py) arrives."""

import re
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from views import assets

from ..headers import ALWAYS, VERSION


def got(address):
    try:
        return urlopen(address, timeout=10)
    except HTTPError as refused:
        return refused


@pytest.mark.parametrize("path", ["/", "/nulle-part", "/etat", "/fhir/metadata", "/connexion"])
def test_the_server_adds_nothing_and_takes_nothing_away(site, path):
    answer = got(site.address + path)
    told = answer.headers
    assert {name: told.get_all(name) for name in ALWAYS} == {
        name: [value] for name, value in ALWAYS.items()
    }
    assert told["Cache-Control"] == "no-store" and "default-src 'none'" in told.as_string()
    others = set(told) - {"Content-Security-Policy", "Set-Cookie"}
    assert not [name for name in others if VERSION.search(told[name])]


def test_static_files_say_as_little(site):
    page = got(site.address + "/").read().decode()
    for path in re.findall(r'src="(/static/[^"]+)"', page):
        told = got(site.address + path).headers
        assert told.get_all("Server") == ["Carnet"] and "immutable" in told["Cache-Control"]
    assert assets.addresses()["carnet.js"] in page
