"""The second factor: a code by e-mail, without which the password of one of the association's
accounts opens nothing. Only its hash is kept, sealed with the token that the cookie carries: a code
is good for the session it was sent for, and for no other."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from peewee import ForeignKeyField, IntegerField, TextField

from . import attempt, clock, ledger, notice, office, session
from .database import MomentField, Table, transaction
from .refusal import Refusal
from .session import Session

GOOD_FOR = timedelta(minutes=10)
TRIES = 5
WRONG = "Ce n'est pas le bon code. Recopiez celui de la dernier e-mail reçu."
OLD = "Ce code ne sert plus : dix minutes ont passé. Demandez-en un autre."
VOID = "Ce code ne sert plus : cinq essais n'étaient pas bons. Demandez-en un autre."
NONE = "Aucun code ne vous attend. Demandez-en un."
SUBJECT = "Votre code de connexion"
LETTER = """Bonjour,

Voici le code pour terminer votre connexion : {code}

Il sert une seule fois, pendant dix minutes. Il a été demandé depuis : {device}.

Ne le donnez à personne. L'association ne vous le demandera jamais.

Ce n'est pas vous ? Quelqu'un connaît votre mot de passe. Changez-le tout de suite : ouvrez la page
« Se connecter », puis « J'ai oublié mon mot de passe ».
"""


class SignInCode(Table):
    session = ForeignKeyField(Session, unique=True, on_delete="CASCADE")
    code_hash = TextField()
    made_at = MomentField(default=clock.now)
    expires_at = MomentField()
    tries = IntegerField(default=0)

    @property
    def fault(self) -> str | None:
        """Why it serves no more, whatever is typed."""
        if self.tries >= TRIES:
            return VOID
        return OLD if self.expires_at <= clock.now() else None


def send(half: Session, token: str) -> None:
    """A new code in a letter, in the place of the one before. Raises TooMany."""
    door = f"code-letter:{half.account.email}"
    with transaction():
        attempt.allow(door)
        attempt.failed(door)  # what is counted is the asking
        _of(half).execute()
        code = f"{secrets.randbelow(10**6):06}"
        until = clock.now() + GOOD_FOR
        SignInCode.create(session=half.id, code_hash=_sealed(token, code), expires_at=until)
        shown = f"{code[:3]} {code[3:]}"
        letter = LETTER.format(code=shown, device=half.device)
        notice.write(half.account.email, SUBJECT, letter)


def confirm(half: Session, token: str, typed: str) -> str:
    """The session is whole; its new token, for the old one serves no more. Raises Refusal."""
    fault, renewed = None, ""
    with transaction():
        attempt.allow(_door(half.account.email))
        fault = _fault(half, token, typed)
        if fault is None:
            renewed = session.make_whole(half)
            _succeeded(half)
    # Out of the transaction: a wrong try stays counted.
    if fault:
        raise Refusal(fault, "code")
    return renewed


def forgive(email: str) -> None:
    """The wrong tries of before count no more: the account has another password."""
    attempt.succeeded(_door(email))


def forget_old() -> int:
    return SignInCode.delete().where(SignInCode.expires_at <= clock.now() - GOOD_FOR).execute()


def _fault(half, token, typed):
    """What is wrong, and a wrong try is counted: for the code, and for the account."""
    one = SignInCode.get_or_none(SignInCode.session == half.id)
    if one is None:
        return NONE
    if one.fault:
        return one.fault
    code = "".join(typed.split())
    if hmac.compare_digest(one.code_hash, _sealed(token, code)):
        return None
    one.tries += 1
    one.save(only=[SignInCode.tries])
    attempt.failed(_door(half.account.email))
    return one.fault or WRONG


def _succeeded(half):
    _of(half).execute()
    attempt.succeeded(f"code-letter:{half.account.email}")
    ledger.write(office.actor(half.account), ledger.Act.SIGNED_IN, device=half.device)


def _of(half):
    return SignInCode.delete().where(SignInCode.session == half.id)


def _door(email):
    """Ten wrong tries a day, over all the sessions of the account; signing in does not wipe them
    away, or whoever tries codes would begin again each time its owner comes."""
    return f"sign-in-code:{email}"


def _sealed(token, code):
    return hmac.new(token.encode(), code.encode(), hashlib.sha256).hexdigest()
