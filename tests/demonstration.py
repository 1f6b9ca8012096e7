"""The demonstration, as `flask demo --json` makes it: once for all the processes that share the
tests, in a folder that they share. To make it takes 8 s; each works on a copy."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def shared(tmp_path_factory) -> Path:
    """The folder of all of them."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demonstration"


def copied(shared: Path, to: Path) -> dict:
    """A copy of its instance; what the command told."""
    told = shared / "told.json"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            told.write_text(_made(shared / "instance"))
    shutil.copytree(shared / "instance", to)
    return json.loads(told.read_text())


def environment() -> dict[str, str]:
    """Ours, without what would set another instance."""
    others = ("CARNET_", "FLASK_", "GRANIAN_")
    return {name: value for name, value in os.environ.items() if not name.startswith(others)}


def _made(folder):
    done = subprocess.run(
        [sys.executable, "-m", "flask", "demo", "--json"],
        cwd=ROOT,
        env=environment() | {"CARNET_INSTANCE": str(folder)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    return done.stdout
