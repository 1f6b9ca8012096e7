"""How values are written for people, in French."""

from datetime import timedelta

from models.access import Measure, Role
from models.clock import PARIS
from models.masking import is_masked
from models.phone import dialled, shown
from models.search import highlighted
from models.signing import State
from models.words import day, fold

from .typography import french


def date_of(value) -> str:
    """The day of a moment, in France."""
    return day(value.astimezone(PARIS).date())


def moment(value) -> str:
    """« 12 mars 2024 à 14 h 05 », in France's time."""
    return f"{date_of(value)} à {hour(value)}"


def hour(value) -> str:
    """« 14 h 05 », in France's time."""
    local = value.astimezone(PARIS)
    return f"{local.hour}\u00a0h\u00a0{local:%M}"


def size(number: int) -> str:
    if number < 1000:
        return f"{number} octets"
    if number < 1_000_000:
        return f"{round(number / 1000)} ko"
    if number < 1_000_000_000:
        return f"{number / 1_000_000:.1f} Mo".replace(".", ",")
    return f"{number / 1_000_000_000:.1f} Go".replace(".", ",")


def count(number: int, one: str, many: str | None = None, most: int | None = None) -> str:
    """« 1 document », « 12 documents », « plus de 999 documents »."""
    word = one if number < 2 else many or one + "s"
    return f"plus de {most} {word}" if most and number > most else f"{number} {word}"


def without(arguments: dict, name: str) -> dict:
    return {key: value for key, value in arguments.items() if key != name}


def standing(one) -> str:
    """The state of something to sign, in words: « Valable depuis le 12 mars 2024 »."""
    if one is None:
        return "Rien pour l'instant"
    plural = "s" if one.plural else ""
    return {
        State.BEGUN: f"Commencée{plural}, pas encore prête{plural}",
        State.TO_SIGN: f"À signer : pas encore valable{plural}",
        State.VALID: f"Valable{plural} depuis le {one.signed_on and day(one.signed_on)}",
        State.DECLINED: "Refusée par la personne choisie",
        State.REPLACED: f"Remplacée{plural} le {one.newer and day(one.newer.signed_on)}",
        State.REVOKED: f"Révoquée{plural} le {one.revoked_on and day(one.revoked_on)}",
    }[one.state]


AS_WHAT = {
    Role.HOLDER: "titulaire",
    Role.REPRESENTATIVE: "représentant légal",
    Role.CARER: "aidant",
    Role.PROFESSIONAL: "professionnel de santé",
    Role.EMERGENCY: "professionnel de santé, en urgence",
}
MEASURES = {
    Measure.PARENT: "parent",
    Measure.REPRESENTATION: "représentant légal (mesure de protection)",
    Measure.ASSISTANCE: "assistant (mesure de protection)",
}


def as_what(access) -> str:
    """What someone is in a record: « aidant », « parent »."""
    return MEASURES.get(access.measure) or AS_WHAT[access.role]


def last_day(moment_after) -> str:
    """The last day of an access, from the moment it ends."""
    return date_of(moment_after - timedelta(seconds=1))


def in_emergency(record) -> str:
    """Who may enter then, and read what: « oui, le SAMU, pour lire les documents visibles »."""
    if not record.emergency_people:
        return "non, personne"
    masked = "même les documents masqués" if record.emergency_masked else "les documents visibles"
    return f"oui, {record.emergency_people}, pour lire {masked}"


def of(name: str) -> str:
    """« de Bruno », « d'Alice »."""
    return ("d'" if fold(name)[:1] in "aeiouyh" else "de ") + name


def capitalize_first(text: str) -> str:
    """« lire l'activité » → « Lire l'activité »; the rest stays as it is."""
    return text[:1].upper() + text[1:]


FILTERS = {
    "capitalize_first": capitalize_first,
    "of": of,
    "as_what": as_what,
    "last_day": last_day,
    "day": day,
    "date_of": date_of,
    "moment": moment,
    "hour": hour,
    "in_emergency": in_emergency,
    "size": size,
    "count": count,
    "without": without,
    "french": french,
    "standing": standing,
    "phone": shown,
    "dialled": dialled,
    "masked": is_masked,
    "highlighted": highlighted,
}
