"""Several `flask work` at once, on an instance where all that it does waits: each thing is done
once, each letter leaves once, and none of them trips over another."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from models import instance
from models.database import database
from models.job import Job
from models.notice import Notice

from .. import leaks
from . import ground as grounds
from . import whole
from .commands import undone

ROOT = Path(__file__).parents[2]
WORKERS, LONGEST = 2, 120


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def started(*words, **more):
    return subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env=os.environ | more,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def test_each_thing_is_done_once(tmp_path):
    ground = grounds.with_work(grounds.made(tmp_path / "people"), tmp_path / "work")
    received, port = tmp_path / "received", free_port()
    received.mkdir()
    post = started("tests.faults.post_office", str(port), str(received), "0.002")
    mail = {"CARNET_MAIL": f"smtp://127.0.0.1:{port}"}
    loop = ("flask", "work", "--loop", "--every", "0.05")
    workers = [started(*loop, **ground.environment(), **mail) for _ in range(WORKERS)]
    instance.open_instance(ground.settings)
    until = time.monotonic() + LONGEST
    while any(undone()):
        assert time.monotonic() < until, list(undone())
        assert [one.poll() for one in workers] == [None] * WORKERS
        time.sleep(0.1)
    for one in (*workers, post):
        os.killpg(one.pid, signal.SIGKILL)
    told = [one.communicate()[1].decode() for one in workers]
    leaks.note("\n".join(told).encode())
    # What they may say: that one of them was stopped while it asked for something.
    assert not re.search(r"ERROR|Traceback", "".join(told)), told
    names = Counter(_names(file) for file in received.glob("*.eml"))
    assert set(names.values()) == {1} and len(names) == Notice.select().count()
    assert not Job.select().where(Job.fault != "").exists()
    assert list(whole.faults()) == []
    database.close_all()


def _names(file):
    return re.search(rb"^Message-ID: (.*)$", file.read_bytes(), re.MULTILINE)[1]
