"""Telephone numbers, of any country: understood, and written as people of that country do."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from .refusal import Refusal
from .words import tidy

HOME = "FR"


def understood(text: str, field: str = "phone") -> str:
    """The number as it is kept, « +33 6 39 98 00 12 »; nothing for nothing. Raises Refusal."""
    text = tidy(text)
    if not text:
        return ""
    try:
        number = phonenumbers.parse(text, HOME)
    except NumberParseException as error:
        raise Refusal(_wrong(text), field) from error
    if not phonenumbers.is_possible_number(number):
        raise Refusal(_wrong(text), field)
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def shown(kept: str) -> str:
    """« 06 39 98 00 12 », or with its country's code when it is of another."""
    if not kept:
        return ""
    number = phonenumbers.parse(kept)
    home = number.country_code == phonenumbers.country_code_for_region(HOME)
    form = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def dialled(kept: str) -> str:
    """The address of a link that calls it (RFC 3966)."""
    return phonenumbers.format_number(phonenumbers.parse(kept), PhoneNumberFormat.RFC3966)


def _wrong(text):
    return (
        f"« {text[:40]} » n'est pas un numéro complet. En France, il a dix chiffres. "
        "D'un autre pays, il commence par + et le code du pays, comme +32."
    )
