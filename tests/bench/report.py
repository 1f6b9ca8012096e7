"""What the report is made of: groups of rows, each a budget and what was measured, or a table of
figures; and how they are written, in Markdown."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field


@dataclass
class Row:
    """`kept` is None where there is nothing to judge: a reference, or what cannot be measured."""

    what: str
    budget: str = ""
    measured: str = ""
    kept: bool | None = None
    values: dict = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        return {True: "kept", False: "**missed**", None: ""}[self.kept]


@dataclass
class Group:
    """A table under its title: `rows`, or else `heads` and `lines`. `figures` are for the groups
    that compare: they are not written."""

    title: str
    rows: list[Row] = field(default_factory=list)
    note: str = ""
    heads: list[str] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)

    def as_dict(self) -> dict:
        return asdict(self)

    @classmethod
    def from_dict(cls, told: dict) -> "Group":
        return cls(**{**told, "rows": [Row(**row) for row in told["rows"]]})


def at_most(what: str, value: float, limit: float, unit: str, note: str = "", **values) -> Row:
    return _judged(what, value, limit, unit, note, value <= limit, "≤", values)


def at_least(what: str, value: float, limit: float, unit: str, note: str = "", **values) -> Row:
    return _judged(what, value, limit, unit, note, value >= limit, "≥", values)


def told(what: str, measured: str, **values) -> Row:
    return Row(what, "", measured, None, values)


def number(value: float) -> str:
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 10 else f"{value:.1f}"


def markdown(group: Group) -> str:
    heads, lines = group.heads, group.lines
    if group.rows:
        heads = ["", "budget", "measured", ""]
        lines = [[row.what.strip(), row.budget, row.measured, row.verdict] for row in group.rows]
    return "\n".join(filter(None, [f"## {group.title}\n", group.note, "", _table(heads, lines)]))


def verdict(groups: list[Group]) -> str:
    """How many budgets were kept, and each that was not, in words."""
    judged = [row for group in groups for row in group.rows if row.kept is not None]
    missed = [row for row in judged if not row.kept]
    lines = [
        f"**{len(judged) - len(missed)} of {len(judged)} budgets kept, {len(missed)} missed.**"
    ]
    lines += [f"- Missed: {row.what.strip()}: {row.measured}, for {row.budget}." for row in missed]
    return "\n".join(lines)


def best(rounds: list, of: Callable):
    """What else the machine does can only add: the least of several rounds."""
    return min(rounds, key=of)


def _table(heads, lines):
    """Padded, so that it reads in a terminal too."""
    cells = [heads, *lines]
    widths = [max(3, *(len(line[place]) for line in cells)) for place in range(len(heads))]
    padded = [
        [f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)] for line in cells
    ]
    rule = ["-" * width for width in widths]
    return "\n".join(f"| {' | '.join(line)} |" for line in [padded[0], rule, *padded[1:]])


def _judged(what, value, limit, unit, note, kept, sign, values):
    unit = f" {unit}".rstrip()
    measured = f"{number(value)}{unit}" + (f" ({note})" if note else "")
    values = {"value": value, "limit": limit, **values}
    return Row(what, f"{sign} {number(limit)}{unit}", measured, kept, values)
