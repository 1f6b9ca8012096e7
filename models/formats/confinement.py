"""Shuts the process that reads a stranger's bytes in, whatever they make of it: it reads what its
parent gives it and the code of Carnet, answers, and does nothing else. No network, no file written,
no program begun, no secret read: native code is held too, by the kernel (Linux: seccomp, Landlock).

Where that is not to be had (`confine` says so), Python alone is held, by its audit hook."""

import os
import struct
import sys

from models.formats.syscalls import ARCHITECTURES, OPENS, PLAIN

# Without pathlib, whose import takes longer than all that is done here.
ROOT = os.path.realpath(f"{__file__}/../../..")
# What is read once shut in: libraries, and the templates of papers. Never the instance.
READABLE = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo", "/lib", "/lib64") + (
    *("/nix/store", "/etc/ld.so.cache"),
)
OURS = ("models", "templates/print")
PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 4, 38
SET_FILTER, ALL_THREADS = 1, 1
# Of Landlock, the first version: all that is done to files; to read one, and a folder.
EVERY_RIGHT, READ_FILE, READ_FOLDER = (1 << 13) - 1, 4, 8
RULE_BENEATH = 1
CREATE_RULES, ADD_RULE, RESTRICT = 444, 445, 446
# Instructions of a filter (BPF): to load a word of the call, to compare it, to answer.
LOAD, EQUAL, GREATER, ANY_BIT, ANSWER = 0x20, 0x15, 0x25, 0x45, 0x06
ALLOW, KILL = 0x7FFF0000, 0x80000000
FAULT = 0x00050000
EPERM, EACCES, ENOTTY, ENOSYS = 1, 13, 25, 38
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | 0x400000
THREAD = 0x00010000
LAST_COMMAND, DUPLICATE = 4, 1030
# What Python tells before it does it (sys.addaudithook).
TOLD = (
    *("socket.", "subprocess.", "os.fork", "os.exec", "os.posix_spawn", "os.system", "ctypes."),
    *("os.remove", "os.rename", "os.truncate", "os.chmod", "os.chown", "os.mkdir", "os.rmdir"),
    *("os.link", "os.symlink", "os.kill", "os.putenv", "resource."),
)


def confine(threads: bool = False) -> tuple[str, ...]:
    """For good. What holds: « landlock », « seccomp »; or « python » alone."""
    held = _by_kernel(threads) if sys.platform == "linux" else ()
    if "seccomp" not in held:
        sys.addaudithook(_refuse)
        held += ("python",)
    return held


def _by_kernel(threads):
    import ctypes

    kernel = ctypes.CDLL(None, use_errno=True)
    kernel.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    kernel.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    known = ARCHITECTURES.get(os.uname().machine)
    held = ("landlock",) if _reads_only_code(kernel.syscall) else ()
    if known and _filters(kernel.syscall, known, _filter(known, threads)):
        held += ("seccomp",)
    return held


def _reads_only_code(syscall) -> bool:
    attributes = struct.pack("Q", EVERY_RIGHT)
    rules = syscall(CREATE_RULES, attributes, len(attributes), 0)
    if rules < 0:
        return False
    for path in _readable():
        _allow(syscall, rules, path)
    done = syscall(RESTRICT, rules, 0) == 0
    os.close(rules)
    return done


def _readable():
    """The folders that Python imports from, but for ours, which may hold the instance."""
    imported = {one for one in sys.path if one and os.path.realpath(one) != ROOT}
    return {*READABLE, f"{sys.base_prefix}/lib", *imported, *(f"{ROOT}/{one}" for one in OURS)}


def _allow(syscall, rules, path):
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not on this system
    rights = READ_FILE | (READ_FOLDER if os.path.isdir(path) else 0)
    syscall(ADD_RULE, rules, RULE_BENEATH, struct.pack("=Qi", rights, place), 0)
    os.close(place)


def _filters(syscall, known, program) -> bool:
    import ctypes

    code = ctypes.create_string_buffer(b"".join(program))
    told = struct.pack("HP", len(program), ctypes.addressof(code))
    return syscall(known.seccomp, SET_FILTER, ALL_THREADS, told) == 0


def _filter(known, threads) -> list[bytes]:
    """What is not allowed is answered as what this kernel does not know: libraries then do without,
    as they do on older ones."""
    numbers = known.numbers
    program = [_do(LOAD, ARCHITECTURE), _do(EQUAL, known.audit, 1, 0), _do(ANSWER, KILL)]
    program.append(_do(LOAD, NUMBER))
    for name in PLAIN:
        if name in numbers:
            program += [_do(EQUAL, numbers[name], 0, 1), _do(ANSWER, ALLOW)]
    for name, place in OPENS.items():
        if name in numbers:
            program += _when(numbers[name], _reading_only(place))
    program += _when(numbers["clone"], _a_thread(threads))
    program += _when(numbers["prlimit64"], _asking_only())
    program += _when(numbers["fcntl"], _harmless_command())
    program += _when(numbers["ioctl"], [_do(ANSWER, FAULT | ENOTTY)])
    return [*program, _do(ANSWER, FAULT | ENOSYS)]


def _when(number, then) -> list[bytes]:
    return [_do(EQUAL, number, 0, len(then)), *then]


def _reading_only(place):
    refused = [_do(ANSWER, FAULT | EACCES), _do(ANSWER, ALLOW)]
    return [_argument(place), _do(ANY_BIT, WRITING, 0, 1), *refused]


def _a_thread(threads):
    """Of this process; never another one."""
    answers = [_do(ANSWER, ALLOW if threads else FAULT | EPERM), _do(ANSWER, FAULT | EPERM)]
    return [_argument(0), _do(ANY_BIT, THREAD, 0, 1), *answers]


def _asking_only():
    """For its own limits, without new ones."""
    checks = [_argument(0), _do(EQUAL, 0, 0, 5)]
    checks += [_argument(2), _do(EQUAL, 0, 0, 3), _argument(2, high=True), _do(EQUAL, 0, 0, 1)]
    return [*checks, _do(ANSWER, ALLOW), _do(ANSWER, FAULT | EPERM)]


def _harmless_command():
    checks = [_argument(1), _do(EQUAL, DUPLICATE, 1, 0), _do(GREATER, LAST_COMMAND, 1, 0)]
    return [*checks, _do(ANSWER, ALLOW), _do(ANSWER, FAULT | EPERM)]


def _argument(place, high=False):
    return _do(LOAD, ARGUMENTS + 8 * place + 4 * high)


def _do(what, value, if_so=0, if_not=0) -> bytes:
    return struct.pack("HBBI", what, if_so, if_not, value)


def _refuse(event, told):
    writes = event == "open" and isinstance(told[1], str) and set(told[1]) & set("wax+")
    flags = event == "open" and isinstance(told[2], int) and told[2] & WRITING
    if writes or flags or event.startswith(TOLD):
        raise PermissionError(event)


if __name__ == "__main__":
    print(*confine())
