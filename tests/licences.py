"""`python -m tests.licences` writes LICENCES.md: each package that the lock names, and its licence.
`make check` says whether it is still true, and whether each may go with the AGPL."""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution

from . import lock

FILE = lock.ROOT / "LICENCES.md"
# Free, and one work may join them with AGPL-3.0 (the GNU project's list of licences).
WITH_OURS = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "MIT-CMU"),
    *("LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later", "MPL-2.0", "OFL-1.1"),
    *("PSF-2.0", "Unlicense", "Zlib", "AGPL-3.0-or-later", "GPL-3.0-or-later"),
}
# Free too: what only runs the tests is joined with nothing.
FOR_TESTS = WITH_OURS | {"CNRI-Python", "GPL-2.0-or-later", "MPL-1.1"}
# As packages write them where they do not use the names of SPDX.
SPELLED = {
    "Apache 2.0": "Apache-2.0",
    "Apache License": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "MIT License": "MIT",
    "The MIT License (MIT)": "MIT",
    "Zero-Clause BSD (0BSD)": "0BSD",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
}
# Read in the package itself, where what it declares is not enough; or it is not installed here.
READ = {
    "axe-playwright-python": "MIT",
    "brotlicffi": "MIT",
    "colorama": "BSD-3-Clause",
    "defusedxml": "PSF-2.0",
    "fhir-core": "BSD-3-Clause",
    "fhir-resources": "BSD-3-Clause",
    "fhirpy": "MIT",
    "flask-wtf": "BSD-3-Clause",
    "img2pdf": "LGPL-3.0-or-later",
    "itsdangerous": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "peewee": "MIT",
    "pyasn1-modules": "BSD-2-Clause",
    "pycryptodomex": "BSD-2-Clause AND Unlicense",
    "pypdfium2": "BSD-3-Clause OR Apache-2.0",
    "pyphen": "GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1",
    "python-stdnum": "LGPL-2.1-or-later",
    "segno": "BSD-3-Clause",
    "sqlcipher3": "Zlib",
    "wtforms": "BSD-3-Clause",
}
HEAD = """# Licences

All that Carnet uses, and what that uses in turn, as the lock (`requirements*.txt`) names it.
Made by `make lock` from what the packages declare; `make check` compares.
"""
UNKNOWN = "?"


def faults() -> Iterator[str]:
    told = all_of()
    for name, licence, runs in told:
        if not is_free(licence, WITH_OURS if runs else FOR_TESTS):
            yield f"{name}: its licence, {licence}, is unknown or does not go with AGPL-3.0"
    if not FILE.exists() or FILE.read_text() != drawn(told):
        yield f"{FILE.name} is not up to date: python -m tests.licences"


def all_of() -> list[tuple[str, str, bool]]:
    """Name, licence, and whether Carnet itself runs with it."""
    there, runs = lock.installed(), {one.name for one in lock.pins(lock.RUN)}
    names = sorted({one.name for one in lock.pins(lock.TEST)} | runs)
    return [(name, licence(name, there.get(name)), name in runs) for name in names]


def licence(name: str, one: Distribution | None) -> str:
    """In the names of SPDX."""
    if name in READ:
        return READ[name]
    if one is None:
        return UNKNOWN
    told = one.metadata.get("License-Expression") or (one.metadata.get("License") or "").strip()
    labels = [label.rpartition(" :: ")[2] for label in one.metadata.get_all("Classifier") or ()]
    for said in (told, *labels):
        said = SPELLED.get(said, said)
        if is_free(said, FOR_TESTS):
            return said
    return told or UNKNOWN


def is_free(licence: str, good: set[str]) -> bool:
    """« A AND B »: both; « A OR B »: one, as one chooses."""
    return all(
        any(one.strip() in good for one in part.split(" OR "))
        for part in re.sub("[()]", "", licence).split(" AND ")
    )


def drawn(told: list[tuple[str, str, bool]]) -> str:
    parts = [HEAD]
    for title, wanted in (("Carnet runs with", True), ("For the tests only", False)):
        rows = [f"| {name} | {licence} |" for name, licence, runs in told if runs is wanted]
        parts.append("\n".join([f"## {title}\n", "| package | licence |", "|---|---|", *rows, ""]))
    return "\n".join(parts)


def main():
    FILE.write_text(drawn(all_of()))
    found = list(faults())
    print("\n".join(found) or f"{FILE.name}: {len(all_of())} packages, nothing to say")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
