"""The tokens of forms, sealed anew in each answer. An answer is compressed, and shows words of its
address: where a token stood twice the same, whoever chooses those words and weighs the encrypted
answers would read it letter by letter (BREACH, 2013). Of these no letter comes back."""

import base64
import hashlib
import time
from functools import lru_cache

from flask_wtf import csrf
from itsdangerous import BadSignature, SignatureExpired
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

SALT = "wtf-csrf-token"
TIME = 4


class Sealed:
    """As the serializer of itsdangerous that Flask-WTF makes, encrypted by libsodium's secretbox
    under a nonce of its own, instead of signed."""

    def __init__(self, secret: bytes, salt: str = SALT):
        self._box = _box(secret, salt)

    def dumps(self, text: str) -> str:
        told = int(time.time()).to_bytes(TIME, "big") + text.encode()
        return base64.urlsafe_b64encode(self._box.encrypt(told)).decode().rstrip("=")

    def loads(self, token: str, max_age: float | None = None) -> str:
        """`max_age` in seconds. Raises BadSignature, or SignatureExpired, which is one."""
        try:
            sealed = base64.urlsafe_b64decode(token.encode() + b"=" * (-len(token) % 4))
            told = self._box.decrypt(sealed)
        except (CryptoError, ValueError) as error:
            raise BadSignature("no token of ours") from error
        if max_age is not None and time.time() - int.from_bytes(told[:TIME], "big") > max_age:
            raise SignatureExpired("too old")
        return told[TIME:].decode()


def register() -> None:
    """Flask-WTF names its serializer, and takes no other."""
    csrf.URLSafeTimedSerializer = Sealed


@lru_cache(4)
def _box(secret, salt):
    return SecretBox(hashlib.blake2b(salt.encode(), key=secret, digest_size=32).digest())
