"""A measure that protects an adult, recorded by the office, which has seen the judgment. One that
represents her lets someone act in her place; one that assists her, only with her agreement."""

from dataclasses import dataclass
from datetime import date

from . import access as accesses
from . import admission, archive, clock, invitation, ledger
from .access import DELEGABLE, Access, Actor, Measure, Right, Role, written
from .database import transaction
from .invitation import OPEN, Invitation
from .person import LONGEST_NAME, checked_email
from .record import Record
from .refusal import Refusal
from .words import tidy

# In years: what a judge may decide, at most. Beyond ten, a representation is an exception.
LONGEST = {Measure.REPRESENTATION: 20, Measure.ASSISTANCE: 5}
WORDS = {
    Measure.REPRESENTATION: "mesure de représentation",
    Measure.ASSISTANCE: "mesure d'assistance",
}
NOBODY = "Aucun adhérent n'a ce numéro. Vérifiez-le sur sa carte."
CLOSED = "L'espace de cet adhérent est fermé."
MINOR = "Cette personne n'a pas 18 ans : ses parents tiennent son espace."
WAITS = "Une invitation attend déjà cette personne. Renvoyez-la, ou annulez-la d'abord."
IS_IN = "Cette personne entre déjà dans cet espace. Mettez d'abord fin à cet accès."
HER_OWN = "C'est l'adresse de l'adhérent. Écrivez celle de la personne nommée par le juge."
NO_DAY = "Écrivez le dernier jour de la mesure : il est dans le jugement."
NOT_ACTIVATED = (
    "Pour une mesure d'assistance, l'adhérent donne son accord dans son espace. Il ne l'a pas "
    "encore activé."
)


@dataclass(frozen=True)
class Told:
    """What the office writes, with the judgment before its eyes."""

    name: str
    email: str
    kind: str
    until: date | None
    reference: str

    def checked(self) -> dict:
        """Raises Refusal at the field that is wrong."""
        name, measure = invitation.checked_name(self.name), checked_kind(self.kind)
        carer = measure is Measure.ASSISTANCE
        return {
            "name": name,
            "email": checked_email(self.email) or _refuse("Écrivez son adresse e-mail.", "email"),
            "role": Role.CARER.value if carer else Role.REPRESENTATIVE.value,
            "measure": measure.value,
            "link": WORDS[measure],
            "given": written(DELEGABLE) if carer else "",
            "ends_on": checked_until(self.until, measure),
            "reference": checked_reference(self.reference),
        }


def member(number: str) -> Record:
    """Raises Refusal."""
    record = Record.get_or_none(Record.member_number == tidy(number or ""))
    return record or _refuse(NOBODY, "number")


def enter(actor: Actor, record: Record, told: Told, site: str, link) -> Invitation:
    """The person named by the judge is invited; `link` makes the address from a token. Raises
    Refusal."""
    values = told.checked()
    if not record.takes_documents:
        _refuse(CLOSED, "number")
    if not record.adult:
        _refuse(MINOR, "number")
    with transaction():
        _check_newcomer(record, values)
        ledger.write(actor, ledger.Act.ENTERED_MEASURE, record.uid)
        return invitation.enter(record, actor, values, site, link)


def send_again(actor: Actor, one: Invitation, site: str, link) -> Invitation:
    """Another link, and another code to hand over. Raises Refusal."""
    with transaction():
        ledger.write(actor, ledger.Act.RESENT_MEASURE, one.record.uid)
        return invitation.send_for(actor, one, site, link)


def cancel(actor: Actor, one: Invitation) -> None:
    """Raises Refusal where it was answered meanwhile."""
    with transaction():
        ledger.write(actor, ledger.Act.CANCELLED_MEASURE, one.record.uid)
        invitation.cancel_for(actor, one)


def end(actor: Actor, one: Access) -> None:
    """Of a measure, or of a parent, as a judge decided; while the record is archived too. Raises
    Refusal."""
    act = archive.end if one.revoked_at else admission.end_by_office
    act(actor, one)


def is_last(one: Access) -> bool:
    """Whether nobody is left after it to decide for the record."""
    deciders = [each for each in accesses.all_in(one.record) if each.can(Right.GRANT)]
    return [each.id for each in deciders] == [one.id]


def standing(record: Record) -> list[Access]:
    """Those who act for the person by law, or assist her: parents too; and those who would again,
    once an archived record is reopened."""
    held = accesses.all_in(record) + archive.holders(record)
    return [one for one in held if one.measure]


def waiting(record: Record) -> list[Invitation]:
    """Those that the office made, and that nobody has answered."""
    rows = Invitation.select().where(
        (Invitation.record == record) & Invitation.measure.in_(list(LONGEST))
    )
    return [one for one in rows if one.state in OPEN]


def find(access_uid: str) -> Access | None:
    one = Access.get_or_none(Access.uid == access_uid)
    return next((each for each in standing(one.record) if each.id == one.id), None) if one else None


def find_waiting(invitation_uid: str) -> Invitation | None:
    one = Invitation.get_or_none(Invitation.uid == invitation_uid)
    found = waiting(one.record) if one else []
    return next((each for each in found if each.id == one.id), None)


def checked_kind(kind: str | None) -> Measure:
    if kind not in list(LONGEST):
        _refuse("Choisissez ce que dit le jugement.", "kind")
    return Measure(kind)


def checked_until(until: date | None, measure: Measure) -> date:
    """The last day of the measure. Raises Refusal."""
    years = LONGEST[measure]
    if until is None:
        _refuse(NO_DAY, "until")
    if until <= clock.today():
        _refuse("Ce jour est passé : la mesure est finie.", "until")
    if until > clock.months_later(clock.today(), 12 * years):
        _refuse(f"C'est trop loin : une {WORDS[measure]} dure {years} ans au plus.", "until")
    return until


def checked_reference(text: str | None) -> str:
    text = tidy(text or "")
    if not text:
        _refuse("Écrivez la référence du jugement : le tribunal, la date, le numéro.", "reference")
    if len(text) > LONGEST_NAME:
        _refuse(f"C'est trop long : {LONGEST_NAME} lettres au plus.", "reference")
    return text


def _check_newcomer(record, values):
    holder = accesses.holder_of(record)
    if holder is None and values["measure"] == Measure.ASSISTANCE:
        _refuse(NOT_ACTIVATED, "kind")
    if holder and values["email"] == holder.email:
        _refuse(HER_OWN, "email")
    if any(one.account.email == values["email"] for one in accesses.all_in(record)):
        _refuse(IS_IN, "email")
    if any(one.email == values["email"] for one in waiting(record)):
        _refuse(WAITS, "email")


def _refuse(sentence, field):
    raise Refusal(sentence, field)
