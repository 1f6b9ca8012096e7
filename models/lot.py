"""A lot: a file that holds several documents, or one with what is said of it beside: an XDM, a
message that carries some, FHIR resources that describe files. It is opened by a child, and never
kept: its documents are, each with its header."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from .formats import dissection, kinds, lots
from .formats.reading import opened as beginning
from .header import Header, heard
from .incoming import Beside
from .part import PartRole
from .refusal import Refusal
from .vault import Spool
from .words import tidy

MOST_ITEMS = 100
# Of all that a lot holds, in bytes.
MOST_BYTES = 200_000_000
ITEM = "item"
# In characters, of what the child may say that it is.
LONGEST_WORDS = 1000
WHAT = {lots.XDM: "une archive", lots.MAIL: "un message", lots.FHIR: "un fichier médical FHIR"}
BROKEN = "« {name} » est abîmé : aucun lecteur ne l'ouvre. Demandez-en une autre copie."
NOT_ACCEPTED = "« {name} » n'est pas accepté : c'est {what}."
TOO_MANY = "« {name} » contient plus de {most} documents : c'est trop en une fois."
TOO_HEAVY = "« {name} » contient un document trop gros : {most} Mo au plus."


@dataclass(frozen=True)
class Item:
    """One document of a lot, and the signatures that came with it: kept, never shown. `told`: all
    that the child said of it."""

    spool: Spool
    name: str
    header: Header
    signatures: Beside = ()
    told: dict = field(default_factory=dict)


class Unopened(Refusal):
    """`reason`: the word of the child that refused it (dissection.py); `told`, all that it said."""

    def __init__(self, sentence: str, reason: str, told: dict | None = None):
        super().__init__(sentence, "files")
        self.reason, self.told = reason, told or {}


def describes_itself(spool: Spool, name: str) -> bool:
    """Whether it seems to say what it is, by whom and when, as health software writes it."""
    head, whole = beginning(spool.chunks())
    if kinds.recognise(head, name) in dissection.DOCUMENTS:
        return True
    return lots.recognise(head, whole) is not None


def opened(spool: Spool, name: str, limits) -> list[Item] | None:
    """What it holds; None where it is one file by itself. Raises Unopened. Whoever asked discards
    the items."""
    head, whole = beginning(spool.chunks())
    kind = lots.recognise(head, whole)
    return None if kind is None else opened_as(kind, spool, name, limits)


def opened_as(kind: str, spool: Spool, name: str, limits, *arguments: str) -> list[Item] | None:
    """The same for one of dissection.LOTS; `arguments` are its child's."""
    taken = _Taken(limits.document)
    try:
        what = dissection.LOTS[kind]
        messages = dissection.heard(what, spool.chunks(), taken.take, *arguments)
        taken.finish()
        told = messages[-1] if messages else {}
        if told.get("refused") == dissection.SINGLE:
            taken.discard()
            return None
        _check(told, taken, name, kind)
        return _items(messages, taken.spools, name)
    except BaseException:
        taken.discard()
        raise


def once(items: Iterable[Item]) -> list[Item]:
    """The same bytes twice, unless they are named apart, are one document: the first."""
    found = {}
    for item in items:
        found.setdefault((item.spool.digest.digest(), item.header.identifier), item)
    return list(found.values())


def discard(items: Iterable[Item]) -> None:
    for item in items:
        item.spool.discard()
        for _facts, spool in item.signatures:
            spool.discard()


class _Taken:
    def __init__(self, limit: int):
        self.limit, self.spools = limit, []

    def take(self, _facts) -> Spool:
        left = MOST_BYTES - sum(min(one.size, one.limit) for one in self.spools)
        self.finish()
        self.spools.append(Spool(max(0, min(self.limit, left))))
        return self.spools[-1]

    def finish(self) -> None:
        for spool in self.spools[-1:]:
            spool.finish()

    def discard(self) -> None:
        for spool in self.spools:
            spool.discard()


def _check(told, taken, name, kind):
    """Raises Unopened."""
    if any(spool.too_large for spool in taken.spools):
        most = taken.limit // 1_000_000
        raise Unopened(TOO_HEAVY.format(name=name, most=most), "too_large")
    if "refused" in told:
        reason, what = str(told["refused"]), tidy(str(told.get("what") or ""))[:LONGEST_WORDS]
        raise Unopened(_sentence(reason, what, name, kind), reason, told)
    if "done" not in told or not taken.spools:
        raise Unopened(BROKEN.format(name=name), "broken")
    if len(taken.spools) > MOST_ITEMS:
        raise Unopened(TOO_MANY.format(name=name, most=MOST_ITEMS), "too_many")


def _sentence(reason, what, name, kind):
    if reason == "broken":
        return BROKEN.format(name=name)
    if reason in ("empty", "not_accepted"):
        return NOT_ACCEPTED.format(name=name, what=what or WHAT[kind])
    return f"« {name} » : {what}" if what else BROKEN.format(name=name)


def _items(messages, spools, name) -> list[Item]:
    """Each document is told, then given; then its signatures. Raises Unopened."""
    try:
        items = _told(messages, spools)
    except (ValueError, TypeError, AttributeError) as fault:
        raise Unopened(BROKEN.format(name=name), "broken") from fault
    if not items:
        raise Unopened(BROKEN.format(name=name), "broken")
    return items


def _told(messages, spools):
    items, told, left = [], {}, iter(spools)
    for message in messages:
        told = message.get("item", told)
        if "part" not in message:
            continue
        spool, facts = next(left), message["part"]
        if facts["role"] == ITEM:
            header = heard(told.get("header", {}))
            items.append(Item(spool, tidy(told.get("name") or "") or "document", header, told=told))
        elif facts["role"] == PartRole.SIGNATURE and items:
            signatures = (*items[-1].signatures, (facts, spool))
            items[-1] = replace(items[-1], signatures=signatures)
    return items
