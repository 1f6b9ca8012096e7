"""On what, when, and with which versions: never the name of the machine."""

import os
import platform
import shutil
import subprocess
import time
from importlib.metadata import version
from pathlib import Path

import sqlcipher3

from .instances import ROOT

PACKAGES = ("Flask", "Werkzeug", "Jinja2", "peewee", "granian", "whitenoise", "Brotli")


def described() -> str:
    """The processors, the memory, the system."""
    model = _line_of("/proc/cpuinfo", "model name")
    memory = int(_line_of("/proc/meminfo", "MemTotal").split()[0]) * 1024 / 1e9
    system = f"{platform.system()} {platform.release().split('-')[0]}"
    return f"{os.cpu_count()} processors ({model}), {memory:.0f} GB of memory, {system}"


def versions() -> str:
    """Of what Carnet is made of, and of what measures it."""
    base = sqlcipher3.connect(":memory:")
    (cipher,) = base.execute("PRAGMA cipher_version").fetchone()
    base.close()
    found = [f"Python {platform.python_version()}"]
    found += [f"SQLite {sqlcipher3.sqlite_version} (SQLCipher {cipher.split()[0]})"]
    found += [f"{name} {version(name)}" for name in PACKAGES]
    return ", ".join([*found, _chromium()])


def commit() -> str:
    """As git says it, « and changes » where there are some that it does not hold."""
    hash_ = _said("git", "rev-parse", "--short=10", "HEAD") or "unknown"
    return f"{hash_} and changes" if _said("git", "status", "--porcelain") else hash_


def now() -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def _chromium():
    said = _said(chromium(), "--version") if chromium() else ""
    return " ".join(said.split()[:2]) or "no Chromium"


def _said(*command):
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    except OSError:
        return ""
    return done.stdout.strip()


def _line_of(file, name):
    lines = Path(file).read_text().splitlines()
    return next(line.partition(":")[2].strip() for line in lines if line.startswith(name))
