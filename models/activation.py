"""Activation: the member proves with her code that the record is hers, and makes it her own. Before
she is 18, a parent does, who then holds it for her.

What is answered on the way is kept with the record: leaving midway, or losing the code and asking
for another, loses nothing."""

import hashlib
import secrets
from datetime import date
from enum import StrEnum

from peewee import BooleanField, ForeignKeyField, IntegrityError, TextField

from . import access as accesses
from . import activation_code, attempt, clock, email_change, journal, masking, notice, password
from .access import Access, Measure, Role
from .account import Account, canonical, is_email
from .activation_code import OBJECTED, USED, ActivationCode
from .database import MomentField, Table, transaction
from .person import checked_full_name
from .record import Record, State
from .refusal import Refusal

SUBJECT = "Votre espace est activé"
LETTER = """Bonjour {name},

Votre espace de santé est activé. Vous vous y connectez avec cette adresse e-mail et le mot de
passe que vous avez choisi.

Si ce n'est pas vous qui l'avez activé, prévenez tout de suite votre association.
"""
SUBJECT_FOR_PARENTS = "L'espace de votre enfant est activé"
LETTER_TO_PARENTS = """Bonjour {name},

L'espace de santé de {child} est activé. Vous l'ouvrez avec cette adresse e-mail et votre mot de
passe. Vous le tenez jusqu'à ses 18 ans. Vous pouvez y inviter l'autre parent.

Si ce n'est pas vous qui l'avez activé, prévenez tout de suite votre association.
"""
NOT_AN_ADDRESS = (
    "Cette adresse e-mail n'est pas complète. Elle s'écrit comme nom@exemple.fr, sans espace."
)
TAKEN = (
    "Cette adresse e-mail sert déjà à se connecter ici. Indiquez-en une autre, à vous seul, ou "
    "demandez de l'aide à votre association."
)
TAKEN_BY_PARENT = (
    "Cette adresse e-mail sert déjà à se connecter ici. Si c'est la vôtre, connectez-vous "
    "d'abord : le lien est sur cette page."
)
OF_THE_OFFICE = (
    "Ce compte est celui de l'association : il n'ouvre l'espace de personne. Déconnectez-vous, et "
    "choisissez une autre adresse."
)
KNOWN = (
    "Votre compte entre déjà dans cet espace, à un autre titre. Renoncez d'abord à cet accès, dans "
    "l'espace, page « Ce que je peux faire ici »."
)


class Step(StrEnum):
    IDENTITY = "identity"
    CREDENTIALS = "credentials"
    TERMS = "terms"
    VISIBILITY = "visibility"
    EMERGENCY = "emergency"


class Activation(Table):
    """The answers given so far; the questions are asked in the order of the fields. A parent gives
    her own name, or uses the account she has."""

    record = ForeignKeyField(Record, unique=True)
    # What it was begun with last: the code, and the secret that the cookie then carries.
    code = ForeignKeyField(ActivationCode)
    token_hash = TextField()
    # Of a child, that the one who answers is her parent or legal representative.
    confirmed_at = MomentField(null=True)
    name = TextField(null=True)
    email = TextField(null=True)
    password_hash = TextField(null=True)
    account = ForeignKeyField(Account, null=True)
    terms_at = MomentField(null=True)
    masked = BooleanField(null=True)

    @property
    def by_parent(self) -> bool:
        """Whether a parent is to answer, today."""
        return not self.record.adult

    @property
    def step(self) -> Step:
        """The first question without an answer; the last one is answered by activating."""
        answers = (
            (Step.IDENTITY, self.confirmed_at),
            (Step.CREDENTIALS, self.password_hash or self.account_id),
            (Step.TERMS, self.terms_at),
            (Step.VISIBILITY, self.masked),
        )
        return next((step for step, answer in answers if answer is None), Step.EMERGENCY)

    def confirm(self) -> None:
        self._answer(confirmed_at=clock.now())

    def choose_credentials(self, email: str, secret: str, name: str = "") -> None:
        """`name`: a parent's own. Raises Refusal for an address wrong or already used, or a weak
        password; TooMany."""
        door = f"taken:{self.record_id}"
        attempt.allow(door)
        name = checked_full_name(name) if self.by_parent else None
        if not is_email(canonical(email)):
            raise Refusal(NOT_AN_ADDRESS, field="email")
        if not email_change.free(canonical(email)):
            attempt.failed(door)  # or it would tell who has an account here
            raise Refusal(TAKEN_BY_PARENT if self.by_parent else TAKEN, field="email")
        password.check(secret, self._about(email, name))
        hashed = password.hashed(secret)
        self._answer(name=name, email=canonical(email), password_hash=hashed, account=None)

    def choose_account(self, account: Account) -> None:
        """A parent who is signed in opens the record with the account she has. Raises Refusal."""
        if not self.by_parent:
            raise Refusal(TAKEN, field="email")
        if account.office:
            raise Refusal(OF_THE_OFFICE)
        if accesses.find(account, self.record.uid):
            raise Refusal(KNOWN)
        self._answer(name=None, email=None, password_hash=None, account=account)

    def accept_terms(self) -> None:
        self._answer(terms_at=clock.now())

    def choose_visibility(self, masked: bool) -> None:
        self._answer(masked=masked)

    def choose_emergency(self, allowed: bool) -> Account:
        """The last answer: the record is activated, and the account made where there was none.
        Raises Refusal, after which the credentials are asked for again."""
        if self.account_id and Account.get_by_id(self.account_id).office:  # it became so since
            self._answer(account=None)
            raise Refusal(OF_THE_OFFICE)
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

    def _about(self, email, name):
        record = self.record
        names = [record.birth_name, record.used_name, record.birth_given_names, name or ""]
        born = [record.birth_date.strftime("%d%m%Y"), str(record.birth_date.year)]
        return [*names, *born, email, email.partition("@")[0]]

    def _finish(self, emergency_allowed):
        given = Activation.get_or_none(Activation.id == self.id)
        record = Record.get_by_id(self.record_id)
        if given is None or given.step is not Step.EMERGENCY or not given.code.good:
            raise Refusal(OBJECTED if record.state is State.OBJECTED else USED)
        account = given.account or _new_account(given, record)
        record.opened_at = record.opened_at or clock.now()
        record.activated_at = clock.now()
        record.emergency_samu = record.emergency_others = emergency_allowed
        record.save()
        made = _let_in(account, record, given)
        masking.choose_at_activation(made, given.masked)
        ActivationCode.update(used_at=clock.now()).where(ActivationCode.record == record).execute()
        self.delete_instance()
        _welcome(account, record)
        return account


def begin(code: str, birth_date: date, address: str) -> Activation:
    """Start, or go on where one had stopped; its `token` is the secret to come back with.

    Raises Refusal, TooMany."""
    return begin_with(activation_code.proven(code, birth_date, address))


def begin_with(row: ActivationCode) -> Activation:
    """The same with a code that was proven."""
    token = secrets.token_urlsafe(24)
    with transaction():
        begun = {"code": row, "token_hash": _hash_of(token)}
        answers = Activation.get_or_none(Activation.record == row.record)
        if answers:
            answers._answer(**begun)
        else:
            answers = Activation.create(record=row.record, **begun)
        _forget_another_s(answers)
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


def _forget_another_s(answers):
    """A parent began, and the child is 18 by now; or the birth date was corrected meanwhile."""
    begun = answers.password_hash or answers.account_id
    by_parent = bool(answers.name or answers.account_id)
    if begun and by_parent != answers.by_parent:
        names = ("confirmed_at", "name", "email", "password_hash", "account", "terms_at", "masked")
        answers._answer(**dict.fromkeys(names))


def _new_account(given, record):
    name = given.name or record.name
    return Account.create(email=given.email, name=name, password_hash=given.password_hash)


def _let_in(account, record, given) -> Access:
    if record.adult:
        made = accesses.grant(account, record, Role.HOLDER)
        journal.write(record, made.actor, journal.Act.ACTIVATED)
        return made
    measure = Measure.PARENT.value
    made = accesses.grant(account, record, Role.REPRESENTATIVE, measure=measure)
    certified = MomentField().db_value(given.confirmed_at)
    told = {"access": made.uid, "certified": certified}
    journal.write(record, made.actor, journal.Act.ACTIVATED, **told)
    return made


def _welcome(account, record):
    if record.adult:
        notice.write(account.email, SUBJECT, LETTER.format(name=record.name))
        return
    letter = LETTER_TO_PARENTS.format(name=account.name, child=record.first_given_name)
    notice.write(account.email, SUBJECT_FOR_PARENTS, letter)


def _hash_of(token):
    return hashlib.sha256(token.encode()).hexdigest()
