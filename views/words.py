"""How values are written for people, in French."""

from functools import lru_cache

from babel.dates import format_date, format_datetime

from models.clock import PARIS
from models.masking import is_masked
from models.search import highlighted

from .typography import french


@lru_cache(4096)
def day(value) -> str:
    """« 12 mars 2024 », « 1er mars 2024 »."""
    text = format_date(value, "d MMMM y", locale="fr")
    return "1er" + text[1:] if value.day == 1 else text


def moment(value) -> str:
    """« 12 mars 2024 à 14 h 05 », in France's time."""
    local = value.astimezone(PARIS)
    return f"{day(local.date())} à {format_datetime(local, 'H', locale='fr')} h {local:%M}"


def size(number: int) -> str:
    if number < 1000:
        return f"{number} octets"
    if number < 1_000_000:
        return f"{round(number / 1000)} ko"
    return f"{number / 1_000_000:.1f} Mo".replace(".", ",")


def count(number: int, one: str, many: str | None = None, most: int | None = None) -> str:
    """« 1 document », « 12 documents », « plus de 999 documents »."""
    word = one if number < 2 else many or one + "s"
    return f"plus de {most} {word}" if most and number > most else f"{number} {word}"


def without(arguments: dict, name: str) -> dict:
    return {key: value for key, value in arguments.items() if key != name}


FILTERS = {
    "day": day,
    "moment": moment,
    "size": size,
    "count": count,
    "without": without,
    "french": french,
    "masked": is_masked,
    "highlighted": highlighted,
}
