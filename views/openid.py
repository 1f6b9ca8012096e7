"""OpenID Connect Core 1.0, by Authlib: the authorization code, with PKCE (RFC 7636), a nonce, and
the issuer named in the answer (RFC 9207)."""

from flask import Response, current_app, request

from models.turns import aside

# Seconds given to the provider to answer.
PATIENCE = 10
# Signatures that only the provider can make: neither none nor one that its clients share.
ALGORITHMS = ["RS256", "RS512", "PS256", "ES256", "EdDSA"]


class Failed(Exception):
    """The provider does not answer, or what comes back proves nothing."""


def leave(back: str) -> Response:
    """To the provider, which sends back to this address. Raises Failed."""
    site, client = current_app.config["SETTINGS"], _client()
    asked = {"acr_values": site.oidc_acr} if site.oidc_acr else {}
    try:
        with aside():
            _check_issuer(client)
            return client.authorize_redirect(back, **asked)
    except _faults() as error:
        raise Failed(type(error).__name__) from error


def claims() -> dict:
    """What the provider says of who comes back: « sub », « acr »… Raises Failed."""
    client = _client()
    try:
        with aside():
            _check_issuer(client)
            told = client.authorize_access_token()["userinfo"]
    except _faults() as error:
        raise Failed(type(error).__name__) from error
    if not isinstance(told.get("sub"), str) or not 0 < len(told["sub"]) <= 255:
        raise Failed("sub")
    return told


def _client():
    """Made once: Authlib takes a while to load, for an instance that has a provider."""
    if "openid" not in current_app.extensions:
        site = current_app.config["SETTINGS"]
        current_app.extensions["openid"] = _oauth()(current_app).register(
            "carnet",
            client_id=site.oidc_client_id,
            client_secret=site.oidc_client_secret,
            server_metadata_url=f"{site.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={
                "scope": site.oidc_scope,
                "code_challenge_method": "S256",
                "default_timeout": PATIENCE,
            },
        )
    return current_app.extensions["openid"]


def _oauth():
    """Authlib's, which asks the provider and nobody that it would send to."""
    from authlib.integrations.flask_client import FlaskOAuth2App, OAuth

    class Straight(FlaskOAuth2App.client_cls):
        def request(self, *given, **named):
            return super().request(*given, **named | {"allow_redirects": False})

    class App(FlaskOAuth2App):
        client_cls = Straight

    class Straightforward(OAuth):
        oauth2_client_cls = App

    return Straightforward


def _check_issuer(client):
    """It says itself who it is, and must be the one that was set."""
    known, told = client.load_server_metadata(), current_app.config["SETTINGS"].oidc_issuer
    named = {known.get("issuer"), request.args.get("iss", known.get("issuer"))}
    if {str(name).rstrip("/") for name in named} != {told.rstrip("/")}:
        raise ValueError("issuer")
    known["id_token_signing_alg_values_supported"] = ALGORITHMS


def _faults():
    from authlib.integrations.base_client import OAuthError
    from joserfc.errors import JoseError
    from requests import RequestException

    return OAuthError, JoseError, RequestException, ValueError, KeyError, TypeError
