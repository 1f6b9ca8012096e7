"""The instances measured: filled by `flask demo`, kept in build/bench while models/ stays as is."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import chain
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
    # How the others sign in, by role: a member whose record is nearly empty, a carer…
    others: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def credentials(self) -> dict[str, str]:
        return {"email": self.email, "password": self.password}


def made(documents: int) -> Made:
    """The instance whose holder has so many documents, from the last run or made now."""
    folder = BUILD / f"instance-{documents}-{digest()}"
    if not folder.exists():
        _make(folder, documents)
    return Made(folder, documents, **json.loads((folder / "made.json").read_text()))


def copied(one: Made, to: Path, vault: bool = True) -> Made:
    """A copy to write in; the files of the vault are never changed in place: links will do."""
    shutil.rmtree(to, ignore_errors=True)
    skipped = shutil.ignore_patterns() if vault else shutil.ignore_patterns("vault")
    shutil.copytree(one.folder, to, copy_function=_link_vault, ignore=skipped)
    return replace(one, folder=to)


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
    accounts = json.loads(done.stdout.splitlines()[-1])["accounts"]
    others = {one["role"]: _credentials(one) for one in accounts}
    told = others.pop("holder") | {"others": others, "seconds": round(time.monotonic() - start, 1)}
    (making / "made.json").write_text(json.dumps(told))
    making.rename(folder)


def digest(sources: Iterable[str] = ("models",)) -> str:
    """Of all that decides what an instance holds: programs, and folders of them."""
    whole, found = hashlib.sha256(), (file for one in sources for file in ROOT.glob(one))
    files = (file.rglob("*.py") if file.is_dir() else [file] for file in found)
    for file in sorted(chain.from_iterable(files)):
        whole.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()[:12]


def _credentials(account):
    return {"email": account["email"], "password": account["password"]}


def _link_vault(source, target):
    (os.link if "/vault/" in str(source) else shutil.copy2)(source, target)
