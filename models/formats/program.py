"""How one of our programs begins: as a fork of the nursery (nursery.py), which is begun for the
first of them, and again whenever it has ended; or by itself, where no nursery may be had."""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread

ROOT = Path(__file__).resolve().parents[2]
# Nothing of ours but this, no secret: one malloc arena, since each would reserve 64 MB of the
# address space allowed; and the libraries, which `site` would look for in a third of the time that
# a child takes to start (-S).
ENVIRONMENT = {
    "MALLOC_ARENA_MAX": "1",
    "PYTHONUTF8": "1",
    "PYTHONPATH": os.pathsep.join(one for one in sys.path if one.endswith("-packages")),
}
PYTHON = [sys.executable, "-S", "-s", "-B"]
NURSERY = "from models.formats.nursery import serve; serve()"
# Seconds. A nursery that does not answer is one that is not there.
ANSWER, GOODBYE = 10, 5
# It was ending when it was asked: another one answers.
TRIES = 2
KILLED = -signal.SIGKILL
OVER = subprocess.TimeoutExpired
HERE = sys.platform == "linux"


class Gone(Exception):
    """The nursery has ended, or cannot begin."""


def begin(module: str, *arguments: str):
    """What `subprocess.Popen` would give, with two pipes."""
    for _ in range(TRIES if HERE else 0):
        with suppress(Gone):
            return Program(nursery, [module, *arguments])
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(
        [*PYTHON, "-m", module, *arguments], **pipes, bufsize=0, cwd=ROOT, env=ENVIRONMENT
    )


class Nursery:
    """This process's own. Threads ask it together."""

    def __init__(self):
        self._asking, self._line, self._begun = Lock(), None, []

    def ask(self, words: list[str], ends: list[int]) -> socket.socket:
        """The line that was used, for `forget`. Raises OSError."""
        with self._asking:
            if self._line is None:
                self._begin()
            try:
                socket.send_fds(self._line, [json.dumps(words).encode()], ends)
            except OSError:
                self._close()
                raise
            return self._line

    def forget(self, line: socket.socket) -> None:
        """It did not answer: the next one to ask begins another."""
        with self._asking:
            if self._line is line:
                self._close()

    def end(self) -> None:
        """Those that it has begun end with it."""
        with self._asking:
            self._close()
            for one in self._begun:
                with suppress(OVER):
                    one.wait(GOODBYE)

    @property
    def pids(self) -> list[int]:
        """Of those that are there: one, and others that let their last programs end."""
        return [one.pid for one in self._begun if one.poll() is None]

    def _begin(self):
        self._line, theirs = _line()
        command = [*PYTHON, "-c", NURSERY]
        nowhere = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with theirs:
            one = subprocess.Popen(command, stdin=theirs, **nowhere, cwd=ROOT, env=ENVIRONMENT)
        self._begun = [each for each in self._begun if each.poll() is None] + [one]
        # It ends by itself: someone must take note, or its number would stay.
        Thread(target=one.wait, name="nursery", daemon=True).start()

    def _close(self):
        if self._line:
            self._line.close()
            self._line = None


class Program:
    """One of ours, begun by the nursery. Raises Gone."""

    def __init__(self, nursery: Nursery, words: list[str]):
        self._code = None
        self._told, theirs = _line()
        given, sent = os.pipe()
        heard, answer = os.pipe()
        self.stdin, self.stdout = open(sent, "wb", 0), open(heard, "rb", 0)  # noqa: SIM115
        try:
            line = _asked(nursery, words, given, answer, theirs)
            self.pid = self._born(nursery, line)
        except (OSError, OVER) as fault:
            for one in (self.stdin, self.stdout, self._told):
                one.close()
            raise Gone from fault

    def kill(self) -> None:
        if self._code is None:
            with suppress(OSError):
                self._told.shutdown(socket.SHUT_WR)

    def wait(self, timeout: float | None = None) -> int:
        """Its code. Raises OVER."""
        if self._code is None:
            try:
                self._code = self._number(timeout)
            except OSError:
                self._code = KILLED  # with the nursery
            self._told.close()
        return self._code

    def _born(self, nursery, line):
        try:
            return self._number(ANSWER)
        except (OSError, OVER):
            nursery.forget(line)
            raise

    def _number(self, timeout):
        ready = select.poll()
        ready.register(self._told, select.POLLIN)
        if not ready.poll(None if timeout is None else max(timeout, 0) * 1000):
            raise OVER("one of our programs", timeout)
        told = self._told.recv(32)
        if not told:
            raise ConnectionResetError
        return int(told)


def _asked(nursery, words, given, answer, theirs):
    """Their ends are the nursery's from then on."""
    try:
        return nursery.ask(words, [given, answer, theirs.fileno()])
    finally:
        theirs.close()
        os.close(given)
        os.close(answer)


def _line():
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


nursery = Nursery()
atexit.register(nursery.end)
