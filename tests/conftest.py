"""One world for every test: Alice holds a record, Bruno will be her carer, Carole is a stranger,
Diane keeps the office. Their names say that they are fictional."""

import shutil

import pytest

from app import create_app
from models import account, instance, journal, password
from models.account import Account
from models.database import database
from models.settings import Settings

from .client import Visitor
from .world import PASSWORD, World, make_holder


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
def app(settings):
    journal._looked.clear()
    app = create_app(settings)
    app.testing = False  # errors are drawn as people see them
    return app


@pytest.fixture
def world(app):
    return World(app)


@pytest.fixture
def visit(app):
    """A browser without JavaScript: `visit()` for a visitor, `visit("alice")` signed in."""

    def new(name=None):
        visitor = Visitor(app)
        if name:
            visitor.sign_in(f"{name}@exemple.invalid", PASSWORD)
        return visitor

    return new


def _account(name, full_name):
    Account.create(
        email=f"{name}@exemple.invalid", name=full_name, password_hash=password.hashed(PASSWORD)
    )
