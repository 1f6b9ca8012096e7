"""`python -m tests.bench`: measure, print the table, keep it in build/bench/latest.json."""

import os
import platform
import sys
import time

from . import browser, growth, masking, memory, queries, serving, speed, weight
from .instances import BUILD, copied, made
from .report import Row, save, table

DOCUMENTS = 1_000


def main() -> None:
    BUILD.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    groups = _pages()
    _say("queries")
    groups["Queries a page (in process)"] = queries.rows()
    _say("masking")
    groups["Masking (in process)"] = masking.rows()
    _say("growth")
    groups[f"The list at {growth.MANY:,} documents against {growth.FEW}"] = growth.rows()
    seconds = round(time.monotonic() - start)
    machine = f"{os.cpu_count()} processors, {platform.platform()}, Python {sys.version.split()[0]}"
    save(groups, BUILD / "latest.json", machine=machine, at=time.time(), seconds=seconds)
    print(f"Carnet, {DOCUMENTS:,} documents in the record, {machine}; {seconds} s.")
    print(table(groups))


def _pages() -> dict[str, list[Row]]:
    """What is measured on a server of its own."""
    one = copied(made(DOCUMENTS), BUILD / "served")
    groups = {}
    with serving.carnet(one.folder) as server:
        visitor = serving.signed_in(server, one)
        _say("weight")
        groups["Weight of a page (compressed, as sent)"] = weight.rows(visitor)
        _say("speed")
        groups["Speed, one worker of 16 threads, 8 connections"] = speed.rows(
            server, visitor, BUILD, DOCUMENTS
        )
        _say("browser")
        groups["Slow phone (Chromium 6 × slower, slow 3G)"] = browser.rows(visitor)
    with serving.carnet(one.folder) as server:
        _say("memory")
        groups["Memory"] = memory.rows(server, serving.signed_in(server, one))
    return groups


def _say(what):
    print(f"Measuring: {what}…", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
