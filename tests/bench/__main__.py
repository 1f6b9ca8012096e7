"""`python -m tests.bench [PART…]`: measure, print, and write bench.md at the root of the project.

Without a part, all of them but the long ones, which keep their last figures. A part measured
alone takes the place of its last figures, and bench.md says when."""

import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from . import (
    browser,
    contents,
    cut,
    deposits,
    disk,
    first_view,
    growth,
    hour,
    machine,
    masking,
    memory,
    one_user,
    parts,
    queries,
    rivals,
    server,
    serving,
    weight,
)
from .instances import BUILD, ROOT, copied, made
from .report import Group, markdown, told, verdict

DOCUMENTS = 1_000
REPORT = ROOT / "bench.md"
HOW = (
    "`make bench` measures all of it again, here or elsewhere, and writes this file, but for what "
    "takes long (`make bench PART=hour`, `PART=cut`); `make bench PART=server` measures one part: "
    "{}. What is compared is measured in turns on the same machine, the least of several rounds "
    "kept, since what else the machine does can only add."
)


@contextmanager
def _served() -> Iterator[tuple]:
    """A server of its own on a copy: (server, holder of many documents, instance)."""
    one = copied(made(DOCUMENTS), BUILD / "served")
    with serving.carnet(one.folder) as ours:
        yield ours, serving.signed_in(ours, one), one


def _server() -> list[Group]:
    with _served() as (ours, visitor, one):
        other = serving.signed_in(ours, one, "member")
        groups = one_user.groups(ours, visitor, other, one)
        groups = [*server.groups(ours, visitor, other, DOCUMENTS), *groups]
        rows, figures = memory.everything(ours, one, "after all that")
    figures = {f"{name} after": value for name, value in figures.items()}
    return [*groups, Group("Memory after that load", rows, memory.NOTE, figures=figures)]


def _wire() -> list[Group]:
    with _served() as (ours, visitor, one):
        return weight.groups(visitor, serving.signed_in(ours, one, "carer"))


def _phone() -> list[Group]:
    with _served() as (_ours, visitor, _one):
        slow = Group("Slow phone (Chromium 6 × slower, slow 3G)", browser.rows(visitor))
        return [slow, *first_view.groups(visitor)]


def _files() -> list[Group]:
    with _served() as (ours, _visitor, one):
        other = serving.signed_in(ours, one, "member")
        given = [*contents.rows(ours, other), *deposits.rows(ours, other, one.folder)]
    return [Group("Contents and deposits, one client alone", given)]


def _cut() -> list[Group]:
    title = "A deposit of 5 MB on slow 3G, whose network goes away"
    if not machine.chromium():
        return [Group(title, [told("all of it", "not measured: there is no Chromium here")])]
    with _served() as (_ours, visitor, _one):
        return [Group(title, cut.rows(visitor))]


def _queries() -> list[Group]:
    return [Group("Queries a page", queries.rows())]


def _masking() -> list[Group]:
    return [Group("Masking everything at once", masking.rows())]


def _memory() -> list[Group]:
    with _served() as (ours, visitor, one):
        return memory.groups(ours, visitor, one)


def _growth() -> list[Group]:
    return growth.groups()


MEASURES: dict[str, Callable[[], list[Group]]] = {
    "server": _server,
    "files": _files,
    "wire": _wire,
    "phone": _phone,
    "cut": _cut,
    "queries": _queries,
    "masking": _masking,
    "memory": _memory,
    "disk": disk.groups,
    "growth": _growth,
    "hour": hour.groups,
}

# Measured when they are asked for by name.
LONG = ("hour", "cut")


def main() -> None:
    asked = sys.argv[1:] or [name for name in MEASURES if name not in LONG]
    if unknown := set(asked) - set(MEASURES):
        sys.exit(f"No such part: {', '.join(unknown)}. There are: {', '.join(MEASURES)}.")
    BUILD.mkdir(parents=True, exist_ok=True)
    start, load = time.monotonic(), os.getloadavg()[0]
    failed = [name for name in asked if not _measure(name)]
    seconds = time.monotonic() - start
    text = _written(seconds, load, asked)
    REPORT.write_text(text, encoding="utf-8")
    REPORT.chmod(0o644)  # Carnet, which some parts run in this process, keeps all for its owner
    print(text)
    if failed:
        sys.exit(f"Could not be measured: {', '.join(failed)}.")


def _measure(name) -> bool:
    """The others are measured even so."""
    print(f"Measuring: {name}…", file=sys.stderr, flush=True)
    start, good = time.monotonic(), True
    try:
        groups = MEASURES[name]()
    except (Exception, SystemExit) as error:
        traceback.print_exc()
        groups, good = [Group(name, [told(name, f"could not be measured: {error}")])], False
    parts.keep(name, groups, start)
    return good


def _written(seconds, load, asked) -> str:
    found = {name: part for name in MEASURES if (part := parts.kept(name))}
    figures = {}
    for group in (one for part in found.values() for one in part["groups"]):
        figures |= group.figures
    found["rivals"] = {"groups": rivals.groups(figures)}
    each = ", ".join(f"{name} {found[name]['seconds']}" for name in asked)
    said = [_head(f"{seconds:.0f} s ({each})", load)]
    said += [verdict([one for part in found.values() for one in part["groups"]])]
    for name, part in found.items():
        if name in MEASURES and name not in asked:
            said.append(f"*Measured apart, {part['at']}, at commit {part['commit']}:*")
        said += [markdown(one) for one in part["groups"]]
    return "\n\n".join(said) + "\n"


def _head(seconds, load) -> str:
    lines = [f"{machine.now()}, commit {machine.commit()}; it took {seconds}"]
    lines += [f"Machine: {machine.described()}; load average at the start: {load:.2f}"]
    lines += [machine.versions(), HOW.format(", ".join(MEASURES))]
    return "# Carnet, measured\n\n" + "\n".join(f"- {line}" for line in lines)


if __name__ == "__main__":
    main()
