"""A program shut in as those that read strangers' files are (models/formats/confinement.py), and
then taken over: it tries to get out, from Python and from native code, and tells what came of it.

`python -m tests.attacks.probe WHAT`: a JSON of paths that it should not reach."""

import ctypes
import json
import os
import resource
import socket
import subprocess
import sys
import threading

from models.formats import confinement, limits

CPU_SECONDS, ADDRESS_SPACE = 8, 600 * limits.MEGABYTE
KERNEL = ctypes.CDLL(None, use_errno=True)
TCP = (socket.AF_INET, socket.SOCK_STREAM, 0)


def main(told: dict) -> None:
    if told.get("without_kernel"):
        confinement._by_kernel = lambda _threads: ()
    limits.limit(CPU_SECONDS, ADDRESS_SPACE, threads=told.get("threads", False))
    wanted = {one: what for one, what in tries(told).items() if one in told.get("only", [one])}
    answer = {name: _outcome(what) for name, what in wanted.items()}
    names = ("AS", "CPU", "FSIZE", "CORE", "NOFILE", "NPROC")
    answer["limits"] = [resource.getrlimit(getattr(resource, f"RLIMIT_{one}")) for one in names]
    answer["environment"] = sorted(os.environ)
    answer["open"] = [one for one in range(64) if _outcome(lambda one=one: os.fstat(one)) == "done"]
    sys.stdout.write(json.dumps(answer))


def tries(told):
    secret, elsewhere = told["secret"], told["elsewhere"]
    return {
        "connect": lambda: socket.socket(*TCP).connect(("127.0.0.1", told["port"])),
        "unix": lambda: socket.socketpair(),
        "native socket": lambda: _called(KERNEL.socket(*map(int, TCP))),
        "write": lambda: open("/etc/passwd", "a").close(),
        "native write": lambda: _called(KERNEL.open(b"/etc/passwd", os.O_WRONLY)),
        "make": lambda: open(f"{elsewhere}/made", "w").close(),
        "remove": lambda: os.unlink(secret),
        "native remove": lambda: _called(KERNEL.unlink(secret.encode())),
        "rename": lambda: os.rename(secret, f"{secret}.bak"),
        "truncate": lambda: os.truncate(secret, 0),
        "native truncate": lambda: _called(KERNEL.truncate(secret.encode(), 0)),
        "permissions": lambda: os.chmod(secret, 0o777),
        "read the key": lambda: open(secret).read(),
        "native read": lambda: _called(KERNEL.open(secret.encode(), os.O_RDONLY)),
        "its parent's environment": lambda: open(f"/proc/{told['parent']}/environ").read(),
        "its parent's memory": lambda: open(f"/proc/{told['parent']}/mem", "rb").read(1),
        "its own folder": lambda: os.listdir("."),
        "fork": os.fork,
        "native fork": lambda: _called(KERNEL.fork()),
        "program": lambda: subprocess.run(["/bin/true"], check=True),
        "native program": lambda: _called(KERNEL.execv(b"/bin/true", None)),
        "shell": lambda: _called(-1 if KERNEL.system(b"true") else 0),
        "signal": lambda: _called(KERNEL.kill(told["parent"], 0)),
        "debug": lambda: _called(KERNEL.ptrace(16, told["parent"], 0, 0)),
        "core": lambda: _called(KERNEL.prctl(4, 1, 0, 0, 0)),
        "its parent's limits": lambda: resource.prlimit(told["parent"], resource.RLIMIT_NOFILE),
        "more": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20)),
        "native more": lambda: _called(
            KERNEL.setrlimit(1, ctypes.byref((ctypes.c_long * 2)(9, 9)))
        ),
        "queue": lambda: _called(KERNEL.syscall(425, 8, 0)),
        "thread": lambda: threading.Thread(target=int).start(),
        "code": lambda: open(confinement.__file__).close(),
        "time": lambda: _called(KERNEL.time(None)),
    }


def _outcome(what):
    try:
        what()
    except BaseException as fault:
        return type(fault).__name__
    return "done"


def _called(answer):
    if answer < 0:
        raise OSError(ctypes.get_errno())


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
