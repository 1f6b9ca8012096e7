"""Where to tell of a hole."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from models import clock

PATH = "/.well-known/security.txt"


def told(app, **settings):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], **settings)
    return app.test_client().get(PATH)


def fields(answer):
    return dict(line.split(": ", 1) for line in answer.text.splitlines())


@pytest.mark.parametrize(
    "contact, address",
    [
        ("01 99 00 00 00, aide@exemple.invalid", "mailto:aide@exemple.invalid"),
        ("Au 01 99 00 00 00, du lundi au vendredi", "tel:+33-1-99-00-00-00"),
    ],
)
def test_it_names_whom_the_settings_name(app, contact, address):
    answer = told(app, contact=contact, base_url="https://carnet.exemple.invalid")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    said = fields(answer)
    assert said["Contact"] == address
    assert said["Canonical"] == f"https://carnet.exemple.invalid{PATH}"
    assert said["Preferred-Languages"] == "fr, en"


def test_it_is_good_for_less_than_a_year_from_whenever_it_is_read(app):
    with clock.moved(timedelta(days=800)):
        until = datetime.fromisoformat(fields(told(app))["Expires"])
        assert timedelta(0) < until - clock.now() < timedelta(days=365)


@pytest.mark.parametrize("contact", ["", "Le bureau est ouvert le lundi."])
def test_where_nobody_is_named_there_is_none(app, contact):
    assert told(app, contact=contact).status_code == 404
