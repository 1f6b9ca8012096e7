"""`make audit`: is a hole known in a package of the lock? pip-audit asks PyPI; it says that it
found none even where PyPI tells nothing, so it is first asked about one that everyone knows."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from . import lock

# CVE-2018-1000656.
HOLE = "flask==0.12\n"
# Seconds, of one question and of all.
SECONDS, LONGEST = 15, 300
NO_DATA = (
    "pip-audit's data cannot be had here: nobody was asked whether a hole is known in a dependency "
    "(make audit, where PyPI answers)."
)


class NoData(Exception):
    pass


def holes(requirements: str) -> list[str]:
    """One line a hole. Raises NoData where one of them was not known at all."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "requirements.txt"
        file.write_text(requirements)
        words = ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
        asked = [sys.executable, "-m", "pip_audit", *words, "--timeout", str(SECONDS)]
        try:
            done = subprocess.run(
                [*asked, "-r", str(file)], capture_output=True, text=True, timeout=LONGEST
            )
        except subprocess.TimeoutExpired as error:
            raise NoData from error
    return understood(done.stdout)


def understood(told: str) -> list[str]:
    """What pip-audit wrote. Raises NoData where PyPI knew none of them."""
    try:
        packages = json.loads(told)["dependencies"]
    except (ValueError, KeyError, TypeError) as error:
        raise NoData from error
    if all("skip_reason" in one for one in packages):
        raise NoData
    return [line for one in packages for line in _told(one)]


def _told(one):
    if "skip_reason" in one:
        yield f"{one['name']}: {one['skip_reason']}"
    for hole in one.get("vulns", ()):
        mended = ", ".join(hole["fix_versions"]) or "no version yet"
        yield f"{one['name']} {one['version']}: {hole['id']}, mended in {mended}"


def faults() -> list[str]:
    """Raises NoData."""
    if not holes(HOLE):
        raise NoData
    return holes(
        "".join(f"{one.name}=={one.version}\n" for one in lock.pins(lock.TEST) if one.here)
    )


def main():
    try:
        found = faults()
    except NoData:
        print(NO_DATA)
        return
    print("\n".join(found) or "no hole is known in a dependency")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
