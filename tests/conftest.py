"""One world for every test: Alice holds a record, Bruno will be her carer, Carole is a stranger,
Diane keeps the office. Their names say that they are fictional."""

import os
import random
import shutil
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from argon2 import PasswordHasher

import models.database
from app import create_app
from models import account, instance, journal, password
from models.account import Account
from models.database import database
from models.settings import Settings
from views.crowd import Room

from . import leaks, sights
from .client import Visitor
from .leaks import pytest_sessionfinish, pytest_terminal_summary  # noqa: F401 - at the end
from .world import PASSWORD, World, make_holder

HERE = Path(__file__).parent
# A file system in memory, where Linux has one with room: the models' tests took a third longer on
# a disk. The folder of each test goes once it has passed (pyproject.toml).
MEMORY, ROOM = Path("/dev/shm"), 2_000_000_000
# A hash takes 18 ms, on purpose, and the tests make thousands; Carnet's own is tried in
# models/test_password.py.
KEPT_AS_IN_CARNET = password.HASHER
# A test that leaves an answer half read leaves no room to the next ones (crowd.py).
ENDLESS = Room(inside=10**6, slow=10**6, of_one=10**6)
password.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
password.NOBODY = password.hashed("nobody has this password")


def pytest_configure():
    """The processes that share the tests must collect them in the same order, sets included."""
    os.environ.setdefault("PYTHONHASHSEED", str(random.randrange(2**32)))
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    leaks.begin()


def pytest_sessionstart(session):
    """Each of those processes reads its own share of the tests before all of them, so that Python
    keeps them compiled for the others: pytest took 12 s to, in each."""
    number = os.environ.get("PYTEST_XDIST_WORKER", "")[2:]
    if not number or {Path(one).resolve() for one in session.config.args} != {HERE}:
        return
    files = sorted(HERE.rglob("test_*.py"))
    for file in files[int(number) :: int(os.environ["PYTEST_XDIST_WORKER_COUNT"])]:
        with suppress(Exception):  # it will be told when it is collected
            import_module(".".join(file.relative_to(HERE.parent).with_suffix("").parts))


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


@pytest.fixture(scope="session")
def sights_folder(tmp_path_factory, template_folder):
    """The same, with all of sights.py in Alice's record."""
    folder = tmp_path_factory.mktemp("sights") / "instance"
    shutil.copytree(template_folder, folder)
    instance.open_instance(Settings(instance=folder))
    world = World()
    sights.let_in(world)
    sights.fill(world)
    database.close_all()
    return folder


@pytest.fixture
def copied(tmp_path):
    """The settings of a test's own copy of an instance that was made once."""

    def copy(folder):
        shutil.copytree(folder, tmp_path / "instance")
        return Settings(instance=tmp_path / "instance", contact="01 99 00 00 00")

    return copy


@pytest.fixture
def settings(copied, template_folder):
    return copied(template_folder)


@pytest.fixture
def opened(settings):
    """The instance alone, without the web: what the models need. Its schema is not looked at again:
    it is that of the template, a moment ago (test_migrations.py and test_instance.py try that)."""
    journal._looked.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models.database, "migrate", lambda path: [])
        return instance.open_instance(settings)


@pytest.fixture(scope="session")
def apps():
    return Apps()


@pytest.fixture
def app(opened, settings, apps):
    lent = apps.lend(settings, opened)
    yield lent
    apps.take_back(lent)


@pytest.fixture
def world(opened):
    return World()


@pytest.fixture
def visit(app):
    """A browser without JavaScript: `visit()` for a visitor, `visit("alice")` signed in."""

    def new(name=None):
        visitor = Visitor(app)
        if name:
            visitor.come_in(f"{name}@exemple.invalid")
        return visitor

    return new


class Apps:
    """One application for all tests of the same settings: to make one takes 40 ms, nearly all for
    its routes, and 10 for its templates. Whoever changed it is the last to have it."""

    def __init__(self):
        self._made, self._new = {}, {}

    def lend(self, settings, opened):
        kind = replace(settings, instance=Path()), opened.demonstration
        if kind not in self._made:
            self._made[kind] = app = create_app(settings, room=ENDLESS)
            app.testing = False  # errors are drawn as people see them
            app.config["JOBS"] = False  # a test runs them itself, when it says so
            self._new[kind] = _state(app)
        app = self._made[kind]
        key = opened.derived("carnet-cookies")
        app.config.update(SETTINGS=settings, INSTANCE=opened, SECRET_KEY=key)
        app._got_first_request = False  # as one that was just made, it may take more routes
        return app

    def take_back(self, app):
        for kind in [kind for kind, made in self._made.items() if made is app]:
            if _state(app) != self._new[kind]:
                del self._made[kind]


def _state(app):
    """All that a test could change in it."""
    of_instance = ("SETTINGS", "INSTANCE", "SECRET_KEY")
    config = {name: value for name, value in app.config.items() if name not in of_instance}
    env, rules = app.jinja_env, list(app.url_map.iter_rules())
    hooks = (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
    held = (app.view_functions, env.globals, env.filters, app.extensions, app.blueprints)
    kept = [{name: list(each) for name, each in hook.items()} for hook in hooks]
    return config, rules, env.loader, app.wsgi_app, kept, [dict(one) for one in held]


def _account(name, full_name):
    Account.create(
        email=f"{name}@exemple.invalid", name=full_name, password_hash=password.hashed(PASSWORD)
    )
