"""Carnet inside this process, on a copy: for what only Python can tell."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from models import journal
from models.database import database
from models.settings import Settings
from tests.client import Visitor

from .instances import BUILD, Made, copied


@contextmanager
def carnet(one: Made) -> Iterator[Flask]:
    """One at a time: the models are bound to one instance."""
    journal._looked.clear()
    try:
        yield create_app(Settings(instance=copied(one, BUILD / "inside", vault=False).folder))
    finally:
        database.close_all()


def signed_in(app: Flask, made: Made) -> FlaskClient:
    """Both steps done: what signing in costs is measured elsewhere."""
    visitor = Visitor(app)
    visitor.come_in(made.email)
    return visitor.client


class Statements(logging.Handler):
    """What Peewee sends to the database, transactions' own words left out."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.seen = []

    def emit(self, record):
        statement = record.msg[0]
        if statement.split()[0].upper() in ("WITH", "SELECT", "INSERT", "UPDATE", "DELETE"):
            self.seen.append(statement)


@contextmanager
def listening() -> Iterator[list[str]]:
    logger, handler = logging.getLogger("peewee"), Statements()
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield handler.seen
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
