"""What goes wrong, in our own words: never a stack trace, never a hint of what others have."""

from flask import Response, current_app, g, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from models import vault
from models.access import Forbidden
from models.entrance import Over
from models.office import Beyond
from models.sight import Closed, Looking

from . import drafts, outcome
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
    kept = drafts.keep()
    if not kept or kept != current_user.account or not has_page():
        warn(STALE)
    return redirect_to_page(form_page() or url_for("home.index"))


def _unexpected(error):
    # Not the address: it may hold a secret, or line breaks that forge a log.
    current_app.logger.error("%s %s", request.method, request.url_rule, exc_info=error)
    return _page(500, *WORDS[500])


def _page(status, title, words):
    if outcome.asked():
        return outcome.failure(status)
    try:
        return page("error.html", status, title=title, words=words, access=g.get("access"))
    except Exception:
        # Even the page of errors may fail, when the address itself makes no sense.
        return Response(f"{title}. {words}\n", status, mimetype="text/plain")
