"""What was refused, told to the log, so that whoever tries doors is seen: the kind of door and of
refusal, by which account and from where. An account is its number; where it came from is a keyed
hash, which tells apart and names nobody."""

import hashlib

from flask import current_app, g, request
from flask_login import current_user

from models import log

# A form that has one of these is a door: refused, somebody may be guessing.
SECRETS = {"code", "password", "current"}
LETTERS = 8


def register(app):
    app.after_request(_watch)


def _watch(response):
    what = _refused(response.status_code)
    if what:
        rule = f"{request.method} {request.url_rule}"
        log.OURS.warning(f"{what} at {rule}, from {_where()}, account {_who()}")
    return response


def _refused(status):
    if g.get("stale"):
        return "form of another session refused"
    if status in (401, 403, 429):
        return f"not allowed ({status})"
    if status == 404 and request.view_args and _who():
        return "not there (404)"
    if status == 422 and request.method == "POST" and SECRETS & set(request.form):
        return "secret refused (422)"
    return None


def _who():
    return current_user.account.id if current_user.is_authenticated else None


def _where():
    key = current_app.config["INSTANCE"].derived("carnet-log")
    address = (request.remote_addr or "").encode()
    return hashlib.blake2b(address, key=key).hexdigest()[:LETTERS]
