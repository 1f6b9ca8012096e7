"""Passkeys on this site, if its address allows them: what a page tells the browser."""

from flask import current_app
from wtforms import StringField

from models import factor, passkey
from models.factor import Kind
from models.formats.keys import Site
from models.session import Session

from .forms import Form, said
from .sessions import device


class Answer(Form):
    answer = StringField()

    @property
    def told(self) -> str:
        return said(self.answer)


class NewKey(Answer):
    name = StringField("Nom de cette clé")


def new_key() -> NewKey:
    """To be named: as the device where it is made, unless something else is written."""
    form = NewKey(formdata=None)
    form.name.data = device()
    return form


def site() -> Site | None:
    return Site.of(current_app.config["SETTINGS"])


def to_give(one: Session) -> dict | None:
    """None for an account that has none."""
    here = site()
    return here and Kind.PASSKEY in factor.kinds(one.account) and passkey.to_give(one, here)


def to_add(one: Session) -> dict | None:
    here = site()
    return here and passkey.to_add(one, here)
