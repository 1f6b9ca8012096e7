"""The cookies: signed by a hash that is not SHA-1, and tied to this very host where the address is
encrypted (« __Host- », RFC 6265bis: no other site under the same domain can put one there)."""

import hashlib

from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature, Signer

from .headers import lighten

NAME = "carnet"


def register(app):
    # Of whatever else is signed: the library would take SHA-1.
    Signer.default_digest_method = staticmethod(_digest)
    app.session_interface = Signed()
    app.config.update(
        SESSION_COOKIE_NAME=named(NAME, app.config["SETTINGS"].secure),
        SESSION_COOKIE_SECURE=app.config["SETTINGS"].secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
    )


def named(name: str, secure: bool) -> str:
    return f"__Host-{name}" if secure else name


def _digest(data=b""):
    """BLAKE2b, in as many bytes as SHA-1: a page with twenty forms is no heavier."""
    return hashlib.blake2b(data, digest_size=20)


class Signed(SecureCookieSessionInterface):
    digest_method = staticmethod(_digest)

    def save_session(self, app, session, response):
        """The last that touches an answer: Flask adds to « Vary » here."""
        super().save_session(app, session, response)
        lighten(response)

    def open_session(self, app, request):
        """Whatever its age, which the rows that it names know better (models/session.py): the
        library takes none that is signed a second from now, and a clock that is set back would sign
        everyone out."""
        signing = self.get_signing_serializer(app)
        held = request.cookies.get(self.get_cookie_name(app))
        if signing is None or not held:
            return None if signing is None else self.session_class()
        try:
            return self.session_class(signing.loads(held))
        except BadSignature:
            return self.session_class()
