"""What goes wrong, in our own words: never a stack trace, never a hint of what others have."""

from flask import Response, current_app, g, make_response, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from models import log, storage, vault
from models.access import Forbidden
from models.database import is_busy
from models.entrance import Over
from models.office import Beyond
from models.sight import Closed, Looking

from . import crowd, drafts, outcome
from .addresses import form_page, has_page
from .page import page, redirect_to_page, warn

WORDS = {
    400: ("Cette demande n'est pas complète", "Revenez à la page d'avant et recommencez."),
    403: ("Vous ne pouvez pas faire cela", "Votre accès ne le permet pas."),
    404: (
        "Cette page n'existe pas",
        "L'adresse est peut-être mal écrite, ou ce qu'elle montrait n'est plus là.",
    ),
    405: ("Cette page ne s'ouvre pas ainsi", "Revenez à l'accueil et reprenez par les menus."),
    413: (
        "C'est trop lourd",
        "Envoyez-le en plusieurs fois : moins de fichiers ensemble, ou un texte plus court. "
        "Revenez à la page d'avant : ce que vous avez écrit y est encore.",
    ),
    429: ("Trop d'essais", "Attendez quelques minutes, puis recommencez."),
    500: (
        "Quelque chose s'est cassé chez nous",
        "Ce n'est pas de votre faute. Rien n'est perdu. Recommencez dans un moment.",
    ),
}
STOPPED = (
    "Carnet ne peut rien enregistrer pour le moment",
    "Ce que vous venez de demander n'est pas fait. Rien de ce qui était là n'est perdu. "
    "Recommencez dans quelques minutes. Si cela dure, prévenez votre association.",
)
# In seconds: when to come back.
LATER = 60
STALE = "Cette page était ouverte depuis trop longtemps. Elle est à jour maintenant : recommencez."


def register(app):
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(Forbidden, _forbidden)
    app.register_error_handler(Over, _over)
    app.register_error_handler(Beyond, _forbidden)
    app.register_error_handler(Closed, _closed)
    app.register_error_handler(Looking, _looking)
    app.register_error_handler(vault.Damaged, _damaged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _http(error):
    if error.code is None or error.code < 400:
        return error
    return _page(error.code, *WORDS.get(error.code, WORDS[400 if error.code < 500 else 500]))


def _forbidden(error):
    return _page(403, WORDS[403][0], error.sentence)


def _over(error):
    return _page(403, error.title, error.sentence)


def _closed(error):
    g.access = error.access
    return _page(403, "Rien à voir", error.sentence)


def _looking(error):
    g.access = error.access
    return _page(403, WORDS[403][0], error.sentence)


def _damaged(_error):
    return _page(
        500, "Ce document est abîmé", "Son contenu ne se lit plus. Prévenez votre association."
    )


def _stale(_error):
    """The form's token is not this session's: shown again, as it was typed or with a word."""
    g.stale = True  # watching.py tells of it
    kept = drafts.keep()
    if not kept or kept != current_user.account or not has_page():
        warn(STALE)
    return redirect_to_page(form_page() or url_for("home.index"))


def _unexpected(error):
    # Of the address, the rule: it may hold a secret, or line breaks that forge a log.
    rule = request.url_rule
    where = f"{request.method} {rule}" if rule else "no address of ours"
    if is_busy(error):
        log.failed(f"locked for too long: {where}", error)
        return crowd.busy(current_app, request.environ)
    log.failed(where, error)
    return _stopped() if storage.why(error) else _page(500, *WORDS[500])


def _stopped():
    """The disk is full, or read-only: not even who asks may be known."""
    response = make_response(_page(503, *STOPPED))
    response.headers["Retry-After"] = str(LATER)
    return response


def _page(status, title, words):
    if outcome.asked():
        return outcome.failure(status)
    try:
        return page("error.html", status, title=title, words=words, access=g.get("access"))
    except Exception:
        # Even the page of errors may fail, when the address itself makes no sense.
        return Response(f"{title}. {words}\n", status, mimetype="text/plain")
