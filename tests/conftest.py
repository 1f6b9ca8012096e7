"""One world for every test: Alice holds a record, Bruno will be her carer, Carole is a stranger,
Diane keeps the office. Their names say that they are fictional."""

import os
import random
import shutil

import pytest
from jinja2 import BytecodeCache

from app import create_app
from models import account, instance, journal, password
from models.account import Account
from models.database import database
from models.settings import Settings

from .client import Visitor
from .world import PASSWORD, World, make_holder


def pytest_configure():
    """The processes that share the tests must collect them in the same order, sets included."""
    os.environ.setdefault("PYTHONHASHSEED", str(random.randrange(2**32)))


def pytest_make_parametrize_id(val):
    """And under the same names: the hash of a password is never twice the same."""
    return "argon2" if isinstance(val, str) and val.startswith("$argon2") else None


@pytest.fixture(scope="session")
def template_folder(tmp_path_factory):
    """The world's instance, made once; each test works on a copy of it."""
    folder = tmp_path_factory.mktemp("template") / "instance"
    settings = Settings(instance=folder)
    instance.create(settings)
    instance.open_instance(settings)
    for name in ("alice", "carole"):
        make_holder(name)
    _account("bruno", "Bruno Fictif")
    account.make_office("diane@exemple.invalid", "Diane Modèle", PASSWORD)
    database.close()
    return folder


@pytest.fixture
def settings(tmp_path, template_folder):
    shutil.copytree(template_folder, tmp_path / "instance")
    return Settings(instance=tmp_path / "instance")


@pytest.fixture
def opened(settings):
    """The instance alone, without the web: what the models need."""
    journal._looked.clear()
    return instance.open_instance(settings)


@pytest.fixture(scope="session")
def compiled():
    return Compiled()


@pytest.fixture
def app(opened, settings, compiled):
    app = create_app(settings)
    app.testing = False  # errors are drawn as people see them
    app.config["JOBS"] = False  # a test runs them itself, when it says so
    app.jinja_env.bytecode_cache = compiled
    return app


@pytest.fixture
def world(opened):
    return World()


@pytest.fixture
def visit(app):
    """A browser without JavaScript: `visit()` for a visitor, `visit("alice")` signed in."""

    def new(name=None):
        visitor = Visitor(app)
        if name:
            visitor.sign_in(f"{name}@exemple.invalid", PASSWORD)
        return visitor

    return new


class Compiled(BytecodeCache):
    """The templates, compiled once and not once a test, which took a third of the time. One that
    changes has another checksum."""

    def __init__(self):
        self._kept = {}

    def load_bytecode(self, bucket):
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket):
        self._kept[bucket.key, bucket.checksum] = bucket.code


def _account(name, full_name):
    Account.create(
        email=f"{name}@exemple.invalid", name=full_name, password_hash=password.hashed(PASSWORD)
    )
