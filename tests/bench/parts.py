"""The last figures of each part, kept in build/bench/parts until it is measured again."""

import json
import time

from . import machine
from .instances import BUILD
from .report import Group

PARTS = BUILD / "parts"


def keep(name: str, groups: list[Group], start: float, commit: str = "") -> None:
    """`start`: of time.monotonic(). `commit`: of what was measured, where it is not this one."""
    PARTS.mkdir(parents=True, exist_ok=True)
    told = {"at": machine.now(), "commit": commit or machine.commit()}
    told |= {"seconds": round(time.monotonic() - start)}
    told["groups"] = [one.as_dict() for one in groups]
    (PARTS / f"{name}.json").write_text(json.dumps(told, indent=1), encoding="utf-8")


def kept(name: str) -> dict | None:
    """What `keep` was told, or None: `at`, `commit`, `seconds`, `groups`."""
    file = PARTS / f"{name}.json"
    if not file.exists():
        return None
    told = json.loads(file.read_text(encoding="utf-8"))
    return {**told, "groups": [Group.from_dict(one) for one in told["groups"]]}
