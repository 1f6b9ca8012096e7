"""The lock, requirements.txt and requirements-test.txt: it answers for pyproject.toml, and what is
installed is what it names, to the byte. All of it offline, in `make check`."""

import base64
import hashlib
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
RUN, TEST = "requirements.txt", "requirements-test.txt"
PIN = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>\S+)(?: ; (?P<marker>[^\\\n]+?))?(?P<hashes>(?: \\\n    "
    r"--hash=sha256:[0-9a-f]{64})+)$",
    re.MULTILINE,
)
# What a new .venv has; Carnet, where it was installed before there was a lock; what `fuzz` brings.
BESIDE = {"pip", "setuptools", "wheel", "carnet", "atheris"}
AGAIN = "remove .venv and run make again"


@dataclass(frozen=True)
class Pin:
    name: str
    version: str
    marker: str | None

    @property
    def here(self) -> bool:
        """Whether this system, with this Python, needs it."""
        return self.marker is None or Marker(self.marker).evaluate()


def pins(file: str) -> list[Pin]:
    found = PIN.finditer((ROOT / file).read_text())
    return [Pin(canonicalize_name(one["name"]), one["version"], one["marker"]) for one in found]


def faults() -> Iterator[str]:
    there = installed()
    for file in (RUN, TEST):
        yield from _unpinned(file)
        yield from _unanswered(file)
    yield from (f"{TEST} and {RUN} disagree on {one.name}" for one in {*pins(RUN)} - {*pins(TEST)})
    yield from _unlike(there)
    yield from _unasked(there)
    for name, one in there.items():
        yield from (f"{name}: {file} was changed since it was installed" for file in changed(one))


def installed() -> dict[str, Distribution]:
    """Those of this environment, the first of each name as Python would find it."""
    found = {}
    for one in distributions():
        found.setdefault(canonicalize_name(one.metadata["Name"]), one)
    return found


def declared(file: str) -> list[Requirement]:
    """What pyproject.toml asks for, in the file that answers for it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    more = project["optional-dependencies"]["test"] if file == TEST else []
    return [Requirement(line) for line in project["dependencies"] + more]


def changed(one: Distribution) -> list[str]:
    """Files that are not what pip wrote down as it installed them, from what the lock vouches for;
    those that it writes itself on each machine are left out."""
    return [str(file) for file in one.files or () if file.hash and not _is_same(file)]


def _is_same(file):
    path = file.locate()
    if not path.exists():
        return False
    digest = hashlib.new(file.hash.mode, path.read_bytes()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=") == file.hash.value


def _unpinned(file):
    """A line that is neither one version with its hashes, nor a comment."""
    left = PIN.sub("", (ROOT / file).read_text())
    lines = (line for line in left.splitlines() if line and not line.startswith("#"))
    yield from (f"{file}: « {line} » is not pinned with its hashes" for line in lines)


def _unanswered(file):
    """By the lock: pyproject.toml asks for something, or for a version, that is not in it."""
    known = {one.name: one.version for one in pins(file) if one.here}
    for asked in declared(file):
        version = known.get(canonicalize_name(asked.name))
        if version is None or not asked.specifier.contains(version, prereleases=True):
            yield f"{file} has not « {asked} », which pyproject.toml asks for: run make lock"


def _unlike(there):
    """What is installed, and the lock."""
    known = {one.name: one.version for one in pins(TEST) if one.here}
    for name, version in known.items():
        has = there[name].version if name in there else "nothing"
        if has != version:
            yield f"{name} {version} is in the lock, {has} is installed: {AGAIN}"
    for name in there.keys() - known.keys() - BESIDE:
        yield f"{name} is installed and not in the lock: {AGAIN}"


def _unasked(there):
    """In the lock, and needed by nothing."""
    reached = reach(declared(TEST), there)
    for one in pins(TEST):
        if one.here and one.name not in reached:
            yield f"{TEST}: nothing needs {one.name}"


def reach(asked: list[Requirement], there: dict[str, Distribution]) -> set[str]:
    """The names of all that these need, and of what those need in turn."""
    reached, waiting = set(), [(one, frozenset()) for one in asked]
    while waiting:
        one, extras = waiting.pop()
        if one.marker and not any(one.marker.evaluate({"extra": it}) for it in {"", *extras}):
            continue
        name = canonicalize_name(one.name)
        wanted = frozenset(one.extras)
        if (name, wanted) in reached or name not in there:
            continue
        reached.add((name, wanted))
        waiting += [(Requirement(line), wanted) for line in there[name].requires or ()]
    return {name for name, _ in reached}


def main():
    found = list(faults())
    print("\n".join(found) or "the lock: nothing to say")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
