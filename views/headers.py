"""The headers of every answer: nothing from elsewhere, nothing kept, nothing guessed (D11)."""

from flask import current_app, request

from . import assets

# What no page of ours asks for. Passkeys are our own pages' alone, unless said otherwise.
PERMISSIONS = "camera=(),geolocation=(),microphone=()"
# Where a session ends: what a page may have kept in the browser goes. Not « cache », which holds
# nothing of ours and takes Chrome half a minute; nor « cookies »: the browser stays known.
LEAVING = {"sessions.delete"}


def register(app):
    app.after_request(_harden)


def policy() -> str:
    return (
        f"default-src 'none';script-src 'self';style-src 'self' '{assets.style_hash()}';"
        "img-src 'self';connect-src 'self';form-action 'self';base-uri 'none';"
        "frame-ancestors 'none'"
    )


def _harden(response):
    if request.endpoint in LEAVING:
        response.headers["Clear-Site-Data"] = '"storage"'
    secure = request.is_secure or current_app.config["SETTINGS"].secure
    return hardened(response, secure)


def hardened(response, secure: bool):
    headers = response.headers
    headers.setdefault("Content-Security-Policy", policy())
    headers.setdefault("Cache-Control", "no-store")
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = PERMISSIONS
    headers["Server"] = "Carnet"  # or the server would say which it is
    if secure:
        headers["Strict-Transport-Security"] = assets.ENCRYPTED
    return response


def lighten(response):
    """« Vary » is of use to who keeps an answer; a page that nobody keeps must be light."""
    if "no-store" in response.headers.get("Cache-Control", ""):
        response.headers.pop("Vary", None)
