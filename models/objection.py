"""Objecting: whoever wants no record says so, and nothing but that is kept (R1111-28). She may
change her mind as easily, with the code of the letter or that of the receipt: the record is then
announced, or open, as before, and empty."""

import secrets
from dataclasses import dataclass
from enum import StrEnum

from peewee import ForeignKeyField, TextField

from . import activation_code, clock, erasure, journal, ledger, notice, objection_code, opening
from .access import HOLDING, Access, Actor, Role
from .activation_code import WAITING, ActivationCode
from .database import MomentField, Table, transaction
from .record import Record, State
from .refusal import Refusal
from .sender import Sender
from .sheet import Sheet
from .sheets import objection as sheets
from .words import day

SUBJECT = "Votre opposition est notée"
LETTER = """Bonjour,

Le {made}, l'espace de santé préparé pour {name} a été refusé {how}. C'est noté, sous le numéro
{number}.

Cet espace ne sera pas ouvert. Ce qui y était déjà est effacé pour toujours. L'association garde
seulement l'identité, le numéro d'adhérent et ce choix. Elle oublie cette adresse e-mail, et
n'écrira plus pour cet espace.

Changer d'avis est aussi simple : il faut la date de naissance et ce code.

    {code}

Adresse : {link}

Avec ce code, l'espace pourra aussi être activé, jusqu'au {until}. Ne le donnez à personne.

Ce n'est pas vous qui l'avez demandé ? Le même code annule ce choix. Prévenez aussi votre
association. {contact}
"""
FOR_A_MINOR = "Un parent ou représentant légal"
CERTIFY = "Pour continuer, cochez la case. Si ce n'est pas vrai, arrêtez-vous ici."
CHOOSE_HOW = "Choisissez comment la demande est arrivée."
CHOOSE_CHECKED = "Choisissez comment l'identité a été vérifiée."
HELD = {
    State.ACTIVATED: "Cet espace est activé. Il se ferme de l'intérieur, par qui le tient.",
    State.CLOSED: "Cet espace est fermé : il n'y a plus rien à refuser.",
}
LIVED_IN = (
    "Quelqu'un a déjà tenu cet espace : l'association ne peut pas tout effacer à sa place. "
    "Donnez un code à cette personne. Elle s'oppose en ligne, ou elle active l'espace et le ferme."
)
NO_MORE = "Ce code ne sert plus : cet espace a été activé, ou fermé, entre-temps."
NOT_OBJECTED = (
    "Cela ne peut pas être noté : cet espace n'est pas refusé, ou l'association a noté un décès."
)


class How(StrEnum):
    SITE = "site"
    LETTER = "letter"
    PHONE = "phone"
    EMAIL = "email"
    DESK = "desk"


class Checked(StrEnum):
    """How the office knows that it is she who asks."""

    CARD = "card"
    COPY = "copy"
    ANSWERS = "answers"
    KNOWN = "known"


BY_WAY = {
    How.SITE: "sur le site",
    How.LETTER: "par lettre",
    How.PHONE: "par téléphone",
    How.EMAIL: "par e-mail",
    How.DESK: "au bureau de l'association",
}
CHECKED = {
    Checked.CARD: "Pièce d'identité vue",
    Checked.COPY: "Lettre ou message signé, avec la copie d'une pièce d'identité",
    Checked.ANSWERS: "Numéro d'adhérent, date de naissance et adresse dits sans faute",
    Checked.KNOWN: "Personne connue de l'association",
}


def _number():
    """Of a receipt: told over the telephone, and never twice the same."""
    digits = f"{secrets.randbelow(10**12):012d}"
    return "-".join((str(clock.today().year), digits[:4], digits[4:8], digits[8:]))


class Objection(Table):
    """`uid` is the number of its receipt; `by`: who noted it, or said it, in words."""

    uid = TextField(unique=True, default=_number)
    record = ForeignKeyField(Record, backref="objections")
    made_at = MomentField(default=clock.now)
    how = TextField()
    by = TextField()
    withdrawn_at = MomentField(null=True)

    @property
    def way(self) -> str:
        return BY_WAY[How(self.how)]

    @property
    def noted(self) -> bool:
        """By the association, for whoever asked it."""
        return self.how != How.SITE


@dataclass(frozen=True)
class Told:
    """What the office writes of a demand."""

    how: str
    checked: str

    def refuse_nonsense(self) -> None:
        """Raises Refusal."""
        if self.how not in (way for way in How if way is not How.SITE):
            raise Refusal(CHOOSE_HOW, "how")
        if self.checked not in list(Checked):
            raise Refusal(CHOOSE_CHECKED, "checked")


def standing(record: Record) -> Objection | None:
    """The one that holds."""
    here = (Objection.record == record) & Objection.withdrawn_at.is_null()
    return Objection.select().where(here).first()


def make(row: ActivationCode, certified: bool, sender: Sender) -> str:
    """By the person, or by whoever represents a minor, with a code that was proven; the code of
    the receipt. Raises Refusal."""
    with transaction():
        record = _proven_now(row, certified)
        if record.state is State.OBJECTED:  # the button was pressed twice
            return activation_code.one_more(record, sender.code_days)
        return _object(record, _herself(record), How.SITE, sender)


def change_mind(row: ActivationCode, certified: bool) -> None:
    """The same way back. Raises Refusal."""
    with transaction():
        record = _proven_now(row, certified)
        if record.state is State.OBJECTED:
            _take_back(record, _herself(record), How.SITE)


def note(record: Record, actor: Actor, told: Told, sender: Sender) -> str:
    """By the office, for whoever asked it, once sure of who it is; the code of the receipt: none
    where it was known already, since no code leaves the office without a trace. Raises Refusal."""
    told.refuse_nonsense()
    with transaction():
        now = Record.get_by_id(record.id)
        if now.state is State.OBJECTED:
            return ""
        if _lived_in(now):
            raise Refusal(LIVED_IN)
        _tell(ledger.Act.NOTED_OBJECTION, now, actor, told)
        return _object(now, actor, How(told.how), sender, checked=told.checked)


def withdraw(record: Record, actor: Actor, told: Told) -> None:
    """The same way back. Raises Refusal."""
    told.refuse_nonsense()
    with transaction():
        now = Record.get_by_id(record.id)
        if now.state is not State.OBJECTED or now.died_on:
            raise Refusal(NOT_OBJECTED)
        _tell(ledger.Act.WITHDREW_OBJECTION, now, actor, told)
        _take_back(now, actor, How(told.how), checked=told.checked)


def would_be_open(record: Record) -> bool:
    """If she changed her mind now: her time to object is over."""
    return bool(record.opened_at or (record.opens_at and record.opens_at <= clock.now()))


def receipt(record: Record, code: str, sender: Sender) -> Sheet | None:
    """With its code, where it is one of this record; None where nobody objects any more."""
    one = standing(record)
    if one is None:
        return None
    until = activation_code.last_day(record, code)
    return sheets.receipt(record, one, code if until else "", until, sender)


def _lived_in(record):
    """Someone held it: what it holds is more than what was sent to it."""
    held = (Access.record == record) & Access.role.in_(list(HOLDING))
    return Access.select().where(held).exists()


def _object(record, actor, how, sender, **checked):
    if record.state not in WAITING:
        raise Refusal(HELD[record.state])
    address = "" if record.email_failed_at else record.email
    # The codes she has are no text of hers: they serve to change her mind.
    erasure.erase(record, keep=("activation_code",))
    record.objected_at = clock.now()
    record.save(only=[Record.objected_at])
    one = Objection.create(record=record, how=how.value, by=actor.name)
    journal.write(record, actor, journal.Act.OBJECTED, how=how.value, **checked)
    code = activation_code.one_more(record, sender.code_days)
    if address:
        notice.write_last(address, SUBJECT, _letter(record, one, code, sender))
    return code


def _take_back(record, actor, how, **checked):
    """Its window is what it was: past, and the record is open."""
    Objection.update(withdrawn_at=clock.now()).where(
        (Objection.record == record) & Objection.withdrawn_at.is_null()
    ).execute()
    record.objected_at = record.erased_at = None
    record.save(only=[Record.objected_at, Record.erased_at])
    journal.write(record, actor, journal.Act.WITHDREW_OBJECTION, how=how.value, **checked)
    if opening.is_due(record):
        opening.open_now(record)


def _proven_now(row, certified):
    """Another browser may have activated it since."""
    now = objection_code.still(row.code_hash)
    if now is None:
        raise Refusal(NO_MORE)
    if not now.record.adult and not certified:
        raise Refusal(CERTIFY, "certified")
    return now.record


def _herself(record):
    if record.adult:
        return Actor(None, record.name, Role.HOLDER.value)
    return Actor(None, FOR_A_MINOR, Role.REPRESENTATIVE.value)


def _tell(act, record, actor, told):
    ledger.write(actor, act, about=record.uid, how=told.how, checked=told.checked)


def _letter(record, one, code, sender):
    return LETTER.format(
        made=day(one.made_at.astimezone(clock.PARIS).date()),
        name=record.name,
        how=one.way,
        number=one.uid,
        code=activation_code.spaced(code),
        link=sender.objection,
        until=day(activation_code.last_day(record, code)),
        contact=sender.contact,
    )
