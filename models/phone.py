"""Telephone numbers, of any country: understood, and written as people of that country do. The
library is read where a number is: 15 ms, and 2 MB."""

import re
from functools import cache

from .refusal import Refusal
from .words import tidy

HOMES = ("FR", "GP", "MQ", "GF", "RE", "YT", "PM")
# What the library does not know in French.
EXTENSION = re.compile(r"\bposte\b\.?", re.IGNORECASE)


def understood(text: str | None, field: str = "phone") -> str:
    """The number as it is kept, « +33 6 39 98 00 12 »; nothing for nothing. Raises Refusal."""
    text = tidy(text or "")
    if not text:
        return ""
    import phonenumbers

    number = _parsed(EXTENSION.sub("ext. ", text))
    if number is None or not phonenumbers.is_possible_number(number):
        raise Refusal(_wrong(text), field)
    return _written(number, "INTERNATIONAL")


def first_in(text: str) -> str:
    """The first number of a sentence, as it is kept; nothing where there is none."""
    import phonenumbers

    found = phonenumbers.PhoneNumberMatcher(text, HOMES[0], phonenumbers.Leniency.POSSIBLE)
    one = next(iter(found), None)
    return _written(one.number, "INTERNATIONAL") if one else ""


def _parsed(text):
    """Where it is dialled ten digits long, a number may be of an overseas department."""
    import phonenumbers

    try:
        numbers = [phonenumbers.parse(text, region) for region in HOMES]
    except phonenumbers.NumberParseException:
        return None
    return next(filter(phonenumbers.is_valid_number, numbers), numbers[0])


def shown(kept: str) -> str:
    """« 06 39 98 00 12 », or with its country's code when it is of another."""
    if not kept:
        return ""
    import phonenumbers

    number = phonenumbers.parse(kept)
    home = number.country_code in _home_codes()
    # Unbreakable: a number cut in two is misread, and is turned round beside Arabic.
    return _written(number, "NATIONAL" if home else "INTERNATIONAL").replace(" ", "\u00a0")


def dialled(kept: str) -> str:
    """The address of a link that calls it (RFC 3966)."""
    import phonenumbers

    return _written(phonenumbers.parse(kept), "RFC3966")


@cache
def _home_codes():
    import phonenumbers

    return {phonenumbers.country_code_for_region(region) for region in HOMES}


def _written(number, form):
    import phonenumbers

    return phonenumbers.format_number(number, getattr(phonenumbers.PhoneNumberFormat, form))


def _wrong(text):
    return (
        f"« {text[:40]} » n'est pas un numéro complet. En France, il a dix chiffres. "
        "D'un autre pays, il commence par + et le code du pays, comme +32."
    )
