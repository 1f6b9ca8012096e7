"""An hour of mixed load, quiet enough for the smallest server: does the worker's memory stay?

`make bench PART=hour` takes the hour; `python -m tests.bench.hour FILE COMMIT` keeps what
`python -m tests.load`, run elsewhere, printed in this file."""

import re
import subprocess
import sys
import time
from pathlib import Path

from . import parts
from .instances import ROOT
from .report import Group

MINUTES, EVERY, PEOPLE = 60, 5, 30
LOAD = f"--people {PEOPLE} --minutes {MINUTES} --workers 1 --heavy 1 --heavy-every 120 --think 2 8"
LINE = re.compile(r" *([\d.]+) min: ([\d.]+) MB resident, ([\d.]+) PSS; (.*)")
ANSWERS = re.compile(r"living: (\d+) answers; wrong: (.*?); told to come back \(503\): (\d+)")
NOTE = (
    f"{PEOPLE} people who read and write, one of them depositing 25 MB every two minutes; one "
    "worker (`python -m tests.load`). {} answers, wrong: {}; told to come back: {}."
)
HEADS = ["minutes", "resident, MB", "PSS, MB", "share of a processor since the start"]


def groups(file: Path | None = None) -> list[Group]:
    said = file.read_text() if file else _lived()
    lines = [list(match.groups()) for match in map(LINE.fullmatch, said.splitlines()) if match]
    told = ANSWERS.search(said)
    note = NOTE.format(*told.groups()).replace("{}", "none") if told else "Not finished."
    figures = {"hour rss": float(lines[-1][1]), "hour pss": float(lines[-1][2])}
    return [Group("Memory: an hour of mixed load", [], note, HEADS, lines, figures)]


def _lived():
    command = [sys.executable, "-m", "tests.load", *LOAD.split(), "--tell", str(EVERY)]
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    parts.keep("hour", groups(Path(sys.argv[1])), time.monotonic(), commit=sys.argv[2])
