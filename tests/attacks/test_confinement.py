"""The programs that read strangers' files, once one of those files has taken them over: they reach
no network, no file, no program, no secret; what they may use is counted."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from models import checking
from models.formats import child, confinement, kinds, limits, program
from views.commands_check import CONFINED

from ..views.test_import import invoke
from . import probe

ROOT = Path(__file__).parents[2]
NEVER = set(probe.tries({"secret": "", "elsewhere": "", "port": 0})) - {"thread", "code", "time"}
LINUX = sys.platform == "linux"
# Asked of the kernel itself: which version of it there is.
LANDLOCK = LINUX and probe.KERNEL.syscall(confinement.CREATE_RULES, None, 0, 1) > 0
# What Landlock refuses, and nothing else would, where the kernel has none (before 5.13).
OF_LANDLOCK = {"read the key", "native read", "its own folder"}
# From Python, its audit hook refuses these where nothing else may be had.
OF_PYTHON = {"connect", "unix", "write", "make", "remove", "rename", "truncate", "permissions"} | {
    *("fork", "program", "more")
}
PROGRAMS = {
    "models.formats.extraction": (kinds.PDF,),
    "models.formats.dissection": ("cda",),
    "models.formats.moving_zip": (),
    "models.formats.workbook": (),
    "models.formats.binding": ("[1]",),
    "models.formats.merging": ("[1]",),
    "models.formats.typesetter": ("sheet",),
}
# Libraries that read files, and the modules of Carnet that use them: those of the programs alone.
PARSERS = (
    *("PIL", "pillow_heif", "pypdfium2", "lxml", "pyexpat", "defusedxml", "docx", "odfdo", "typst"),
    *("striprtf", "python_calamine", "img2pdf", "fontTools", "fhir", "pydantic"),
    *(f"models.formats.{one}" for one in ("extraction", "images", "containers", "hardened", "cda")),
    *(
        f"models.formats.{one}"
        for one in ("xds", "xdm", "mail", "archives", "moving_zip", "markup")
    ),
    *(f"models.formats.{one}" for one in ("fhir_document", "fhir_lot", "workbook", "binding")),
)
# The demonstration draws its own papers.
ALL_OF_CARNET = """
import importlib, pkgutil, sys
import app, models, views
count = 0
for package in (models, views):
    for one in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if ".formats." not in one.name and ".demonstration" not in one.name:
            importlib.import_module(one.name)
            count += 1
print(count, *(one for one in sys.argv[1:] if one in sys.modules))
"""


@pytest.fixture
def tried(tmp_path, monkeypatch):
    """What the probe tells."""
    monkeypatch.setenv("CARNET_KEY", "a secret of the parent")
    secret, listening = tmp_path / "key", socket.create_server(("127.0.0.1", 0))
    secret.write_text("secret")
    told = {"secret": str(secret), "elsewhere": str(tmp_path), "parent": os.getpid()}
    told["port"] = listening.getsockname()[1]

    def probed(**more):
        with open(secret) as held:
            os.set_inheritable(held.fileno(), True)
            words = json.dumps(told | more)
            with child.Child("tests.attacks.probe", words, seconds=30) as program:
                program.feed([])
                answer = json.loads(b"".join(program.output()))
        assert secret.read_text() == "secret" and not (tmp_path / "made").exists()
        return answer

    yield probed
    listening.close()


@pytest.mark.skipif(not LINUX, reason="only Linux shuts a process in without rights of its own")
def test_nothing_gets_out(tried):
    """From Python, nor from native code."""
    told = tried()
    beyond = set() if LANDLOCK else OF_LANDLOCK
    assert {one for one in NEVER if told[one] == "done"} <= beyond
    assert (told["code"], told["time"], told["thread"]) == ("done", "done", "RuntimeError")
    assert tried(threads=True)["thread"] == "done"


def test_nothing_is_given_but_its_pipes(tried):
    told = tried()
    # Python itself says LC_CTYPE.
    assert set(told["environment"]) - {"LC_CTYPE"} == set(program.ENVIRONMENT)
    assert told["open"] == [0, 1, 2]
    space = probe.ADDRESS_SPACE
    assert told["limits"] == [[n, n] for n in (space, probe.CPU_SECONDS, 0, 0, 64, 0)]


def test_where_the_kernel_shuts_nothing_in_python_does(tried):
    told = tried(without_kernel=True, only=list(OF_PYTHON))
    assert {told[one] for one in OF_PYTHON} == {"PermissionError"}


def test_the_numbers_of_each_machine_are_all_known():
    for one in confinement.ARCHITECTURES.values():
        program = confinement._filter(one, threads=False)
        assert {"read", "mmap", "futex", "exit_group", "openat", "clone"} <= set(one.numbers)
        assert len(set(one.numbers.values())) == len(one.numbers)
        assert all(len(instruction) == 8 for instruction in program) and len(program) < 4096


def test_each_program_is_one_of_these():
    """Whatever is begun by itself in models/formats shuts itself in."""
    begun = ROOT.glob("models/formats/*.py")
    mains = {file.stem for file in begun if '__name__ == "__main__"' in file.read_text()}
    assert {f"models.formats.{one}" for one in mains - {"confinement"}} == set(PROGRAMS)


def test_a_system_that_lacks_something_is_said_to(app, world, monkeypatch):
    told = invoke(app, "check")
    lacking = {name for name, here in {"Landlock": LANDLOCK, "seccomp": LINUX}.items() if not here}
    assert set(checking.not_confined()) == lacking
    assert (CONFINED in told.output) == bool(lacking)
    monkeypatch.setattr(
        "models.checking.Child", lambda *_, **__: child.Child("platform", seconds=9)
    )
    told = invoke(app, "check")
    assert f"{CONFINED} Landlock ni seccomp." in told.output


def test_the_server_and_its_commands_hold_no_parser_of_files():
    """What they import can be given a stranger's file by mistake; these cannot."""
    command = [sys.executable, "-c", ALL_OF_CARNET, *PARSERS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    number, *loaded = done.stdout.split()
    assert int(number) > 200 and not loaded


@pytest.mark.skipif(not LINUX, reason="/proc")
@pytest.mark.parametrize("module", PROGRAMS)
def test_each_program_is_shut_in_before_it_reads(module):
    with child.Child(module, *PROGRAMS[module], seconds=30) as program:
        status = Path(f"/proc/{program._process.pid}/status")
        for _ in range(600):
            told = dict(line.split(":\t", 1) for line in status.read_text().splitlines())
            if told["Seccomp"] == "2":
                break
            time.sleep(0.05)
        assert (told["Seccomp"], told["NoNewPrivs"]) == ("2", "1")


def test_too_much_memory_ends_it_and_not_its_parent():
    words = f"x = bytearray({limits.MEGABYTE}) * 4096"
    program = f"from models.formats import limits; limits.limit(8, 600 << 20); {words}"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode and "MemoryError" in done.stderr
