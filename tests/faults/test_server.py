"""The real server: threads that end, a process killed, a restart."""

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from .. import leaks

ROOT = Path(__file__).parents[2]


@contextmanager
def serving(settings, idle_seconds=30, target="app:create_app", **options):
    """`options`: of the process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"CARNET_INSTANCE": str(settings.instance), "CARNET_PORT": str(port)}
    command = [sys.executable, "-c", f"import app; app.serve({idle_seconds}, {target!r})"]
    server = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stderr=leaks.stderr(),
        start_new_session=True,
        **options,
    )
    try:
        yield server, wait_for(f"http://127.0.0.1:{port}")
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def wait_for(address, seconds=20):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            urlopen(address + "/etat", timeout=2)
            return address
        except OSError:
            time.sleep(0.05)
    pytest.fail("the server does not answer")


def answer(address):
    with urlopen(address + "/etat", timeout=10) as response:
        return response.status


def workers(server):
    lines = subprocess.check_output(["ps", "-o", "pid=", "--ppid", str(server.pid)], text=True)
    return set(lines.split())


def test_idle_threads_end_without_harm(settings):
    with serving(settings, idle_seconds=5) as (server, address):
        before = workers(server)
        for _ in range(2):
            with ThreadPoolExecutor(24) as people:
                assert set(people.map(answer, [address] * 24)) == {200}
            time.sleep(8)  # granian looks at its idle threads every few seconds
        assert answer(address) == 200
        assert workers(server) == before, "a worker died and was made again"
