"""A provider of identities that lies, or someone in its place: what it says is signed otherwise, or
meant for others, or too old. A real server, on this machine, that answers what each test has it
say; the way to it and back is Carnet's own."""

import base64
import hashlib
import hmac
import json
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from models import identity_link
from models.session import Session

CLIENT, SECRET = "carnet", "un secret fictif, long de quarante signes !"
BACK = "/connexion/fournisseur/retour"
LEAVE = "/connexion/fournisseur"
ITS_KEY, OTHER = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
IMPOSSIBLE = 2**31


class Provider(ThreadingHTTPServer):
    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answering)
        self.address = f"http://127.0.0.1:{self.server_port}"

    def told(self, path):
        if path == "/keys":
            return {"keys": [ITS_KEY.as_dict(private=False, kid="k", use="sig")]}
        if path == "/token":
            return {"access_token": "a", "token_type": "Bearer", "id_token": self.token}
        ends = {"authorization": "ask", "token": "token"}
        ends = {f"{name}_endpoint": f"{self.address}/{end}" for name, end in ends.items()}
        return {"issuer": self.names_itself, "jwks_uri": f"{self.address}/keys", **ends}


class Answering(BaseHTTPRequestHandler):
    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        elsewhere = self.server.redirects and not self.path.startswith("/elsewhere")
        self.send_response(302 if elsewhere else 200)
        if elsewhere:
            self.send_header("Location", f"/elsewhere{self.path}")
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        path = self.path.removeprefix("/elsewhere")
        self.wfile.write(b"{}" if elsewhere else json.dumps(self.server.told(path)).encode())

    do_POST = do_GET

    def log_message(self, *_words):
        pass


@pytest.fixture(scope="module")
def running():
    with Provider() as server:
        threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def liar(running):
    running.names_itself, running.redirects, running.token = running.address, False, ""
    return running


@pytest.fixture
def provided(app, world, liar):
    """Alice's identity at this provider opens her account."""
    before = app.config["SETTINGS"]
    told = {"oidc_issuer": liar.address, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    app.config["SETTINGS"] = replace(before, base_url="http://localhost", oidc_acr="strong", **told)
    app.extensions.pop("openid", None)
    identity_link.make(world.account("alice"), liar.address, "alice", "")
    yield app
    app.config["SETTINGS"] = before
    app.extensions.pop("openid", None)


def left(visitor):
    """What Carnet asked the provider for."""
    address = urlsplit(visitor.client.get(LEAVE).location)
    return {name: values[0] for name, values in parse_qs(address.query).items()}


def claims(liar, asked, **other):
    now = int(time.time())
    told = {"iss": liar.address, "sub": "alice", "aud": CLIENT, "nonce": asked["nonce"]}
    told |= {"iat": now, "exp": now + 300, "acr": "strong"}
    return {name: value for name, value in (told | other).items() if value is not None}


def signed(told, key=ITS_KEY, **header):
    return jwt.encode({"alg": "RS256", "kid": "k", **header}, told, key)


def by_hand(told, header, secret=None):
    """What no library writes."""
    parts = [
        base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in (header, told)
    ]
    body = b".".join(parts)
    seal = hmac.digest(secret, body, hashlib.sha256) if secret else b""
    return (body + b"." + base64.urlsafe_b64encode(seal).rstrip(b"=")).decode()


def come_back(visitor, liar, asked, token):
    liar.token = token
    return visitor.client.get(BACK, query_string={"code": "c", "state": asked["state"]})


def comes_in(visitor, liar, make):
    asked = left(visitor)
    answer = come_back(visitor, liar, asked, make(claims(liar, asked)))
    assert answer.status_code in (303, 400), answer.status_code
    return answer.status_code == 303 and Session.select().exists()


def test_what_is_as_it_must_be_comes_in(provided, visit, liar):
    assert comes_in(visit(), liar, signed)


PUBLIC = ITS_KEY.as_pem(private=False)
FORGED = {
    "signed by nobody": lambda told: by_hand(told, {"alg": "none"}),
    "by nobody, in capitals": lambda told: by_hand(told, {"alg": "NoNe", "kid": "k"}),
    "by what anyone may read": lambda told: by_hand(told, {"alg": "HS256", "kid": "k"}, PUBLIC),
    "by what its clients know": lambda told: by_hand(told, {"alg": "HS256"}, SECRET.encode()),
    "by another": lambda told: signed(told, OTHER),
    "by another, that it brings": lambda told: signed(
        told, OTHER, jwk=OTHER.as_dict(private=False), jku="http://127.0.0.1/keys"
    ),
    "changed since": lambda told: signed(told)[:-6] + "AAAAAA",
    "cut": lambda told: signed(told).rpartition(".")[0] + ".",
    "no token": lambda told: "",
}


def test_what_it_did_not_sign_itself_brings_nobody_in(provided, visit, liar):
    for how, forge in FORGED.items():
        assert not comes_in(visit(), liar, forge), how


WRONG = [
    *({"aud": "another"}, {"aud": None}, {"iss": "http://ailleurs.invalid"}, {"iss": None}),
    *({"exp": 1}, {"exp": None}, {"nbf": IMPOSSIBLE}, {"iat": IMPOSSIBLE}),
    *({"nonce": "another"}, {"nonce": None}),
    *({"sub": None}, {"sub": ""}, {"sub": ["alice"]}),
]


def test_what_is_for_others_or_of_another_time_brings_nobody_in(provided, visit, liar):
    for wrong in WRONG:

        def forge(told, wrong=wrong):
            told = told | wrong
            return signed({name: value for name, value in told.items() if value is not None})

        assert not comes_in(visit(), liar, forge), wrong


def test_a_token_of_another_sign_in_does_not_serve(provided, visit, liar):
    one, other = visit(), visit()
    theirs = signed(claims(liar, left(one)))
    assert come_back(other, liar, left(other), theirs).status_code == 400
    assert not Session.select().exists()


def test_one_that_names_itself_otherwise_is_not_gone_to(provided, visit, liar):
    liar.names_itself = "http://ailleurs.invalid"
    assert visit().client.get(LEAVE).status_code == 503


def test_one_that_sends_elsewhere_is_not_followed(provided, visit, liar):
    liar.redirects = True
    assert visit().client.get(LEAVE).status_code == 503
