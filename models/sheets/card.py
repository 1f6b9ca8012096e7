"""A card to carry: the lines that the person chooses, and a code that holds their text itself."""

from ..directive import Way
from ..phone import shown
from ..record import Record
from ..sheet import Card
from ..wishes import Answers
from ..words import day

TITLE = "En cas d'urgence"
BIRTH, TRUSTED, DIRECTIVES = "naissance", "confiance", "directives"


def lines(record: Record, answers: Answers) -> dict[str, str]:
    """What may be on it: code of the line → its words."""
    found = {BIRTH: record.born[0].upper() + record.born[1:]}
    for one in answers.to_call:
        found[one.uid] = f"Appeler {one.name}, {one.link_label.lower()} : {shown(one.phone)}"
    trusted = answers.valid_designation
    if trusted:
        phones = "".join(f", {shown(number)}" for number in trusted.contact.phones[:1])
        found[TRUSTED] = f"Personne de confiance : {trusted.contact.name}{phones}"
    if answers.valid_directive:
        found[DIRECTIVES] = _directives(answers.valid_directive)
    return found


def card(record: Record, answers: Answers, chosen: list[str]) -> Card:
    """The name is always there: a card of nobody helps nobody."""
    wanted = [line for code, line in lines(record, answers).items() if code in chosen]
    text = "\n".join((f"{TITLE} : {record.name}", *wanted))
    # A telephone dials what it reads: its numbers are written with plain spaces.
    return Card(f"{TITLE} : {record.name}", tuple(wanted), text.replace("\u00a0", " "))


def _directives(one):
    where = one.place or one.keeper
    if where:
        return f"Directives anticipées du {day(one.signed_on)} : {where}"
    if one.way == Way.ELSEWHERE:
        return f"Directives anticipées du {day(one.signed_on)}"
    return f"Directives anticipées du {day(one.signed_on)}, dans mon espace de santé"
