"""The same pages and acts for more documents in one record, and for more records.

`make bench PART=growth`; a million records, which take half an hour to make, are asked with
`make bench PART=growth SIZE=whole`. What is made is kept in build/ for the next time."""

import os
import re
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field

from . import generate, serving, sizes
from .instances import BUILD, Made, copied
from .memory import CHECK_UP
from .report import Group, Row, at_most, number
from .serving import Server
from .visitor import MAIL, Visitor
from .weight import WISHES, a_document

LIMIT, ROUNDS = 1.3, 3
DOCUMENTS, RECORDS = (100, 10_000, 100_000), (1_000, 100_000)
WHOLE = 1_000_000
# What does not vary: enough to see what everybody else's weigh, and no more.
FEW_RECORDS, FEW_DOCUMENTS = 1_000, 100
APPLICATION = r"{}\s*:\s*<strong>(\d{{3}}\s\d{{3}})</strong>"
NOTE = (
    "CPU of one worker in milliseconds a request, one client, the sizes asked in turns, the least "
    "of {} rounds; the last column is the largest ÷ the smallest."
)


@dataclass
class Asked:
    name: str
    who: Visitor
    path: str
    how: dict = field(default_factory=dict)


def groups() -> list[Group]:
    records = (*RECORDS, WHOLE) if os.environ.get("SIZE") == "whole" else RECORDS
    found = _table("documents in the record", [(FEW_RECORDS, one) for one in DOCUMENTS], DOCUMENTS)
    return found + _table("records", [(one, FEW_DOCUMENTS) for one in records], records)


def _table(what, made, counts) -> list[Group]:
    them = [generate.made(*one) for one in made]
    seen = _measured(them)
    heads = ["", *(f"{count:,}" for count in counts), "ratio"]
    lines = [[name, *map(number, each), number(each[-1] / each[0])] for name, each in seen.items()]
    told = [_row(f"{name}, by {what}", each) for name, each in seen.items()]
    return [
        Group(f"Growth by {what}: CPU", [], NOTE.format(ROUNDS), heads, lines),
        Group(f"Growth by {what}: the budget", told),
        sizes.group(f"Growth by {what}: the database", counts, them),
    ]


def _row(what, each) -> Row:
    return at_most(what, each[-1] / each[0], LIMIT, "×", f"{each[-1]:.2f} ÷ {each[0]:.2f} ms")


def _measured(them: list[Made]) -> dict[str, list[float]]:
    """By page, the CPU at each size."""
    with ExitStack() as stack:
        asked = []
        for place, one in enumerate(them):
            one = copied(one, BUILD / f"growing-{place}")
            stack.callback(shutil.rmtree, one.folder)
            server = stack.enter_context(serving.carnet(one.folder))
            asked.append((server, {each.name: each for each in _asked(server, one)}))
        return {name: _in_turns(name, asked) for name in asked[0][1]}


def _in_turns(name, asked) -> list[float]:
    rounds = [[_cpu(server, each[name]) for server, each in asked] for _ in range(ROUNDS)]
    return [min(one) for one in zip(*rounds, strict=True)]


def _cpu(server: Server, one: Asked) -> float:
    how = {"connections": 1, "seconds": 0.6, "warm_up": 0.1, **one.how}
    return server.bear(one.who, one.path, **how).cpu


def _asked(server: Server, one: Made) -> list[Asked]:
    holder, office = serving.signed_in(server, one), _officer(server, one)
    return [
        Asked("sign-in page", Visitor(server.port), "/connexion"),
        *_of_record(holder),
        *_acts(holder),
        *_of_office(office),
    ]


def _of_record(holder) -> list[Asked]:
    record, document = holder.record, a_document(holder)
    pages = {
        "my spaces": "/compte",
        "record home": f"{record}/",
        "documents list": f"{record}/documents",
        "list by title": f"{record}/documents?tri=titre",
        "list of what is in no folder": f"{record}/documents?dossier=aucun",
        "list of what is masked": f"{record}/documents?masques=oui",
        "filters": f"{record}/documents/filtres",
        "search, no document": f"{record}/documents?q=introuvable",
        "search, one in seventeen": f"{record}/documents?q=ophtalmologie",
        "search, nearly all": f"{record}/documents?q=glycemie",
        "one document": document,
        "its content": f"{document}/contenu",
        "activity": f"{record}/activite",
        "activity, wishes only": f"{record}/activite?quoi=volontes",
        "who enters": f"{record}/acces",
        "entourage et volontés": f"{record}/{WISHES}",
    }
    return [Asked(name, holder, path) for name, path in pages.items()]


def _acts(holder) -> list[Asked]:
    listed = f"{holder.record}/documents"
    document, form = a_document(holder), holder.form(f"{listed}/depot") | CHECK_UP
    token = form["csrf_token"]
    masks = [{"csrf_token": token, "masque": masked} for masked in ("oui", "non")]
    return [
        Asked("mask one", holder, f"{document}/masquage", {"forms": masks}),
        Asked(
            "deposit, 100 kB",
            holder,
            f"{listed}/depot",
            {"forms": [form], "file": 100_000, "seconds": 1.5},
        ),
    ]


def _of_office(office) -> list[Asked]:
    pages = {
        "members": "adherents",
        "members, those told": "adherents?etat=told",
        "members, a rare name": "adherents?q=exemple+odette",
        "members, a common name": "adherents?q=marie",
        "figures": "chiffres",
        "ledger": "registre",
        "ledger, reports only": "registre?quoi=signalements",
        "letters": "lettres",
        "those to tell": "informer",
        "records to confide": "espaces-a-confier",
        "colleagues": "comptes",
    }
    return [Asked(name, office, f"/association/{path}") for name, path in pages.items()]


def _officer(server, one) -> Visitor:
    """Signed in with the code of her application, which a demonstration shows."""
    visitor, them = Visitor(server.port), one.others["office"]
    answer = visitor.give_password(**them)
    where = answer.headers["location"]
    mail = visitor.get(MAIL).text
    code = re.search(APPLICATION.format(re.escape(them["email"])), mail)[1]
    answer = visitor.post(where, {**visitor.form(where), "code": code})
    assert answer.status == 303, f"the form of the code answered {answer.status}"
    return visitor
