"""Passkeys: keys that a telephone, a computer or a security key keeps, and uses once it has
recognised its owner by a finger, a face or its own code. That is both factors at once."""

import hashlib

from . import alert, attempt, challenge, clock, factor, session
from .account import Account
from .database import MomentField, transaction
from .factor import Factor, Kind
from .formats import keys
from .formats.keys import Site
from .refusal import Refusal
from .session import Session
from .words import tidy

MOST = 10
LONGEST_NAME = 40
UNNAMED = "Clé d'accès"
# What an answer is asked for.
ADD, GIVE, SIGN_IN = "add", "give", "sign-in"
OLD = "Cette demande a déjà servi, ou cinq minutes ont passé. Recommencez."
UNKNOWN = "Cette clé d'accès n'est pas reconnue. Elle a peut-être été retirée de votre compte."
BACKWARD = "Cette clé d'accès a donné une réponse déjà dépassée. Par sécurité, elle est refusée."
KNOWN = "Cette clé d'accès sert déjà à un compte."
TOO_MANY = "Ce compte a déjà dix clés d'accès. Retirez-en une d'abord."


def of(account: Account) -> list[Factor]:
    return [one for one in factor.of(account) if one.kind == Kind.PASSKEY]


def to_add(one: Session, site: Site) -> dict:
    """What the browser is told to make one; it serves once."""
    asked = challenge.make(_purpose(ADD, one))
    owner = keys.Owner(_handle(one.account), one.account.email, one.account.name)
    return keys.to_make(site, asked, owner, _credentials(one.account), challenge.GOOD_FOR)


def to_give(one: Session, site: Site) -> dict:
    """The same, to have one of the account's answer."""
    asked = challenge.make(_purpose(GIVE, one))
    return keys.to_answer(site, asked, _credentials(one.account), challenge.GOOD_FOR)


def to_sign_in(site: Site) -> dict:
    """The same, to have any answer: it says itself whose it is."""
    return keys.to_answer(site, challenge.make(SIGN_IN), (), challenge.GOOD_FOR)


def add(one: Session, site: Site, name: str, text: str) -> Factor:
    """A new one, by what the browser answered. It has its name whatever was typed, for it is made
    already. Raises Refusal."""
    key = keys.made(_asked(text, _purpose(ADD, one)), site)
    with transaction():
        one.account.check_unchanged()
        if Factor.select().where(Factor.credential == key.credential).exists():
            raise Refusal(KNOWN)
        if len(of(one.account)) >= MOST:
            raise Refusal(TOO_MANY)
        made = Factor.create(
            account=one.account,
            kind=Kind.PASSKEY,
            name=_free_name(one.account, name),
            secret=key.public,
            credential=key.credential,
            counter=key.counter,
            proved_at=clock.now(),
        )
        alert.added_factor(one.account, made.name)
    return made


def give(one: Session, site: Site, text: str) -> str:
    """A second factor, as `factor.give`: the new token of the session. Raises Refusal, TooMany."""
    door = factor.door(one.account.email)
    attempt.allow(door)
    try:
        answer = _asked(text, _purpose(GIVE, one))
        key, counter = _judged(answer, site, one.account)
    except Refusal:
        attempt.failed(door)
        raise
    return _opened(key, counter, lambda: factor.given(one))


def sign_in(site: Site, text: str, name: str, address: str) -> str:
    """The whole sign-in: the token of a new session, on the device of this name. Raises Refusal,
    TooMany."""
    door = f"sign-in-from:{address}"
    attempt.allow(door)
    try:
        answer = _asked(text, SIGN_IN)
        key, counter = _judged(answer, site)
    except Refusal:
        attempt.failed(door)
        raise
    return _opened(key, counter, lambda: session.enter(key.account, name))


def _asked(text, purpose):
    """The answer, whose challenge serves no more. Raises Refusal."""
    answer = keys.read(text)
    if not challenge.spend(purpose, answer.challenge):
        raise Refusal(OLD)
    return answer


def _judged(answer, site, account=None):
    """The key that answered, which is this account's, or says itself whose it is; and its counter.
    Raises Refusal."""
    named = (Factor.credential == answer.credential) & (Factor.kind == Kind.PASSKEY)
    key = Factor.select(Factor, Account).join(Account).where(named).first()
    if key is None or key.account != (account or key.account):
        raise Refusal(UNKNOWN)
    unsaid = account is not None and answer.handle is None
    if not unsaid and answer.handle != _handle(key.account):
        raise Refusal(UNKNOWN)
    return key, keys.judge(answer, site, key.secret)


def _opened(key, counter, act):
    """What `act` gives, unless the key was removed meanwhile, or a copy of it has served: its
    counter only goes forward, or stays at nothing. Raises Refusal."""
    token, wrong = None, ""
    with transaction():
        now = Factor.get_or_none(Factor.id == key.id)
        if now is None:
            wrong = UNKNOWN
        elif (counter or now.counter) and counter <= now.counter:
            wrong = BACKWARD
            alert.refused_passkey(key.account, key.name)
        else:
            now.counter, now.used_at = counter, clock.now()
            now.save(only=[Factor.counter, Factor.used_at])
            token = act()
    # Out of the transaction: the account is told.
    if wrong:
        raise Refusal(wrong)
    return token


def _free_name(account, name):
    name = tidy(name)[:LONGEST_NAME] or UNNAMED
    taken = {one.name for one in factor.of(account)}
    numbered = (f"{name} ({number})" for number in range(2, MOST + 3))
    return name if name not in taken else next(one for one in numbered if one not in taken)


def _credentials(account):
    return [one.credential for one in of(account)]


def _purpose(what, one):
    """For this session, and no other."""
    return f"{what} {one.uid}"


def _handle(account):
    """What its keys keep of it, and anyone who holds one may read: it tells nothing of anyone, and
    stays the same whatever the address or the key of the instance."""
    told = f"passkey {account.id} {MomentField().db_value(account.made_at)}"
    return hashlib.sha256(told.encode()).digest()
