"""Telephone numbers, of any country: understood, and written as people of that country do."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from .refusal import Refusal
from .words import tidy

HOMES = ("FR", "GP", "MQ", "GF", "RE", "YT", "PM")
HOME_CODES = {phonenumbers.country_code_for_region(region) for region in HOMES}
# What the library does not know in French.
EXTENSION = re.compile(r"\bposte\b\.?", re.IGNORECASE)


def understood(text: str | None, field: str = "phone") -> str:
    """The number as it is kept, « +33 6 39 98 00 12 »; nothing for nothing. Raises Refusal."""
    text = tidy(text or "")
    if not text:
        return ""
    number = _parsed(EXTENSION.sub("ext. ", text))
    if number is None or not phonenumbers.is_possible_number(number):
        raise Refusal(_wrong(text), field)
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def first_in(text: str) -> str:
    """The first number of a sentence, as it is kept; nothing where there is none."""
    found = phonenumbers.PhoneNumberMatcher(text, HOMES[0], phonenumbers.Leniency.POSSIBLE)
    one = next(iter(found), None)
    return phonenumbers.format_number(one.number, PhoneNumberFormat.INTERNATIONAL) if one else ""


def _parsed(text):
    """Where it is dialled ten digits long, a number may be of an overseas department."""
    try:
        numbers = [phonenumbers.parse(text, region) for region in HOMES]
    except NumberParseException:
        return None
    return next(filter(phonenumbers.is_valid_number, numbers), numbers[0])


def shown(kept: str) -> str:
    """« 06 39 98 00 12 », or with its country's code when it is of another."""
    if not kept:
        return ""
    number = phonenumbers.parse(kept)
    home = number.country_code in HOME_CODES
    form = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    # Unbreakable: a number cut in two is misread, and is turned round beside Arabic.
    return phonenumbers.format_number(number, form).replace(" ", "\u00a0")


def dialled(kept: str) -> str:
    """The address of a link that calls it (RFC 3966)."""
    return phonenumbers.format_number(phonenumbers.parse(kept), PhoneNumberFormat.RFC3966)


def _wrong(text):
    return (
        f"« {text[:40]} » n'est pas un numéro complet. En France, il a dix chiffres. "
        "D'un autre pays, il commence par + et le code du pays, comme +32."
    )
