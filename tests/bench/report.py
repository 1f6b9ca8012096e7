"""The rows of the report: a budget, what was measured, and whether it was kept."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


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
        return {True: "ok", False: "MISSED", None: ""}[self.kept]


def at_most(what: str, value: float, limit: float, unit: str, note: str = "", **values) -> Row:
    return _judged(what, value, limit, unit, note, value <= limit, "≤", values)


def at_least(what: str, value: float, limit: float, unit: str, note: str = "", **values) -> Row:
    return _judged(what, value, limit, unit, note, value >= limit, "≥", values)


def told(what: str, measured: str, **values) -> Row:
    return Row(what, "", measured, None, values)


def number(value: float) -> str:
    if value == int(value) or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}" if abs(value) < 10 else f"{value:.1f}"


def table(groups: dict[str, list[Row]]) -> str:
    rows = [row for group in groups.values() for row in group]
    first = max(len(row.what) for row in rows)
    second = max(len(row.budget) for row in rows)
    lines = []
    for title, group in groups.items():
        lines += ["", title]
        for row in group:
            start = f"  {row.what:<{first}}  {row.budget:<{second}}  {row.verdict:<6}"
            lines.append(f"{start}  {row.measured}")
    missed = sum(row.kept is False for row in rows)
    judged = sum(row.kept is not None for row in rows)
    return "\n".join([*lines, "", f"{judged - missed} of {judged} budgets kept, {missed} missed."])


def save(groups: dict[str, list[Row]], file: Path, **about) -> None:
    rows = {title: [asdict(row) for row in group] for title, group in groups.items()}
    text = json.dumps({**about, "groups": rows}, ensure_ascii=False, indent=1)
    file.write_text(text, encoding="utf-8")


def _judged(what, value, limit, unit, note, kept, sign, values):
    unit = f" {unit}".rstrip()
    measured = f"{number(value)}{unit}" + (f"  ({note})" if note else "")
    values = {"value": value, "limit": limit, **values}
    return Row(what, f"{sign} {number(limit)}{unit}", measured, kept, values)
