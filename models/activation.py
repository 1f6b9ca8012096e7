"""Activation: the member proves with her code that the record is hers, and makes it her own.

What she answers on the way is kept with the record: leaving midway, or losing the code and
asking for another, loses nothing."""

import hashlib
import hmac
import secrets
from datetime import date, timedelta
from enum import StrEnum

from peewee import BooleanField, ForeignKeyField, IntegrityError, TextField

from . import access, attempt, clock, journal, masking, notice, password
from .account import Account, canonical, is_email
from .database import MomentField, Table, transaction
from .record import Record, State
from .refusal import Refusal
from .words import tidy

# Neither 0 and O, 1, I and L, nor 2 and Z, 5 and S, 8 and B, U and V.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
LENGTH = 12
CODE_LETTER = """Bonjour {name},

Votre association a préparé pour vous un espace de santé, gratuit, que personne d'autre n'ouvrira.
Vos documents de santé peuvent y être rangés, gardés, cachés et partagés comme vous le décidez.

Pour l'activer, il faut cinq minutes, votre date de naissance et ce code :

    {code}

Adresse : {link}

Le code sert une seule fois, jusqu'au {until}. Ne le donnez à personne.
"""
WELCOME_LETTER = """Bonjour {name},

Votre espace de santé est activé. Vous vous y connectez avec cette adresse e-mail et le mot de
passe que vous avez choisi.

Si ce n'est pas vous qui l'avez activé, prévenez tout de suite votre association.
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
NOT_AN_ADDRESS = (
    "Cette adresse e-mail n'est pas complète. Elle s'écrit comme nom@exemple.fr, sans espace."
)
TAKEN = (
    "Cette adresse e-mail sert déjà à se connecter ici. Indiquez-en une autre, à vous seul, ou "
    "demandez de l'aide à votre association."
)


WAITING = (State.ANNOUNCED, State.OPEN)


class Step(StrEnum):
    IDENTITY = "identity"
    CREDENTIALS = "credentials"
    TERMS = "terms"
    VISIBILITY = "visibility"
    EMERGENCY = "emergency"


class ActivationCode(Table):
    record = ForeignKeyField(Record, backref="codes")
    code_hash = TextField(unique=True)
    made_at = MomentField(default=clock.now)
    expires_at = MomentField()
    used_at = MomentField(null=True)

    @property
    def good(self) -> bool:
        waiting = self.record.state in WAITING
        return waiting and self.used_at is None and self.expires_at > clock.now()


class Activation(Table):
    """The answers given so far; the questions are asked in the order of the fields."""

    record = ForeignKeyField(Record, unique=True)
    # What it was begun with last: the code, and the secret that the cookie then carries.
    code = ForeignKeyField(ActivationCode)
    token_hash = TextField()
    confirmed_at = MomentField(null=True)
    email = TextField(null=True)
    password_hash = TextField(null=True)
    terms_at = MomentField(null=True)
    masked = BooleanField(null=True)

    @property
    def step(self) -> Step:
        """The first question without an answer; the last one is answered by activating."""
        answers = (
            (Step.IDENTITY, self.confirmed_at),
            (Step.CREDENTIALS, self.password_hash),
            (Step.TERMS, self.terms_at),
            (Step.VISIBILITY, self.masked),
        )
        return next((step for step, answer in answers if answer is None), Step.EMERGENCY)

    def confirm(self) -> None:
        self._answer(confirmed_at=clock.now())

    def choose_credentials(self, email: str, secret: str) -> None:
        """Raises Refusal for an address wrong or already used, or a weak password; TooMany."""
        door = f"taken:{self.record_id}"
        attempt.allow(door)
        if not is_email(canonical(email)):
            raise Refusal(NOT_AN_ADDRESS, field="email")
        if Account.named(email):
            attempt.failed(door)  # or it would tell who has an account here
            raise Refusal(TAKEN, field="email")
        password.check(secret, self._about(email))
        self._answer(email=canonical(email), password_hash=password.hashed(secret))

    def accept_terms(self) -> None:
        self._answer(terms_at=clock.now())

    def choose_visibility(self, masked: bool) -> None:
        self._answer(masked=masked)

    def choose_emergency(self, allowed: bool) -> Account:
        """The last answer: the record is activated and its account made. Raises Refusal, after
        which the address is asked for again."""
        try:
            with transaction():
                return self._finish(allowed)
        except IntegrityError as error:
            self._answer(email=None, password_hash=None)
            raise Refusal(TAKEN, field="email") from error

    def _answer(self, **answers):
        Activation.update(**answers).where(Activation.id == self.id).execute()
        for name, answer in answers.items():
            setattr(self, name, answer)

    def _about(self, email):
        record = self.record
        names = [record.birth_name, record.used_name, record.birth_given_names]
        born = [record.birth_date.strftime("%d%m%Y"), str(record.birth_date.year)]
        return [*names, *born, email, email.partition("@")[0]]

    def _finish(self, emergency_allowed):
        given = Activation.get_or_none(Activation.id == self.id)
        record = Record.get_by_id(self.record_id)
        if given is None or given.password_hash is None or record.state not in WAITING:
            raise Refusal(USED)
        account = Account.create(
            email=given.email, name=record.name, password_hash=given.password_hash
        )
        record.opened_at = record.opened_at or clock.now()
        record.activated_at = clock.now()
        record.emergency_allowed = emergency_allowed
        record.save()
        holder = access.grant(account, record, access.Role.HOLDER)
        journal.write(record, holder.actor, journal.Act.ACTIVATED)
        masking.choose_default(holder, given.masked)
        ActivationCode.update(used_at=clock.now()).where(ActivationCode.record == record).execute()
        self.delete_instance()
        notice.write(
            account.email, "Votre espace est activé", WELCOME_LETTER.format(name=record.name)
        )
        return account


def new_code(record: Record, link: str, days: int) -> str:
    """A code for the record, those before it ended; sent where there is an e-mail address."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    until = clock.now() + timedelta(days=days)
    with transaction():
        ActivationCode.update(expires_at=clock.now()).where(
            (ActivationCode.record == record) & (ActivationCode.expires_at > clock.now())
        ).execute()
        ActivationCode.create(record=record, code_hash=_hash(code), expires_at=until)
        if record.email:
            letter = CODE_LETTER.format(
                name=record.name,
                code=spaced(code),
                link=link,
                until=until.astimezone(clock.PARIS).strftime("%d/%m/%Y"),
            )
            notice.write(record.email, "Votre espace de santé vous attend", letter)
    return code


def begin(code: str, birth_date: date, address: str) -> Activation:
    """Start, or go on where one had stopped; its `token` is the secret to come back with.

    Raises Refusal, TooMany."""
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
    token = secrets.token_urlsafe(24)
    with transaction():
        begun = {"code": row, "token_hash": _hash_of(token)}
        answers = Activation.get_or_none(Activation.record == row.record)
        if answers:
            answers._answer(**begun)
        else:
            answers = Activation.create(record=row.record, **begun)
    answers.token = token
    return answers


def under_way(token: str) -> Activation | None:
    """The one begun with this secret, as long as its code is good."""
    query = Activation.select(Activation, ActivationCode, Record).join(ActivationCode)
    query = query.switch(Activation).join(Record, on=Activation.record)
    answers = query.where(Activation.token_hash == _hash_of(token)).first()
    if answers is None:
        return None
    answers.code.record = answers.record
    return answers if answers.code.good else None


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
        if record and record.email and record.state in WAITING:
            new_code(record, link, days)


def normal(code: str) -> str:
    return "".join(c for c in code.upper() if c.isalnum())


def spaced(code: str) -> str:
    """« ABCD EFGH JKMN »: easier to copy."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


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


def _hash_of(token):
    return hashlib.sha256(token.encode()).hexdigest()


def _hash(code):
    # 12 characters out of 23 are 54 random bits, in an encrypted database: no slow hash is needed.
    return hashlib.sha256(b"activation" + normal(code).encode()).hexdigest()
