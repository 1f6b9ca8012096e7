"""Activation codes: whoever has one, and the person's birth date, may activate her record.

A code made while she was a minor was given to her parents: it opens nothing once she is 18."""

import hashlib
import hmac
import secrets
from datetime import date, datetime, timedelta

from peewee import BooleanField, ForeignKeyField, TextField

from . import attempt, clock, notice
from .database import MomentField, Table, transaction
from .record import Record, State
from .refusal import Refusal
from .sender import Sender
from .words import day, tidy, uid

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
OBJECTED = (
    "Cet espace a été refusé. Pour changer d'avis, ouvrez la page « M'opposer, ou changer d'avis »."
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
        return waiting and lasts and not self.was_for_parents

    @property
    def was_for_parents(self) -> bool:
        """And she is 18 by now."""
        return self.record.adult and self.made_at < self.record.majority


def new_code(record: Record, link: str, days: int, by_hand: bool = False) -> str:
    """A code for the record, those before it ended; sent where there is an e-mail address, unless
    it is to be given by hand."""
    with transaction():
        end_codes(record)
        code, until = _make(record, days)
        if record.email and not by_hand:
            said = _letter(record, code, link, until)
            notice.write(record.email, SUBJECT, said, key=f"{key(record)}{uid()}")
    return code


def key(record: Record | None = None) -> str:
    """How the keys of the letters that carry a code of this record begin; of any, without it."""
    return f"code:{record.uid}:" if record else "code:"


def one_more(record: Record, days: int) -> str:
    """A code beside those she has, which serve as before. Call it inside a transaction."""
    return _make(record, days)[0]


def draw() -> str:
    """A code that is nobody's yet."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def keep(record: Record, code: str, days: int) -> datetime:
    """One drawn before, and printed since; those before it end. When it was made. Call it inside a
    transaction."""
    end_codes(record)
    return _keep(record, code, days).made_at


def end_codes(record: Record) -> None:
    """Those that wait serve no more, but to object."""
    ActivationCode.update(expires_at=clock.now()).where(
        (ActivationCode.record == record) & (ActivationCode.expires_at > clock.now())
    ).execute()


def void_codes(record: Record) -> None:
    """Whoever has one is not the person any more, or may be someone else: they serve nothing, nor
    does what was answered with them."""
    from .activation import Activation

    Activation.delete().where(Activation.record == record).execute()
    end_codes(record)
    ActivationCode.update(void=True).where(ActivationCode.record == record).execute()


def letter(record: Record, code: str, sender: Sender) -> str:
    until = clock.now() + timedelta(days=sender.code_days)
    return _letter(record, code, sender.activation, until)


def ask_again(member_number: str, birth_date: date, address: str, link: str, days: int) -> None:
    """Send another code to the address the association knows. The answer never tells if it was."""
    member_number = tidy(member_number)
    doors = (f"code:{member_number}", f"code-from:{address}")
    attempt.allow(*doors)
    with transaction():
        attempt.failed(*doors)  # what is counted is the asking
        record = Record.get_or_none(
            (Record.member_number == member_number) & (Record.birth_date == birth_date)
        )
        if record and _may_be_sent_one(record):
            new_code(record, link, days)


def _may_be_sent_one(record):
    """Not where e-mail comes back from: nobody would read it, and her letter's code would end."""
    from . import handover  # which makes codes

    waits = record.state in WAITING and not record.email_failed_at
    return waits and bool(handover.address_of(record))


def proven(code: str, birth_date: date, address: str) -> ActivationCode:
    """The code, if it is good and goes with the birth date. Raises Refusal, TooMany."""
    row = recognised(code, birth_date, address)
    if row.used_at:
        raise Refusal(USED, field="code")
    if row.record.state is State.OBJECTED and not row.void:
        raise Refusal(OBJECTED, field="code")
    if not row.good:
        raise Refusal(EXPIRED, field="code")
    forgive(code)
    return row


def recognised(code: str, birth_date: date, address: str) -> ActivationCode:
    """The code that goes with this birth date, good or not. Raises Refusal, TooMany."""
    tried = doors(code, address)
    attempt.allow(*tried)
    row = _row(code, birth_date)
    if row is None:
        attempt.failed(*tried)
        raise Refusal(WRONG, field="code")
    return row


def forgive(code: str) -> None:
    """The tries that came before the right one."""
    attempt.succeeded(doors(code, "")[0])


def last_day(record: Record, code: str) -> date | None:
    """Of one that this record has, the last day it activates it; None for any other."""
    here = (ActivationCode.record == record) & (ActivationCode.code_hash == hashed(code))
    row = ActivationCode.get_or_none(here)
    return row and row.expires_at.astimezone(clock.PARIS).date()


def normal(code: str) -> str:
    return "".join(c for c in code.upper() if c.isalnum())


def spaced(code: str) -> str:
    """« ABCD EFGH JKMN »: easier to copy."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def doors(code: str, address: str) -> tuple[str, str]:
    """The same, whatever the code is for: two pages do not give twice as many tries."""
    return f"activation:{normal(code)}", f"activation-from:{address}"


def hashed(code: str) -> str:
    # 12 characters out of 23 are 54 random bits, in an encrypted database: no slow hash is needed.
    return hashlib.sha256(b"activation" + normal(code).encode()).hexdigest()


def _letter(record, code, link, until):
    letter = LETTER if record.adult else LETTER_TO_PARENTS
    last = day(until.astimezone(clock.PARIS).date())
    return letter.format(name=record.name, code=spaced(code), link=link, until=last)


def _make(record, days):
    code = draw()
    return code, _keep(record, code, days).expires_at


def _keep(record, code, days):
    until = clock.now() + timedelta(days=days)
    return ActivationCode.create(record=record, code_hash=hashed(code), expires_at=until)


def _row(code, birth_date):
    row = (
        ActivationCode.select(ActivationCode, Record)
        .join(Record)
        .where(ActivationCode.code_hash == hashed(code))
        .first()
    )
    if row is None or not hmac.compare_digest(str(row.record.birth_date), str(birth_date)):
        return None
    return row
