"""The activity on paper, to read: who did what, day by day, and the end of each chain."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from .. import clock
from ..chronicle import MAIN
from ..journal import Filters
from ..record import Record
from ..sheet import Facts, Heading, Paragraph, Points, Sheet
from ..words import day
from . import identity

# Beyond, a small server would take too long: the table (chronicle.py) has no limit.
MOST = 5000
CUT = f"Seules les {MOST} dernières lignes sont ici. Le fichier pour tableur les contient toutes."
NOTHING = "Rien ne correspond."
PROOF = (
    "Cette feuille est faite pour être lue. C'est le fichier pour tableur qui se vérifie. "
    "Gardez-la hors de Carnet : les empreintes ci-dessous devront se retrouver dans tout fichier "
    "plus récent."
)


def sheet(
    record: Record,
    lines: list[tuple[datetime, str]],
    ends: dict[str, tuple[int, str]],
    filters: Filters,
    kind: str,
) -> Sheet:
    """`lines`: moments and sentences, the latest first; `kind`: what is looked for, in words."""
    shown = [(at.astimezone(clock.PARIS), said) for at, said in lines[:MOST]]
    blocks = (
        *map(Paragraph, _what(shown, filters, kind)),
        *([Paragraph(CUT)] if len(lines) > MOST else []),
        *_days(shown),
        Heading("Pour vérifier"),
        Paragraph(PROOF),
        _chains(ends),
    )
    return Sheet("Activité", blocks, identity.about(record))


def _what(lines, filters, kind) -> Iterable[str]:
    """What is on the sheet: the period, and what was chosen."""
    yield f"Feuille faite le {day(clock.today())}."
    if lines:
        first, last = lines[-1][0].date(), lines[0][0].date()
        yield f"Du {day(first)} au {day(last)}." if first < last else f"Le {day(first)}."
    chosen = [words for words in (filters.who, kind) if words]
    if chosen:
        yield f"Seulement : {', '.join(chosen)}."


def _days(lines):
    if not lines:
        yield Paragraph(NOTHING)
    for one, those in groupby(lines, key=lambda line: line[0].date()):
        yield Heading(day(one))
        yield Points(tuple(f"{at.hour} h {at:%M} : {said}" for at, said in those))


def _chains(ends):
    rows = [
        (f"Chaîne {chain or MAIN}, {length} lignes", head) for chain, (length, head) in ends.items()
    ]
    return Facts(tuple(rows))
