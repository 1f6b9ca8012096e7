"""The headers of every answer: nothing from elsewhere, nothing kept, nothing guessed (D11)."""

from flask import request

from . import assets


def register(app):
    app.after_request(_harden)


def policy() -> str:
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self' '{assets.style_hash()}'; "
        "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


def _harden(response):
    headers = response.headers
    headers.setdefault("Content-Security-Policy", policy())
    headers.setdefault("Cache-Control", "no-store")
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
