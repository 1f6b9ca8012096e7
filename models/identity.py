"""The identity of a member and how to write to her, as the office adds and corrects them by hand.

Nobody is ever made one with another: who looks like someone else is asked about. And whoever was
written to under another name, birth date or address may not be the person: the codes sent then
serve no more, and she has all her time to object anew."""

from dataclasses import dataclass

from . import access as accesses
from . import activation_code, enrolment, ins, journal, ledger, member, notice, telling
from .access import Access, Actor
from .database import transaction
from .journal import Act
from .notice import Notice
from .record import Record, State
from .refusal import Refusal
from .telling import Telling
from .words import fold, words

# What the office may write of her.
TOLD = (
    *("member_number", "birth_name", "used_name", "birth_given_names", "birth_date", "sex"),
    *("birthplace", "birthplace_code", "email", "postal_address"),
)
NAMES = ("birth_name", "used_name", "birth_given_names")
# Beside them, where the number may be held.
NUMBER = ("ins",)
# As many people as a page asks about.
MOST_ALIKE = 20
CORRECTED = frozenset({State.ANNOUNCED, State.OPEN, State.ACTIVATED})
CLOSED = "Cet espace est fermé, ou la personne s'y est opposée : rien ne s'y corrige plus."
UNTOLD = "Fiche corrigée depuis cet envoi."
OTHER_AGE = (
    "Cette date change qui tient l'espace : un parent avant 18 ans, la personne après. "
    "Vérifiez-la. Si elle est juste, l'espace se ferme et se crée de nouveau."
)
SUBJECT = "Votre association a corrigé une fiche d'adhérent"
LETTER = """Bonjour {name},

Votre association a corrigé la fiche d'adhérent de {member}.

Votre adresse e-mail et votre mot de passe pour vous connecter n'ont pas changé. L'activité de
l'espace garde la trace de cette correction.

Si vous ne l'avez pas demandée, prévenez votre association.
"""


class Alike(Refusal):
    """Others have her name, or her family name and birth date: the office says who is who."""

    def __init__(self, people: list[Record]):
        super().__init__("D'autres adhérents ressemblent à cette personne.")
        self.people = people


@dataclass(frozen=True)
class Corrected:
    """What changed; whether the codes sent before serve no more, and another is to be sent."""

    fields: tuple[str, ...] = ()
    voided: bool = False


def names() -> tuple[str, ...]:
    """Of what the office may write of her."""
    return TOLD + (NUMBER if ins.on() else ())


def told(record: Record) -> dict[str, str]:
    """What is known of her, as it is written; her number, as much of it as recognises it."""
    known = {name: str(getattr(record, name)) for name in TOLD}
    more = {"birth_date": record.birth_date.strftime("%d/%m/%Y"), "ins": ins.masked(record.ins)}
    return known | more


def add(told: dict[str, str], actor: Actor, others: frozenset[str] = frozenset()) -> Record:
    """`others`: the uids of those whom the office said to be someone else. Raises Refusal; Alike
    as long as it has not said so of all."""
    values = enrolment.understood(told)
    with transaction():
        _check_number(values["member_number"])
        ins.check_free(values.get("ins", ""))
        people = alike(values)
        if not {one.uid for one in people} <= others:
            raise Alike(people)
        record = enrolment.create(values, actor)
        ledger.write(actor, ledger.Act.ADDED_MEMBER, record.uid)
    return record


def alike(values: dict) -> list[Record]:
    """She herself, a homonym or a twin: nobody but the office tells them apart."""
    key = fold(f"{values['birth_name']} {values['birth_given_names']}")
    same_name = list(Record.select().where(Record.sort_key == key).limit(MOST_ALIKE))
    same_day = Record.select().where(Record.birth_date == values["birth_date"])
    family = _families(values["birth_name"], values["used_name"])
    kin = [one for one in same_day if _families(one.birth_name, one.used_name) & family]
    return list({one.id: one for one in (*same_name, *kin)}.values())[:MOST_ALIKE]


def _families(*names):
    """She may be known here by the name she was born with, and there by another."""
    return {" ".join(words(name)) for name in names if words(name)}


def correct(record: Record, told: dict[str, str], actor: Actor) -> Corrected:
    """The address by which someone signs in is another, and does not change. Raises Refusal."""
    told = told | {"ins": ins.unmasked(told.get("ins"), record)}
    values = enrolment.understood(told)
    with transaction():
        now = Record.get_by_id(record.id)
        values["member_number"] = values["member_number"] or now.member_number
        _check(now, values)
        changed = tuple(name for name in names() if getattr(now, name) != values[name])
        if not changed:
            return Corrected()
        voided = not now.activated_at and _of_someone_else(now, values)
        _write(now, values, changed)
        if voided:
            activation_code.void_codes(now)
            _untell(now)
        journal.write(now, actor, Act.CORRECTED_IDENTITY, fields=" ".join(changed))
        ledger.write(actor, ledger.Act.CORRECTED_MEMBER, now.uid, fields=" ".join(changed))
        _tell_holders(now)
    return Corrected(changed, voided)


def _check(record, values):
    if record.state not in CORRECTED:
        raise Refusal(CLOSED)
    _check_number(values["member_number"], record.id)
    ins.check_free(values.get("ins", ""), record.id)
    after = Record(birth_date=values["birth_date"])
    if record.activated_at and record.adult != after.adult:
        raise Refusal(OTHER_AGE, "birth_date")


def _check_number(number, but=0):
    same = (Record.member_number == number) & (Record.id != but)
    if Record.select().where(same).exists():
        raise Refusal(f"Le numéro {number} est déjà celui d'un autre adhérent.", "member_number")


def _of_someone_else(record, values):
    """Whether what was sent before may have reached another person: an accent or a capital put
    right, or a first address, tells nothing of the kind."""
    names = [(getattr(record, name), values[name]) for name in NAMES]
    renamed = any(before and words(before) != words(now) for before, now in names)
    moved = record.email and record.email.lower() != values["email"].lower()
    return renamed or bool(moved) or record.birth_date != values["birth_date"]


def _write(record, values, changed):
    majority = record.majority
    record.__data__.update({name: values[name] for name in changed})
    if "ins" in changed:
        record.ins_system = values["ins_system"]
    if "email" in changed:
        # Nobody has said of this one that no parent reads it (handover.py).
        record.email_failed_at, record.email_own = None, False
    member.keep(record)
    if record.majority != majority:
        until_then = (Access.record == record) & (Access.ends_at == majority)
        Access.update(ends_at=record.majority).where(until_then).execute()


def _untell(record):
    """What was written to her may be in other hands; what has not left will not."""
    live = (Telling.record == record) & Telling.failed_at.is_null()
    rows = list(Telling.select().where(live))
    waiting = [one.notice_id for one in rows if one.notice_id and not one.sent_at]
    for one in rows:
        telling.failed(one, UNTOLD)
    Notice.delete().where(Notice.id.in_(waiting) & Notice.sent_at.is_null()).execute()


def _tell_holders(record):
    if not record.activated_at:
        return
    for account in accesses.deciders(record):
        letter = LETTER.format(name=account.name, member=record.name)
        notice.write(account.email, SUBJECT, letter)
