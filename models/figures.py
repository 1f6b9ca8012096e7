"""Figures: how many, and nobody in particular.

They are read from counters that the database keeps by itself (`tally`, migration 0005): their cost
does not depend on how many records there are. The value of a counter in a month, of UTC, is the
number of rows whose moment is in that month; a sum over the months is how many there are now.

What is published singles nobody out. A count under five is « moins de 5 ». Nor can such a count be
had by subtraction: where the parts of a total would tell the one that is hidden, the next smallest
is hidden too; and where all but a few of the members are counted, the figure is « presque tous ».
Figures taken on two days may differ by one person: that is not hidden."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from peewee import SQL, CompositeKey, ForeignKeyField, IntegerField, TextField, fn

from . import clock, ledger
from .access import Access, Actor, Role
from .account import Account
from .database import Table, transaction
from .origin import Origin
from .record import Record

FEWEST = 5
FEW, KEPT, NEARLY = "moins de 5", "non montré", "presque tous"
MONTHS = 12
BEFORE = "before"
COMING = (Role.HOLDER, Role.REPRESENTATIVE, Role.CARER)
WAYS = ("email", "post", "desk")
ALL = SQL("1")

Shown = int | str


class Tally(Table):
    name = TextField()
    month = TextField()
    value = IntegerField()

    class Meta:
        primary_key = CompositeKey("name", "month")


class Visit(Table):
    """Who came in a month: kept until the next one, so that nobody is counted twice."""

    month = TextField()
    account = ForeignKeyField(Account, on_delete="CASCADE")

    class Meta:
        primary_key = CompositeKey("month", "account")


@dataclass(frozen=True)
class Figures:
    """Numbers, or words where a number would single someone out; months are « 2026-11 », the oldest
    first, what came before them under BEFORE."""

    members: Shown
    told: dict[str, Shown]
    objected: Shown
    opened: Shown
    activated: Shown
    share: float | None
    activations: dict[str, Shown]
    came: Shown
    documents: Shown
    origins: dict[str, Shown]
    deposits: dict[str, Shown]
    readers: Shown
    carers: Shown
    # Carnet has no messages yet.
    messages: None = None


def published() -> Figures:
    counted = _counted()
    stock = Counter({name: sum(months.values()) for name, months in counted.items()})
    members = stock["members"]
    states = some({name: stock[name] for name in ("opened", "objected")}, members)
    activated, activations = table(by_month(counted["activated"]), members)
    documents, origins = table({origin: stock[f"documents-{origin}"] for origin in Origin})
    deposits = sum((counted[f"documents-{origin}"] for origin in Origin), Counter())
    documents_too, deposits = table(by_month(deposits))
    return Figures(
        members=part(members),
        told=some({way: stock[f"told-{way}"] for way in WAYS}, members),
        objected=states["objected"],
        opened=_opened(stock, states["opened"], activated),
        activated=activated,
        share=stock["activated"] / members if isinstance(activated, int) else None,
        activations=activations,
        came=part(counted["visitors"][this_month()]),
        documents=documents if isinstance(documents, str) else documents_too,
        origins=origins,
        deposits=deposits,
        readers=_readers(stock, activated),
        carers=part(stock["carers"]),
    )


def part(number: int, whole: int | None = None) -> Shown:
    """A number as it is published, of a whole that is published too."""
    if number < FEWEST:
        return FEW
    return NEARLY if whole is not None and 0 < whole - number < FEWEST else number


def some(numbers: dict[str, int], whole: int) -> dict[str, Shown]:
    """Some parts of a whole that is published: the rest of it is no small number either."""
    shown = {name: part(number, whole) for name, number in numbers.items()}
    told = [name for name, one in shown.items() if isinstance(one, int)]
    if told and 0 < whole - sum(shown[name] for name in told) < FEWEST:
        shown[min(told, key=numbers.get)] = KEPT
    return shown


def table(numbers: dict[str, int], whole: int | None = None) -> tuple[Shown, dict[str, Shown]]:
    """A total and its parts as they are published: nothing of the parts, where the total is not;
    and no total that would tell them all."""
    total, shown = part(sum(numbers.values()), whole), parts(numbers)
    if isinstance(total, str):
        return total, dict.fromkeys(numbers, KEPT)
    told = set(shown.values()) == {FEW} and _tell(numbers.values())
    return (KEPT if told else total), shown


def parts(numbers: dict[str, int]) -> dict[str, Shown]:
    """The parts of a total that is published: together they tell none that is hidden."""
    shown = {name: part(number) for name, number in numbers.items()}
    hidden = [number for number in numbers.values() if number < FEWEST]
    if _tell(hidden):
        others = [name for name in numbers if shown[name] != FEW]
        shown |= dict.fromkeys(sorted(others, key=numbers.get)[:1], KEPT)
    return shown


def _tell(hidden):
    """Whether their sum bounds one of them from below."""
    return bool(hidden) and sum(hidden) > (FEWEST - 1) * (len(hidden) - 1)


def came(access: Access) -> None:
    """Someone entered a record, her own or of someone she helps."""
    if access.role in COMING:
        visit = {"month": this_month(), "account": access.account_id}
        Visit.insert(visit).on_conflict_ignore().execute()


def taken(actor: Actor) -> None:
    """Someone of the office takes them away."""
    with transaction():
        ledger.write(actor, ledger.Act.TOOK_FIGURES)


def forget_old() -> int:
    """Who came before this month: how many stays."""
    return Visit.delete().where(Visit.month < this_month()).execute()


def this_month() -> str:
    return f"{clock.now():%Y-%m}"


def drifted() -> list[str]:
    """The counters that do not say what the tables hold; none, as long as the triggers work."""
    counted = {(one.name, one.month): one.value for one in Tally.select() if one.value}
    found = {(name, month): number for name, month, number in _recounted()}
    before = {key for key in counted if key[0] == "visitors" and key[1] != this_month()}
    keys = (counted.keys() | found.keys()) - before
    return sorted({key[0] for key in keys if counted.get(key) != found.get(key)})


def months() -> list[str]:
    """The last twelve, this one included, the oldest first."""
    today = clock.now()
    ends = today.year * 12 + today.month - 1
    return [f"{one // 12}-{one % 12 + 1:02}" for one in range(ends - MONTHS + 1, ends + 1)]


def by_month(counter: Counter) -> dict[str, int]:
    """The last twelve, and what came before."""
    last = months()
    before = sum(number for month, number in counter.items() if month < last[0])
    return {BEFORE: before} | {month: counter[month] for month in last}


def _counted():
    """Name → month → number; a counter that never counted anything is empty."""
    counted = defaultdict(Counter)
    for one in Tally.select():
        counted[one.name][one.month] = one.value
    return counted


def _opened(stock, shown, activated):
    """The activated ones among them are published: those that are only open are not to be told."""
    only_open = stock["opened"] - stock["activated"]
    told = isinstance(shown, int) and isinstance(activated, int)
    return KEPT if told and 0 < only_open < FEWEST else shown


def _readers(stock, activated):
    shown = part(stock["read"], stock["members"])
    if isinstance(shown, int) and isinstance(activated, int):
        return part(stock["read"], stock["activated"])
    return shown


def _recounted():
    """What the counters ought to say: one query each, over whole tables."""
    for name, (moment, counts) in _counts().items():
        month = fn.SUBSTR(moment, 1, 7)
        query = moment.model.select(month, fn.COUNT(SQL("1"))).where(moment.is_null(False) & counts)
        for found, number in query.group_by(month).tuples():
            yield name, found, number
    number = Visit.select().where(Visit.month == this_month()).count()
    if number:
        yield "visitors", this_month(), number


def _counts():
    from .document import Document  # which counts itself here

    told = {f"told-{way}": (Record.told_at, Record.told_how == way) for way in WAYS}
    documents = {
        f"documents-{origin}": (Document.deposited_at, Document.origin == origin.value)
        for origin in Origin
    }
    carers = (Access.role == Role.CARER) & Access.revoked_at.is_null()
    return {
        "members": (Record.announced_at, ALL),
        **told,
        "objected": (Record.objected_at, ALL),
        "opened": (Record.opened_at, Record.objected_at.is_null()),
        "activated": (Record.activated_at, ALL),
        "read": (Record.read_at, ALL),
        "carers": (Access.starts_at, carers),
        **documents,
    }
