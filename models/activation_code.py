"""Activation codes: whoever has one, and the person's birth date, may activate her record.

A code made while she was a minor was given to her parents: it opens nothing once she is 18."""

import hashlib
import hmac
import secrets
from datetime import date, timedelta

from peewee import BooleanField, ForeignKeyField, TextField

from . import attempt, clock, notice
from .database import MomentField, Table, transaction
from .record import Record, State
from .refusal import Refusal
from .sender import Sender
from .words import day, tidy

# Neither 0 and O, 1, I and L, nor 2 and Z, 5 and S, 8 and B, U and V.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
LENGTH = 12
# The states in which a record may be activated.
WAITING = (State.ANNOUNCED, State.OPEN)
SUBJECT = "Un espace de santé vous attend"
LETTER = """Bonjour {name},

Votre association a préparé pour vous un espace de santé, gratuit, que personne d'autre n'ouvrira.
Vos documents de santé peuvent y être rangés, gardés, cachés et partagés comme vous le décidez.

Pour l'activer, il faut cinq minutes, votre date de naissance et ce code :

    {code}

Adresse : {link}

Le code sert une seule fois, jusqu'au {until}. Ne le donnez à personne.
"""
LETTER_TO_PARENTS = """Bonjour,

Votre association a préparé un espace de santé, gratuit, pour {name}.

Avant ses 18 ans, c'est un parent qui l'active et qui le tient, ou la personne qui représente
l'enfant devant la loi. Il faut cinq minutes, la date de naissance de l'enfant et ce code :

    {code}

Adresse : {link}

Le code sert une seule fois, jusqu'au {until}. L'autre parent pourra être invité ensuite.
"""
WRONG = (
    "Ce code et cette date de naissance ne vont pas ensemble. Vérifiez-les : le code a "
    "12 caractères, il est dans la lettre ou l'e-mail de votre association."
)
EXPIRED = "Ce code est trop ancien : il n'est plus bon. Demandez-en un autre ci-dessous."
USED = (
    "Ce code a déjà servi : votre espace est activé. Connectez-vous avec votre adresse e-mail "
    "et votre mot de passe."
)


class ActivationCode(Table):
    record = ForeignKeyField(Record, backref="codes")
    code_hash = TextField(unique=True)
    # Given to someone else, or for another address: it does not even serve to object.
    void = BooleanField(default=False)
    made_at = MomentField(default=clock.now)
    expires_at = MomentField()
    used_at = MomentField(null=True)

    @property
    def good(self) -> bool:
        waiting = self.record.state in WAITING
        lasts = self.used_at is None and self.expires_at > clock.now()
        return waiting and lasts and not self._was_for_parents

    @property
    def _was_for_parents(self):
        return self.record.adult and self.made_at < self.record.majority


def new_code(record: Record, link: str, days: int, by_hand: bool = False) -> str:
    """A code for the record, those before it ended; sent where there is an e-mail address, unless
    it is to be given by hand."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    until = clock.now() + timedelta(days=days)
    with transaction():
        end_codes(record)
        ActivationCode.create(record=record, code_hash=_hash(code), expires_at=until)
        if record.email and not by_hand:
            notice.write(record.email, SUBJECT, _letter(record, code, link, until))
    return code


def end_codes(record: Record) -> None:
    """Those that wait serve no more, but to object."""
    ActivationCode.update(expires_at=clock.now()).where(
        (ActivationCode.record == record) & (ActivationCode.expires_at > clock.now())
    ).execute()


def void_codes(record: Record) -> None:
    """Whoever has one is not the person any more, or may be someone else: they serve nothing."""
    end_codes(record)
    ActivationCode.update(void=True).where(ActivationCode.record == record).execute()


def letter(record: Record, code: str, sender: Sender) -> str:
    until = clock.now() + timedelta(days=sender.code_days)
    return _letter(record, code, sender.activation, until)


def ask_again(member_number: str, birth_date: date, address: str, link: str, days: int) -> None:
    """Send another code to the address the association knows. The answer never tells if it was."""
    from . import handover  # which makes codes

    member_number = tidy(member_number)
    doors = (f"code:{member_number}", f"code-from:{address}")
    attempt.allow(*doors)
    with transaction():
        attempt.failed(*doors)  # what is counted is the asking
        record = Record.get_or_none(
            (Record.member_number == member_number) & (Record.birth_date == birth_date)
        )
        if record and record.state in WAITING and handover.address_of(record):
            new_code(record, link, days)


def proven(code: str, birth_date: date, address: str) -> ActivationCode:
    """The code, if it is good and goes with the birth date. Raises Refusal, TooMany."""
    doors = (f"activation:{normal(code)}", f"activation-from:{address}")
    attempt.allow(*doors)
    row = _row(code, birth_date)
    if row is None:
        attempt.failed(*doors)
        raise Refusal(WRONG, field="code")
    if row.used_at:
        raise Refusal(USED, field="code")
    if not row.good:
        raise Refusal(EXPIRED, field="code")
    attempt.succeeded(doors[0])
    return row


def normal(code: str) -> str:
    return "".join(c for c in code.upper() if c.isalnum())


def spaced(code: str) -> str:
    """« ABCD EFGH JKMN »: easier to copy."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def _letter(record, code, link, until):
    letter = LETTER if record.adult else LETTER_TO_PARENTS
    last = day(until.astimezone(clock.PARIS).date())
    return letter.format(name=record.name, code=spaced(code), link=link, until=last)


def _row(code, birth_date):
    row = (
        ActivationCode.select(ActivationCode, Record)
        .join(Record)
        .where(ActivationCode.code_hash == _hash(code))
        .first()
    )
    if row is None or not hmac.compare_digest(str(row.record.birth_date), str(birth_date)):
        return None
    return row


def _hash(code):
    # 12 characters out of 23 are 54 random bits, in an encrypted database: no slow hash is needed.
    return hashlib.sha256(b"activation" + normal(code).encode()).hexdigest()
