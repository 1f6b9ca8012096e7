"""The instances measured: filled by `flask demo`, kept in build/bench while models/ stays as is."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
BUILD = ROOT / "build" / "bench"


@dataclass(frozen=True)
class Made:
    folder: Path
    documents: int
    email: str
    password: str
    seconds: float


def made(documents: int) -> Made:
    """The instance whose holder has so many documents, from the last run or made now."""
    folder = BUILD / f"instance-{documents}-{_digest()}"
    if not folder.exists():
        _make(folder, documents)
    return Made(folder, documents, **json.loads((folder / "made.json").read_text()))


def copied(one: Made, to: Path, vault: bool = True) -> Made:
    """A copy to write in; the files of the vault are never changed in place: links will do."""
    shutil.rmtree(to, ignore_errors=True)
    skipped = shutil.ignore_patterns() if vault else shutil.ignore_patterns("vault")
    shutil.copytree(one.folder, to, copy_function=_link_vault, ignore=skipped)
    return Made(to, one.documents, one.email, one.password, one.seconds)


def environment(folder: Path, **more) -> dict[str, str]:
    """What a Carnet started from here sees: no setting of the caller's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CARNET_")}
    return {**kept, "CARNET_INSTANCE": str(folder), **more}


def _make(folder, documents):
    for old in BUILD.glob(f"instance-{documents}-*"):
        shutil.rmtree(old)
    print(f"Making an instance of {documents} documents…", file=sys.stderr, flush=True)
    making = folder.with_name(f"making-{os.getpid()}")
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "flask", "demo", "--json", "--documents", str(documents)],
        cwd=ROOT,
        env=environment(making),
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        shutil.rmtree(making, ignore_errors=True)
        sys.exit(f"flask demo --documents {documents} failed ({done.returncode}).")
    holder = json.loads(done.stdout.splitlines()[-1])["accounts"][0]
    told = {"email": holder["email"], "password": holder["password"]}
    told["seconds"] = round(time.monotonic() - start, 1)
    (making / "made.json").write_text(json.dumps(told))
    making.rename(folder)


def _digest():
    """Of all that decides what an instance holds."""
    whole = hashlib.sha256()
    for file in sorted((ROOT / "models").rglob("*.py")):
        whole.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()[:12]


def _link_vault(source, target):
    (os.link if "/vault/" in str(source) else shutil.copy2)(source, target)
