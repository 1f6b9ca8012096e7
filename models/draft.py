"""Drafts: what a person typed in a form when her session had ended, kept until she sends it."""

import json
from datetime import timedelta

from peewee import ForeignKeyField, TextField

from . import clock
from .account import Account
from .database import MomentField, Table, transaction

KEPT = timedelta(days=7)
# In bytes, of one draft; and how many drafts an account may have.
HEAVIEST = 300_000
MOST = 20
NEVER = ("csrf_token", "password", "secret", "current", "code")

Typed = dict[str, list[str]]


class Draft(Table):
    """`path` is the page that shows the form, `action` the address it is sent to."""

    account = ForeignKeyField(Account, on_delete="CASCADE")
    path = TextField()
    action = TextField()
    typed = TextField()
    made_at = MomentField(default=clock.now)


def may_be_kept(name: str) -> bool:
    """A secret is nowhere but in its hash, however long the session."""
    return not any(word in name.lower() for word in NEVER)


def keep(account: Account, path: str, action: str, typed: Typed) -> bool:
    """In the place of an older one; False where nothing was written, or far too much."""
    typed = {name: values for name, values in typed.items() if may_be_kept(name)}
    if not any(value.strip() for values in typed.values() for value in values):
        return False
    if _weight(path, action, typed) > HEAVIEST:
        return False
    with transaction():
        _delete(account, Draft.path == path, Draft.action == action)
        text = json.dumps(typed, ensure_ascii=False)
        Draft.create(account=account, path=path, action=action, typed=text)
        _forget_the_oldest(account)
    return True


def typed(account: Account, path: str) -> Typed:
    """What this page's forms held, the newest last; nothing of another account's."""
    rows = (
        Draft.select(Draft.typed)
        .where(
            (Draft.account == account) & (Draft.path == path) & (Draft.made_at > clock.now() - KEPT)
        )
        .order_by(Draft.made_at)
    )
    return {name: values for row in rows for name, values in json.loads(row.typed).items()}


def forget(account: Account, action: str) -> None:
    """The form has been received. There is seldom anything, and to look is no write."""
    if Draft.select().where(Draft.account == account, Draft.action == action).exists():
        _delete(account, Draft.action == action)


def forget_old() -> int:
    return Draft.delete().where(Draft.made_at <= clock.now() - KEPT).execute()


def _delete(account, *which):
    return Draft.delete().where(Draft.account == account, *which).execute()


def _forget_the_oldest(account):
    newest = Draft.select(Draft.id).where(Draft.account == account)
    newest = newest.order_by(Draft.made_at.desc(), Draft.id.desc()).limit(MOST)
    _delete(account, Draft.id.not_in(newest))


def _weight(path, action, typed):
    values = [value for values in typed.values() for value in values]
    return sum(len(text.encode()) for text in (path, action, *typed, *values))
