"""Which codes serve to object, and to change one's mind: any of the record that activated nothing,
even one too old, or replaced since."""

from datetime import date

from . import activation_code, attempt
from .activation_code import WRONG, ActivationCode
from .record import Record, State
from .refusal import Refusal

ACTIVATED = (
    "Cet espace est activé. Il se ferme de l'intérieur : connectez-vous. Le lien est sur cette "
    "page."
)
CLOSED = "Cet espace est fermé. Pour toute question, adressez-vous à votre association."
OF_PARENTS = (
    "Ce code avait été donné aux parents, avant les 18 ans. Il ne sert plus. Demandez-en un autre "
    "à votre association."
)


def proven(code: str, birth_date: date, address: str) -> ActivationCode:
    """The code, if it goes with the birth date and serves. Raises Refusal, TooMany."""
    row = activation_code.recognised(code, birth_date, address)
    if row.void:
        # As if it had never been.
        attempt.failed(*activation_code.doors(code, address))
        raise Refusal(WRONG, field="code")
    wrong = _wrong(row)
    if wrong:
        raise Refusal(wrong, field="code")
    activation_code.forgive(code)
    return row


def still(code_hash: str) -> ActivationCode | None:
    """The one proven a moment ago, if it still serves."""
    query = ActivationCode.select(ActivationCode, Record).join(Record)
    row = query.where(ActivationCode.code_hash == code_hash).first()
    return None if row is None or row.void or _wrong(row) else row


def good_one(record: Record, *hashes: str) -> ActivationCode | None:
    """Of these, the first that activates this record."""
    query = ActivationCode.select(ActivationCode, Record).join(Record)
    rows = query.where((ActivationCode.record == record) & ActivationCode.code_hash.in_(hashes))
    return next((row for row in rows.order_by(ActivationCode.id) if row.good), None)


def _wrong(row):
    """Why it does not serve, in a sentence; nothing where it does."""
    state = row.record.state
    if state is State.CLOSED or row.record.died_on:
        return CLOSED
    if row.used_at or state is State.ACTIVATED:
        return ACTIVATED
    return OF_PARENTS if row.was_for_parents else ""
