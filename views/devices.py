"""The cookie by which a browser is known: nobody is signed in by it (models/device.py)."""

from flask import after_this_request, current_app, request

from models import device
from models import session as sessions

from .cookies import named

# Of how many accounts one browser is known: those of a family.
MOST = 5


def cookie() -> str:
    return named("carnet-appareil", current_app.config["SESSION_COOKIE_SECURE"])


def tokens() -> list[str]:
    return request.cookies.get(cookie(), "").split(".")[:MOST]


def recognise(row: sessions.Session, trusted: bool = False, told: bool = True) -> None:
    """Where the session is: told, unless the account was made on it, and known from now on;
    `trusted`: it is her own."""
    if token := sessions.recognise(row, trusted, tokens(), told):
        _keep(token)


def _keep(token):
    kept = ".".join([token, *filter(None, tokens())][:MOST])

    @after_this_request
    def put(response):
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        told = {"max_age": device.KEPT, "secure": secure, "httponly": True, "samesite": "Lax"}
        response.set_cookie(cookie(), kept, **told)
        return response
