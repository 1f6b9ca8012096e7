"""The process that begins our programs: each is a fork of it, which spares them to start a Python
and to read their libraries, most of what a small file cost.

It holds nothing else: no key, no database, no file; it never sees a byte of what they read, which
goes from the server to them by pipes of their own. Each shuts itself in as it would by itself
(limits.py), with nothing of another file about it. It is one thread, and talks to the server alone.

Its forks lie alike in memory: what one of them gave away of that must not serve long. So it ends
once it has begun MOST of them, once one crashed, and once nobody asks for any more."""

import ctypes
import gc
import json
import os
import resource
import runpy
import select
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module

# Seconds without a file to read, then its memory is given back.
IDLE = 60
MOST = 250
# In bytes: as long as the words of a program may be.
LONGEST_REQUEST = 128 * 1024
# What comes with a request: what the program reads, what it writes, and the line that tells of it.
ENDS = 3
SERVER = 0
FILES = 1024
PR_SET_PDEATHSIG = 1


@dataclass
class Begun:
    """`line`: where its end is told; whoever closes the other side wants it ended."""

    pid: int
    line: socket.socket
    unwanted: bool = False


class Nursery:
    def __init__(self, server: socket.socket, woken: int):
        self._server, self._woken = server, woken
        self._begun: dict[int, Begun] = {}
        self._number, self._open = 0, True

    def run(self) -> None:
        while self._open or self._begun:
            ready = self._ready()
            if not ready and not self._begun:
                return
            if self._woken in ready:
                os.read(self._woken, 512)
            self._bury()
            for one in [one for one in self._begun.values() if one.line.fileno() in ready]:
                self._end(one)
            if SERVER in ready and self._open:  # one that crashed may just have closed it
                self._hear()

    def _ready(self) -> set[int]:
        waiting = select.poll()
        watched = [one.line.fileno() for one in self._begun.values() if not one.unwanted]
        for one in [self._woken, *watched, *([SERVER] if self._open else [])]:
            waiting.register(one, select.POLLIN)
        return {one for one, _event in waiting.poll(None if self._begun else IDLE * 1000)}

    def _hear(self):
        request, ends, _flags, _from = socket.recv_fds(self._server, LONGEST_REQUEST, ENDS)
        if not request:
            self._be_left()
            return
        module, *words = json.loads(request)
        _prepare(module, words)
        with suppress(OSError):  # no process to be had: the server sees its line end
            self._begin(module, words, *ends)
        self._number += 1
        if self._number >= MOST:
            self._close()

    def _begin(self, module, words, given, answer, line):
        told, parent = socket.socket(fileno=line), os.getpid()
        try:
            pid = os.fork()
            if pid == 0:
                _become(module, words, given, answer, parent)
            self._begun[pid] = Begun(pid, told)
        finally:
            os.close(given)
            os.close(answer)
        _tell(self._begun[pid], pid)

    def _bury(self):
        """Those that have ended, and only those: their number is nobody else's until then."""
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                pid, status = ended
                one, code = self._begun.pop(pid), os.waitstatus_to_exitcode(status)
                _tell(one, code)
                one.line.close()
                if code < 0 and not one.unwanted:
                    self._close()

    def _end(self, one):
        one.unwanted = True
        os.kill(one.pid, signal.SIGKILL)

    def _be_left(self):
        """The server is gone: so are those who worked for it."""
        self._close()
        for one in self._begun.values():
            self._end(one)

    def _close(self):
        """Another one begins those to come; these go on to their end."""
        if self._open:
            self._open = False
            self._server.close()


def serve() -> None:
    """Until whoever started this process is gone, or has no use for it: standard input is a socket
    to it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    woken, waker = os.pipe()
    for one in (woken, waker):
        os.set_blocking(one, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal: the server decides
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    Nursery(socket.socket(fileno=SERVER), woken).run()


def _prepare(module: str, words: list[str]) -> None:
    """Read what it needs, once; what cannot be, it will say itself."""
    known = len(sys.modules)
    with suppress(Exception):
        prepare = getattr(import_module(module), "prepare", None)
        if prepare:
            prepare(*words)
    if len(sys.modules) > known:  # those that it begins share it all, and copy none of it
        gc.collect()
        gc.freeze()


def _tell(one: Begun, number: int) -> None:
    with suppress(OSError):  # nobody listens any more
        one.line.send(b"%d" % number)


def _become(module, words, given, answer, parent):
    """In the fork: the program, with its pipes and nothing else of ours."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        for one in (signal.SIGCHLD, signal.SIGINT):
            signal.signal(one, signal.SIG_DFL)
        os.dup2(given, 0)
        os.dup2(answer, 1)
        os.closerange(3, FILES)
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it had ended before that
            sys.exit(1)
        sys.stdin, sys.stdout = _standard(0, "r"), _standard(1, "w")
        _run(module, words)
        sys.stdout.flush()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        os._exit(code)


def _standard(number, mode):
    return open(number, mode, errors="surrogateescape")


def _run(module, words):
    """What was read once is there: it is called. Any other is begun as Python begins one."""
    ours = sys.modules.get(module)
    if hasattr(ours, "prepare"):
        return ours.main(*words)
    sys.argv[1:] = words
    runpy.run_module(module, run_name="__main__", alter_sys=True)
