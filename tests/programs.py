"""The programs of models/formats/child.py, begun by a process that has read their libraries once:
each is a fork of it. To start a Python and read them takes 60 to 130 ms, two thousand times in the
tests; the program itself, its limits, its pipes and its end are the same. The tests whose subject
is these programs start them as Carnet does (REAL, in conftest.py)."""

import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[1]
# What the programs read, most of it once they know what they were given.
LIBRARIES = (
    *("PIL.Image", "PIL.ImageFile", "PIL.PngImagePlugin", "PIL.JpegImagePlugin", "pypdfium2"),
    *("docx", "odfdo", "striprtf.striprtf", "defusedxml.ElementTree", "python_calamine"),
    *("typst", "fontTools.ttLib", "models.formats.glyphs", "models.formats.typesetting"),
    *("models.formats.images", "models.formats.containers", "models.formats.limits"),
    *("models.formats.fhir_lot", "fhir.resources.R4B.bundle", "fhir.resources.R4B.list"),
    *("fhir.resources.R4B.documentreference", "fhir.resources.R4B.binary"),
    *("fhir.resources.R4B.patient", "fhir.resources.R4B.practitioner"),
)
PIPE_ENDS = 2


class Programs:
    """In the place of `subprocess`, for models/formats/child.py."""

    PIPE, DEVNULL, TimeoutExpired = subprocess.PIPE, subprocess.DEVNULL, subprocess.TimeoutExpired

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="carnet-")
        self._path = f"{self._folder.name}/s"
        self._parent = None

    def Popen(self, command, *, env, **_):
        """`command`: a Python, its options, « -m », a module and what it is told."""
        if self._parent is None:
            self._start(env)
        return _Program(self._path, command[command.index("-m") + 1 :])

    def end(self):
        if self._parent:
            self._parent.stdin.close()
            self._parent.wait()
        self._folder.cleanup()

    def _start(self, env):
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(self._path)
        listening.listen(64)
        command = [sys.executable, "-s", "-B", "-m", __name__, str(listening.fileno())]
        pipe, fds = subprocess.PIPE, [listening.fileno()]
        self._parent = subprocess.Popen(command, stdin=pipe, cwd=ROOT, env=env, pass_fds=fds)
        listening.close()


class _Program:
    """What `child.py` asks of a process."""

    def __init__(self, path, words):
        given, sent = os.pipe()
        heard, answer = os.pipe()
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(path)
        socket.send_fds(self._line, [b"!"], [given, answer])
        os.close(given)
        os.close(answer)
        self._line.sendall(json.dumps(words).encode() + b"\n")
        self.stdin, self.stdout = os.fdopen(sent, "wb", 0), os.fdopen(heard, "rb", 0)
        self._told, self._code = self._line.makefile("rb", 0), None
        self.pid = int(self._told.readline())

    def kill(self):
        if self._code is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout=None):
        if self._code is None:
            if not select.select([self._line], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("a program", timeout)
            self._code = int(self._told.readline())
            self._told.close()
            self._line.close()
        return self._code


def _serve(listening):
    """Until whoever started us is gone."""
    while 0 not in select.select([listening, 0], [], [])[0]:
        line, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            _keep(line)
        line.close()
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _keep(line):
    """Start the program, tell its number, then how it ended."""
    _, fds, _, _ = socket.recv_fds(line, 1, PIPE_ENDS)
    module, *words = json.loads(line.makefile("rb").readline())
    number = os.fork()
    if number == 0:
        _become(module, words, *fds)
    for one in fds:
        os.close(one)
    with suppress(BrokenPipeError):
        line.sendall(b"%d\n" % number)
        _, status = os.waitpid(number, 0)
        line.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _become(module, words, given, answer):
    code = 1
    try:
        for place, one in enumerate((given, answer, os.open(os.devnull, os.O_WRONLY))):
            os.dup2(one, place)
        os.closerange(3, 256)
        sys.argv[1:] = words
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        sys.stdout.flush()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        os._exit(code)


if __name__ == "__main__":
    for name in LIBRARIES:
        import_module(name)
    gc.freeze()
    _serve(socket.socket(fileno=int(sys.argv[1])))
