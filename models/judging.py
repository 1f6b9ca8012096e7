"""Judging a line of a list: is it a member to be, someone known, the same line twice, or someone so
like another that only the office can tell? Nobody is merged with anybody."""

import json

from peewee import SQL

from . import alike, clock, enrolment
from .alike import first_word
from .database import database
from .prepared import Prepared
from .record import Record, Sex
from .refusal import Refusal
from .roll_line import RollLine, Verdict
from .words import day, words

# As many lines as are looked at among those of the same name.
MOST = 20
MERE = "Sans adresse e-mail ni postale : son code sera à remettre en main propre."
TWIN = "d'autres prénoms"


def judge(line: RollLine, told: dict[str, str]) -> None:
    """Whether to make her record, and why not; `told` is all that is kept of her."""
    line.cells = json.dumps(told, ensure_ascii=False)
    try:
        values = enrolment.understood(told)
        _judge(line, values)
    except Refusal as refusal:
        line.verdict, line.sentence = Verdict.REFUSED.value, refusal.sentence
    keep(line)


def keep(line: RollLine) -> None:
    """Fifty thousand times: its SQL is written once."""
    database.execute_sql(
        "UPDATE roll_line SET cells = ?, verdict = ?, sentence = ?, record_id = ?, key = ?, "
        "number = ? WHERE id = ?",
        (
            *(line.cells, line.verdict, line.sentence, line.record_id, line.key, line.number),
            line.id,
        ),
    )


def again(line: RollLine) -> dict | None:
    """Before her record is made: what to make it of, unless something changed since the line was
    judged. Raises Refusal."""
    values = enrolment.understood(line.told)
    asked = line.verdict == Verdict.ASK
    found = _among(values, alike.records(values, line.roll_id, asked))
    if found and (found[0] is Verdict.KNOWN or not asked):
        line.verdict, line.sentence, line.record = found[0].value, found[1], found[2]
        return None
    return values


def _judge(line, values):
    line.key, line.number = _key(values), values["member_number"]
    same, like = _in_list(line, values)
    if same:
        line.key = line.number = ""
        line.verdict, line.sentence = Verdict.TWICE.value, same
        return
    _check_number(line, values)
    found = _among(values, alike.records(values, line.roll_id))
    found = found or (like and (Verdict.ASK, like, None))
    if found:
        line.verdict, line.sentence, line.record = found[0].value, found[1], found[2]
    else:
        line.verdict = Verdict.CREATE.value
        line.sentence = "" if values["email"] or values["postal_address"] else MERE


def _key(values):
    """Born on the same day, in the same family, called the same: so far, the same person."""
    names = (" ".join(words(values[name])) for name in ("birth_name", "birth_given_names"))
    return "|".join((values["birth_date"].isoformat(), *names))


def _in_list(line, values):
    """What a line before it says: that it is the same, or that it may be."""
    like = ""
    for one in _called_the_same(line.roll_id, line.line, line.key):
        known = enrolment.understood(one.told)
        apart = differences(values, known)
        if not apart:
            same = known == values
            more = "" if same else ", écrite deux fois : seule la première est lue"
            return f"Comme la ligne {one.line}{more}.", ""
        like = like or _resembles(one, apart)
    family = line.key.rpartition("|")[0]
    if not like:
        # From « | » to the sign after it: all who share the date and the family name.
        for one in _kin(line.roll_id, line.line, family + "|", family + "}"):
            like = _resembles(one, TWIN)
    return "", like


def _resembles(line, apart):
    return f"Ressemble à la ligne {line.line}, {line.name}, avec {apart}."


@Prepared
def _called_the_same(roll, line, key):
    here = (RollLine.roll == roll) & (RollLine.line < line) & (RollLine.key != SQL("''"))
    return RollLine.select().where(here & (RollLine.key == key)).order_by(RollLine.line).limit(MOST)


@Prepared
def _kin(roll, line, first, last):
    here = (RollLine.roll == roll) & (RollLine.line < line) & (RollLine.key != SQL("''"))
    return RollLine.select().where(here & RollLine.key.between(first, last)).limit(1)


@Prepared
def _numbered_the_same(roll, line, number):
    here = (RollLine.roll == roll) & (RollLine.line < line) & (RollLine.number != SQL("''"))
    return RollLine.select().where(here & (RollLine.number == number)).limit(1)


def _check_number(line, values):
    number = values["member_number"]
    for one in _numbered_the_same(line.roll_id, line.line, number) if number else ():
        raise Refusal(f"Le numéro {number} est déjà celui de la ligne {one.line}.")


def _among(values, records):
    """The verdict of the records, if they have one."""
    asked = None
    for one in records:
        known = {name: getattr(one, name) for name in values}
        same_number = values["member_number"] == one.member_number
        apart = unlike(values, known)
        if same_number and (apart is None or not _called_alike(values, known)):
            born = f"{one.name}, {one.born}"
            raise Refusal(f"Le numéro {one.member_number} est déjà celui de {born}.")
        if same_number or apart == "":
            return Verdict.KNOWN, why_nothing(one, written=bool(apart)), one
        if apart and not asked:
            who = f"{one.birth_given_names} {one.birth_name}, adhérent {one.member_number}"
            asked = Verdict.ASK, f"Ressemble à {who}, avec {apart}.", None
    return asked


def unlike(one: dict, other: dict) -> str | None:
    """In what two people who look alike differ, in words: nothing, for the same; None, where they
    do not look alike."""
    if one["birth_date"] != other["birth_date"]:
        return None
    family = words(one["birth_name"]) == words(other["birth_name"])
    given, known = words(one["birth_given_names"]), words(other["birth_given_names"])
    if family and given == known:
        return differences(one, other)
    if family:
        return TWIN
    crossed = _family_names(one) & _family_names(other) and _called_alike(one, other)
    return "un autre nom de naissance" if crossed else None


def differences(one: dict, other: dict) -> str:
    """In words, between two people of the same names and birth date."""
    traits = {
        "member_number": "un autre numéro d'adhérent",
        "birthplace_code": "un autre lieu de naissance",
        "sex": "un autre sexe",
    }
    apart = [traits[name] for name in traits if _differ(one[name], other[name])]
    return " et ".join(apart)


def why_nothing(record: Record, written: bool = False) -> str:
    """Why nothing is made for someone who is known."""
    if record.died_on:
        return f"Cette personne est décédée le {day(record.died_on)} : rien n'est créé."
    if record.objected_at:
        since = _day(record.objected_at)
        return f"Cette personne s'est opposée à son espace le {since} : il n'est pas créé."
    if record.closed_at or record.erased_at:
        since = _day(record.closed_at or record.erased_at)
        return f"Cette personne a fermé son espace le {since} : il n'est pas recréé."
    if written:
        return f"{record.name} a déjà un espace, écrit un peu autrement : rien ne change."
    return "Cette personne a déjà un espace : rien ne change."


def _day(moment):
    return day(moment.astimezone(clock.PARIS).date())


def _called_alike(one, other):
    """By the same first given name."""
    return first_word(one["birth_given_names"]) == first_word(other["birth_given_names"])


def _differ(one, other):
    """What is not known differs from nothing."""
    unknown = ("", Sex.UNKNOWN)
    return one != other and one not in unknown and other not in unknown


def _family_names(values):
    return {" ".join(words(values[name])) for name in ("birth_name", "used_name")} - {""}
