"""`python -m tests.fuzz NAME --minutes 30`, or `--all`: a campaign, and what it found.

Begun again, it goes on from the files that it had kept; figures.tsv adds up all that was tried."""

import argparse
import os
import re
import resource
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

from .targets import TARGETS

ROOT = Path(__file__).resolve().parents[2]
DONE = re.compile(r"^Done (\d+) runs", re.MULTILINE)
SEEN = re.compile(r"^#(\d+)\s.*?cov: (\d+) ft: (\d+)", re.MULTILINE)
TOLD = (
    "{}: {} minutes, {} of processor, {} files, coverage {} ({} features), {} findings, {} deaths"
)
OPTIONS = ("-timeout=60", "-rss_limit_mb=2048", "-print_final_stats=0", "-verbosity=1")


def main() -> None:
    told = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    told.add_argument("names", nargs="*", metavar="NAME", help=", ".join(TARGETS))
    told.add_argument("--all", action="store_true", help="each in turn")
    told.add_argument("--minutes", type=float, default=30)
    told.add_argument("--shared", type=float, help="of them all, by their share; not of each")
    told.add_argument("--folder", type=Path, default=ROOT / "build/fuzz")
    given = told.parse_args()
    if not find_spec("atheris"):
        sys.exit("Atheris is not installed: see README.md.")
    names = list(TARGETS) if given.all else given.names
    whole = sum(TARGETS[name].share for name in names)
    for name in names:
        share = TARGETS[name].share / whole
        campaign(name, 60 * (given.shared * share if given.shared else given.minutes), given.folder)


def campaign(name: str, seconds: float, folder: Path) -> None:
    """A program that died is begun again, until the time is over."""
    mine = folder / name
    for inside in ("corpus", "seeds", "findings"):
        (mine / inside).mkdir(parents=True, exist_ok=True)
    begun, spent, runs, coverage, deaths = time.monotonic(), _processor(), 0, (0, 0), 0
    while (left := seconds - (time.monotonic() - begun)) > 1:
        written = _work(name, mine, int(left) or 1)
        seen = SEEN.findall(written)
        done = DONE.search(written)
        runs += int(done[1]) if done else int(seen[-1][0]) if seen else 0
        coverage = max(coverage, *((int(one[1]), int(one[2])) for one in seen), (0, 0))
        if not done:
            deaths += 1
            (mine / f"died-{deaths}.txt").write_text(written[-20_000:])
            if not seen:
                break
    minutes, found = (time.monotonic() - begun) / 60, len(list((mine / "findings").glob("*.bin")))
    row = (
        name,
        f"{minutes:.1f}",
        f"{(_processor() - spent) / 60:.1f}",
        runs,
        *coverage,
        found,
        deaths,
    )
    with (folder / "figures.tsv").open("a") as file:
        print(*row, sep="\t", file=file)
    print(TOLD.format(*row))
    sys.stdout.flush()


def _processor():
    """Seconds that the fuzzers have had of it: other programs may want it too."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _work(name, mine, seconds) -> str:
    command = [sys.executable, "-m", "tests.fuzz.worker", name, str(mine), *OPTIONS]
    command += [f"-max_total_time={seconds}", f"-artifact_prefix={mine}/died-"]
    command += [str(mine / "corpus"), str(mine / "seeds")]
    environment = os.environ | {"MALLOC_ARENA_MAX": "1", "PYTHONWARNINGS": "ignore"}
    program = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    return program.stderr.decode(errors="replace")


if __name__ == "__main__":
    main()
