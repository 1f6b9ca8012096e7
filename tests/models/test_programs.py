"""The programs that read files and draw papers, and the nursery that begins them: it lives as long
as it serves, and none of its own takes it, or another, along."""

import fcntl
import os
import re
import signal
import subprocess
import sys
import termios
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from models.formats import child, program
from models.formats.child import Child, OutOfTime

from ..world import picture

ROOT = Path(__file__).parents[2]
NO_FILE = re.compile(r"Max file size +0 ")
SOON = 20
# A server that is killed while one of its programs reads, and another waits for nothing.
KILLED = """
import os, signal
from models.formats import program
program.begin("models.formats.extraction", "image/png")
one = program.begin("models.formats.extraction", "image/png")
print(one.pid, *program.nursery.pids, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def nursery(monkeypatch):
    """One of this test's own."""
    made = program.Nursery()
    monkeypatch.setattr(program, "nursery", made)
    yield made
    made.end()
    assert made.pids == []


@pytest.fixture(params=["in the nursery", "by itself"])
def begun(request, monkeypatch):
    """By itself: as where there is no nursery."""
    monkeypatch.setattr(program, "HERE", request.param == "in the nursery")


def read(papers="Un papier") -> bytes:
    with Child("models.formats.extraction", "image/png", seconds=SOON) as one:
        one.feed([picture(papers)])
        said = b"".join(one.output())
        assert one.finished_well()
    return said


def gone(pid: int) -> bool:
    """Or about to be: whoever should take note of its end has."""
    until = time.monotonic() + SOON
    while time.monotonic() < until:
        try:
            if "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text():
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.01)
    return False


def over(nursery, pid: int) -> bool:
    """Somebody has taken note of its end."""
    until = time.monotonic() + SOON
    while pid in nursery.pids and time.monotonic() < until:
        time.sleep(0.01)
    return gone(pid) and pid not in nursery.pids


def test_what_it_hears_and_says(begun):
    said = read()
    assert said.endswith(b'{"done": true}\n') and b'"image/png"' in said


def test_one_that_fails_says_so(begun):
    with Child("models.formats.merging", "[3]", seconds=SOON) as one:
        one.feed([b"???"])
        assert not one.finished_well()
        assert list(one.output()) == []


def test_one_that_does_not_exist_fails(begun):
    with Child("models.formats.nothing", seconds=SOON) as one:
        one.feed([b"x"])
        assert not one.finished_well()


def test_one_that_lasts_is_killed(begun):
    with Child("models.formats.extraction", "image/png", seconds=0.2) as one:
        process = one._process
        with pytest.raises(OutOfTime):
            list(one.output())
        assert not one.finished_well()
    # Killed; the nursery is only asked to, and the end of its pipe may come first.
    assert process.wait() in (-9, 1)


def test_it_limits_itself_and_nobody_else(begun):
    with Child("models.formats.extraction", "image/png", seconds=SOON) as one:
        limits, until = Path(f"/proc/{one._process.pid}/limits"), time.monotonic() + SOON
        while not NO_FILE.search(limits.read_text()):
            assert time.monotonic() < until, "it may write files"
            time.sleep(0.01)
    read("Un autre")


def test_one_nursery_begins_them_all_and_only_once_it_is_needed(nursery):
    assert nursery.pids == []
    read()
    (first,) = nursery.pids
    read()
    assert nursery.pids == [first]
    status = Path(f"/proc/{first}/status").read_text()
    assert "Threads:\t1\n" in status
    words = Path(f"/proc/{first}/environ").read_bytes().split(b"\0")
    told = {one.partition(b"=")[0].decode() for one in words if one}
    assert told - {"LC_CTYPE"} == set(program.ENVIRONMENT)


def test_it_holds_nothing_but_its_line_to_the_server(nursery, tmp_path):
    with open(tmp_path / "secret", "w") as secret:
        os.set_inheritable(secret.fileno(), True)
        read()
        # Its pipe tells it that one of its own has ended: the line to that one goes then.
        until = time.monotonic() + SOON
        while (held := _held(nursery.pids[0])) != ["/dev/null"] * 2 + ["pipe"] * 2 + ["socket"]:
            assert time.monotonic() < until, held


def test_two_files_at_once_are_read_apart(nursery):
    with (
        Child("models.formats.extraction", "image/png", seconds=SOON) as one,
        Child("models.formats.extraction", "image/png", seconds=SOON) as other,
    ):
        assert one._process.pid != other._process.pid
        parents = {_parent(each._process.pid) for each in (one, other)}
        assert parents == set(nursery.pids)
        other.feed([picture("Un papier")])
        one.feed([b"???"])
        assert b'"done"' in b"".join(other.output())
        assert b'"refused"' in b"".join(one.output())


def test_one_that_crashes_is_alone_and_the_next_begin_elsewhere(nursery):
    """Whatever it gave away of how it lay in memory serves nobody after it."""
    read()
    (first,) = nursery.pids
    with (
        Child("models.formats.extraction", "image/png", seconds=SOON) as one,
        Child("models.formats.extraction", "image/png", seconds=SOON) as other,
    ):
        os.kill(one._process.pid, signal.SIGSEGV)
        assert not one.finished_well() and list(one.output()) == []
        other.feed([picture("Un papier")])
        assert b'"done"' in b"".join(other.output())
        assert other.finished_well()
    read()
    assert over(nursery, first)


def test_one_that_crashes_while_another_is_asked_for_takes_nobody_along(nursery):
    """Both are heard at once: the line that is closed on the way is not listened to."""
    with (
        Child("models.formats.extraction", "image/png", seconds=SOON) as one,
        Child("models.formats.extraction", "image/png", seconds=SOON) as other,
        ThreadPoolExecutor(1) as meanwhile,
    ):
        (first,), line = nursery.pids, nursery._line
        os.kill(first, signal.SIGSTOP)
        os.kill(one._process.pid, signal.SIGSEGV)
        asking, until = meanwhile.submit(read), time.monotonic() + SOON
        while _nothing_waits(line) and time.monotonic() < until:
            time.sleep(0.01)
        os.kill(first, signal.SIGCONT)
        assert b'"done"' in asking.result()
        other.feed([picture("Un papier")])
        assert b'"done"' in b"".join(other.output())
        assert other.finished_well()


def test_killed_it_takes_its_own_along_and_another_begins(nursery):
    with Child("models.formats.extraction", "image/png", seconds=SOON) as one:
        (first,) = nursery.pids
        os.kill(first, signal.SIGKILL)
        assert not one.finished_well() and gone(one._process.pid)
        assert list(one.output()) == []
    read()
    assert over(nursery, first) and nursery.pids


def test_nobody_waits_without_end_for_one_that_does_not_answer(nursery, monkeypatch):
    monkeypatch.setattr(child, "GOODBYE", 0.05)
    with Child("models.formats.extraction", "image/png", seconds=SOON) as one:
        process, (first,) = one._process, nursery.pids
        os.kill(first, signal.SIGSTOP)
    os.kill(first, signal.SIGCONT)
    process.wait(SOON)
    assert gone(process.pid)


def test_it_ends_when_nobody_needs_it(nursery, monkeypatch):
    monkeypatch.setattr(program, "NURSERY", _with("IDLE", 0.05))
    read()
    (first,) = nursery.pids
    assert over(nursery, first)
    read()
    assert nursery.pids


def test_it_ends_after_so_many_of_them(nursery, monkeypatch):
    monkeypatch.setattr(program, "NURSERY", _with("MOST", 2))
    read()
    (first,) = nursery.pids
    read()
    assert over(nursery, first)
    read()
    assert nursery.pids


def test_it_ends_with_the_server_and_so_do_its_own():
    command = [sys.executable, "-c", KILLED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL
    pids = [int(one) for one in done.stdout.split()]
    assert len(pids) == 2 and all(map(gone, pids))


def test_where_no_nursery_can_begin_programs_do_so_by_themselves(nursery, monkeypatch):
    monkeypatch.setattr(program, "NURSERY", "raise SystemExit")
    assert read().endswith(b'{"done": true}\n')


def test_it_waits_for_nothing_that_never_comes(nursery, monkeypatch):
    monkeypatch.setattr(program, "NURSERY", "import time; time.sleep(60)")
    monkeypatch.setattr(program, "ANSWER", 0.05)
    assert read().endswith(b'{"done": true}\n')
    for pid in nursery.pids:
        os.kill(pid, signal.SIGKILL)


def _with(name, value):
    return f"from models.formats import nursery; nursery.{name} = {value}; nursery.serve()"


def _parent(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _nothing_waits(line):
    """Whether nothing that was asked waits to be heard."""
    return fcntl.ioctl(line, termios.TIOCOUTQ, bytes(4)) == bytes(4)


def _held(pid):
    """What it has open, by kind."""
    places = []
    for one in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # it has just gone
            places.append(os.readlink(one).partition(":")[0])
    return sorted(places)
