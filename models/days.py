"""Days as people write them, and as lists do: read, or not at all; never guessed."""

import re
from datetime import date
from functools import cache

from babel.dates import get_month_names

from .words import fold

NUMBERS = re.compile(r"(\d{1,4})[\s./-]+(\d{1,2})[\s./-]+(\d{1,4})")
IN_WORDS = re.compile(r"(\d{1,2})(?:er)?\s+([a-z]+)\.?\s+(\d{4})")
TOGETHER = re.compile(r"\d{8}")
# As a database writes a day.
AT_MIDNIGHT = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?Z?$")


def day_of(text: str) -> date | None:
    """« 12/03/2024 », « 12.3.2024 », « 2024-03-12 », « 12032024 », « 20240312 », « 12 mars 2024 »:
    the day first, or the year, which has its four figures."""
    text = AT_MIDNIGHT.sub("", text.strip())
    numbers = _numbers(text)
    try:
        day = date(*numbers) if numbers else None
    except ValueError:
        return None
    return day if day and 1800 <= day.year < 3000 else None


def short_year(text: str) -> bool:
    """« 12/03/24 »: of which century?"""
    found = NUMBERS.fullmatch(text.strip())
    return bool(found) and len(found[1]) <= 2 and len(found[3]) <= 2


def month_first(text: str) -> bool:
    """« 03/25/1960 », as Americans write it."""
    found = NUMBERS.fullmatch(text.strip())
    return bool(found) and len(found[3]) == 4 and int(found[1]) <= 12 < int(found[2]) <= 31


def _numbers(text):
    """Year, month, day."""
    found = NUMBERS.fullmatch(text)
    if found:
        first, month, last = found.groups()
        if len(first) == 4:
            return (int(first), int(month), int(last)) if len(last) <= 2 else None
        return (int(last), int(month), int(first)) if len(last) == 4 and len(first) <= 2 else None
    if TOGETHER.fullmatch(text):
        return _together(text)
    found = IN_WORDS.fullmatch(fold(text))
    month = found and _months().get(found[2])
    return (int(found[3]), month, int(found[1])) if month else None


@cache
def _months():
    """When the first one is asked for: to read French takes 30 ms."""
    return {fold(name): month for month, name in get_month_names("wide", locale="fr").items()}


def _together(text):
    """Either way: no year begins with a month, nor a month with 19 or 20."""
    if int(text[4:6]) in (19, 20):
        return int(text[4:]), int(text[2:4]), int(text[:2])
    return int(text[:4]), int(text[4:6]), int(text[6:])
