"""A provider of identities, from the npm package oidc-provider, which is certified by the OpenID
Foundation: the real thing, run by Node on this machine."""

import subprocess
import sys
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from . import Missing, from_debian, on_path, succeeds

PACKAGE = "oidc-provider@9.13.3"
FOLDER = Path(sys.prefix) / "oidc"
MODULE = FOLDER / "node_modules/oidc-provider/lib/index.js"
SCRIPT = Path(__file__).with_name("provider.mjs")
NPM_OPTIONS = ("--prefix", str(FOLDER), "--ignore-scripts", "--no-audit", "--no-fund")
NONE = (
    f"Le fournisseur d'identité ({PACKAGE}, un paquet npm) n'a pas pu être installé : vérifiez que "
    "node et npm sont là (sous Debian : apt install npm), puis recommencez."
)


@cache
def find() -> str:
    """Node, once the package is there. Raises Missing."""
    if not (on_path("node") and on_path("npm")):
        from_debian("npm")
    node, npm = on_path("node"), on_path("npm")
    if not MODULE.exists() and not (npm and succeeds(npm, "install", *NPM_OPTIONS, PACKAGE)):
        raise Missing(NONE)
    if not node:
        raise Missing(NONE)
    return node


@contextmanager
def running(port: int, back: str, client_id: str, secret: str):
    """Its address, while it runs; `back` is where it sends people back to."""
    command = [find(), str(SCRIPT), str(MODULE), str(port), back, client_id, secret]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(process, f"{address}/.well-known/openid-configuration")
        yield address
    finally:
        process.kill()
        process.communicate()


def _wait(process, address):
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            urlopen(address, timeout=5).close()
            return
        except URLError:
            time.sleep(0.1)
    process.kill()
    raise AssertionError(process.communicate()[0].decode())
