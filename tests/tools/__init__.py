"""What the tests need beside Python: a Chromium, a Java and the Nu checker, found or installed."""

import os
import shutil
import subprocess
import sys


class Missing(Exception):
    """One sentence that says what could not be had, and what to do."""


def on_path(*names: str) -> str | None:
    """The first of these programs that starts: Ubuntu has a « chromium-browser » that does not."""
    return next((found for name in names if (found := shutil.which(name)) and starts(found)), None)


def starts(program: str) -> bool:
    try:
        return succeeds(program, "--version", timeout=60)
    except OSError:
        return False


def from_debian(*packages: str) -> bool:
    """Install Debian's packages, where apt and root are there."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    print(f"Installation de {', '.join(packages)} (apt)…", file=sys.stderr)
    return succeeds("apt-get", "update", "-qq") and succeeds(
        "apt-get", "install", "--yes", "--no-install-recommends", "-qq", *packages
    )


def succeeds(*command: str, timeout: int = 900) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=timeout
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
