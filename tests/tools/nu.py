"""The Nu HTML checker, from the npm package vnu-jar, which its authors publish.

Those on PyPI carry the checker of 2020: it refuses `accent-color` and `autocomplete="username"`."""

import hashlib
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

from . import Missing, from_debian, on_path, succeeds

PACKAGE = "vnu-jar@26.9.27"
SHA256 = "22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47"
FOLDER = Path(sys.prefix) / "nu"
JAR = FOLDER / "node_modules/vnu-jar/build/dist/vnu.jar"
NPM_OPTIONS = ("--prefix", str(FOLDER), "--ignore-scripts", "--no-audit", "--no-fund")
NO_JAVA = (
    "Il n'y a pas de Java, et il n'a pas pu être installé : installez-en un (sous Debian : "
    "apt install default-jre-headless), puis recommencez."
)
NO_JAR = (
    f"Le vérificateur HTML ({PACKAGE}, un paquet npm) n'a pas pu être installé : vérifiez que npm "
    "est là (sous Debian : apt install npm) et que le réseau répond, puis recommencez."
)


@cache
def find() -> tuple[str, Path]:
    """A Java and the checker. Raises Missing."""
    return _java(), _jar()


def errors(files: list[Path]) -> dict[Path, list[str]]:
    """What is wrong in each file: « line: message ». One JVM reads them all."""
    java, jar = find()
    command = [java, "-Xss1m", "-jar", str(jar), "--format", "json", "--stdout"]
    done = subprocess.run(
        [*command, "--exit-zero-always", *map(str, files)], capture_output=True, text=True
    )
    found = {file: [] for file in files}
    for message in json.loads(done.stdout)["messages"]:
        if message["type"] != "info":
            told = f"line {message.get('lastLine')}: {message['message']}"
            found[Path(message["url"].removeprefix("file:"))].append(told)
    return found


def _java():
    found = on_path("java")
    if not found and from_debian("default-jre-headless"):
        found = on_path("java")
    if not found:
        raise Missing(NO_JAVA)
    return found


def _jar():
    if not JAR.exists():
        npm = on_path("npm") or (from_debian("npm") and on_path("npm"))
        if not npm or not succeeds(npm, "install", *NPM_OPTIONS, PACKAGE):
            raise Missing(NO_JAR)
    if hashlib.sha256(JAR.read_bytes()).hexdigest() != SHA256:
        raise Missing(f"{JAR} n'est pas celui de {PACKAGE} : effacez {FOLDER}, puis recommencez.")
    return JAR
