"""A submission: what a source sends by the standard call. Its documents are all of one person: they
enter her record, or wait for the office to say whose they are, or are refused; all or none.

A source is told what became of its own documents, and nothing of anyone: whoever closed her record,
or objected, is answered for as someone whom nobody knows."""

from dataclasses import dataclass, field
from itertools import combinations

from . import deposit, matching, stray, twins
from .deposit import Description, Incoming, Limits
from .document import Document
from .formats import dissection
from .header import Person, heard
from .incoming import Wrong
from .lot import Item
from .matching import AnotherPerson, Match
from .record import Record
from .reference.outcomes import OUTCOMES
from .refusal import Refusal
from .source import Exhausted, Over, Source, Unmatched
from .vault import Spool
from .words import tidy

# What the words of a verb mean for a source; the first that fits.
FAULTS = (
    *((twins.Conflict, "conflict"), (deposit.Full, "full"), (deposit.Closed, "unmatched")),
    *((AnotherPerson, "another-person"), (Exhausted, "daily-limit"), (Over, "login")),
    *((Wrong, "wrong"), (deposit.Unfit, "not-accepted"), (Refusal, "refused")),
)
# Those whose sentence tells more than the fault does, of its own document only.
TELLING = ("wrong", "not-accepted", "refused")


@dataclass(frozen=True)
class Issue:
    """`fault`: of reference/outcomes.csv; `place`, as FHIRPath; `says`: what a library says of it;
    `sentence`: in French, where it tells more."""

    fault: str
    place: str = ""
    says: str = ""
    sentence: str = ""


class Rejected(Exception):
    """Nothing was taken."""

    def __init__(self, *issues: Issue):
        super().__init__(issues)
        self.issues = issues


@dataclass(frozen=True)
class Kept:
    """`entry`: which one of those that were sent; `new`: it was not there already."""

    entry: int
    document: Document
    new: bool


@dataclass(frozen=True)
class Answer:
    """`entries`: what was sent, by type; `kept`: empty where the documents wait (stray.py)."""

    entries: list[str]
    kept: list[Kept] = field(default_factory=list)


@dataclass
class _Sent:
    """What the child told and gave."""

    entries: list[str]
    numbers: list[int]
    items: list[Item]


def take(source: Source, body: Spool, shape: str, limits: Limits) -> Answer:
    """`shape`: of fhir_shapes.py. Raises Rejected; the body is discarded by whoever made it."""
    spools: list[Spool] = []
    try:
        sent = _opened(body, shape, limits, spools)
        return _taken(source, sent, limits)
    except Refusal as refusal:
        raise Rejected(_issue(refusal)) from refusal
    finally:
        for spool in spools:
            spool.discard()


def brought(source: Source, items: list[Item], limits: Limits) -> Answer:
    """The same for the documents of a message (postbox.py). Raises Rejected; whoever opened them
    discards them."""
    try:
        return _taken(source, _Sent([], list(range(len(items))), items), limits)
    except Refusal as refusal:
        raise Rejected(_issue(refusal)) from refusal


def _opened(body, shape, limits, spools) -> _Sent:
    def keep(_facts):
        spools.append(Spool(limits.document))
        return spools[-1]

    messages = dissection.heard("fhir_lot", body.chunks(), keep, shape)
    end = messages[-1] if messages else {}
    for spool in spools:
        spool.finish()
    if "refused" in end:
        raise Rejected(*_issues(end))
    if any(spool.too_large for spool in spools):
        raise Rejected(Issue("too-large"))
    if "done" not in end:
        raise Rejected(Issue("broken"))
    try:
        return _sent(messages, spools)
    except (ValueError, TypeError, AttributeError, LookupError) as fault:
        raise Rejected(Issue("broken")) from fault


def _sent(messages, spools) -> _Sent:
    """Raises ValueError, TypeError, AttributeError or LookupError where the child went wrong."""
    told = [message["item"] for message in messages if "item" in message]
    (entries,) = (message["entries"] for message in messages if "entries" in message)
    items = [
        Item(spool, tidy(one["name"]), heard(one["header"]))
        for spool, one in zip(spools, told, strict=True)
    ]
    numbers = [one["entry"] for one in told]
    if not items or not set(numbers) <= set(range(len(entries))):
        raise ValueError("no such entry")
    return _Sent(entries, numbers, items)


def _issues(end):
    """Of what the child refused; it may also have run out of memory."""
    if end["refused"] != "fhir":
        too_large = end["refused"] == "not_accepted"
        return [Issue("too-large" if too_large else "broken")]
    try:
        issues = [Issue(*map(str, one)) for one in end["issues"]]
    except (KeyError, TypeError):
        issues = []
    known = issues and all(one.fault in OUTCOMES for one in issues)
    return issues if known else [Issue("broken")]


def _taken(source, sent, limits) -> Answer:
    if source.unmatched == Unmatched.QUEUE:
        _check_queue(source, limits)
    match, person = _of_whom(sent.items, limits)
    if not match.certain:
        return _waiting(source, sent, match, person, limits)
    try:
        documents = _put(match.record, source, sent.items, limits)
    except deposit.Closed:
        return _waiting(source, sent, Match(why=matching.NOBODY), person, limits)
    kept = zip(sent.numbers, documents, sent.items, strict=True)
    return Answer(
        sent.entries,
        [Kept(number, one, one.content == item.spool.name) for number, one, item in kept],
    )


def _of_whom(items, limits) -> tuple[Match, Person]:
    """Whoever is silent is of the same person as the others. Raises Rejected where they are not all
    of one person, Refusal where one does not open."""
    people = list(filter(None, (_person(item, limits) for item in items))) or [Person()]
    matches = [matching.find(person) for person in people]
    found = {match.record.id for match in matches if match.certain}
    apart = (matching.disagree(one, other) for one, other in combinations(people, 2))
    if len(found) > 1 or any(apart):
        raise Rejected(Issue("two-people"))
    return next((match for match in matches if not match.certain), matches[0]), people[0]


def _person(item, limits) -> Person:
    """As what comes with it says; where that is not enough for anyone, as it says itself."""
    outside = item.header.person
    if matching.tells(outside):
        return outside
    return deposit.examined(item.spool, item.name, item.header, limits)[1].person


def _put(record: Record, source, items, limits):
    incoming = [
        Incoming(
            item.spool, item.name, Description(source=source, header=item.header), item.signatures
        )
        for item in items
    ]
    return deposit.put_all(record, source.actor, incoming, limits)


def _check_queue(source, limits):
    """Before anyone is looked for: it tells nothing of who is a member. Raises Rejected."""
    try:
        stray.check_room(source, limits)
    except Refusal as refusal:
        raise Rejected(Issue("queue-full")) from refusal


def _waiting(source, sent, match, person, limits) -> Answer:
    """Raises Rejected where the source would rather know at once."""
    if source.unmatched == Unmatched.REFUSE:
        raise Rejected(Issue("unmatched"))
    stray.put(source, sent.items, person, match.why, limits)
    return Answer(sent.entries)


def _issue(refusal):
    fault = next(fault for kind, fault in FAULTS if isinstance(refusal, kind))
    assert fault in OUTCOMES
    return Issue(fault, sentence=refusal.sentence if fault in TELLING else "")
