"""The e-mail address of an account: proved by a code that was sent there, changed by a code that
was sent to the new one. The old one is told at once, and may undo it for a week.

Whether an address already serves someone is never told: its mailbox alone learns of it."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from peewee import ForeignKeyField, IntegerField, TextField

from . import attempt, clock, ledger, mail_code, notice, office, reset, session
from .account import Account
from .database import MomentField, Table, transaction
from .mail_code import GOOD_FOR, NONE, OLD, TRIES, VOID, WRONG
from .person import checked_email
from .record import Record
from .refusal import Refusal
from .session import Session
from .words import day, uid

UNDO_FOR = timedelta(days=7)
TOKEN = 24
NEEDED = "Écrivez une adresse e-mail."
YOURS = "C'est déjà l'adresse de votre compte, et elle est confirmée."
SUBJECT = "Votre code pour confirmer cette adresse"
LETTER = """Bonjour,

Voici le code pour confirmer cette adresse e-mail : {code}

Il sert une seule fois, pendant dix minutes. Recopiez-le sur la page qui le demande.

Ne le donnez à personne. L'association ne vous le demandera jamais.

Ce n'est pas vous ? Ne faites rien : cette adresse ne servira pas.
"""
SUBJECT_TRIED = "Quelqu'un a voulu se servir de votre adresse"
TRIED = """Bonjour,

Quelqu'un a voulu donner votre adresse e-mail à un autre compte. C'est peut-être vous, ou une erreur
de frappe. Rien n'a changé : cette adresse sert déjà ici.

C'était vous ? Prenez une autre adresse, ou connectez-vous avec celle-ci.
"""
SUBJECT_CHANGED = "L'adresse e-mail de votre compte a changé"
TO_OLD = """Bonjour,

L'adresse e-mail de votre compte vient de changer. La nouvelle est : {new}.

C'est vous ? Ne faites rien. Les prochains e-mails iront à la nouvelle adresse.

Ce n'est pas vous ? Annulez ce changement, jusqu'au {until}, à cette adresse :

{address}

Votre compte reprendra alors cette adresse-ci. Tous les appareils seront déconnectés, et vous
choisirez un autre mot de passe.
"""
TO_NEW = """Bonjour,

Cette adresse e-mail est maintenant celle de votre compte. Elle vous sert aussi à vous connecter.

L'ancienne adresse est prévenue. Elle peut annuler ce changement jusqu'au {until}.
"""


class EmailChange(Table):
    """`email` is the new address, or the same where it is to be proved."""

    uid = TextField(unique=True, default=uid)
    account = ForeignKeyField(Account, backref="email_changes", on_delete="CASCADE")
    email = TextField()
    code_hash = TextField()
    tries = IntegerField(default=0)
    made_at = MomentField(default=clock.now)
    expires_at = MomentField()
    old_email = TextField()
    done_at = MomentField(null=True)
    undo_hash = TextField(null=True)
    undone_at = MomentField(null=True)

    @property
    def fault(self) -> str | None:
        """Why its code serves no more, whatever is typed."""
        if self.tries >= TRIES:
            return VOID
        return OLD if self.expires_at <= clock.now() else None

    @property
    def until(self) -> str:
        """The last day to undo it, in words."""
        return day((self.done_at + UNDO_FOR).astimezone(clock.PARIS).date())


def ask(account: Account, email: str) -> str:
    """A code leaves for this address; what comes back is a secret for the browser to keep, without
    which the code is nothing. Raises Refusal, TooMany."""
    email = checked_email(email)
    if not email:
        raise Refusal(NEEDED, "email")
    if email == account.email and account.email_proved_at:
        raise Refusal(YOURS, "email")
    doors = (f"email-change:{account.id}", f"email-change-to:{email}")
    attempt.allow(*doors)
    with transaction():
        attempt.failed(*doors)  # what is counted is the asking
        return _send(account, email)


def waiting(account: Account) -> EmailChange | None:
    """The one whose code is awaited."""
    return _waiting(account).first()


def give(one: Session, token: str, typed: str, link) -> bool:
    """The code: the address is proved; whether it is another than before. The other devices are
    then signed out, and the old address told; `link` makes the address that undoes it. Raises
    Refusal."""
    changed = False
    with transaction():
        account = Account.get_by_id(one.account_id)
        asked = waiting(account)
        wrong = _fault(asked, account, token, "".join(typed.split()))
        if not wrong:
            changed = asked.email != account.email
            _change(one, asked, account, link) if changed else _prove(asked, account)
    # Out of the transaction: a wrong try stays counted.
    if wrong:
        raise Refusal(wrong, "code")
    return changed


def change(account: Account, email: str) -> None:
    """To where whoever does it has read a letter. Call it inside a transaction."""
    account.email, account.email_proved_at = email, clock.now()
    account.save(only=[Account.email, Account.email_proved_at])
    reset.void_all(account)


def taken(account: Account, email: str) -> bool:
    """By someone else. An account of the association shares no address with a member: no health
    data is a step away from the office."""
    if email == account.email:
        return False
    if not free(email, account):
        return True
    return account.office and Record.select().where(Record.email == email).exists()


def free(email: str, account: Account | None = None) -> bool:
    """Neither an account's, nor what another one may still have back: whoever took an account away
    from its address would else put a new one there."""
    undone = EmailChange.undone_at.is_null() & (EmailChange.done_at > clock.now() - UNDO_FOR)
    before = (EmailChange.old_email == email) & undone
    if account:
        before &= EmailChange.account != account
    return not (Account.named(email) or EmailChange.select().where(before).exists())


def forget_awaited(account: Account) -> None:
    EmailChange.delete().where(_awaited(account)).execute()


def tell_ledger(account: Account) -> None:
    if account.office:
        ledger.write(office.actor(account), ledger.Act.CHANGED_EMAIL)


def hidden(email: str) -> str:
    """« n…@exemple.fr »: enough for whoever knows it."""
    name, _, host = email.rpartition("@")
    return f"{name[:1]}…@{host}"


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def forget_old() -> int:
    """Those that cannot be undone any more, and those never proved."""
    now = clock.now()
    over = EmailChange.done_at < now - 2 * UNDO_FOR
    left = EmailChange.done_at.is_null() & (EmailChange.expires_at < now - GOOD_FOR)
    return EmailChange.delete().where(over | left).execute()


def _send(account, email):
    token, code = secrets.token_urlsafe(TOKEN), f"{secrets.randbelow(10**6):06}"
    forget_awaited(account)
    EmailChange.create(
        account=account,
        email=email,
        old_email=account.email,
        code_hash=_sealed(token, code),
        expires_at=clock.now() + GOOD_FOR,
    )
    if taken(account, email):
        notice.write(email, SUBJECT_TRIED, TRIED)
    else:
        notice.write(email, SUBJECT, LETTER.format(code=f"{code[:3]} {code[3:]}"))
    return token


def _fault(asked, account, token, code):
    if asked is None:
        return NONE
    if asked.fault:
        return asked.fault
    good = hmac.compare_digest(asked.code_hash, _sealed(token, code))
    # Nobody was sent the code of an address that is taken; nor is it good once it became so.
    if good and not taken(account, asked.email):
        return None
    asked.tries += 1
    asked.save(only=[EmailChange.tries])
    return asked.fault or WRONG


def _prove(asked, account):
    account.email_proved_at = clock.now()
    account.save(only=[Account.email_proved_at])
    asked.delete_instance()


def _change(one, asked, account, link):
    token = secrets.token_urlsafe(TOKEN)
    asked.old_email, asked.done_at, asked.undo_hash = account.email, clock.now(), digest(token)
    asked.save()
    change(account, asked.email)
    session.end_all(account, but=one)
    mail_code.forget(one)
    told = {"new": hidden(asked.email), "until": asked.until, "address": link(token)}
    notice.write(asked.old_email, SUBJECT_CHANGED, TO_OLD.format(**told))
    notice.write(asked.email, SUBJECT_CHANGED, TO_NEW.format(**told))
    tell_ledger(account)


def _waiting(account):
    return EmailChange.select().where(_awaited(account)).order_by(EmailChange.id.desc())


def _awaited(account):
    return (EmailChange.account == account) & EmailChange.done_at.is_null()


def _sealed(token, code):
    return hmac.new(token.encode(), code.encode(), hashlib.sha256).hexdigest()
