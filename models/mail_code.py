"""A code by e-mail: the second factor of whoever chose no other. Only its hash is kept, sealed with
the token that the cookie carries: a code is good for the session it was sent for, and no other."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from peewee import ForeignKeyField, IntegerField, TextField

from . import attempt, clock, notice
from .account import Account
from .database import MomentField, Table, transaction
from .refusal import Refusal
from .session import Session

GOOD_FOR = timedelta(minutes=10)
TRIES = 5
WRONG = "Ce n'est pas le bon code. Recopiez celui du dernier e-mail reçu."
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
AGAIN = """Bonjour,

Voici le code pour continuer : {code}

Il est demandé avant un geste important : laisser entrer quelqu'un, tout télécharger, changer
d'adresse, fermer un espace. Il sert une seule fois, pendant dix minutes. Il a été demandé depuis :
{device}.

Ne le donnez à personne. L'association ne vous le demandera jamais.

Ce n'est pas vous ? Quelqu'un se sert de votre compte. Ouvrez la page « Mon compte », déconnectez
cet appareil et changez votre mot de passe.
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


def send(one: Session, token: str) -> None:
    """A new code in a letter, in the place of the one before. Raises TooMany."""
    door = f"code-letter:{one.account.email}"
    with transaction():
        attempt.allow(door)
        attempt.failed(door)  # what is counted is the asking
        forget(one)
        code = f"{secrets.randbelow(10**6):06}"
        until = clock.now() + GOOD_FOR
        SignInCode.create(session=one.id, code_hash=_sealed(token, code), expires_at=until)
        letter = AGAIN if one.whole else LETTER
        shown = f"{code[:3]} {code[3:]}"
        notice.write(one.account.email, SUBJECT, letter.format(code=shown, device=one.device))


def send_if_none(one: Session, token: str) -> None:
    """Unless one that serves is on its way. Raises TooMany."""
    waiting = SignInCode.get_or_none(SignInCode.session == one.id)
    if waiting is None or waiting.fault:
        send(one, token)


def fault(one: Session, token: str, code: str) -> str | None:
    """What is wrong with it, and a wrong try is counted. Raises Refusal where none serves. Call it
    inside a transaction."""
    sent = SignInCode.get_or_none(SignInCode.session == one.id)
    useless = sent.fault if sent else NONE
    if useless:
        raise Refusal(useless, "code")
    if hmac.compare_digest(sent.code_hash, _sealed(token, code)):
        _proved(one)
        return None
    sent.tries += 1
    sent.save(only=[SignInCode.tries])
    return sent.fault or WRONG


def forget(one: Session) -> None:
    SignInCode.delete().where(SignInCode.session == one.id).execute()


def forget_old() -> int:
    return SignInCode.delete().where(SignInCode.expires_at <= clock.now() - GOOD_FOR).execute()


def _proved(one):
    """Its letters arrive: so does the next one, at an address that nobody had tried."""
    forget(one)
    attempt.succeeded(f"code-letter:{one.account.email}")
    unproved = (Account.id == one.account_id) & Account.email_proved_at.is_null()
    Account.update(email_proved_at=clock.now()).where(unproved).execute()


def _sealed(token, code):
    return hmac.new(token.encode(), code.encode(), hashlib.sha256).hexdigest()
