"""The Chromium of the browser tests."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from . import Missing, from_debian, on_path, starts, succeeds

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--font-render-hinting=none",
    "--no-first-run",
)
NONE = (
    "Il n'y a pas de Chromium, et il n'a pas pu être installé : installez-en un (sous Debian : "
    "apt install chromium), puis recommencez. Les parcours ne sont jamais sautés."
)


@cache
def find() -> str:
    """Its path: on the PATH, else Debian's package, else Playwright's download. Raises Missing."""
    found = on_path(*NAMES) or _of_playwright()
    if not found and from_debian("chromium", "fonts-liberation"):
        found = on_path(*NAMES)
    if not found and succeeds(sys.executable, "-m", "playwright", "install", "chromium"):
        found = _of_playwright()
    if not found:
        raise Missing(NONE)
    return found


def flags() -> list[str]:
    """Chromium refuses its sandbox to root, and only to root."""
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)


def _of_playwright() -> str | None:
    """The one that Playwright downloaded, if it did."""
    asked = "from playwright.sync_api import sync_playwright as s\n"
    asked += "with s() as p: print(p.chromium.executable_path)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True)
    path = told.stdout.strip()
    return path if path and Path(path).exists() and starts(path) else None
