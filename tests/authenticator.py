"""A passkey that answers as those of telephones do (WebAuthn, level 3), or as told: each part of
its answers can be made wrong."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 1, 4, 64
ES256 = -7


def text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def content(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Authenticator:
    """One key. `counts`: those of telephones do not, and always say nothing."""

    def __init__(self, origin: str, counts: bool = True):
        self.origin, self.counts, self.counter = origin, counts, 0
        self.id, self.handle = secrets.token_bytes(16), b""
        self._key = ec.generate_private_key(ec.SECP256R1())

    def make(self, options: dict, **wrong) -> str:
        """The answer to « create »."""
        self.handle = content(options["user"]["id"])
        told = self._authenticator(options["rp"]["id"], wrong, attested=self._attested())
        made = {"fmt": "none", "attStmt": {}, "authData": told}
        client = self._client("webauthn.create", options["challenge"], wrong)
        return self._written(client, wrong, attestationObject=cbor2.dumps(made))

    def answer(self, options: dict, **wrong) -> str:
        """The answer to « get »."""
        told = self._authenticator(options["rpId"], wrong)
        client = self._client("webauthn.get", options["challenge"], wrong)
        signed = self._key.sign(told + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        signed = wrong.get("signature", signed)
        parts = {"authenticatorData": told, "signature": signed}
        if handle := wrong.get("handle", self.handle):
            parts["userHandle"] = handle
        return self._written(client, wrong, **parts)

    def _client(self, what, challenge, wrong):
        told = {"type": what, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        asked = {"type", "challenge", "origin", "crossOrigin"} & wrong.keys()
        return json.dumps(told | {name: wrong[name] for name in asked}).encode()

    def _authenticator(self, host, wrong, attested=b""):
        self.counter += self.counts
        flags = wrong.get("flags", PRESENT | VERIFIED) | (ATTESTED if attested else 0)
        counter = wrong.get("counter", self.counter)
        digest = hashlib.sha256(wrong.get("host", host).encode()).digest()
        return digest + bytes([flags]) + counter.to_bytes(4, "big") + attested

    def _attested(self):
        public = self._key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (public.x, public.y))
        cose = cbor2.dumps({1: 2, 3: ES256, -1: 1, -2: x, -3: y})
        return bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose

    def _written(self, client, wrong, **parts):
        named = text(wrong.get("id", self.id))
        response = {name: text(part) for name, part in parts.items()}
        response["clientDataJSON"] = text(client)
        told = {"id": named, "rawId": named, "type": "public-key", "response": response}
        return json.dumps(told)
