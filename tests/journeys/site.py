"""The real thing: the demonstration made and served by the commands that people type."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from .. import demonstration, leaks
from .members import Member

ROOT = Path(__file__).parents[2]
TOGETHER = 30
START_WITHIN = 60


class Site:
    """On a copy of the demonstration. `shared`: a folder of all the processes that share the tests
    (demonstration.py)."""

    def __init__(self, folder: Path, shared: Path):
        self.folder, self.shared, self.visited = folder, shared, shared / "visited"
        self.log = folder / "log"
        self.port = _free_port()
        # By its name: browsers keep no passkey for a number.
        self.address = f"http://localhost:{self.port}"
        self._environment = demonstration.environment() | {
            "CARNET_INSTANCE": str(folder / "instance"),
            "CARNET_PORT": str(self.port),
            "CARNET_BASE_URL": self.address,
        }
        self.accounts = {}
        self._process = None
        self._made = 0
        self._activated, self._announced, self._parents = deque(), deque(), deque()

    def start(self) -> None:
        told = demonstration.copied(self.shared, self.folder / "instance")
        self.accounts = {one["role"]: one for one in told["accounts"]}
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "app.py"],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait()

    def stop(self) -> None:
        """The server and its workers: they are one process group."""
        if self._process is None:
            return
        os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        leaks.note(self.log.read_bytes())

    def member(self) -> Member:
        """One whom no other test knows, with an account and three papers."""
        return self._next(self._activated)

    def newcomer(self) -> Member:
        """One whom no other test knows, with a code not used yet."""
        return self._next(self._announced)

    def parent(self) -> Member:
        """One whom no other test knows, who represents a child."""
        return self._next(self._parents)

    def make_unsure(self, email: str) -> None:
        """As a quarter of an hour does."""
        self._run("-m", "tests.journeys.unsure", email)

    def told(self) -> str:
        """The end of the server's log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-60:])

    def _next(self, pool):
        if not pool:
            self._make_members()
        return pool.popleft()

    def _make_members(self):
        start, self._made = self._made, self._made + TOGETHER
        made = self._run("-m", "tests.journeys.members", str(start), str(TOGETHER))
        for told in json.loads(made):
            member = Member(**told)
            self._pool(member).append(member)

    def _pool(self, member):
        if member.child:
            return self._parents
        return self._activated if member.cookie else self._announced

    def _run(self, *command, **environment):
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self._environment | environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{command}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def _wait(self):
        last = time.monotonic() + START_WITHIN
        while not self._answers():
            assert self._process.poll() is None, f"Carnet stopped:\n{self.told()}"
            assert time.monotonic() < last, f"Carnet does not answer:\n{self.told()}"
            time.sleep(0.05)

    def _answers(self):
        try:
            return urlopen(f"{self.address}/etat", timeout=5).status == 200
        except (URLError, OSError):
            return False


def _free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
