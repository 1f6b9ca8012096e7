"""The door: who comes in. Every view is closed to visitors unless it is marked public, and every
view of a record says which right it needs."""

from functools import partial, update_wrapper, wraps

import werkzeug.routing
from flask import abort, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user
from werkzeug.routing import BaseConverter

from models import entrance, factor, office, professional
from models import session as sessions
from models.access import Actor, Right
from models.database import database
from models.office import Task
from models.refusal import Refusal

from . import drafts
from .addresses import form_page, safe_path
from .page import redirect_to_page, warn

# Where the cookie keeps the token of half a session: Flask-Login never looks there.
HALF = "half"

login = LoginManager()
login.session_protection = None  # a phone changes its address in the middle of a page
# Nor is a hash of it made at each request, which the cookie would carry for nothing.
login._session_identifier_generator = lambda: ""


class Uid(BaseConverter):
    regex = "[A-Za-z0-9_-]{16}"


class RecordUid(Uid):
    """A record, and after « ~ » whose eyes it is looked at with (models/sight.py): every address
    made while looking so stays there by itself."""

    regex = "[A-Za-z0-9_-]{16}(?:~[A-Za-z0-9_-]{1,40})?"

    def to_url(self, value):
        access = g and g.get("access")
        if access and access.who and value == access.record.uid:
            value = f"{value}~{access.who}"
        return super().to_url(value)


class Rule(werkzeug.routing.Rule):
    """`<uid:record>` is a record, in every address; `<uid:…>` anything else."""

    def get_converter(self, variable_name, converter_name, args, kwargs):
        name = "record" if variable_name == "record" else converter_name
        return super().get_converter(variable_name, name, args, kwargs)


def name_things(app) -> None:
    app.url_rule_class = Rule
    app.url_map.converters.update(uid=Uid, record=RecordUid)


class Visitor(UserMixin):
    """The signed-in person, for Flask-Login; the cookie carries her session's token."""

    def __init__(self, row: sessions.Session, token: str):
        self.session, self.account, self.token = row, row.account, token

    def get_id(self):
        return self.token


@login.user_loader
def load(token):
    row = sessions.find(token, current_app.config["IDLE"])
    if row is None:
        return None
    drafts.mark_forms(row)
    return Visitor(row, token)


def welcome(token: str, keep: tuple[str, ...] = ()) -> bool:
    """Put the session in a new cookie: nothing that came before it is kept, but `keep`. False for
    half a session: it is in the cookie, and nobody is signed in by it."""
    row = sessions.find(token, current_app.config["IDLE"])
    if current_user.is_authenticated and not (row and row.id == current_user.session.id):
        current_user.session.end()  # whoever had copied the cookie of before has nothing
    kept = {name: session[name] for name in keep if name in session}
    session.clear()
    session.update(kept)
    if row is None:
        session[HALF] = token
        return False
    drafts.mark_forms(row)
    return login_user(Visitor(row, token))


def half() -> tuple[sessions.Session | None, str]:
    """The half session of this browser, if it waits for its second factor; and its token."""
    token = session.get(HALF) or ""
    return (sessions.half(token, current_app.config["IDLE"]) if token else None), token


def renew(token: str) -> None:
    """The same person goes on, under another token: her other tabs stay as they are."""
    session["_user_id"] = token


def public(view):
    view.public = True
    return view


def needs(right: Right | None):
    """The view of a record: it is called with the access, which has this right."""

    def decorate(view):
        @wraps(view)
        def guarded(record, **names):
            changing = request.method == "POST"
            access = entrance.enter(current_user.session, record, changing)
            if access is None:
                abort(404)
            g.access = access
            if right:
                access.require(right)
            return view(access, **names)

        guarded.right = right
        return guarded

    return decorate


enters = needs(None)


def sure(view, even_to_read=True):
    """What matters most: whoever does it gave a second factor a moment ago, or is asked for it
    first. What she had typed is kept."""

    @wraps(view)
    def guarded(*given, **names):
        acting = even_to_read or request.method == "POST"
        return _ask_again() if acting and not current_user.session.sure else view(*given, **names)

    guarded.sure = True
    return guarded


# Of a page that is read for itself too.
sure_to_act = partial(sure, even_to_read=False)


def _ask_again():
    posted = request.method == "POST"
    if posted:
        drafts.keep()
        g.csrf_valid = False  # or the draft would be forgotten, as one that was received
    try:
        factor.ask(current_user.session, current_user.token)
    except Refusal as refusal:
        warn(refusal.sentence)
    here = form_page() if posted else request.full_path.rstrip("?")
    return redirect_to_page(url_for("factor.confirm", suite=here or url_for("records.index")))


def for_the_office(task: Task | None):
    """A page of the association, for the accounts whose duty has this task; None, for each of
    them. The others are told that it is not theirs."""

    def decorate(view):
        @wraps(view)
        def guarded(**names):
            if not office.require(current_user.account, task):
                abort(403)
            return view(**names)

        guarded.office, guarded.task = True, task
        return guarded

    return decorate


def officer() -> Actor:
    """Who acts here for the association, as the ledger keeps it."""
    return office.actor(current_user.account)


def for_professionals(view):
    """A page of the professional's desk: called with the professional, verified by the office."""

    @wraps(view)
    def guarded(**names):
        one = professional.of(current_user.account)
        if one is None:
            abort(403)
        return view(one, **names)

    guarded.professional = True
    return guarded


def needs_one(find, right: Right):
    """The view of one thing of a record: called with the access and what `find` finds by it."""

    def decorate(view):
        @needs(right)
        def found(access, one):
            shown = find(access, one)
            if shown is None:
                abort(404)
            return view(access, shown)

        found.sure = getattr(view, "sure", False)
        # Flask knows a view by its name.
        return update_wrapper(found, view, assigned=("__name__", "__doc__"), updated=())

    return decorate


def ask_to_sign_in():
    """Before each request: connect, and send a visitor to the sign-in page, then back."""
    database.connect(reuse_if_open=True)
    view = current_app.view_functions.get(request.endpoint)
    if view is None or getattr(view, "public", False) or current_user.is_authenticated:
        return None
    posted = request.method == "POST"
    kept = drafts.keep() if posted else None
    if kept or "_user_id" in session:
        warn(drafts.ended(kept))
    here = form_page() if posted else request.full_path.rstrip("?")
    missing = "factor.confirm" if half()[0] else "sessions.new"
    return redirect_to_page(url_for(missing, suite=here))


def leave(_error) -> None:
    """After each request: its connection goes back to the pool."""
    database.close()


def go_on(default: str):
    """Where the person was before she was asked to sign in."""
    return redirect(safe_path(request.args.get("suite")) or default, 303)
